import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Call } from '../../connection/socket-connection.ts';
import type { RoomReason, RoomVerdict } from '../../crypto/index.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import { createStore } from '../../state/store.ts';
import { createManualTimers } from '../../testing/manual-timers.tests.ts';
import { emptyPeople } from '../people/person-state.ts';
import { createRoomKeys } from './room-keys.ts';
import { emptyRooms, newRoomEntry, withRoom } from './room-state.ts';
import type { RoomsState } from './room-state.ts';
import { plainRoom } from '../../testing/plain-room.ts';

const room = {
  roomUid: 'room',
  type: 'group' as const, // a literal, not a string
  title: '',
  rev: 1,
  lastSeq: 0,
  createdAt: 0,
  ownerUid: 'alice',
  epoch: 1,
  epochHash: 'hash',
  isRekeyNeeded: false,
  ...plainRoom,
  members: [],
};

const createRig = (reasons: (RoomReason | null)[], answers: Result<unknown>[] = []) => {
  const timers = createManualTimers();
  timers.advance(3_600_000);
  const rooms = createStore<RoomsState>(withRoom(emptyRooms(), newRoomEntry(room, [])));
  let rekeys = 0;
  let looks = 0;
  const answer = async () => {
    rekeys += 1;
    return answers.shift() ?? succeed({});
  };
  const verdict = (reason: RoomReason | null): RoomVerdict => ({
    roomUid: 'room',
    status: reason === null ? 'sendable' : 'waiting',
    reason,
    subject: null,
    epoch: 1,
    type: 'group',
    history: false,
    people: [],
    toRemove: reason === 'REKEY_NEEDED' ? ['bob'] : [],
    notInRecord: [],
    changes: [],
    nameWarnings: [],
    renewable: [],
    markChanged: [],
  });
  const keys = createRoomKeys({
    giveBack: async () => false,
    // The only request that is made here is `room:rekey`.
    call: answer as unknown as Call,
    crypto: {
      acceptRoom: async () => verdict(reasons.length > 1 ? (reasons.shift() ?? null) : (reasons[0] ?? null)),
      roomChanges: async () => [],
      makeNextEpoch: async () => ({ record: 'r', signature: 's', wraps: [], epoch: 2, hash: 'h' }),
    },
    rooms,
    people: createStore(emptyPeople()),
    ensurePeople: async () => undefined,
    catchUp: async () => {
      looks += 1;
      return true;
    },
    timers,
    meUid: 'alice',
  });
  return { keys, timers, rekeys: () => rekeys, looks: () => looks };
};

describe('making a room sendable', () => {
  for (const code of ['EPOCH_CONFLICT', 'PERSON_UNKNOWN', 'PERSON_DISABLED'] as const) {
    test(`looks again when the room changed while the next record was made (${code})`, async () => {
      const { keys, rekeys, looks } = createRig(['REKEY_NEEDED', 'REKEY_NEEDED', null], [fail(code)]);
      assert.deepEqual(await keys.ensureSendable('room'), { ok: true, value: undefined });
      assert.deepEqual([rekeys(), looks()], [2, 2]);
    });
  }

  test('gives up after a few rounds instead of asking for ever', async () => {
    const { keys, rekeys } = createRig(['REKEY_NEEDED']);
    const result = await keys.ensureSendable('room');
    assert.equal(result.ok || result.code, 'EPOCH_CONFLICT');
    assert.equal(rekeys(), 5);
  });

  test('waits ten seconds for a missing key and then makes the next epoch', async () => {
    const { keys, timers, rekeys } = createRig(['KEY_MISSING', 'KEY_MISSING', null]);
    const waiting = await keys.ensureSendable('room');
    assert.equal(!waiting.ok && waiting.code, 'KEY_MISSING');
    assert.equal(!waiting.ok && waiting.retryAfterMs, 10_000);
    timers.advance(10_000);
    assert.equal((await keys.ensureSendable('room')).ok, true);
    assert.equal(rekeys(), 1);
  });

  test('takes a missing key that was filled in meanwhile, and makes no epoch', async () => {
    const { keys, timers, rekeys } = createRig(['KEY_MISSING', null]);
    assert.equal((await keys.ensureSendable('room')).ok, false);
    timers.advance(10_000);
    assert.equal((await keys.ensureSendable('room')).ok, true);
    assert.equal(rekeys(), 0);
  });

  test('does not wait an hour for a key because the clock was set back by one', async () => {
    const { keys, timers, rekeys } = createRig(['KEY_MISSING', 'KEY_MISSING', null]);
    assert.equal((await keys.ensureSendable('room')).ok, false);
    timers.setBack(3_600_000);
    assert.equal((await keys.ensureSendable('room')).ok, true);
    assert.equal(rekeys(), 1);
  });
});
