/** From a record that a client sends to an epoch of a room: every check that needs the database. */
import { limits } from '#contract/limits.ts';
import type { NewEpoch } from '#contract/sealed.ts';
import { AppError } from '../../app-error.ts';
import type { Unit } from '../feature-types.ts';
import type { MemberRoom } from './room-access.ts';
import {
  findEpoch,
  findNamedPeople,
  insertEpoch,
  returnedStatementsOf,
  statementsOf,
} from './epoch-store.ts';
import type { NamedPerson } from './epoch-store.ts';
import {
  areAllNewest,
  areEntriesPublished,
  areReplacementsNewest,
  areSamePeople,
  areWrapsComplete,
  canAnybodyAct,
  entryOf,
  fitsRoom,
  isSignedByCreator,
  names,
  parseRecord,
  recordHash,
  succession,
} from './record-rules.ts';
import type { EpochRecord, RecordEntry, RecordExpectation } from './record-rules.ts';
import { insertMembers, membersOf, updateRoom } from './room-store.ts';
import type { MemberRow, RoomChange } from './room-store.ts';

/** A record that passed every check, ready to be written. */
export type CheckedEpoch = {
  input: NewEpoch;
  record: EpochRecord;
  hash: string;
  /** The people it names, by uid. */
  people: Map<string, NamedPerson>;
};

const uidsOf = (entries: readonly RecordEntry[]): string[] => entries.map(({ userUid }) => userUid);

const invalid = (): AppError => new AppError('RECORD_INVALID', { field: 'epoch.record' });

/** Reads a record and checks what needs no database. */
export function readRecord(input: NewEpoch, expected: RecordExpectation): EpochRecord {
  const record = parseRecord(input.record);
  if (record === null || !fitsRoom(record, expected)) throw invalid();
  if (record.entries.length > limits.roomMembersMax) throw new AppError('ROOM_FULL');
  if (!areWrapsComplete(record.entries, input.wraps)) {
    throw new AppError('WRAPS_INCOMPLETE', { field: 'epoch.wraps' });
  }
  return record;
}

/**
 * Checks people, fingerprints and the signature. `previous` are the entries of the room's newest record: a statement that a
 * member gave back after a restore counts for whom that names already, and for everybody where `isReturned`.
 */
export async function checkEpoch(
  { db }: Unit,
  input: NewEpoch,
  record: EpochRecord,
  previous: readonly RecordEntry[],
  isReturned = false,
): Promise<CheckedEpoch> {
  const named = await findNamedPeople(
    db,
    record.entries.map((entry) => entry.userUid),
  );
  const people = new Map(named.map((person) => [person.uid, person]));
  if (people.size !== record.entries.length) throw new AppError('PERSON_UNKNOWN', { field: 'epoch.record' });
  const ids = named.map((person) => person.id);
  const returned = await returnedStatementsOf(db, ids);
  const counting = returned.filter((row) => isReturned || names(previous, entryOf(row)));
  const statements = [...(await statementsOf(db, ids)), ...counting];
  const isPublished = areEntriesPublished(record.entries, statements, previous);
  if (!isPublished || !isSignedByCreator(input.record, input.signature, record.creator, statements)) {
    throw invalid();
  }
  return { input, record, hash: recordHash(input.record), people };
}

/** The next epoch of a room with the people as they are now and as its newest record names them. */
export type NextEpoch = CheckedEpoch & { members: MemberRow[]; added: string[]; kept: string[] };

/** What a record may do besides naming people. Only who asks for a new epoch and nothing else may begin a chain anew. */
export type EpochFreedom = { mayChangeHistory: boolean; mayBeginAnew: boolean };

const noFreedom: EpochFreedom = { mayChangeHistory: false, mayBeginAnew: false };

/** The newest identity version of everybody who can act: of these people and the room's. */
async function currentVersions(unit: Unit, uids: readonly string[]): Promise<Map<string, number>> {
  const people = await findNamedPeople(unit.db, [...new Set(uids)]);
  return new Map(
    people.flatMap(({ uid, state, identity_version: version }) =>
      state === 'active' ? [[uid, version]] : [],
    ),
  );
}

/**
 * Throws unless the record continues the newest one, by somebody whom that names in this very version, or begins a chain anew
 * where nobody of it who is still in the room can act. Who replaces an older version has the newest published one in its place.
 */
function refuseStranger(
  record: EpochRecord,
  verdict: 'next' | 'invalid',
  newest: { epoch: number; entries: readonly RecordEntry[]; members: readonly MemberRow[] },
  current: ReadonlyMap<string, number>,
): void {
  if (verdict === 'next') {
    const isByMember = names(newest.entries, record.creator);
    if (!isByMember || !areReplacementsNewest(record.entries, newest.entries, current)) throw invalid();
    return;
  }
  const isNewChain = record.prev === '-' && record.epoch === newest.epoch + 1;
  const present = new Set(newest.members.map(({ userUid }) => userUid));
  const remaining = newest.entries.filter(({ userUid }) => present.has(userUid));
  if (!isNewChain || canAnybodyAct(remaining, current) || !areAllNewest(record.entries, current)) {
    throw invalid();
  }
}

