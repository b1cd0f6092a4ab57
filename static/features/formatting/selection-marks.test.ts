import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withMarks } from './selection-marks.ts';

/** `[` and `]` show what is chosen, before and after. */
function press(marked: string, mark: string): string {
  const start = marked.indexOf('[');
  const end = marked.indexOf(']') - 1;
  const value = marked.replace(/[[\]]/g, '');
  const next = withMarks(value, start, end, mark);
  const text = value.slice(0, next.from) + next.text + value.slice(next.to);
  return `${text.slice(0, next.start)}[${text.slice(next.start, next.end)}]${text.slice(next.end)}`;
}

test('marks go around what is chosen, and a second press takes them away', () => {
  assert.equal(press('이 [중요한] 일', '**'), '이 **[중요한]** 일');
  assert.equal(press('이 **[중요한]** 일', '**'), '이 [중요한] 일');
  assert.equal(press('이 [**중요한**] 일', '**'), '이 [중요한] 일');
  assert.equal(press('[a]', '*'), '*[a]*');
  assert.equal(press('*[a]*', '*'), '[a]');
});

test('white space at the ends stays outside, or the marks would not count', () => {
  assert.equal(press('이[ 중요한 ]일', '**'), '이 **[중요한]** 일');
});

test('nothing chosen gives marks to write between', () => {
  assert.equal(press('a[]', '**'), 'a**[]**');
  assert.equal(press('a**[]**', '**'), 'a[]');
});

test('bold and italic do not take each other’s marks', () => {
  assert.equal(press('**[a]**', '*'), '***[a]***');
  assert.equal(press('*[a]*', '**'), '***[a]***');
  assert.equal(press('***[a]***', '**'), '*[a]*');
  assert.equal(press('***[a]***', '*'), '**[a]**');
});
