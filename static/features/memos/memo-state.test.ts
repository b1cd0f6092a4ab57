import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Memo } from '#contract/memos.ts';
import {
  answerUids,
  emptyBoxes,
  findEntry,
  isUnread,
  withEntry,
  withoutMemo,
  withPage,
  writtenAt,
} from './memo-state.ts';
import type { MemoEntry } from './memo-state.ts';

const meUid = 'me';

const entryOf = (memoUid: string, facts: Partial<Memo> = {}, readerUids: string[] = [meUid]): MemoEntry => ({
  memo: {
    memoUid,
    box: 'inbox',
    senderUid: 'anna',
    sender: 'anna.1.x',
    readersHash: 'h',
    body: 'n1.x',
    wrap: 'w',
    wrapFor: 'me.1.x',
    sentAt: 1_000,
    readAt: null,
    ...facts,
  },
  content: { state: 'open', text: memoUid, at: 1_000, readerUids, isSenderConfirmed: true },
});

const uidsOf = ({ entries }: { entries: readonly MemoEntry[] }): string[] =>
  entries.map(({ memo }) => memo.memoUid);

const loaded = (...entries: MemoEntry[]) => {
  const boxes = emptyBoxes();
  return { ...boxes, inbox: withPage(boxes.inbox, { entries, hasMore: false }, true) };
};

test('the newest is first, and pages follow each other without doubles', () => {
  const first = withPage(
    emptyBoxes().inbox,
    { entries: [entryOf('c', { sentAt: 3 }), entryOf('b', { sentAt: 2 })], hasMore: true },
    true,
  );
  const both = withPage(
    first,
    { entries: [entryOf('b', { sentAt: 2 }), entryOf('a', { sentAt: 1 })], hasMore: false },
    false,
  );
  assert.deepEqual(uidsOf(both), ['c', 'b', 'a']);
  assert.equal(both.hasMore, false);
});

test('scheduled ones are sorted by when they go, the next one first', () => {
  const later = entryOf('a', { box: 'scheduled', deliverAt: 9 });
  const next = entryOf('b', { box: 'scheduled', deliverAt: 5 });
  const box = withPage(emptyBoxes().scheduled, { entries: [later, next], hasMore: false }, true);
  assert.deepEqual(uidsOf(box), ['b', 'a']);
});

test('a memo takes its place, moves to the box it belongs to, and goes', () => {
  const boxes = loaded(entryOf('b', { sentAt: 2 }));
  const more = withEntry(boxes, entryOf('c', { sentAt: 3 }));
  assert.deepEqual(uidsOf(more.inbox), ['c', 'b']);
  const changed = withEntry(more, entryOf('b', { sentAt: 2, readAt: 7 }));
  assert.deepEqual(uidsOf(changed.inbox), ['c', 'b']);
  assert.equal(findEntry(changed, 'b')?.memo.readAt, 7);
  // a scheduled one that was delivered leaves its box, also for one that nobody looked at yet
  const scheduled = {
    ...boxes,
    scheduled: withPage(
      boxes.scheduled,
      { entries: [entryOf('d', { box: 'scheduled', deliverAt: 4 })], hasMore: false },
      true,
    ),
  };
  const delivered = withEntry(scheduled, entryOf('d', { box: 'sent' }));
  assert.deepEqual([uidsOf(delivered.scheduled), uidsOf(delivered.sent)], [[], []]);
  assert.deepEqual(uidsOf(withoutMemo(changed, 'c').inbox), ['b']);
});

test('what lies below the end of what is loaded comes with its page', () => {
  const boxes = emptyBoxes();
  const inbox = withPage(boxes.inbox, { entries: [entryOf('b', { sentAt: 5 })], hasMore: true }, true);
  assert.deepEqual(uidsOf(withEntry({ ...boxes, inbox }, entryOf('a', { sentAt: 1 })).inbox), ['b']);
});

test('unread is what came, was not opened and is still there', () => {
  assert.ok(isUnread(entryOf('a').memo));
  assert.ok(!isUnread(entryOf('a', { readAt: 1 }).memo));
  assert.ok(!isUnread(entryOf('a', { recalledAt: 1 }).memo));
  assert.ok(!isUnread(entryOf('a', { box: 'sent' }).memo));
});

test('when it was written is said where that is not when it came', () => {
  assert.equal(writtenAt(entryOf('a', { sentAt: 1_500 })), null);
  assert.equal(writtenAt(entryOf('a', { sentAt: 5_000_000 })), 1_000);
  assert.equal(writtenAt(entryOf('a', { box: 'scheduled', sentAt: 5_000_000 })), null);
});

test('an answer goes to the sender, or to everybody but me', () => {
  const entry = entryOf('a', {}, ['me', 'ben', 'anna']);
  assert.deepEqual(answerUids(entry, meUid, false), ['anna']);
  assert.deepEqual(answerUids(entry, meUid, true), ['anna', 'ben']);
  const mine = entryOf('b', { box: 'sent', senderUid: meUid }, ['ben', 'anna']);
  assert.deepEqual(answerUids(mine, meUid, true), ['ben', 'anna']);
});
