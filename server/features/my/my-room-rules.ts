/** What becomes of one person's settings of a room. Pure. */
import type { MyRoom, MyRoomChange } from '#contract/my-items.ts';
import { AppError } from '../../app-error.ts';

export type RoomFacts = {
  lastSeq: number;
  firstReadableSeq: number;
  /** Behind all other favourites. */
  nextRank: number;
};

/** The settings after a change; null if everything is as usual. */
export function changedRoom(
  before: MyRoom | null,
  { isFavourite, ...given }: MyRoomChange,
  { lastSeq, firstReadableSeq, nextRank }: RoomFacts,
): MyRoom | null {
  const { unreadFrom } = given;
  if (typeof unreadFrom === 'number' && (unreadFrom < firstReadableSeq || unreadFrom > lastSeq)) {
    throw new AppError('INVALID_INPUT', { field: 'unreadFrom' });
  }
  const next: Loose = { ...before, ...given };
  // Nobody has put away more than there is.
  if (typeof next.hiddenSeq === 'number') next.hiddenSeq = Math.min(next.hiddenSeq, lastSeq);
  if (next.level === 'all') next.level = null;
  if (isFavourite === false) next.favouriteRank = null;
  if (isFavourite === true) next.favouriteRank ??= nextRank;
  return withoutUsual(next);
}

type Loose = { [Name in keyof MyRoom]?: MyRoom[Name] | null };

function withoutUsual(settings: Loose): MyRoom | null {
  const kept = Object.entries(settings).filter(([, value]) => value !== null && value !== undefined);
  return kept.length === 0 ? null : Object.fromEntries(kept);
}

/** Whether two settings say the same. */
export const isSameRoom = (left: MyRoom | null, right: MyRoom | null): boolean =>
  left?.favouriteRank === right?.favouriteRank &&
  left?.hiddenSeq === right?.hiddenSeq &&
  left?.level === right?.level &&
  left?.mutedUntil === right?.mutedUntil &&
  left?.unreadFrom === right?.unreadFrom;
