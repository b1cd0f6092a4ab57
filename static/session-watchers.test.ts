import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { emptyOutbox, withItem, withItemState, withoutItems } from './connection/outbox-state.ts';
import type { OutboxState } from './connection/outbox-state.ts';
import { newRoomEntry, emptyRooms, withRoom } from './features/rooms/room-state.ts';
import type { RoomsState } from './features/rooms/room-state.ts';
import { emptyPeople, withPeople } from './features/people/person-state.ts';
import { watchNames, watchOutboxRows } from './session-watchers.ts';
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

test('a name or key that changes in the room on screen is looked at, one elsewhere is not', () => {
  const person = (userUid: string, displayName: string, rev: number, identityVersion = 1) => ({
    userUid,
    displayName,
    identityVersion,
    rev,
    username: userUid,
    department: '',
    title: '',
    statusText: '',
    state: 'active' as const, // a literal, not a string
  });
  const entry = roomAt(4);
  const member = { userUid: 'bob', joinedSeq: 1, readSeq: 0, joinedAt: 0, role: 'member' as const }; // see above
  const here = { ...entry, room: { ...entry.room, members: [member] } };
  const rooms = createStore<RoomsState>({ ...withRoom(emptyRooms(), here), openRoomUid: 'room' });
  const people = createStore(
    withPeople(emptyPeople(), [person('bob', '이밥', 1), person('carol', '박캐롤', 1)]),
  );
  const looks: string[] = [];
  const stop = watchNames({ rooms, people }, (roomUid) => looks.push(roomUid));
  people.update((state) => withPeople(state, [person('carol', '이밥', 2)]));
  people.update((state) => withPeople(state, [{ ...person('bob', '이밥', 2), statusText: '회의 중' }]));
  assert.deepEqual(looks, []);
  people.update((state) => withPeople(state, [person('bob', '박캐롤', 3)]));
  assert.deepEqual(looks, ['room']);
  people.update((state) => withPeople(state, [person('bob', '박캐롤', 4, 2)]));
  assert.deepEqual(looks, ['room', 'room']);
  stop();
});
