import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csvLine } from './audit-csv.ts';

test('cells are quoted, quotes doubled, and lines end as spreadsheets expect', () => {
  assert.equal(csvLine(['1', '회의 "가", 나', '']), '"1","회의 ""가"", 나",""\r\n');
});

test('nothing begins like a formula', () => {
  for (const text of ['=1+1', '+82', '-1', '@sum', '\t=1', ' =1', '\r=1', '=HYPERLINK("http://x")']) {
    assert.match(csvLine([text]), /^"'/, text);
  }
  assert.equal(csvLine(['a=b']), '"a=b"\r\n');
});