/**
 * Checks a record that is to follow the room's newest one. `added` are the people whom the newest record does not name, so
 * that somebody who left is never taken for an addition by a client that did not notice.
 */
export async function checkNextEpoch(
  unit: Unit,
  room: MemberRoom,
  callerUid: string,
  input: NewEpoch,
  { mayChangeHistory, mayBeginAnew }: EpochFreedom = noFreedom,
): Promise<NextEpoch> {
  const type = room.type === 'direct' ? 'd' : 'g';
  const record = readRecord(input, { roomUid: room.uid, type, history: null, callerUid });
  const verdict = succession(record, { epoch: room.epoch, hash: room.epoch_hash });
  if (verdict === 'conflict') throw new AppError('EPOCH_CONFLICT');
  if (verdict === 'invalid' && !mayBeginAnew) throw invalid();
  // only now: a record from before somebody turned the history on or off is late, and its client tries again
  if (record.history !== room.history && !mayChangeHistory) {
    throw room.type === 'direct' ? invalid() : new AppError('FORBIDDEN', { field: 'epoch.record' });
  }
  const stored = await findEpoch(unit.db, room.id, room.epoch);
  const previous = stored === undefined ? null : parseRecord(stored.record);
  if (previous === null) throw new Error('The newest record of a room is missing or not readable.');
  const current = await currentVersions(unit, [...uidsOf(previous.entries), ...uidsOf(record.entries)]);
  const members = await membersOf(unit.db, room.id);
  refuseStranger(record, verdict, { epoch: room.epoch, entries: previous.entries, members }, current);
  const checked = await checkEpoch(unit, input, record, previous.entries);
  const before = new Set(previous.entries.map((entry) => entry.userUid));
  const named = record.entries.map((entry) => entry.userUid);
  return {
    ...checked,
    members,
    added: named.filter((uid) => !before.has(uid)),
    kept: named.filter((uid) => before.has(uid)),
  };
}

/** Compare-and-set on the members: the record was made for the people who are in the room at this moment. */
export function refuseOtherMembers(kept: Iterable<string>, present: Iterable<string>): void {
  if (!areSamePeople(kept, present)) throw new AppError('EPOCH_CONFLICT');
}

/** Writes epoch and wraps. */
export async function storeEpoch(
  unit: Unit,
  checked: CheckedEpoch,
  at: { roomId: number; creatorId: number; afterSeq: number; now: number },
): Promise<void> {
  const versions = new Map(checked.record.entries.map(({ userUid, version }) => [userUid, version]));
  const wraps = checked.input.wraps.map(({ userUid, wrap }) => {
    const person = checked.people.get(userUid);
    const version = versions.get(userUid);
    if (person === undefined || version === undefined)
      throw new Error('A wrap is for somebody whom the record does not name.');
    return { userId: person.id, version, wrap };
  });
  const { record, signature } = checked.input;
  const { hash } = checked;
  const { roomId, creatorId, afterSeq, now: madeAt } = at;
  const epoch = checked.record.epoch;
  await insertEpoch(unit, { roomId, epoch, hash, record, signature, creatorId, afterSeq, madeAt }, wraps);
}

/**
 * What somebody who joins now may read from: where the history was turned on, since keys of later epochs may be shared with
 * newcomers (docs/e2e-protocol.md section 4), else what comes next.
 */
export async function firstSeqForNewcomers(unit: Unit, room: MemberRoom): Promise<number> {
  if (room.history === 0) return room.last_seq + 1;
  const first = await findEpoch(unit.db, room.id, room.history_epoch);
  return (first?.after_seq ?? room.last_seq) + 1;
}

/** Makes the checked epoch the room's newest, with the memberships that it adds. Gives the new revision. */
export async function advanceRoom(
  unit: Unit,
  room: MemberRoom,
  next: NextEpoch,
  by: { userId: number; now: number },
): Promise<number> {
  const afterSeq = room.last_seq;
  await storeEpoch(unit, next, { roomId: room.id, creatorId: by.userId, afterSeq, now: by.now });
  const { epoch, history } = next.record;
  const change: RoomChange = { epoch, epoch_hash: next.hash, is_rekey_needed: 0 };
  const isTurnedOn = history === 1 && room.history === 0;
  const rev = await updateRoom(unit, room, {
    ...change,
    ...(history === room.history ? {} : { history }),
    ...(isTurnedOn ? { history_epoch: epoch } : {}),
  });
  const addedIds = next.added.flatMap((uid) => next.people.get(uid)?.id ?? []);
  const fromSeq = addedIds.length === 0 ? afterSeq + 1 : await firstSeqForNewcomers(unit, room);
  await insertMembers(unit, { id: room.id, lastSeq: afterSeq, rev, fromSeq }, addedIds, by.now);
  return rev;
}
