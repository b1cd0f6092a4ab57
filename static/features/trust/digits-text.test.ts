import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digitGroups, spokenDigits, typedDigits } from './digits-text.ts';

test('twelve digits are taken however they were typed, and nothing else is', () => {
  for (const typed of ['123456789012', '1234 5678 9012', ' 1234-5678-9012 ', '１２３４ ５６７８ ９０１２']) {
    assert.equal(typedDigits(typed), '123456789012');
  }
  for (const typed of ['', '12345678901', '1234567890123', '12345678901a'])
    assert.equal(typedDigits(typed), null);
});

test('digits are shown in fours and read one by one', () => {
  assert.deepEqual(digitGroups('012345678901'), ['0123', '4567', '8901']);
  assert.equal(spokenDigits('012345678901'), '0 1 2 3, 4 5 6 7, 8 9 0 1');
});
