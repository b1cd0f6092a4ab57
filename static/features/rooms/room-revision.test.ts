import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Message } from '#contract/messages.ts';
import type { Room } from '#contract/rooms.ts';
import type { RoomChanges } from '#contract/sync.ts';
import { fail, succeed } from '../../state/failure.ts';
import { createManualTimers } from '../../testing/manual-timers.tests.ts';
import { createRoomFollower } from './room-follower.ts';
import {
  judgeRevision,
  withCursors,
  withRoomChanges,
  withRoomEvent,
  withRoomState,
} from './room-revision.ts';
import type { RoomEvent } from './room-revision.ts';
import { newRoomEntry } from './room-state.ts';
import type { RoomEntry } from './room-state.ts';
import { plainRoom } from '../../testing/plain-room.ts';

const roomUid = 'room';

const emptyRoom = (): Room => ({
  roomUid,
  type: 'group',
  title: '재무팀',
  rev: 1,
  lastSeq: 0,
  createdAt: 0,
  ownerUid: 'alice',
  epoch: 1,
  epochHash: 'hash1',
  isRekeyNeeded: false,
  ...plainRoom,
  members: ['alice', 'bob'].map((userUid) => ({
    userUid,
    joinedSeq: 1,
    readSeq: 0,
    joinedAt: 0,
    role: 'member' as const,
  })),
});

const messageAt = (seq: number, rev: number, senderUid = 'alice'): Message => ({
  roomUid,
  seq,
  senderUid,
  clientId: `client-${seq}`,
  kind: 'text',
  target: null,
  n: 0,
  envelope: `m1.1.${seq}`,
  sentAt: seq * 1_000,
  rev,
});

/** The server's side of one room: every change bumps `rev` once and gives one event. */
const createFakeServer = (pageSize: number) => {
  let room = emptyRoom();
  const rows: Message[] = [];
  let roomRev = 1;
  const events: RoomEvent[] = [];
  const bump = (part: Partial<Room>): number => {
    room = { ...room, ...part, rev: room.rev + 1 };
    return room.rev;
  };
  return {
    events,
    room: () => room,
    rows: () => rows,
    send: () => {
      const seq = room.lastSeq + 1;
      const rev = bump({ lastSeq: seq });
      const message = messageAt(seq, rev, seq % 2 === 0 ? 'alice' : 'bob');
      rows.push(message);
      room = withCursors(room, [{ userUid: message.senderUid, readSeq: seq }]);
      events.push({ kind: 'message', rev, message });
    },
    rename: (title: string) => {
      const rev = bump({ title });
      roomRev = rev;
      const { members: _members, lastSeq: _lastSeq, ...head } = room;
      const change = { ...head, added: [], changed: [], removed: [] };
      events.push({ kind: 'changed', rev, change });
    },
    /** The row that `pick` (from 0 on) falls on gets another text. */
    edit: (pick: number) => {
      const at = pick % rows.length;
      const row = rows[at];
      if (row === undefined) return;
      const rev = bump({});
      const message = { ...row, n: row.n + 1, envelope: `m1.1.${row.seq}.${row.n + 1}`, rev };
      rows[at] = message;
      events.push({ kind: 'row', rev, message });
    },
    changesSince: (rev: number): RoomChanges => {
      const changed = rows.filter((row) => row.rev > rev);
      const isReset = changed.length > pageSize;
      const lastMessage = rows[rows.length - 1] ?? null;
      return {
        roomUid,
        rev: room.rev,
        room: roomRev > rev || isReset ? { room, lastMessage } : null,
        cursors: room.members.map(({ userUid, readSeq }) => ({ userUid, readSeq })),
        messages: isReset ? rows.slice(-pageSize) : changed,
        isReset,
      };
    },
  };
};

