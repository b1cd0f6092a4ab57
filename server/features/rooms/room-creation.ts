/** Making a room: its first epoch and its members come with it, in one unit. */
import type { ValidInput } from '#contract/index.ts';
import { limits } from '#contract/limits.ts';
import type { Room } from '#contract/rooms.ts';
import { AppError } from '../../app-error.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import { joinRoom, toRoom } from '../../gateway/delivery.ts';
import type { SessionContext } from '../../gateway/handler.ts';
import type { Unit } from '../feature-types.ts';
import type { CreationLimit } from './creation-limit.ts';
import { checkEpoch, readRecord, storeEpoch } from './epoch-change.ts';
import type { CheckedEpoch } from './epoch-change.ts';
import { findEpoch } from './epoch-store.ts';
import { newcomerNews } from './newcomer-news.ts';
import { recordHash } from './record-rules.ts';
import { readRoom } from './room-reading.ts';
import {
  directKeyOf,
  findDirectRoom,
  findRoom,
  insertMembers,
  insertRoom,
  peopleWithManyRooms,
} from './room-store.ts';

type Input = ValidInput<'room:create'>;
type Created = { value: { room: Room; isNew: boolean }; events: Delivery[] };

/** The room that an earlier attempt of the same client made, or null if the uid is free. Throws UID_TAKEN. */
async function findRepeated(unit: Unit, context: SessionContext, input: Input): Promise<Room | null> {
  const existing = await findRoom(unit.db, input.roomUid);
  if (existing === undefined) return null;
  const first = await findEpoch(unit.db, existing.id, 1);
  const isOwn = first?.creator_id === context.caller.userId && first.hash === recordHash(input.epoch.record);
  if (!isOwn) throw new AppError('UID_TAKEN', { field: 'roomUid' });
  return readRoom(unit.db, context.caller.userId, existing.uid);
}

/** The pair's direct room if there is one already. */
async function findPairRoom(unit: Unit, userId: number, directKey: string | null): Promise<Room | null> {
  const existing = directKey === null ? undefined : await findDirectRoom(unit.db, directKey);
  return existing === undefined ? null : readRoom(unit.db, userId, existing.uid);
}

async function refuseFullPeople(unit: Unit, checked: CheckedEpoch): Promise<void> {
  const people = [...checked.people.values()];
  if (people.some((person) => person.state !== 'active')) throw new AppError('PERSON_DISABLED');
  const ids = people.map((person) => person.id);
  const full = await peopleWithManyRooms(unit.db, ids, limits.roomsPerUserMax);
  if (full.length > 0) throw new AppError('TOO_MANY_ROOMS');
}

/** The unit that makes a room, or finds the one that is there. */
export async function createRoom(
  unit: Unit,
  context: SessionContext,
  input: Input,
  creations: CreationLimit,
): Promise<Created> {
  const { caller, now } = context;
  const isDirect = input.type === 'direct';
  if (!isDirect && input.title === undefined) throw new AppError('INVALID_INPUT', { field: 'title' });
  const record = readRecord(input.epoch, {
    roomUid: input.roomUid,
    type: isDirect ? 'd' : 'g',
    history: isDirect ? 1 : null,
    callerUid: caller.userUid,
  });
  if (record.epoch !== 1 || record.prev !== '-') {
    throw new AppError('RECORD_INVALID', { field: 'epoch.record' });
  }
  const repeated = await findRepeated(unit, context, input);
  if (repeated !== null) return { value: { room: repeated, isNew: false }, events: [] };
  const checked = await checkEpoch(unit, input.epoch, record, []);
  const ids = record.entries.flatMap((entry) => checked.people.get(entry.userUid)?.id ?? []);
  const directKey = isDirect ? directKeyOf(ids[0] ?? 0, ids[1] ?? ids[0] ?? 0) : null;
  const present = await findPairRoom(unit, caller.userId, directKey);
  if (present !== null) return { value: { room: present, isNew: false }, events: [] };
  await refuseFullPeople(unit, checked);
  // last, so that nothing is counted that does not make a room
  creations.take(caller.userId, now);
  const roomId = await insertRoom(unit, {
    uid: input.roomUid,
    type: input.type,
    title: isDirect ? '' : (input.title ?? ''),
    owner_id: isDirect ? null : caller.userId,
    last_seq: 0,
    rev: 1,
    state_rev: 1,
    epoch: 1,
    epoch_hash: checked.hash,
    is_rekey_needed: 0,
    history: record.history,
    direct_key: directKey,
    created_at: now,
  });
  await insertMembers(unit, { id: roomId, lastSeq: 0, rev: 1 }, ids, now);
  await storeEpoch(unit, checked, { roomId, creatorId: caller.userId, afterSeq: 0, now });
  const room = await readRoom(unit.db, caller.userId, input.roomUid);
  const everybody = room.members.map((member) => member.userUid);
  // everybody in the room is new, so the event can go to the room: it is encoded once
  const joined = toRoom(room.roomUid, 'room:joined', { room, lastMessage: null });
  const news = await newcomerNews(unit.db, room, everybody);
  return { value: { room, isNew: true }, events: [...news, joinRoom(room.roomUid, everybody), joined] };
}
