import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRehearsalDue, parseRehearsal, recoveryLight } from './recovery-light.ts';
import type { RecoveryFacts, Rehearsal } from './recovery-light.ts';

const dayMs = 86_400_000;
const now = 1_800_000_000_000;
const whole: Rehearsal = {
  at: now - 1_000,
  keysChangedAt: 5,
  vault: 'sound',
  rooms: 12,
  waitingRooms: 0,
  uncheckedRooms: 0,
};
const facts = (change: Partial<RecoveryFacts> = {}): RecoveryFacts => ({
  isSheetUnconfirmed: false,
  keysChangedAt: 5,
  rehearsal: whole,
  now,
  ...change,
});
const found = (change: Partial<Rehearsal>): RecoveryFacts => facts({ rehearsal: { ...whole, ...change } });

test('green needs a confirmed sheet and a rehearsal that opened everything', () => {
  assert.deepEqual(recoveryLight(facts()), { colour: 'green', reason: 'allWell' });
});

test('red: no confirmed sheet, or a vault that would not bring the keys back', () => {
  const cases: [RecoveryFacts, string][] = [
    [facts({ isSheetUnconfirmed: true }), 'sheet'],
    [facts({ isSheetUnconfirmed: true, rehearsal: null }), 'sheet'],
    [found({ vault: 'unsound' }), 'unsound'],
  ];
  for (const [given, reason] of cases) assert.deepEqual(recoveryLight(given), { colour: 'red', reason });
});

test('yellow: nobody has looked yet, or not since the keys changed, or some keys have not come', () => {
  const cases: [RecoveryFacts, string][] = [
    [facts({ rehearsal: null }), 'notRehearsed'],
    [found({ vault: 'elsewhere' }), 'elsewhere'],
    [facts({ keysChangedAt: 6 }), 'keysChanged'],
    [found({ at: now - 15 * dayMs }), 'outdated'],
    [found({ uncheckedRooms: 1 }), 'unchecked'],
    [found({ waitingRooms: 2 }), 'waitingRooms'],
  ];
  for (const [given, reason] of cases) assert.deepEqual(recoveryLight(given), { colour: 'yellow', reason });
});

test('what is worse is said first', () => {
  const reasonOf = (change: Partial<Rehearsal>): string =>
    recoveryLight({ ...found(change), isSheetUnconfirmed: true }).reason;
  assert.equal(reasonOf({ vault: 'unsound' }), 'unsound');
  assert.equal(reasonOf({ waitingRooms: 3 }), 'sheet');
});

test('a rehearsal is due once a day, and when the keys changed', () => {
  assert.equal(isRehearsalDue(facts()), false);
  assert.equal(isRehearsalDue(facts({ rehearsal: null })), true);
  assert.equal(isRehearsalDue(found({ at: now - dayMs })), true);
  assert.equal(isRehearsalDue(facts({ keysChangedAt: 6 })), true);
  assert.equal(isRehearsalDue(found({ at: now + 3 * dayMs })), true);
});

test('what this browser kept is read back, and anything else is none', () => {
  assert.deepEqual(parseRehearsal(JSON.stringify(whole)), whole);
  for (const text of [null, '', '{', 'null', '{}', JSON.stringify({ ...whole, vault: 'fine' })])
    assert.equal(parseRehearsal(text), null);
  assert.equal(parseRehearsal(JSON.stringify({ ...whole, rooms: 'many' })), null);
});
