import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLogLine } from './log-line.ts';
import { createLogRing } from './log-ring.ts';

const head = { level: 'error', time: '2026-11-20T10:00:00.000Z', area: 'server', msg: 'a bug' };

function shown(record: object): string {
  const ring = createLogRing();
  ring.add(JSON.stringify(record));
  const [kept] = ring.lines();
  assert.ok((kept?.line.length ?? Infinity) <= 4_000);
  return readLogLine(kept?.line ?? '')?.text ?? assert.fail('it is not shown');
}

test('a long line is cut, not left out: an error’s stack begins with what matters', () => {
  const stack = `Error: out of luck\n${'    at somewhere (file:1:1)\n'.repeat(2_000)}`;
  assert.match(shown({ ...head, error: { type: 'Error', stack } }), /^a bug error="Error: out of luck/);
  assert.match(shown({ ...head, msg: 'x'.repeat(100_000) }), /^x{1500}…$/);
});

test('a line of very many fields keeps its message', () => {
  const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`field${index}`, index]));
  assert.equal(shown({ ...head, ...many }), 'a bug');
});

test('what steers a terminal or a page comes out as text', () => {
  const text = shown({
    ...head,
    msg: '\u001b[2J<img src=x onerror=alert(1)>\u0000\u009b',
    name: '\u202egnp\r\n',
  });
  // oxlint-disable-next-line no-control-regex -- that none is left is what is tested
  assert.doesNotMatch(text, /[\u0000-\u001f\u007f-\u009f]/);
  assert.match(text, /<img src=x/);
  assert.ok(!text.includes('\u202e'));
});

test('garbage of any length is passed over, and the newest thousand are kept', () => {
  const ring = createLogRing();
  ring.add('x'.repeat(10_000));
  assert.deepEqual(ring.lines(), []);
  for (let count = 0; count < 1_200; count += 1) ring.add(JSON.stringify(head));
  assert.deepEqual([ring.lines().length, ring.lines().at(-1)?.id], [1_000, 1_201]);
});
