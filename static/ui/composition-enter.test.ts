import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initialEnterState, stepEnter } from './composition-enter.ts';
import type { EnterEvent } from './composition-enter.ts';

type Down = Partial<Extract<EnterEvent, { type: 'keydown' }>>;

let clock = 1_000;
const down = (part: Down = {}): EnterEvent => ({
  type: 'keydown',
  key: 'Enter',
  code: 'Enter',
  keyCode: 13,
  isComposing: false,
  hasModifier: false,
  isRepeat: false,
  at: (clock += 1),
  ...part,
});
const imeDown = (part: Down = {}): EnterEvent => down({ keyCode: 229, isComposing: true, ...part });
const up: EnterEvent = { type: 'keyup', key: 'Enter', code: 'Enter' };
const start: EnterEvent = { type: 'compositionstart' };
const update = (text: string): EnterEvent => ({ type: 'compositionupdate', text });
const end = (text: string): EnterEvent => ({ type: 'compositionend', text });
const input = (text: string | null): EnterEvent => ({ type: 'input', text });
/** The events of one task end here: macrotasks asked for so far run. */
const tick = 'tick' as const;

/** Plays events; returns, per event, a mark: `!` carried out, `-` default prevented. */
function play(events: readonly (EnterEvent | typeof tick)[]): { sends: number; log: string } {
  let state = initialEnterState;
  let pending = 0;
  let sends = 0;
  let log = '';
  const feed = (event: EnterEvent): void => {
    const step = stepEnter(state, event);
    state = step.state;
    if (step.schedule) pending += 1;
    if (step.prevent) log += '-';
    if (step.carryOut) {
      sends += 1;
      log += '!';
    }
  };
  for (const event of [...events, tick] as const) {
    if (event !== tick) {
      feed(event);
      continue;
    }
    const due = pending;
    pending = 0;
    for (let index = 0; index < due; index += 1) feed({ type: 'macrotask' });
  }
  return { sends, log };
}

test('a plain Enter sends at once and inserts no line break', () => {
  assert.deepEqual(play([down(), up]), { sends: 1, log: '-!' });
});

test('Shift+Enter is left to the browser, also during a composition', () => {
  assert.deepEqual(play([down({ hasModifier: true }), up]), { sends: 0, log: '' });
  const composing = [start, update('안'), imeDown({ hasModifier: true }), end('안'), tick];
  assert.equal(play([...composing, down({ hasModifier: true }), up]).sends, 0);
});

test('a held Enter sends once', () => {
  assert.equal(play([down(), down({ isRepeat: true }), down({ isRepeat: true }), up]).sends, 1);
});

test('Chrome: Enter while composing Hangul sends once after the composition, although a second keydown follows', () => {
  const events = [start, update('ㅇ'), update('안'), imeDown(), input('안'), end('안'), down(), tick, up];
  assert.deepEqual(play(events), { sends: 1, log: '-!' });
});

test('Chrome: it also sends when the browser delivers only the composing keydown', () => {
  assert.equal(
    play([start, update('안'), imeDown({ key: 'Process' }), input('안'), end('안'), tick, up]).sends,
    1,
  );
});

test('Chrome: a second keydown that arrives after the macrotask is still the same press', () => {
  assert.equal(play([start, update('안'), imeDown(), end('안'), tick, down(), up]).sends, 1);
});

test('nothing is sent before the composition has ended', () => {
  assert.equal(play([start, update('안'), imeDown(), tick]).sends, 0);
});

test('the next press after a composed one sends again', () => {
  assert.equal(play([start, update('안'), imeDown(), end('안'), tick, up, down(), up]).sends, 2);
});

test('a lost keyup does not swallow the next press for ever', () => {
  const first = [start, update('안'), imeDown(), end('안'), tick];
  clock += 5_000;
  assert.equal(play([...first, down(), up]).sends, 2);
});

test('Safari: compositionend, then keydown 229 that is not composing, sends Hangul once', () => {
  const events = [start, update('안'), input('안'), end('안'), imeDown({ isComposing: false }), tick, up];
  assert.deepEqual(play(events), { sends: 1, log: '-!' });
});

test('Safari: a keydown 13 of the same press after the 229 one is swallowed', () => {
  const events = [start, update('안'), end('안'), imeDown({ isComposing: false }), down(), tick, up];
  assert.equal(play(events).sends, 1);
});

test('Safari without composition events: Hangul arrives by input alone and Enter with 229 sends', () => {
  assert.equal(play([input('안'), imeDown({ isComposing: false }), tick, up]).sends, 1);
});

test('Gecko: input follows compositionend, and the text is read only afterwards', () => {
  const events = [start, update('안'), imeDown(), end('안'), input('안'), tick, up];
  assert.deepEqual(play(events), { sends: 1, log: '!' });
});

test('Gecko with ibus: compositionend, then a plain keydown in the same task, waits for the macrotask', () => {
  const state = [start, update('안'), end('안'), down()];
  assert.deepEqual(play(state), { sends: 1, log: '-!' });
  let settling = initialEnterState;
  for (const event of state) {
    const step = stepEnter(settling, event);
    assert.equal(step.carryOut, false);
    settling = step.state;
  }
});

for (const [name, text] of [
  ['Japanese', '日本語'],
  ['Japanese kana', 'ありがとう'],
  ['Chinese', '你好'],
  ['pinyin letters', 'nihao'],
  ['Hanja', '韓國'],
] as const) {
  test(`confirming a candidate never sends (${name}), in any browser's order`, () => {
    assert.equal(play([start, update(text), imeDown(), input(text), end(text), tick, up]).sends, 0);
    assert.equal(play([start, update(text), imeDown(), end(text), input(text), tick, up]).sends, 0);
    assert.equal(play([start, update(text), end(text), imeDown({ isComposing: false }), tick, up]).sends, 0);
    const confirmed = [start, update(text), imeDown(), end(text), tick, up];
    assert.equal(play([...confirmed, down(), up]).sends, 1, 'the next Enter does');
  });
}

test('Enter that chose within the composition is forgotten when typing goes on', () => {
  const events = [
    start,
    update('안'),
    imeDown(),
    down({ key: 'Process', code: 'KeyA', keyCode: 229 }),
    update('안녕'),
  ];
  assert.equal(play([...events, end('안녕'), tick]).sends, 0);
});

test('a press of the pointer or a blur voids a remembered Enter', () => {
  assert.equal(play([start, update('안'), imeDown(), { type: 'interrupted' }, end('안'), tick]).sends, 0);
});

test('the Enter key of the number pad counts, other keys of an input method do not', () => {
  const pad = imeDown({ key: 'Process', code: 'NumpadEnter' });
  assert.equal(play([start, update('안'), pad, end('안'), tick]).sends, 1);
  const space = imeDown({ key: 'Process', code: 'Space' });
  assert.equal(play([start, update('안'), space, end('안'), tick]).sends, 0);
});
