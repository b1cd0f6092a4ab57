/**
 * Adding and removing people: the record of the next epoch and the change of membership are one request. A race that was
 * lost is looked at again and the user's intent repeated (docs/e2e-protocol.md section 4).
 */
import type { Call } from '../../connection/socket-connection.ts';
import type { CryptoEngine, PersonToAdd } from '../../crypto/index.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Failure, FailureCode, Result } from '../../state/failure.ts';
import type { ReadableStore } from '../../state/store.ts';
import { drop } from '../../state/drop.ts';
import type { Timers } from '../../state/timers.ts';
import type { PeopleState } from '../people/person-state.ts';
import { newEpoch } from './room-keys.ts';
import type { RoomKeys } from './room-keys.ts';
import { memberOf } from './room-state.ts';
import type { RoomsState } from './room-state.ts';

export type MembershipDeps = {
  call: Call;
  crypto: Pick<CryptoEngine, 'makeNextEpoch'>;
  keys: Pick<RoomKeys, 'ensureSendable'>;
  rooms: ReadableStore<RoomsState>;
  people: ReadableStore<PeopleState>;
  ensurePeople: (userUids: readonly string[]) => Promise<void>;
  /** Names and identity versions as the server has them now: somebody may have made an identity since. */
  refreshPeople: (userUids: readonly string[]) => Promise<Result<void>>;
  catchUp: (roomUid: string) => Promise<boolean>;
  timers: Timers;
};

export type MembershipActions = {
  invite: (roomUid: string, userUids: readonly string[]) => Promise<Result<void>>;
  kick: (roomUid: string, userUid: string) => Promise<Result<void>>;
  /** Makes a room sendable and tries; repeats that while somebody else's epoch comes first. */
  throughRaces: (roomUid: string, attempt: () => Promise<Result<unknown>>) => Promise<Result<void>>;
  /** People as a record names them; refuses PERSON_UNKNOWN for somebody without an identity. */
  peopleToAdd: (userUids: readonly string[]) => Promise<Result<PersonToAdd[]>>;
};

/** Invitations of one client within this time are one epoch. */
const gatherMs = 2_000;
const maxRaces = 5;
/** Refusals that say that the room has changed meanwhile: by the server, or by the engine, which may have heard first. */
const overtaken: ReadonlySet<FailureCode> = new Set(['EPOCH_CONFLICT', 'REKEY_NEEDED', 'ROOM_NOT_READY']);

type Gathering = { userUids: Set<string>; waiters: ((result: Result<void>) => void)[] };

export const createMembershipActions = (deps: MembershipDeps): MembershipActions => {
  const { call, crypto, rooms } = deps;
  const gatheringByRoom = new Map<string, Gathering>();

  /** Repeats `attempt` while somebody else's epoch comes first. */
  const throughRaces = async (
    roomUid: string,
    attempt: () => Promise<Result<unknown>>,
  ): Promise<Result<void>> => {
    let lost: Failure = fail('EPOCH_CONFLICT');
    for (let race = 0; race < maxRaces; race += 1) {
      const ready = await deps.keys.ensureSendable(roomUid);
      if (!ready.ok) return ready;
      const result = await attempt();
      await deps.catchUp(roomUid);
      if (result.ok) return succeed(undefined);
      if (!overtaken.has(result.code)) return result;
      lost = result;
    }
    return lost;
  };

  const peopleToAdd: MembershipActions['peopleToAdd'] = async (userUids) => {
    // Without an answer nobody can say that somebody is unknown.
    const asked = await deps.refreshPeople(userUids);
    if (!asked.ok) return asked;
    const people: PersonToAdd[] = [];
    for (const userUid of userUids) {
      const person = deps.people.get().byUid.get(userUid);
      if (person === undefined || person.identityVersion === 0)
        return fail('PERSON_UNKNOWN', { subject: userUid });
      if (person.state !== 'active') return fail('PERSON_DISABLED', { subject: userUid });
      people.push({ userUid, version: person.identityVersion, displayName: person.displayName });
    }
    return succeed(people);
  };

  const isMember = (roomUid: string, userUid: string): boolean => {
    const room = rooms.get().byUid.get(roomUid)?.room;
    return room !== undefined && memberOf(room, userUid) !== undefined;
  };

  /** Where I believe that nothing is left to do for somebody, the news of their coming or going may still be on its way. */
  const beSureOf = async (roomUid: string, isDone: boolean): Promise<void> => {
    if (isDone) await deps.catchUp(roomUid);
  };

  const inviteAll = async (roomUid: string, userUids: readonly string[]): Promise<Result<void>> => {
    await beSureOf(
      roomUid,
      userUids.some((userUid) => isMember(roomUid, userUid)),
    );
    return throughRaces(roomUid, async () => {
      if (!rooms.get().byUid.has(roomUid)) return fail('NOT_FOUND');
      // Somebody else may have added them while this one waited.
      const missing = userUids.filter((userUid) => !isMember(roomUid, userUid));
      if (missing.length === 0) return succeed(undefined);
      const add = await peopleToAdd(missing);
      if (!add.ok) return add;
      const made = await tryCrypto(() => crypto.makeNextEpoch({ roomUid, add: add.value, remove: [] }));
      return made.ok ? call('room:invite', { roomUid, epoch: newEpoch(made.value) }) : made;
    });
  };

  const send = async (roomUid: string): Promise<void> => {
    const gathering = gatheringByRoom.get(roomUid);
    gatheringByRoom.delete(roomUid);
    if (gathering === undefined) return;
    let result: Result<void> = fail('BAD_ANSWER');
    try {
      result = await inviteAll(roomUid, [...gathering.userUids]);
    } finally {
      // Even after a bug: messages to this room wait for it.
      for (const tell of gathering.waiters) tell(result);
    }
  };

  const gather = (roomUid: string, userUids: readonly string[]): Promise<Result<void>> =>
    new Promise((resolve) => {
      const gathering = gatheringByRoom.get(roomUid) ?? { userUids: new Set(), waiters: [] };
      if (!gatheringByRoom.has(roomUid)) deps.timers.after(gatherMs, () => drop(send(roomUid)));
      for (const userUid of userUids) gathering.userUids.add(userUid);
      gathering.waiters.push(resolve);
      gatheringByRoom.set(roomUid, gathering);
    });

  return {
    throughRaces,
    peopleToAdd,
    invite: gather,
    kick: async (roomUid, userUid) => {
      await beSureOf(roomUid, !isMember(roomUid, userUid));
      return throughRaces(roomUid, async () => {
        if (!rooms.get().byUid.has(roomUid)) return fail('NOT_FOUND');
        if (!isMember(roomUid, userUid)) return succeed(undefined);
        const made = await tryCrypto(() => crypto.makeNextEpoch({ roomUid, add: [], remove: [userUid] }));
        return made.ok ? call('room:kick', { roomUid, userUid, epoch: newEpoch(made.value) }) : made;
      });
    },
  };
};
