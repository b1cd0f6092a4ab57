import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { emptyOutbox, withItem, withItemState, withoutItems } from './connection/outbox-state.ts';
import type { OutboxState } from './connection/outbox-state.ts';
import { newRoomEntry, emptyRooms, withRoom } from './features/rooms/room-state.ts';
import type { RoomsState } from './features/rooms/room-state.ts';
import { watchOutboxRows } from './session-watchers.ts';
import { createStore } from './state/store.ts';
import { plainRoom } from './testing/plain-room.ts';

const roomAt = (lastSeq: number) =>
  newRoomEntry(
    {
      roomUid: 'room',
      type: 'group',
      title: '',
      rev: lastSeq,
      lastSeq,
      createdAt: 0,
      ownerUid: 'alice',
      epoch: 1,
      epochHash: 'hash',
      isRekeyNeeded: false,
      ...plainRoom,
      members: [],
    },
    [],
  );

const createRig = () => {
  const rooms = createStore<RoomsState>(withRoom(emptyRooms(), roomAt(4)));
  const outbox = createStore<OutboxState>(
    withItem(emptyOutbox(), {
      clientId: 'mine',
      roomUid: 'room',
      text: '하나',
      target: null,
      composedAt: 1,
      order: 1,
      state: { name: 'waiting', reason: null, retryAt: null },
    }),
  );
  watchOutboxRows(
    { rooms, outbox },
    { rowsArrived: (ids) => outbox.update((state) => withoutItems(state, new Set(ids))) },
    'alice',
  );
  const acknowledge = (seq: number): void =>
    outbox.update((state) => withItemState(state, 'mine', { name: 'sent', seq, sentAt: 1 }));
  return { rooms, outbox, acknowledge, shown: () => outbox.get().items.length };
};

describe('an own message that was acknowledged', () => {
  test('stays until the room has come as far', () => {
    const { rooms, acknowledge, shown } = createRig();
    acknowledge(5);
    assert.equal(shown(), 1);
    rooms.update((state) => withRoom(state, roomAt(5)));
    assert.equal(shown(), 0);
  });

  test('goes when the room was reset to newer rows and its own row is not loaded', () => {
    const { rooms, acknowledge, shown } = createRig();
    acknowledge(5);
    rooms.update((state) => withRoom(state, roomAt(500)));
    assert.equal(shown(), 0);
  });

  test('goes at once when the ack is slower than the room', () => {
    const { acknowledge, shown } = createRig();
    acknowledge(4);
    assert.equal(shown(), 0);
  });
});
