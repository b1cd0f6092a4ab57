import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '#contract/messages.ts';
import { createStore } from '../../state/store.ts';
import { createMemoryStorage } from '../../storage/memory-storage.ts';
import { createManualTimers } from '../../testing/manual-timers.tests.ts';
import { createRoomCacheWriter } from './room-cache-writer.ts';
import { withRoomEvent } from './room-revision.ts';
import { emptyRooms, newRoomEntry, withRoom } from './room-state.ts';
import type { RoomsState } from './room-state.ts';
import { plainRoom } from '../../testing/plain-room.ts';

const messageAt = (seq: number): Message => ({
  roomUid: 'room',
  seq,
  senderUid: 'bob',
  clientId: `client-${seq}`,
  kind: 'text',
  target: null,
  n: 0,
  envelope: 'm1.1.x',
  sentAt: seq,
  rev: seq + 1,
});
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

const createRig = () => {
  const storage = createMemoryStorage();
  const timers = createManualTimers();
  const rooms = createStore<RoomsState>(withRoom(emptyRooms(), newRoomEntry(room, [])));
  const writer = createRoomCacheWriter({ rooms, storage, userUid: 'alice', timers });
  const receive = async (seq: number): Promise<void> => {
    rooms.update((state) => {
      const entry = state.byUid.get('room');
      assert.ok(entry);
      return withRoom(
        state,
        withRoomEvent(entry, { kind: 'message', rev: seq + 1, message: messageAt(seq) }),
      );
    });
    timers.advance(500);
    await new Promise((resolve) => void setImmediate(resolve));
  };
  const storedSeqs = async (): Promise<number[]> =>
    (await storage.loadCache('alice')).rooms.flatMap(({ rows }) => rows.map(({ seq }) => seq));
  return { storage, writer, receive, storedSeqs };
};

test('a save that failed is made good by the next one: the stored rows have no hole', async () => {
  const { storage, receive, storedSeqs } = createRig();
  await receive(1);
  const { saveRoom } = storage;
  storage.saveRoom = () => Promise.reject(new Error('no space'));
  await receive(2);
  storage.saveRoom = saveRoom;
  await receive(3);
  assert.deepEqual(await storedSeqs(), [1, 2, 3]);
});

test('nothing is written after the end of the session', async () => {
  const { writer, receive, storedSeqs } = createRig();
  writer.stop();
  await receive(1);
  assert.deepEqual(await storedSeqs(), []);
});
