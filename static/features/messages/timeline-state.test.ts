import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Message } from '#contract/messages.ts';
import type { OutboxItem } from '../../connection/outbox-state.ts';
import type { EpochChange } from '../../crypto/index.ts';
import { sealedEntry } from './message-state.ts';
import { buildTimeline } from './timeline-state.ts';
import type { TimelineInput, TimelineItem } from './timeline-state.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

const row = (seq: number, senderUid: string, sentAt: number): Message => ({
  roomUid: 'room',
  seq,
  senderUid,
  clientId: `c${seq}`,
  kind: 'text',
  target: null,
  n: 0,
  envelope: 'm1.1.x',
  sentAt,
  rev: seq,
});
const change = (epoch: number, afterSeq: number, part: Partial<EpochChange> = {}): EpochChange => ({
  epoch,
  afterSeq,
  madeAt: afterSeq * minute,
  creatorUid: 'alice',
  added: ['carol'],
  removed: [],
  confirmed: [],
  history: null,
  ...part,
});
const outboxItem = (clientId: string, composedAt: number): OutboxItem => ({
  clientId,
  roomUid: 'room',
  text: '글',
  target: null,
  composedAt,
  order: composedAt,
  state: { name: 'waiting', reason: null, retryAt: null },
});
const timeline = (messages: Message[], part: Partial<TimelineInput> = {}): TimelineItem[] =>
  buildTimeline({
    rows: { entries: messages.map(sealedEntry), hasBefore: false, hasAfter: false },
    outboxItems: [],
    changes: [],
    members: [],
    receipts: 'everyone',
    meUid: 'alice',
    newLineSeq: null,
    firstReadableSeq: 1,
    hidden: new Map(),
    saved: new Map(),
    quoteOf: (name) => ({ name, entry: undefined }),
    startOfDay: (at) => Math.floor(at / day) * day,
    ...part,
  });
const kinds = (items: TimelineItem[]): string[] => items.map(({ kind }) => kind);
const groups = (items: TimelineItem[]): string[] =>
  items.flatMap((item) =>
    item.kind === 'message' || item.kind === 'outbox'
      ? [`${item.isGroupStart ? '[' : ' '}${item.isGroupEnd ? ']' : ' '}`]
      : [],
  );

