/** What a verdict of the engine depends on, and what a new verdict means for rows. Pure. */
import type { Room } from '#contract/rooms.ts';
import type { EpochChange, OpenFailure, RoomVerdict } from '../../crypto/index.ts';
import type { MessageEntry } from '../messages/message-state.ts';
import type { PeopleState } from '../people/person-state.ts';
import type { RoomEntry } from './room-state.ts';

/** While this stays the same, so does the verdict: epoch, title, members, their names and identity versions. */
export const acceptSignature = (room: Room, people: PeopleState): string =>
  JSON.stringify([
    room.epoch,
    room.epochHash,
    room.title,
    room.members
      .map(({ userUid }) => {
        const person = people.byUid.get(userUid);
        return [userUid, person?.displayName ?? '', person?.identityVersion ?? 0];
      })
      .sort((left, right) => (String(left[0]) < String(right[0]) ? -1 : 1)),
  ]);

/** By epoch, ascending; a later report of the same epoch replaces the earlier one. */
export const mergeChanges = (
  present: readonly EpochChange[],
  more: readonly EpochChange[],
): readonly EpochChange[] => {
  const byEpoch = new Map(present.map((change) => [change.epoch, change]));
  for (const change of more) byEpoch.set(change.epoch, change);
  return [...byEpoch.values()].sort((left, right) => left.epoch - right.epoch);
};

/** Without what happened before I was (last) added: that was among others, and the rows of then are not mine to read. */
export const changesOfMyTime = (changes: readonly EpochChange[], meUid: string): readonly EpochChange[] => {
  for (let index = changes.length - 1; index > 0; index -= 1) {
    if (changes[index]?.added.includes(meUid) === true) return changes.slice(index);
  }
  return changes;
};

/** Reasons that a key or a record which arrives later can cure. */
const curable: ReadonlySet<OpenFailure> = new Set<OpenFailure>(['NO_KEY', 'QUARANTINED', 'STALE_EPOCH']);

/** A verdict that differs from the one before gives rows that could not be opened another chance. */
export const withReopenedRows = (entry: RoomEntry, before: RoomVerdict | null): RoomEntry => {
  const { verdict } = entry.keys;
  if (verdict === null) return entry;
  const isNews = before === null || before.status !== verdict.status || before.epoch !== verdict.epoch;
  if (!isNews) return entry;
  return withReopened(entry);
};

/** Keys came: rows that could not be opened get another chance. */
export const withReopened = (entry: RoomEntry): RoomEntry => ({
  ...entry,
  tail: reopened(entry.tail),
  detached: entry.detached === null ? null : reopened(entry.detached),
});

const reopened = (entries: readonly MessageEntry[]): readonly MessageEntry[] => {
  const isShut = ({ content }: MessageEntry): boolean =>
    content.state === 'unreadable' && curable.has(content.reason);
  if (!entries.some(isShut)) return entries;
  return entries.map((entry) => (isShut(entry) ? { ...entry, content: { state: 'sealed' } } : entry));
};
