/** After a restore: a member's client gives back the epochs of a room that the server lost. The units of it. */
import type { ValidInput } from '#contract/index.ts';
import { limits } from '#contract/limits.ts';
import type { Room } from '#contract/rooms.ts';
import { AppError } from '../../app-error.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import { joinRoom, leaveRoom, toRoom, toUsers } from '../../gateway/delivery.ts';
import type { SessionContext } from '../../gateway/handler.ts';
import type { Unit } from '../feature-types.ts';
import { withoutCursors } from './cursor-view.ts';
import { checkEpoch, storeEpoch } from './epoch-change.ts';
import type { CheckedEpoch } from './epoch-change.ts';
import { findEpoch } from './epoch-store.ts';
import { roomChanged } from './room-events.ts';
import { parseRecord, spellEntry } from './record-rules.ts';
import { isSuccessor, planMembership, readChain } from './restore-rules.ts';
import type { ChainStep, MembershipPlan } from './restore-rules.ts';
import { takeStatements } from './returned-statements.ts';
import { readRoom } from './room-reading.ts';
import {
  deleteMember,
  directKeyOf,
  findDirectRoom,
  findRoom,
  insertMembers,
  insertRoom,
  membersOf,
  peopleWithManyRooms,
  updateRoom,
} from './room-store.ts';

type Input = ValidInput<'room:restore'>;
type StoredRoom = NonNullable<Awaited<ReturnType<typeof findRoom>>>;
export type Restored = {
  value: { room: Room; added: string[]; isChanged: boolean };
  events: Delivery[];
};

const uidsOf = ({ record }: Pick<ChainStep, 'record'>): string[] =>
  record.entries.map(({ userUid }) => userUid);

const entryTexts = ({ record }: ChainStep): string[] => record.entries.map(spellEntry);

const lastOf = (steps: readonly ChainStep[]): ChainStep => {
  const last = steps.at(-1);
  if (last === undefined) throw new AppError('RECORD_INVALID', { field: 'epochs' });
  return last;
};

/** The unit that takes a chain. Whoever is neither a member nor named by it learns nothing: NOT_FOUND. */
export async function restoreRoom(unit: Unit, context: SessionContext, input: Input): Promise<Restored> {
  const steps = readChain(input.roomUid, input.epochs);
  const stored = await findRoom(unit.db, input.roomUid);
  const isNamed = uidsOf(lastOf(steps)).includes(context.caller.userUid);
  if (stored !== undefined) return continueRoom(unit, context, { input, steps, stored, isNamed });
  if (!isNamed) throw new AppError('NOT_FOUND', { field: 'roomUid' });
  return recreateRoom(unit, context, input, steps);
}

type Continuation = { input: Input; steps: ChainStep[]; stored: StoredRoom; isNamed: boolean };

async function continueRoom(
  unit: Unit,
  context: SessionContext,
  { input, steps, stored, isNamed }: Continuation,
): Promise<Restored> {
  const { caller, now } = context;
  const members = await membersOf(unit.db, stored.id);
  const isMember = members.some(({ user_id }) => user_id === caller.userId);
  if (!isMember && !isNamed) throw new AppError('NOT_FOUND', { field: 'roomUid' });
  const fresh = await stepsAfter(unit, stored, steps, isMember);
  if (fresh.length === 0) {
    const room = await readRoom(unit.db, caller.userId, stored.uid);
    return { value: { room, added: [], isChanged: false }, events: [] };
  }
  const newest = await newestStep(unit, stored);
  const [first] = fresh;
  if (first === undefined || !isSuccessor(newest, first.record)) {
    // made on top of another record than the one that is here: a fork, or a chain with a hole
    throw new AppError(isMember ? 'EPOCH_CONFLICT' : 'NOT_FOUND', { field: 'epochs' });
  }
  const checked = await checkSteps(unit, input, fresh, newest, now);
  const last = lastOf(fresh);
  const isPresent = await presenceOf(unit, checked);
  const plan =
    stored.type === 'direct'
      ? ({ added: [], removed: [], isRekeyNeeded: false } satisfies MembershipPlan)
      : planMembership({
          members: members.map(({ userUid }) => userUid),
          known: uidsOf(newest),
          named: uidsOf(last),
          isPresent,
        });
  const added = plan.added.flatMap((uid) => personId(checked, uid) ?? []);
  for (const { userUid, user_id: userId } of members) {
    if (plan.removed.includes(userUid)) await deleteMember(unit, stored.id, userId);
  }
  await storeSteps(unit, stored, checked, now, (uid) => uidsOf(last).includes(uid) && isPresent(uid));
  await insertMembers(unit, { id: stored.id, lastSeq: stored.last_seq, rev: stored.rev + 1 }, added, now);
  const staying = (await membersOf(unit.db, stored.id)).map(({ user_id }) => user_id);
  const isOwnerThere = stored.owner_id !== null && staying.includes(stored.owner_id);
  await updateRoom(unit, stored, {
    epoch: last.record.epoch,
    epoch_hash: last.hash,
    is_rekey_needed: plan.isRekeyNeeded ? 1 : 0,
    ...(isHistoryNew(stored, checked) ? historyFrom(checked) : {}),
    ...(stored.type === 'group' && !isOwnerThere ? { owner_id: staying[0] ?? null } : {}),
  });
  // NOT_FOUND, and nothing happened, for somebody whom the chain that they brought does not let in
  const room = await readRoom(unit.db, caller.userId, stored.uid);
  return { value: { room, added: plan.added, isChanged: true }, events: eventsOf(room, plan) };
}

