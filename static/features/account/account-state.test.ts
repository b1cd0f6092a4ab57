import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chooseAskedGroups, isTypeBackRight } from './account-state.ts';

const sheet = ['AB01', 'CD23', 'EF45', 'GH67', 'JK89', 'MN0P', 'QR1S', 'TV2W', 'XY3Z'];

describe('typing the sheet back', () => {
  test('asks for two different groups, whatever chance gives', () => {
    for (let first = 0; first < 9; first += 1) {
      for (let second = 0; second < 8; second += 1) {
        const draws = [first, second];
        const [low, high] = chooseAskedGroups(9, () => draws.shift() ?? 0);
        assert.ok(low < high && high < 9, `${low}, ${high}`);
      }
    }
  });

  test('forgives case, blanks and look-alike letters, and nothing else', () => {
    assert.equal(isTypeBackRight(sheet, [0, 6], ['ab-ol', ' qrIs ']), true);
    assert.equal(isTypeBackRight(sheet, [0, 6], ['AB01', 'QR2S']), false);
    assert.equal(isTypeBackRight(sheet, [0, 6], ['QR1S', 'AB01']), false);
    assert.equal(isTypeBackRight(sheet, [0, 6], ['', '']), false);
  });
});
