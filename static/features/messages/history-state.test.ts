import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '#contract/messages.ts';
import { newRoomEntry } from '../rooms/room-state.ts';
import { withRoomEvent } from '../rooms/room-revision.ts';
import { windowRowsMax, withinBounds } from './history-state.ts';
import { plainRoom } from '../../testing/plain-room.ts';

const roomUid = 'room';
const messageAt = (seq: number): Message => ({
  roomUid,
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

const live = (count: number, isOpen: boolean) => {
  let most = 0;
  let entry = newRoomEntry(
    {
      roomUid,
      type: 'group',
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
    },
    [],
  );
  entry = { ...entry, isStartReached: true };
  for (let seq = 1; seq <= count; seq += 1) {
    entry = withinBounds(
      withRoomEvent(entry, { kind: 'message', rev: seq + 1, message: messageAt(seq) }),
      isOpen,
    );
    most = Math.max(most, entry.tail.length);
  }
  return { entry, most };
};

test('a room that nobody looks at keeps its newest rows only, however long the page is open', () => {
  const { entry, most } = live(5_000, false);
  assert.ok(most <= 300, String(most));
  assert.equal(entry.tail.at(-1)?.message.seq, 5_000);
  assert.equal(entry.isStartReached, false);
  const seqs = entry.tail.map(({ message }) => message.seq);
  assert.equal(seqs.length, (seqs.at(-1) ?? 0) - (seqs[0] ?? 0) + 1, 'without a hole');
});

test('a room on screen keeps a long scroll, and no more', () => {
  const { entry, most } = live(5_000, true);
  assert.ok(most <= 2 * windowRowsMax, String(most));
  assert.ok(entry.tail.length >= windowRowsMax);
});

test('a short room keeps everything, its start included', () => {
  const { entry } = live(150, false);
  assert.equal(entry.tail.length, 150);
  assert.equal(entry.isStartReached, true);
});
