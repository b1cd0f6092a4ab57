import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oneLine } from './content-preview.ts';

test('a line says the first words, without line breaks', () => {
  assert.equal(oneLine(' 첫 줄\n\n  둘째  줄 '), '첫 줄 둘째 줄');
  assert.equal(oneLine('가'.repeat(500)).length, 90);
});

test('marks of formatting are left out, what only looks like them stays', () => {
  assert.equal(oneLine('오늘 **할 일**: ~~초안~~ `A1`'), '오늘 할 일: 초안 A1');
  assert.equal(oneLine('이 코드\n```sql\nselect 1;\n```\n끝'), '이 코드 select 1; 끝');
  for (const text of ['x**2 + y**2', '2*3*4', '3~5시', '네~~', '별 ** 둘', 'a**b**c'])
    assert.equal(oneLine(text), text);
});