describe('the revision rule', () => {
  test('ignores what is not above mine, applies the next one, sees a gap in anything further', () => {
    assert.deepEqual(
      [4, 5, 6, 7].map((rev) => judgeRevision(5, rev)),
      ['ignore', 'ignore', 'apply', 'gap'],
    );
  });

  test('whatever is lost, doubled or reordered, a room ends up as the server has it', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.constant('send' as const) },
      { weight: 1, arbitrary: fc.constant('rename' as const) },
      { weight: 2, arbitrary: fc.constant('edit' as const) },
    );
    const fate = fc.record({
      isLost: fc.boolean(),
      copies: fc.integer({ min: 1, max: 2 }),
      shift: fc.integer({ min: 0, max: 6 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(step, fate), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.boolean(), { maxLength: 10 }),
        async (plan, pageSize, answers) => {
          const server = createFakeServer(pageSize);
          let entry: RoomEntry = newRoomEntry(emptyRoom(), []);
          const failures = [...answers];
          const follower = createRoomFollower({
            revOf: () => entry.room.rev,
            applyEvent: (_uid, event) => (entry = withRoomEvent(entry, event)),
            applyChanges: (_uid, changes) => (entry = withRoomChanges(entry, changes)),
            fetchChanges: async (_uid, rev) =>
              failures.pop() === true ? fail('OFFLINE') : succeed(server.changesSince(rev)),
            timers: createManualTimers(),
          });
          // Every change happens, its event travels as fate wants, later than others by its shift.
          const deliveries: { at: number; event: RoomEvent }[] = [];
          for (const [index, [kind, { isLost, copies, shift }]] of plan.entries()) {
            if (kind === 'send') server.send();
            else if (kind === 'rename') server.rename(`이름 ${index}`);
            else server.edit(index * 7);
            const event = server.events[server.events.length - 1];
            if (event === undefined || isLost) continue;
            for (let copy = 0; copy < copies; copy += 1) deliveries.push({ at: index + shift * copy, event });
          }
          deliveries.sort((left, right) => left.at - right.at);
          for (const { event } of deliveries) {
            follower.receive(roomUid, event);
            if (event.rev % 3 === 0) await Promise.resolve();
          }
          await follower.catchUp(roomUid);
          failures.length = 0;
          await follower.catchUp(roomUid);

          assert.deepEqual(entry.room, server.room());
          const seqs = entry.tail.map(({ message }) => message.seq);
          const expected = server.rows().slice(server.rows().length - seqs.length);
          assert.deepEqual(
            entry.tail.map(({ message }) => message),
            expected,
          );
          assert.equal(seqs[seqs.length - 1] ?? 0, server.room().lastSeq);
        },
      ),
      { numRuns: 300, seed: 20_261_120 },
    );
  });

  test('a gap that cannot be closed now is closed later, without another event', async () => {
    const server = createFakeServer(50);
    const timers = createManualTimers();
    let entry: RoomEntry = newRoomEntry(emptyRoom(), []);
    const answers = [fail('RATE_LIMITED', { retryAfterMs: 5_000 }), fail('TIMED_OUT')];
    let asked = 0;
    const follower = createRoomFollower({
      revOf: () => entry.room.rev,
      applyEvent: (_uid, event) => (entry = withRoomEvent(entry, event)),
      applyChanges: (_uid, changes) => (entry = withRoomChanges(entry, changes)),
      fetchChanges: async (_uid, rev) => {
        asked += 1;
        return answers.shift() ?? succeed(server.changesSince(rev));
      },
      timers,
    });
    const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
    for (let count = 0; count < 3; count += 1) server.send();
    const [, , third] = server.events;
    assert.ok(third);
    follower.receive(roomUid, third);
    await settled();
    timers.advance(4_999);
    await settled();
    assert.equal(asked, 1, 'not before the server allows it');
    timers.advance(1);
    await settled();
    timers.advance(60_000);
    await settled();
    assert.deepEqual(entry.room, server.room());
    timers.advance(600_000);
    assert.equal(asked, 3, 'nothing is asked for ever');
  });

  test('what arrives while a question fails is applied all the same', async () => {
    const server = createFakeServer(50);
    let entry: RoomEntry = newRoomEntry(emptyRoom(), []);
    const follower = createRoomFollower({
      revOf: () => entry.room.rev,
      applyEvent: (_uid, event) => (entry = withRoomEvent(entry, event)),
      applyChanges: (_uid, changes) => (entry = withRoomChanges(entry, changes)),
      fetchChanges: async () => fail('INTERNAL'),
      timers: createManualTimers(),
    });
    const asked = follower.catchUp(roomUid);
    server.send();
    server.send();
    for (const event of server.events) follower.receive(roomUid, event);
    assert.equal(await asked, false);
    assert.equal(entry.room.lastSeq, 2);
  });

  test('a gap wider than a page resets the room to its tail', () => {
    const server = createFakeServer(3);
    for (let count = 0; count < 10; count += 1) server.send();
    const entry = newRoomEntry(emptyRoom(), []);
    const detached = { ...entry, detached: [], isStartReached: true };
    const next = withRoomChanges(detached, server.changesSince(1));
    assert.deepEqual(
      next.tail.map(({ message }) => message.seq),
      [8, 9, 10],
    );
    assert.equal(next.detached, null);
    assert.equal(next.isStartReached, false);
  });
});