describe('a timeline', () => {
  test('separates days', () => {
    const items = timeline([row(1, 'bob', 0), row(2, 'bob', 1), row(3, 'bob', day)]);
    assert.deepEqual(kinds(items), ['day', 'message', 'message', 'day', 'message']);
  });

  test('groups rows of one sender within one minute', () => {
    const items = timeline([
      row(1, 'bob', 0),
      row(2, 'bob', 59_999),
      row(3, 'bob', minute),
      row(4, 'alice', minute),
    ]);
    assert.deepEqual(groups(items), ['[ ', ' ]', '[]', '[]']);
  });

  test('puts the new-messages line before the first unread row and lets it end a group', () => {
    const items = timeline([row(1, 'bob', 0), row(2, 'bob', 1)], { newLineSeq: 2 });
    assert.deepEqual(kinds(items), ['day', 'message', 'new-messages', 'message']);
    assert.deepEqual(groups(items), ['[]', '[]']);
  });

  test('puts joined and left lines after the row they followed', () => {
    const items = timeline([row(1, 'bob', 0), row(2, 'bob', minute), row(3, 'bob', 2 * minute)], {
      changes: [change(1, 0, { added: [] }), change(2, 2)],
    });
    assert.deepEqual(kinds(items), ['day', 'membership', 'message', 'message', 'membership', 'message']);
    assert.equal(items[1]?.kind === 'membership' && items[1].isFirst, true);
  });

  test('leaves out changes that show nothing, that were before my time, and that are not loaded', () => {
    const quiet = change(2, 1, { added: [] });
    assert.deepEqual(kinds(timeline([row(1, 'bob', 0)], { changes: [quiet] })), ['day', 'message']);
    const joinedLater = timeline([row(5, 'bob', 0)], {
      firstReadableSeq: 5,
      changes: [change(2, 2), change(3, 4)],
    });
    assert.deepEqual(kinds(joinedLater), ['day', 'membership', 'message']);
    const rows = { entries: [sealedEntry(row(5, 'bob', 0))], hasBefore: true, hasAfter: true };
    const middle = timeline([], { rows, changes: [change(2, 2), change(3, 9)] });
    assert.deepEqual(kinds(middle), ['message']);
  });

  test('names the day above the first row only when nothing older is missing', () => {
    const dayAfter = 24 * 60 * minute;
    const entries = [row(5, 'bob', 0), row(6, 'bob', dayAfter)].map(sealedEntry);
    const middle = timeline([], { rows: { entries, hasBefore: true, hasAfter: false } });
    assert.deepEqual(kinds(middle), ['message', 'day', 'message']);
    const whole = timeline([], { rows: { entries, hasBefore: false, hasAfter: false } });
    assert.deepEqual(kinds(whole), ['day', 'message', 'day', 'message']);
  });

  test('shows an outbox row after the stored ones, under the key it will have when it is stored', () => {
    const items = timeline([row(1, 'bob', 0)], { outboxItems: [outboxItem('c9', 5)] });
    assert.deepEqual(kinds(items), ['day', 'message', 'outbox']);
    assert.equal(items[2]?.key, 'alice.c9');
    const stored = timeline([{ ...row(2, 'alice', 0), clientId: 'c9' }], {
      outboxItems: [outboxItem('c9', 5)],
    });
    assert.deepEqual(kinds(stored), ['day', 'message']);
    assert.equal(stored[1]?.key, 'alice.c9');
  });

  test('lets the last of those that wait for the same say so, also when a failed one follows', () => {
    const resting = { name: 'waiting', reason: 'RATE_LIMITED', retryAt: 9 } as const; // literals, not strings
    const failed = { name: 'failed', reason: 'NOT_FOUND', subject: null } as const; // literals, not strings
    const outboxItems = [resting, resting, failed, { ...resting, reason: 'OFFLINE' as const }].map(
      (state, index) => ({ ...outboxItem(`c${index}`, index), state }),
    );
    const items = timeline([], { outboxItems });
    const ends = items.flatMap((item) => (item.kind === 'outbox' ? [item.isWaitEnd] : []));
    assert.deepEqual(ends, [false, true, true, true]);
  });

  test('shows no outbox rows above rows that are not loaded', () => {
    const rows = { entries: [sealedEntry(row(1, 'bob', 0))], hasBefore: false, hasAfter: true };
    assert.deepEqual(kinds(timeline([], { rows, outboxItems: [outboxItem('c9', 5)] })), ['day', 'message']);
  });

  test('counts who has not read: members since before it, below it, without the sender', () => {
    const member = (userUid: string, joinedSeq: number, readSeq: number) => ({
      userUid,
      joinedSeq,
      readSeq,
      joinedAt: 0,
      role: 'member' as const,
    });
    const members = [member('alice', 1, 2), member('bob', 1, 0), member('carol', 3, 0), member('dave', 1, 3)];
    const items = timeline([row(1, 'alice', 0), row(2, 'bob', 0), row(3, 'alice', 0)], { members });
    const counts = items.flatMap((item) => (item.kind === 'message' ? [item.unreadBy] : []));
    // 1: bob. 2 (by bob): nobody, dave and alice have read it. 3 (by alice, whose own cursor is behind): bob and carol.
    assert.deepEqual(counts, [1, 0, 2]);
    const countsFor = (receipts: 'sender' | 'off') =>
      timeline([row(1, 'alice', 0), row(2, 'carol', 0), row(3, 'alice', 0)], { members, receipts }).flatMap(
        (item) => (item.kind === 'message' ? [item.unreadBy] : []),
      );
    // the second is somebody else's: bob has not read it
    assert.deepEqual(countsFor('sender'), [1, 0, 2]);
    assert.deepEqual(countsFor('off'), [0, 0, 0]);
  });
});
