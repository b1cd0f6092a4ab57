import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dateAndTime } from '../../ui/day-time.ts';
import { emptyDraft, finishDraft, isWorthKeeping } from './poll-draft.ts';
import type { PollDraft } from './poll-draft.ts';

const now = new Date(2026, 10, 20, 15, 30).getTime();
const draft = (change: Partial<PollDraft> = {}): PollDraft => ({
  ...emptyDraft(),
  question: '점심은?',
  options: ['냉면', '비빔밥', ''],
  ...change,
});
const problemOf = (change: Partial<PollDraft>): string | null => {
  const result = finishDraft(draft(change), now);
  return result.ok ? null : result.text;
};
const closesAt = (change: Partial<PollDraft>): number | null | undefined => {
  const result = finishDraft(draft(change), now);
  return result.ok ? result.poll.closesAt : undefined;
};

test('a draft becomes a poll without its empty options, composed and in one line each', () => {
  const typed = draft({ question: ' 점심은?\n', options: [' \u1112\u1161\u11ab식 ', '', '중\n식'] });
  assert.deepEqual(finishDraft(typed, now), {
    ok: true,
    poll: {
      question: '점심은?',
      options: ['한식', '중 식'],
      isMultiple: false,
      isAnonymous: false,
      closesAt: null,
    },
  });
});

test('what is missing is said', () => {
  assert.equal(problemOf({ question: '  ' }), 'polls.needQuestion');
  assert.equal(problemOf({ options: ['냉면', ' '] }), 'polls.needOptions');
  assert.equal(problemOf({ options: ['냉면', '밥', '냉면 '] }), 'polls.sameOptions');
});

test('a deadline is a while from now, or a day and time that lie ahead', () => {
  const hourMs = 60 * 60_000;
  assert.equal(closesAt({ deadline: 'hour' }), now + hourMs);
  assert.equal(closesAt({ deadline: 'day' }), now + 24 * hourMs);
  assert.equal(closesAt({ deadline: 'week' }), now + 7 * 24 * hourMs);
  const other = (date: string, time: string) => closesAt({ deadline: 'other', date, time });
  assert.equal(other('2026-11-20', '15:31'), now + 60_000);
  assert.equal(other('2026-11-21', '9:05'), new Date(2026, 10, 21, 9, 5).getTime());
  for (const [date, time] of [
    ['2026-11-20', '15:30'],
    ['2026-02-31', '12:00'],
    ['2028-01-01', '12:00'],
    ['tomorrow', '12:00'],
    ['2026-12-01', ''],
    ['2026-12-01', '25:00'],
  ] as const) {
    assert.equal(other(date, time), undefined, `${date} ${time}`);
  }
  const next = dateAndTime(now + 60_000);
  assert.equal(other(next.date, next.time), now + 60_000);
});

test('only a draft with words in it is worth keeping', () => {
  assert.equal(isWorthKeeping(emptyDraft()), false);
  assert.equal(isWorthKeeping({ ...emptyDraft(), options: ['', '밥'] }), true);
});
