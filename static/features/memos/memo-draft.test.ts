import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dateAndTime, timeOf } from '../../ui/day-time.ts';
import { finishDraft, quoteText, readDraft, writeDraft } from './memo-draft.ts';
import type { MemoDraft } from './memo-draft.ts';

const draft: MemoDraft = { memoUid: 'uid', readerUids: ['ben'], text: '내일 봅시다', later: null };
const now = new Date(2026, 10, 20, 9, 0).getTime();

test('a draft is what it was after it was kept, and nothing is kept of an empty one', () => {
  for (const kept of [draft, { ...draft, later: { date: '2026-11-21', time: '09:00' } }]) {
    assert.deepEqual(readDraft(writeDraft(kept)), kept);
  }
  assert.equal(writeDraft({ ...draft, readerUids: [], text: ' \n' }), '');
  for (const text of [undefined, '', 'x', '1', 'null', '{"text":1}', '{"readerUids":{}}']) {
    assert.equal(readDraft(text), null, text);
  }
});

test('what is missing is named, and a time must lie ahead', () => {
  const problemOf = (change: Partial<MemoDraft>): string => {
    const finished = finishDraft({ ...draft, ...change }, now);
    return finished.ok ? 'none' : finished.problem;
  };
  assert.equal(problemOf({}), 'none');
  assert.equal(problemOf({ readerUids: [] }), 'needReaders');
  assert.equal(problemOf({ readerUids: Array.from({ length: 201 }, String) }), 'tooManyReaders');
  assert.equal(problemOf({ text: ' \n ' }), 'needText');
  assert.equal(problemOf({ text: '가'.repeat(10_001) }), 'tooLong');
  assert.equal(problemOf({ later: { date: '2026-11-20', time: '08:59' } }), 'needTime');
  assert.equal(problemOf({ later: { date: '2028-11-20', time: '08:59' } }), 'needTime');
  assert.equal(problemOf({ later: { date: '', time: '08:59' } }), 'needTime');
  const finished = finishDraft({ ...draft, later: { date: '2026-11-20', time: '09:30' } }, now);
  assert.deepEqual(finished, { ok: true, deliverAt: now + 30 * 60_000 });
});

test('days and times are those of the calendar', () => {
  assert.equal(timeOf({ date: '2026-02-30', time: '10:00' }), null);
  assert.equal(timeOf({ date: '2026-02-28', time: '24:00' }), null);
  assert.equal(timeOf({ date: '2026-02-28', time: '1:61' }), null);
  assert.equal(timeOf(dateAndTime(now)), now);
});

test('a text is quoted line by line', () => {
  assert.equal(quoteText('[김민수]', '하나\n둘'), '\n\n[김민수]\n> 하나\n> 둘');
});
