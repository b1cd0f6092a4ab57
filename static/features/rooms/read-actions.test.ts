import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Call } from '../../connection/socket-connection.ts';
import { fail } from '../../state/failure.ts';
import { createStore } from '../../state/store.ts';
import { createManualTimers } from '../../testing/manual-timers.tests.ts';
import { createReadActions } from './read-actions.ts';
import { emptyRooms, memberOf, newRoomEntry, withRoom } from './room-state.ts';
import type { RoomsState } from './room-state.ts';
import { plainRoom } from '../../testing/plain-room.ts';

test('a cursor that the server refused for now is reported later, although no other row comes', async () => {
  const timers = createManualTimers();
  const room = {
    roomUid: 'room',
    type: 'group' as const, // a literal, not a string
    title: '',
    rev: 1,
    lastSeq: 3,
    createdAt: 0,
    ownerUid: 'alice',
    epoch: 1,
    epochHash: 'hash',
    isRekeyNeeded: false,
    ...plainRoom,
    members: [{ userUid: 'alice', joinedSeq: 1, readSeq: 0, joinedAt: 0, role: 'member' as const }],
  };
  const rooms = createStore<RoomsState>(withRoom(emptyRooms(), newRoomEntry(room, [])));
  let asked = 0;
  const answer = async () => {
    asked += 1;
    return asked === 1 ? fail('RATE_LIMITED') : { ok: true, value: { readSeq: 3 } };
  };
  // The only request that is made here is `room:read`.
  const call = answer as unknown as Call;
  const reading = createReadActions({ call, rooms, meUid: 'alice', timers });
  const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
  reading.rowSeen('room', 3);
  timers.advance(250);
  await settled();
  assert.equal(asked, 1);
  timers.advance(60_000);
  await settled();
  assert.equal(asked, 2);
  const entry = rooms.get().byUid.get('room');
  assert.equal(entry && memberOf(entry.room, 'alice')?.readSeq, 3);
  timers.advance(600_000);
  assert.equal(asked, 2);
});
