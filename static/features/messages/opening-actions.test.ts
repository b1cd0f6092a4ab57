import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Message } from '#contract/messages.ts';
import type { Room } from '#contract/rooms.ts';
import type { MessageRow, OpenResult, RoomReason, RoomVerdict, VerifyResult } from '../../crypto/index.ts';
import { createStore } from '../../state/store.ts';
import { createManualTimers } from '../../testing/manual-timers.tests.ts';
import { withReopened } from '../rooms/room-key-state.ts';
import { emptyRooms, newRoomEntry, withRoom } from '../rooms/room-state.ts';
import type { RoomsState } from '../rooms/room-state.ts';
import { mergeEntries } from './message-state.ts';
import { startOpening } from './opening-actions.ts';
import { plainRoom } from '../../testing/plain-room.ts';

const room: Room = {
  roomUid: 'room',
  type: 'group',
  title: '재무팀',
  rev: 1,
  lastSeq: 1,
  createdAt: 0,
  ownerUid: 'alice',
  epoch: 1,
  epochHash: 'hash1',
  isRekeyNeeded: false,
  ...plainRoom,
  members: [],
};

const messageAt = (seq: number): Message => ({
  roomUid: 'room',
  seq,
  senderUid: 'alice',
  clientId: `client-${seq}`,
  kind: 'text',
  target: null,
  n: 0,
  envelope: `m1.1.${seq}`,
  sentAt: seq,
  rev: seq,
});

const missing = { ok: false, reason: 'NO_KEY', isUnavailable: true } as const;
const verified: VerifyResult = { ok: true, clockOff: false, afterNotBelow: false };
const opened = (row: MessageRow): OpenResult => ({
  ok: true,
  value: { kind: 'text', text: row.clientId, epoch: 1, at: row.sentAt, after: null },
});

const verdictFor = (reason: RoomReason | null): RoomVerdict => ({
  roomUid: 'room',
  status: reason === null ? 'sendable' : 'waiting',
  reason,
  subject: null,
  epoch: 1,
  type: 'group',
  history: false,
  people: [],
  toRemove: [],
  notInRecord: [],
  changes: [],
  nameWarnings: [],
  renewable: [],
  markChanged: [],
});

type Server = {
  reason: RoomReason | null;
  isOpenable: boolean;
  isVerifiable: boolean;
  accepts: number;
  /** The title that the newest look was about. */
  titleSeen: string | undefined;
  /** Called at each look, before it is answered. */
  onAccept: () => void;
  /** Called when signatures are asked about, before that is answered. */
  onVerify: () => void;
};

const createRig = () => {
  const rooms = createStore<RoomsState>(emptyRooms());
  const timers = createManualTimers();
  const server: Server = {
    reason: null,
    isOpenable: true,
    isVerifiable: true,
    accepts: 0,
    titleSeen: undefined,
    onAccept: () => undefined,
    onVerify: () => undefined,
  };
  /** What was on screen, each time it changed. */
  const seen: string[] = [];
  const content = (): string => {
    const present = rooms.get().byUid.get('room')?.tail.at(-1)?.content;
    if (present?.state === 'open') return present.isVerified ? 'verified' : 'open';
    return present?.state === 'unreadable' ? present.reason : (present?.state ?? 'none');
  };
  rooms.subscribe(content, (next) => seen.push(next));
  const opening = startOpening({
    rooms,
    timers,
    keys: {
      accept: async () => {
        server.accepts += 1;
        server.titleSeen = rooms.get().byUid.get('room')?.room.title;
        server.onAccept();
        return verdictFor(server.reason);
      },
    },
    crypto: {
      openMessages: async (_roomUid, rows) => rows.map((row) => (server.isOpenable ? opened(row) : missing)),
      verifyMessages: async (_roomUid, rows) => {
        server.onVerify();
        return rows.map(() => (server.isVerifiable ? verified : missing));
      },
    },
    lastRowOpened: () => undefined,
  });
  return {
    server,
    timers,
    opening,
    seen,
    content,
    settled: async () => {
      for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => void setImmediate(resolve));
    },
    show: () =>
      rooms.update((state) => withRoom(state, newRoomEntry(room, mergeEntries([], [messageAt(1)])))),
    giveKeys: () =>
      rooms.update((state) => withRoom(state, withReopened(state.byUid.get('room') ?? assert.fail()))),
    rename: (title: string) =>
      rooms.update((state) => {
        const entry = state.byUid.get('room') ?? assert.fail();
        return withRoom(state, { ...entry, room: { ...entry.room, title } });
      }),
  };
};

