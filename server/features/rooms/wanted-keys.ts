/** Pages of keys that somebody could share, of one room or of all; each is bounded in what it looks at, whatever it finds. */
import { limits } from '#contract/limits.ts';
import type { MissingWrap } from '#contract/room-key-sharing.ts';
import { AppError } from '../../app-error.ts';
import type { Read } from '../feature-types.ts';
import { findMissingWraps, roomsToHeal } from './missing-wraps.ts';
import type { KeyPlace } from './missing-wraps.ts';
import { memberRoom } from './room-access.ts';
import type { MemberRoom } from './room-access.ts';

type WantedPage = { missing: (MissingWrap & { roomUid: string })[]; next: string | null };

/** Rooms that are looked into for one page. */
const roomsPerPage = 50;
/** Members times epochs that are looked at for one page: some 6 ms of the event loop (bench `large-rooms`). */
const effortPerPage = 10_000;

const historyFrom = (room: MemberRoom): number | null => (room.history === 1 ? room.history_epoch : null);

/** Places travel as text: `<epoch>`, `<epoch>.<userUid>`; of all rooms `<roomUid>`, or `<roomUid>.<epoch>` within one. */
function parseEpoch(text: string | undefined): number {
  if (text === undefined || !/^[1-9][0-9]{0,15}$/.test(text))
    throw new AppError('INVALID_INPUT', { field: 'after' });
  return Number(text);
}

function parsePlace(text: string | undefined): KeyPlace | null {
  if (text === undefined) return null;
  const [epoch, userUid = null] = text.split('.');
  return { epoch: parseEpoch(epoch), userUid };
}

const placeText = ({ epoch, userUid }: KeyPlace): string =>
  userUid === null ? String(epoch) : `${epoch}.${userUid}`;

/** A page of what I could fill in of one room. */
export async function wantedOfRoom(
  read: Read,
  room: MemberRoom,
  userId: number,
  after: string | undefined,
): Promise<WantedPage> {
  const { missing, next } = await findMissingWraps(read, {
    roomId: room.id,
    userId,
    historyFrom: historyFrom(room),
    after: parsePlace(after),
    limit: limits.wrapsSharedMax,
    effort: effortPerPage,
  });
  const keys = missing.map((key) => ({ ...key, roomUid: room.uid }));
  return { missing: keys, next: next === null ? null : placeText(next) };
}

/** A page of the rooms in which I could fill in anything, with one key of each; the rest of a room is asked for by itself. */
export async function wantedOfAllRooms(
  read: Read,
  userId: number,
  after: string | undefined,
): Promise<WantedPage> {
  const [at = '', epoch] = (after ?? '').split('.');
  // within a room: it comes first again, from there on
  const rooms = await roomsToHeal(read, userId, {
    from: at,
    after: epoch === undefined ? at : '',
    limit: roomsPerPage,
  });
  let place: KeyPlace | null = epoch === undefined ? null : { epoch: parseEpoch(epoch), userUid: null };
  let effort = effortPerPage;
  const missing: WantedPage['missing'] = [];
  for (const [index, { uid }] of rooms.entries()) {
    const room = await memberRoom(read, userId, uid);
    const search = { roomId: room.id, userId, historyFrom: historyFrom(room), limit: 1 };
    const from = uid === at ? place : null;
    let found = await findMissingWraps(read, { ...search, after: from, effort });
    effort -= found.effort;
    while (found.missing.length === 0 && found.next !== null && effort > 0) {
      found = await findMissingWraps(read, { ...search, after: found.next, effort });
      effort -= found.effort;
    }
    missing.push(...found.missing.map((key) => ({ ...key, roomUid: uid })));
    if (found.missing.length === 0 && found.next !== null) {
      return { missing, next: `${uid}.${found.next.epoch}` };
    }
    const isLast = index === rooms.length - 1 && rooms.length < roomsPerPage;
    if (effort <= 0 && !isLast) return { missing, next: uid };
    place = null;
  }
  return { missing, next: rooms.length < roomsPerPage ? null : (rooms.at(-1)?.uid ?? null) };
}
