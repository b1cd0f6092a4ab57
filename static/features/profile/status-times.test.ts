import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dateValue, endOfDay, presentEnd, statusEndAt } from './status-times.ts';

const at = (hour: number, minute = 0): number => new Date(2026, 10, 20, hour, minute, 30).getTime();

test('a status ends in half an hour, in an hour, with the day, with another day, or never', () => {
  const now = at(14);
  assert.equal(statusEndAt('never', '', now), null);
  assert.equal(statusEndAt('half-hour', '', now), now + 1_800_000);
  assert.equal(statusEndAt('hour', '', now), now + 3_600_000);
  assert.equal(statusEndAt('today', '', now), new Date(2026, 10, 20, 23, 59).getTime());
  assert.equal(statusEndAt('date', '2026-11-27', now), new Date(2026, 10, 27, 23, 59).getTime());
});

test('an end is never in the past, in the last minute of a day neither', () => {
  const now = at(23, 59);
  assert.ok((statusEndAt('today', '', now) ?? 0) > now);
  assert.equal(statusEndAt('today', '', now), new Date(2026, 10, 21, 23, 59).getTime());
});

test('the end of a status that is shown again is among the choices', () => {
  const now = at(14);
  assert.equal(presentEnd(undefined, now), 'never');
  assert.equal(presentEnd(now, now), 'never');
  assert.equal(presentEnd(endOfDay(now), now), 'today');
  assert.equal(presentEnd(now + 60_000, now), 'kept');
});

test('a day goes into a date box and comes back', () => {
  const now = at(0);
  assert.equal(dateValue(now), '2026-11-20');
  assert.equal(statusEndAt('date', dateValue(now), now), endOfDay(now));
});