describe('what a change does to a room', () => {
  const opened = (entry: RoomEntry): RoomEntry => ({
    ...entry,
    tail: entry.tail.map((row) => ({ ...row, content: { state: 'unreadable', reason: 'NO_KEY' } })),
  });

  test('a message means that its sender has read up to it', () => {
    const entry = newRoomEntry(emptyRoom(), []);
    const next = withRoomEvent(entry, { kind: 'message', rev: 2, message: messageAt(1, 2, 'bob') });
    assert.deepEqual(
      next.room.members.map(({ readSeq }) => readSeq),
      [0, 1],
    );
  });

  test('rows that did not change keep what opening them gave', () => {
    const server = createFakeServer(50);
    for (let count = 0; count < 3; count += 1) server.send();
    const entry = opened(withRoomChanges(newRoomEntry(emptyRoom(), []), server.changesSince(1)));
    server.send();
    const next = withRoomChanges(entry, server.changesSince(entry.room.rev));
    assert.deepEqual(
      next.tail.map(({ content }) => content.state),
      ['unreadable', 'unreadable', 'unreadable', 'sealed'],
    );
  });

  test('a second row with the same sender and clientId is dropped', () => {
    const entry = withRoomEvent(newRoomEntry(emptyRoom(), []), {
      kind: 'message',
      rev: 2,
      message: messageAt(1, 2),
    });
    const replay = { ...messageAt(2, 3), clientId: 'client-1' };
    const next = withRoomEvent(entry, { kind: 'message', rev: 3, message: replay });
    assert.deepEqual(
      next.tail.map(({ message }) => message.seq),
      [1],
    );
  });

  test('cursors never go back', () => {
    const room = withCursors(emptyRoom(), [{ userUid: 'bob', readSeq: 5 }]);
    assert.equal(withCursors(room, [{ userUid: 'bob', readSeq: 3 }]), room);
  });

  test('a room that was joined again starts its tail anew, unless the rows touch', () => {
    const server = createFakeServer(50);
    server.send();
    const entry = withRoomChanges(newRoomEntry(emptyRoom(), []), server.changesSince(1));
    server.send();
    const touching = withRoomState(entry, { room: server.room(), lastMessage: server.rows()[1] ?? null });
    assert.deepEqual(
      touching.tail.map(({ message }) => message.seq),
      [1, 2],
    );
    for (let count = 0; count < 3; count += 1) server.send();
    const apart = withRoomState(entry, { room: server.room(), lastMessage: server.rows()[4] ?? null });
    assert.deepEqual(
      apart.tail.map(({ message }) => message.seq),
      [5],
    );
  });
});
