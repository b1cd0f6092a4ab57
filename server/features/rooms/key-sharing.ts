/**
 * Keys for members who lack them (docs/e2e-protocol.md section 4, "Healing"): newcomers where they see the history, people with
 * a new identity, people whose wrap did not open. The server says what is missing and stores what comes; only the clients
 * know whether somebody may have a key, and whether it is the right one.
 */
import type { ValidInput } from '#contract/index.ts';
import { limits } from '#contract/limits.ts';
import { AppError } from '../../app-error.ts';
import { toUsers } from '../../gateway/delivery.ts';
import type { RequestHandlers } from '../../gateway/handler.ts';
import type { FeatureDatabase, OnlinePeople, Unit } from '../feature-types.ts';
import { findEpoch, findNamedPeople } from './epoch-store.ts';
import { parseRecord } from './record-rules.ts';
import { memberRoom } from './room-access.ts';
import type { MemberRoom } from './room-access.ts';
import { membersOf } from './room-store.ts';
import { wantedOfAllRooms, wantedOfRoom } from './wanted-keys.ts';
import { addWrap, hasHadWrap, heldKeys, putAside } from './wrap-store.ts';

type KeyRequestName = 'keys:wanted' | 'keys:share' | 'keys:bad' | 'keys:held';
type KeySharingDeps = { database: FeatureDatabase; online: OnlinePeople };

/** Members who are told that somebody lacks keys: one of them may be about to leave. */
const askedAtOnce = 3;

const isHistory = (room: MemberRoom, epoch: number): boolean =>
  room.history === 1 && epoch >= room.history_epoch;

/** Whether that person may have a key of that epoch as far as the server can tell: they were named by it, or may read it. */
async function mayHold(
  unit: Unit,
  room: MemberRoom,
  person: { id: number; uid: string },
  epoch: number,
): Promise<boolean> {
  if (epoch > room.epoch) return false;
  if (isHistory(room, epoch)) return true;
  if (await hasHadWrap(unit.db, { roomId: room.id, userId: person.id, epoch })) return true;
  // given back after a restore by somebody who had no key of it
  const row = await findEpoch(unit.db, room.id, epoch);
  const record = row === undefined ? null : parseRecord(row.record);
  return record?.entries.some(({ userUid }) => userUid === person.uid) ?? false;
}

/** The unit that stores what a member shares. */
async function share(unit: Unit, giverId: number, { roomUid, wraps }: ValidInput<'keys:share'>) {
  const room = await memberRoom(unit.db, giverId, roomUid);
  const members = new Set((await membersOf(unit.db, room.id)).map(({ userUid }) => userUid));
  const named = await findNamedPeople(unit.db, [...new Set(wraps.map(({ userUid }) => userUid))]);
  const people = new Map(named.map((person) => [person.uid, person]));
  const helped = new Set<string>();
  let added = 0;
  for (const { userUid, version, epoch, wrap } of wraps) {
    const person = people.get(userUid);
    // somebody who has left meanwhile is no reason to refuse the rest
    if (person === undefined || !members.has(userUid)) continue;
    const isPublished = version <= person.identity_version;
    if (!isPublished || !(await mayHold(unit, room, person, epoch)))
      throw new AppError('FORBIDDEN', { field: 'wraps' });
    const slot = { roomId: room.id, userId: person.id, epoch, version };
    if (!(await addWrap(unit, { ...slot, wrap, giverId }))) continue;
    added += 1;
    helped.add(userUid);
  }
  const events = helped.size === 0 ? [] : [toUsers([...helped], 'keys:shared', { roomUid })];
  return { value: { added }, events };
}

export const createKeySharing = ({
  database,
  online,
}: KeySharingDeps): Pick<RequestHandlers, KeyRequestName> => ({
  async 'keys:wanted'({ caller: { userId } }, { roomUid, after }) {
    const { read } = database;
    if (roomUid === undefined) return wantedOfAllRooms(read, userId, after);
    return wantedOfRoom(read, await memberRoom(read, userId, roomUid), userId, after);
  },

  'keys:share': ({ caller }, input) => database.write((unit) => share(unit, caller.userId, input)),

  'keys:bad': ({ caller }, { roomUid, wraps }) =>
    database.write(async (unit) => {
      const room = await memberRoom(unit.db, caller.userId, roomUid);
      let count = 0;
      for (const { epoch, version } of wraps) {
        if (await putAside(unit, { roomId: room.id, userId: caller.userId, epoch, version })) count += 1;
      }
      const others = (await membersOf(unit.db, room.id)).filter(
        ({ userUid }) => userUid !== caller.userUid && online.isOnline(userUid),
      );
      const asked = count === 0 ? [] : others.slice(0, askedAtOnce).map(({ userUid }) => userUid);
      const events = asked.length === 0 ? [] : [toUsers(asked, 'keys:missing', { roomUid })];
      return { value: { putAside: count }, events };
    }),

  async 'keys:held'({ caller }, { after }) {
    const rooms = await heldKeys(database.read, caller.userId, after ?? '', limits.heldKeysPageSize);
    const held = rooms.flatMap(({ roomUid, oldest, newest }) =>
      oldest === null || newest === null ? [] : [{ roomUid, oldest, newest }],
    );
    const isLast = rooms.length < limits.heldKeysPageSize;
    return { rooms: held, next: isLast ? null : (rooms.at(-1)?.roomUid ?? null) };
  },
});