/** Nobody is told by an event of their own where nobody comes or goes. */
function eventsOf(room: Room, { added, removed }: MembershipPlan): Delivery[] {
  const { roomUid } = room;
  const gone = [leaveRoom(roomUid, removed), toUsers(removed, 'room:gone', { roomUid })];
  const come = [
    joinRoom(roomUid, added),
    toUsers(added, 'room:joined', { room: withoutCursors(room, added), lastMessage: null }),
  ];
  return [
    ...(removed.length > 0 ? gone : []),
    // before the newcomers join, so that they get the whole room instead of a change to one that they do not know
    roomChanged(room, { added, removed }),
    ...(added.length > 0 ? come : []),
  ];
}

/** The steps that the server does not have; those that it has must be the very same. */
async function stepsAfter(
  unit: Unit,
  stored: StoredRoom,
  steps: readonly ChainStep[],
  isMember: boolean,
): Promise<ChainStep[]> {
  for (const { record, hash } of steps.filter((step) => step.record.epoch <= stored.epoch)) {
    const present = await findEpoch(unit.db, stored.id, record.epoch);
    if (present?.hash !== hash) throw new AppError(isMember ? 'EPOCH_CONFLICT' : 'NOT_FOUND');
  }
  return steps.filter(({ record }) => record.epoch > stored.epoch);
}

async function newestStep(unit: Unit, stored: StoredRoom): Promise<Pick<ChainStep, 'record' | 'hash'>> {
  const row = await findEpoch(unit.db, stored.id, stored.epoch);
  const record = row === undefined ? null : parseRecord(row.record);
  if (record === null) throw new Error('The newest record of a room is missing or not readable.');
  return { record, hash: stored.epoch_hash };
}

/** Statements and signatures of every step, by the rules of any epoch. */
async function checkSteps(
  unit: Unit,
  input: Input,
  steps: readonly ChainStep[],
  before: Pick<ChainStep, 'record'> | null,
  now: number,
): Promise<CheckedEpoch[]> {
  if (steps.some(({ record }) => record.entries.length > limits.roomMembersMax))
    throw new AppError('ROOM_FULL');
  await takeStatements(unit, input.statements, new Set(steps.flatMap(entryTexts)), now);
  const checked: CheckedEpoch[] = [];
  let previous = before?.record.entries ?? [];
  for (const step of steps) {
    checked.push(await checkEpoch(unit, step.input, step.record, previous, true));
    previous = step.record.entries;
  }
  return checked;
}

/** Whether newcomers see the history after these epochs, and since which of them. */
function historyFrom(checked: readonly CheckedEpoch[]): { history: 0 | 1; history_epoch: number } {
  const records = checked.map(({ record }) => record);
  const history = records.at(-1)?.history ?? 0;
  const lastWithout = records.findLastIndex((record) => record.history === 0);
  return { history, history_epoch: records[lastWithout + 1]?.epoch ?? 1 };
}

const isHistoryNew = (stored: StoredRoom, checked: readonly CheckedEpoch[]): boolean =>
  checked.some(({ record }) => record.history === 0 || record.history !== stored.history);

