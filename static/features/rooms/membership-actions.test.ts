import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Call } from '../../connection/socket-connection.ts';
import { CryptoError } from '../../crypto/index.ts';
import type { CryptoEngine } from '../../crypto/index.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import { createStore } from '../../state/store.ts';
import { createManualTimers } from '../../testing/manual-timers.tests.ts';
import { plainRoom } from '../../testing/plain-room.ts';
import { emptyPeople, withPeople } from '../people/person-state.ts';
import { createMembershipActions } from './membership-actions.ts';
import { emptyRooms, newRoomEntry, withRoom } from './room-state.ts';

const member = (userUid: string) => ({
  userUid,
  joinedSeq: 1,
  readSeq: 0,
  joinedAt: 0,
  role: 'member' as const,
});
const roomOf = (...userUids: string[]) => ({
  roomUid: 'room',
  type: 'group' as const,
  title: '',
  rev: 1,
  lastSeq: 0,
  createdAt: 0,
  ownerUid: 'alice',
  epoch: 1,
  epochHash: 'hash',
  isRekeyNeeded: false,
  ...plainRoom,
  members: userUids.map(member),
});
const bob = {
  userUid: 'bob',
  username: 'bob',
  displayName: '이밥',
  department: '',
  title: '',
  statusText: '',
  identityVersion: 1,
  rev: 1,
  state: 'active' as const,
};

/** A client that believes these people to be in the room, while the server knows others. */
const createStale = (
  believed: readonly string[],
  real: readonly string[],
  {
    refreshed = succeed(undefined),
    makeNextEpoch = async () => ({ record: 'record', epoch: 2, wraps: [] }),
  }: { refreshed?: Result<void>; makeNextEpoch?: () => Promise<unknown> } = {},
) => {
  const timers = createManualTimers();
  const rooms = createStore(withRoom(emptyRooms(), newRoomEntry(roomOf(...believed), [])));
  const asked: string[] = [];
  // these actions ask for nothing but a change of membership
  const call = (async (name: string) => {
    asked.push(name);
    return succeed({});
  }) as unknown as Call;
  const membership = createMembershipActions({
    call,
    crypto: { makeNextEpoch } as unknown as Pick<CryptoEngine, 'makeNextEpoch'>,
    keys: { ensureSendable: async () => succeed(undefined) },
    rooms,
    people: createStore(withPeople(emptyPeople(), [bob])),
    ensurePeople: async () => undefined,
    refreshPeople: async () => refreshed,
    catchUp: async () => {
      rooms.update((state) => withRoom(state, newRoomEntry(roomOf(...real), [])));
      return true;
    },
    timers,
  });
  return { membership, timers, asked };
};

test('who left a moment ago is invited, although the news of the leaving is still on its way', async () => {
  const { membership, timers, asked } = createStale(['alice', 'bob'], ['alice']);
  const inviting = membership.invite('room', ['bob']);
  timers.advance(2_000);
  assert.deepEqual(await inviting, succeed(undefined));
  assert.deepEqual(asked, ['room:invite']);
});

test('who came a moment ago is put out, although the news of the coming is still on its way', async () => {
  const { membership, asked } = createStale(['alice'], ['alice', 'bob']);
  assert.deepEqual(await membership.kick('room', 'bob'), succeed(undefined));
  assert.deepEqual(asked, ['room:kick']);
});

test('nobody is invited twice, nor put out twice', async () => {
  const there = createStale(['alice', 'bob'], ['alice', 'bob']);
  const inviting = there.membership.invite('room', ['bob']);
  there.timers.advance(2_000);
  assert.deepEqual(await inviting, succeed(undefined));
  const gone = createStale(['alice'], ['alice']);
  assert.deepEqual(await gone.membership.kick('room', 'bob'), succeed(undefined));
  assert.deepEqual([...there.asked, ...gone.asked], []);
});

test('a person is not called unknown while nobody can be asked', async () => {
  const { membership, timers, asked } = createStale(['alice'], ['alice'], { refreshed: fail('OFFLINE') });
  const inviting = membership.invite('room', ['bob']);
  timers.advance(2_000);
  assert.deepEqual(await inviting, fail('OFFLINE'));
  assert.deepEqual(asked, []);
});

test('an invitation is repeated where the engine has heard of a newer record first', async () => {
  const refusals = [new CryptoError('ROOM_NOT_READY')];
  const { membership, timers, asked } = createStale(['alice'], ['alice'], {
    makeNextEpoch: async () => {
      const refusal = refusals.shift();
      if (refusal !== undefined) throw refusal;
      return { record: 'record', epoch: 2, wraps: [] };
    },
  });
  const inviting = membership.invite('room', ['bob']);
  timers.advance(2_000);
  assert.deepEqual(await inviting, succeed(undefined));
  assert.deepEqual(asked, ['room:invite']);
});