describe('a room that waits for what the server did not deliver', () => {
  for (const reason of ['RECORDS_UNAVAILABLE', 'STATEMENT_MISSING'] as const) {
    test(`${reason}: is looked at again by itself, with growing pauses, until it is settled`, async () => {
      const rig = createRig();
      rig.server.reason = reason;
      rig.show();
      await rig.settled();
      const lookedAt: number[] = [];
      for (let second = 1; second <= 130; second += 1) {
        const before = rig.server.accepts;
        rig.timers.advance(1_000);
        await rig.settled();
        if (rig.server.accepts > before) lookedAt.push(second);
      }
      assert.deepEqual(lookedAt, [2, 6, 14, 30, 62, 122]);
      rig.server.reason = null;
      rig.timers.advance(60_000);
      await rig.settled();
      const { accepts } = rig.server;
      rig.timers.advance(3_600_000);
      await rig.settled();
      assert.equal(rig.server.accepts, accepts, 'nothing is asked any more');
    });
  }

  test('is looked at at once when the connection is back', async () => {
    const rig = createRig();
    rig.server.reason = 'RECORDS_UNAVAILABLE';
    rig.show();
    await rig.settled();
    const { accepts } = rig.server;
    rig.server.reason = null;
    rig.opening.retry();
    await rig.settled();
    assert.ok(rig.server.accepts > accepts);
  });

  test('is left alone after the end of the session', async () => {
    const rig = createRig();
    rig.server.reason = 'RECORDS_UNAVAILABLE';
    rig.show();
    await rig.settled();
    rig.opening.stop();
    const { accepts } = rig.server;
    rig.timers.advance(3_600_000);
    await rig.settled();
    assert.equal(rig.server.accepts, accepts);
  });
});

describe('a row whose sender’s statement did not arrive', () => {
  test('is checked again by itself and shows only the outcome', async () => {
    const rig = createRig();
    rig.server.isVerifiable = false;
    rig.show();
    await rig.settled();
    assert.equal(rig.content(), 'NO_KEY');
    rig.timers.advance(2_000);
    await rig.settled();
    rig.server.isVerifiable = true;
    rig.timers.advance(4_000);
    await rig.settled();
    // No flicker in between: a row that nobody vouches for is not shown again and again.
    assert.deepEqual(rig.seen, ['sealed', 'open', 'NO_KEY', 'verified']);
  });

  test('is checked again when the connection is back', async () => {
    const rig = createRig();
    rig.server.isOpenable = false;
    rig.show();
    await rig.settled();
    assert.equal(rig.content(), 'NO_KEY');
    rig.server.isOpenable = true;
    rig.opening.retry();
    await rig.settled();
    assert.equal(rig.content(), 'verified');
  });
});

test('a room that changes in the very moment in which its look ends is looked at again', async () => {
  for (let turns = 0; turns < 12; turns += 1) {
    const rig = createRig();
    rig.show();
    await rig.settled();
    const renameSoon = async (): Promise<void> => {
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      rig.rename('새 이름');
    };
    rig.server.onAccept = () => {
      rig.server.onAccept = () => undefined;
      void renameSoon();
    };
    rig.rename('이름');
    await rig.settled();
    assert.equal(rig.server.titleSeen, '새 이름', `${turns} turns later`);
  }
});

test('keys that come while the signatures of other rows are being checked are not forgotten', async () => {
  const rig = createRig();
  rig.server.isOpenable = false;
  rig.server.onVerify = () => {
    rig.server.onVerify = () => undefined;
    rig.server.isOpenable = true;
    rig.giveKeys();
  };
  rig.show();
  await rig.settled();
  assert.equal(rig.content(), 'verified');
  assert.deepEqual(rig.seen, ['sealed', 'NO_KEY', 'sealed', 'open', 'verified']);
});
