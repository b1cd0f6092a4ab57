/**
 * A room's keys from the page's side: has the engine check records, and makes the next epoch when the room needs one.
 * docs/e2e-protocol.md section 4.
 */
import type { Room } from '#contract/rooms.ts';
import type { NewEpoch } from '#contract/sealed.ts';
import type { Call } from '../../connection/socket-connection.ts';
import type { CryptoEngine, MadeEpoch, RoomVerdict } from '../../crypto/index.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { FailureCode, Result } from '../../state/failure.ts';
import type { Store } from '../../state/store.ts';
import type { Timers } from '../../state/timers.ts';
import { drop } from '../../state/drop.ts';
import { createWorkQueue } from '../../state/work-queue.ts';
import type { PeopleState } from '../people/person-state.ts';
import { acceptSignature, changesOfMyTime, mergeChanges, withReopenedRows } from './room-key-state.ts';
import { withRoom } from './room-state.ts';
import type { RoomEntry, RoomsState } from './room-state.ts';

export type RoomKeysDeps = {
  call: Call;
  crypto: Pick<CryptoEngine, 'acceptRoom' | 'roomChanges' | 'makeNextEpoch'>;
  rooms: Store<RoomsState>;
  people: Store<PeopleState>;
  ensurePeople: (userUids: readonly string[]) => Promise<void>;
  /** Fetches what changed in a room; false if it could not. */
  catchUp: (roomUid: string) => Promise<boolean>;
  /** Gives a server that is behind my watermark what it lacks; true if it took something. */
  giveBack: (room: Room) => Promise<boolean>;
  timers: Timers;
  meUid: string;
};

export type RoomKeys = {
  /** Has the engine check the room as the server reports it now; a verdict that still holds is returned at once. */
  accept: (roomUid: string, options?: { isForced?: boolean }) => Promise<RoomVerdict | null>;
  /** Makes the room sendable if this client can: the missing record, or a key that never came. */
  ensureSendable: (roomUid: string) => Promise<Result<void>>;
  /** Loads joined/left lines of older epochs down to a seq, as soon as the room's records can be read. */
  loadChangesDownTo: (roomUid: string, seq: number) => Promise<void>;
};

/** How long a sender waits for the key of the newest record before it makes the next epoch itself. */
const missingKeyPatienceMs = 10_000;
const maxRounds = 5;
/** Refusals of a rekey that say only that the room has changed meanwhile: somebody was faster, or an account is gone. */
const overtaken: ReadonlySet<FailureCode> = new Set(['EPOCH_CONFLICT', 'PERSON_UNKNOWN', 'PERSON_DISABLED']);
const changesPage = 50;

/** What travels of a made epoch. */
export const newEpoch = ({ record, signature, wraps }: MadeEpoch): NewEpoch => ({ record, signature, wraps });