const personOf = (checked: readonly CheckedEpoch[], uid: string) => checked.at(-1)?.people.get(uid);
const personId = (checked: readonly CheckedEpoch[], uid: string): number | undefined =>
  personOf(checked, uid)?.id;

/** Who of the last record can be in the room. */
async function presenceOf(
  unit: Unit,
  checked: readonly CheckedEpoch[],
): Promise<(userUid: string) => boolean> {
  const people = [...(checked.at(-1)?.people.values() ?? [])];
  const full = new Set(
    await peopleWithManyRooms(
      unit.db,
      people.map(({ id }) => id),
      limits.roomsPerUserMax,
    ),
  );
  const present = new Set(
    people.flatMap(({ id, uid, state }) => (state === 'active' && !full.has(id) ? [uid] : [])),
  );
  return (userUid) => present.has(userUid);
}

/** Writes epochs with the wraps of those who may have them: whoever is not in the room keeps none. */
async function storeSteps(
  unit: Unit,
  room: { id: number; last_seq: number },
  checked: readonly CheckedEpoch[],
  now: number,
  mayHaveWraps: (userUid: string) => boolean,
): Promise<void> {
  for (const step of checked) {
    const creatorId = step.people.get(step.record.creator.userUid)?.id;
    if (creatorId === undefined) throw new Error('The creator of a checked record is missing.');
    const wraps = step.input.wraps.filter(({ userUid }) => mayHaveWraps(userUid));
    const at = { roomId: room.id, creatorId, afterSeq: room.last_seq, now };
    await storeEpoch(unit, { ...step, input: { ...step.input, wraps } }, at);
  }
}

/** A room that was made after the backup, from its first record on. It begins without messages. */
async function recreateRoom(
  unit: Unit,
  { caller, now }: SessionContext,
  input: Input,
  steps: ChainStep[],
): Promise<Restored> {
  const [first] = steps;
  const last = lastOf(steps);
  const isDirect = last.record.type === 'd';
  if (first?.record.epoch !== 1) throw new AppError('NOT_FOUND', { field: 'roomUid' });
  if (!isDirect && input.title === undefined) throw new AppError('INVALID_INPUT', { field: 'title' });
  const checked = await checkSteps(unit, input, steps, null, now);
  const ids = uidsOf(last).flatMap((uid) => personId(checked, uid) ?? []);
  const directKey = isDirect ? directKeyOf(ids[0] ?? 0, ids[1] ?? 0) : null;
  if (directKey !== null && (await findDirectRoom(unit.db, directKey)) !== undefined) {
    // the two have opened another conversation since the restore
    throw new AppError('UID_TAKEN', { field: 'roomUid' });
  }
  const isPresent = await presenceOf(unit, checked);
  const named = uidsOf(last);
  const plan = planMembership({ members: [], known: [], named, isPresent });
  const everybody = isDirect ? named : plan.added;
  const ownerUid = everybody.includes(first.record.creator.userUid)
    ? first.record.creator.userUid
    : caller.userUid;
  const roomId = await insertRoom(unit, {
    uid: input.roomUid,
    type: isDirect ? 'direct' : 'group',
    title: isDirect ? '' : (input.title ?? ''),
    owner_id: isDirect ? null : (personId(checked, ownerUid) ?? caller.userId),
    last_seq: 0,
    rev: 1,
    state_rev: 1,
    epoch: last.record.epoch,
    epoch_hash: last.hash,
    is_rekey_needed: !isDirect && plan.isRekeyNeeded ? 1 : 0,
    ...historyFrom(checked),
    direct_key: directKey,
    created_at: now,
  });
  const memberIds = everybody.flatMap((uid) => personId(checked, uid) ?? []);
  await insertMembers(unit, { id: roomId, lastSeq: 0, rev: 1 }, memberIds, now);
  await storeSteps(unit, { id: roomId, last_seq: 0 }, checked, now, (uid) => everybody.includes(uid));
  const room = await readRoom(unit.db, caller.userId, input.roomUid);
  const joined = toRoom(room.roomUid, 'room:joined', { room, lastMessage: null });
  return {
    value: { room, added: everybody, isChanged: true },
    events: [joinRoom(room.roomUid, everybody), joined],
  };
}