export const createRoomKeys = (deps: RoomKeysDeps): RoomKeys => {
  const { rooms, people, crypto, call } = deps;
  const checks = createWorkQueue();
  const rekeys = createWorkQueue();
  const signatureByRoom = new Map<string, string>();
  /** Since when the key of which epoch has been missing. */
  const missingByRoom = new Map<string, { epoch: number; since: number }>();
  /** Down to which seq joined/left lines were asked for. */
  const lowestSeqByRoom = new Map<string, number>();
  const changeLoads = createWorkQueue();

  const entryOf = (roomUid: string): RoomEntry | undefined => rooms.get().byUid.get(roomUid);
  const patchKeys = (roomUid: string, part: Partial<RoomEntry['keys']>): void => {
    const entry = entryOf(roomUid);
    if (entry !== undefined)
      rooms.update((state) => withRoom(state, { ...entry, keys: { ...entry.keys, ...part } }));
  };

  const store = (roomUid: string, verdict: RoomVerdict): void => {
    const entry = entryOf(roomUid);
    if (entry === undefined) return;
    const changes = changesOfMyTime(mergeChanges(entry.keys.changes, verdict.changes), deps.meUid);
    const next = { ...entry, keys: { ...entry.keys, verdict, changes } };
    rooms.update((state) => withRoom(state, withReopenedRows(next, entry.keys.verdict)));
    const isMissing = verdict.reason === 'KEY_MISSING' || verdict.reason === 'KEY_BAD';
    if (!isMissing) missingByRoom.delete(roomUid);
    else if (missingByRoom.get(roomUid)?.epoch !== entry.room.epoch) {
      missingByRoom.set(roomUid, { epoch: entry.room.epoch, since: deps.timers.now() });
    }
  };

  const check = async (roomUid: string, isForced: boolean): Promise<RoomVerdict | null> => {
    await deps.ensurePeople(entryOf(roomUid)?.room.members.map((member) => member.userUid) ?? []);
    const entry = entryOf(roomUid);
    if (entry === undefined) return null;
    const signature = acceptSignature(entry.room, people.get());
    const { verdict } = entry.keys;
    if (!isForced && verdict !== null && signatureByRoom.get(roomUid) === signature) return verdict;
    const result = await tryCrypto(() => crypto.acceptRoom(acceptInput(entry.room, people.get())));
    // Locked or dead: nothing can be said; the next caller asks again.
    if (!result.ok) return null;
    // What did not arrive is asked for again at the next opportunity.
    const { reason } = result.value;
    if (reason === 'BEHIND_WATERMARK' && (await deps.giveBack(entry.room))) {
      await deps.catchUp(roomUid);
      return check(roomUid, true);
    }
    if (reason !== 'RECORDS_UNAVAILABLE' && reason !== 'STATEMENT_MISSING')
      signatureByRoom.set(roomUid, signature);
    store(roomUid, result.value);
    if (lowestSeqByRoom.has(roomUid)) drop(changeLoads.run(roomUid, () => loadChanges(roomUid)));
    return result.value;
  };

  const accept: RoomKeys['accept'] = (roomUid, options) =>
    checks.run(roomUid, () => check(roomUid, options?.isForced ?? false));

  /** The next epoch for the people who are members now. Null: it is made, or somebody else was faster. */
  const rekey = async (roomUid: string, toRemove: readonly string[]): Promise<Result<void>> => {
    patchKeys(roomUid, { isRekeying: true });
    try {
      const made = await tryCrypto(() => crypto.makeNextEpoch({ roomUid, add: [], remove: [...toRemove] }));
      // The engine has heard of a newer record already: looked at again, like a race that was lost.
      if (!made.ok && made.code !== 'ROOM_NOT_READY') return made;
      if (!made.ok) {
        await deps.catchUp(roomUid);
        return succeed(undefined);
      }
      const result = await call('room:rekey', { roomUid, epoch: newEpoch(made.value) });
      if (!result.ok && !overtaken.has(result.code)) return result;
      await deps.catchUp(roomUid);
      return succeed(undefined);
    } finally {
      patchKeys(roomUid, { isRekeying: false });
    }
  };

  const settleRound = async (roomUid: string, round: number): Promise<Result<'sendable' | 'again'>> => {
    // A key that was missing may have been filled in since: nothing announces that.
    const wasMissing = isKeyMissing(entryOf(roomUid)?.keys.verdict?.reason ?? null);
    const verdict = await accept(roomUid, { isForced: round > 0 || wasMissing });
    const entry = entryOf(roomUid);
    if (entry === undefined) return fail('NOT_FOUND');
    if (verdict === null) return fail('RECORDS_UNAVAILABLE');
    const { status, reason, subject } = verdict;
    const isNeeded = reason === 'REKEY_NEEDED' || (status === 'sendable' && entry.room.isRekeyNeeded);
    if (status === 'sendable' && !isNeeded) return succeed('sendable');
    if (isNeeded || (isKeyMissing(reason) && patienceLeftMs(roomUid) === 0)) {
      const made = await rekey(roomUid, verdict.toRemove);
      return made.ok ? succeed('again') : made;
    }
    if (isKeyMissing(reason)) return fail(reason, { retryAfterMs: patienceLeftMs(roomUid) });
    if (round === 0 && (reason === 'MEMBERS_DIFFER' || reason === 'RECORDS_UNAVAILABLE')) {
      await deps.catchUp(roomUid);
      return succeed('again');
    }
    return fail(reason ?? 'RECORDS_UNAVAILABLE', subject === null ? {} : { subject });
  };

  const patienceLeftMs = (roomUid: string): number => {
    const since = missingByRoom.get(roomUid)?.since ?? deps.timers.now();
    const waitedMs = deps.timers.now() - since;
    // Negative: the clock was set back, and how long it has been nobody knows.
    return waitedMs < 0 ? 0 : Math.max(0, missingKeyPatienceMs - waitedMs);
  };

  const ensureSendable: RoomKeys['ensureSendable'] = (roomUid) =>
    rekeys.run(roomUid, async () => {
      for (let round = 0; round < maxRounds; round += 1) {
        const result = await settleRound(roomUid, round);
        if (!result.ok) return result;
        if (result.value === 'sendable') return succeed(undefined);
      }
      return fail('EPOCH_CONFLICT');
    });

  /** One page of older changes; false if there are no more to be had. */
  const loadOlderChanges = async (roomUid: string, seq: number): Promise<boolean> => {
    const { verdict, changes: known } = entryOf(roomUid)?.keys ?? { verdict: null, changes: [] };
    const oldest = known[0];
    // After a reload nothing is known but the newest record, and what that changed only the one before it tells.
    const to = oldest === undefined ? (verdict?.epoch ?? 0) : oldest.epoch - 1;
    // The records of one seq stand in any number: only a lower one says that all of them are here.
    const isEnough = oldest !== undefined && oldest.afterSeq < seq - 1;
    if (to < 1 || isEnough || oldest?.added.includes(deps.meUid) === true) return false;
    const older = await tryCrypto(() => crypto.roomChanges(roomUid, Math.max(1, to - changesPage + 1), to));
    const entry = entryOf(roomUid);
    if (!older.ok || older.value.length === 0 || entry === undefined) return false;
    const changes = changesOfMyTime(mergeChanges(entry.keys.changes, older.value), deps.meUid);
    patchKeys(roomUid, { changes });
    return changes[0]?.epoch !== oldest?.epoch;
  };

  const loadChanges = async (roomUid: string): Promise<void> => {
    const seq = lowestSeqByRoom.get(roomUid) ?? 0;
    while (await loadOlderChanges(roomUid, seq));
  };

  const loadChangesDownTo: RoomKeys['loadChangesDownTo'] = async (roomUid, seq) => {
    lowestSeqByRoom.set(roomUid, Math.min(seq, lowestSeqByRoom.get(roomUid) ?? seq));
    // Without a verdict there is no epoch to begin at; the next one goes on with this.
    await accept(roomUid);
    await changeLoads.run(roomUid, () => loadChanges(roomUid));
  };

  return { accept, ensureSendable, loadChangesDownTo };
};

const isKeyMissing = (reason: RoomVerdict['reason']): reason is 'KEY_MISSING' | 'KEY_BAD' =>
  reason === 'KEY_MISSING' || reason === 'KEY_BAD';

const acceptInput = (room: Room, people: PeopleState) => ({
  roomUid: room.roomUid,
  newest: { epoch: room.epoch, hash: room.epochHash },
  ...(room.type === 'group' ? { title: room.title } : {}),
  members: room.members.map(({ userUid }) => ({
    userUid,
    displayName: people.byUid.get(userUid)?.displayName ?? '',
  })),
});
