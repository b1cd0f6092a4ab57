/** What the renderer may put on a page, whatever it is given. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as fc from 'fast-check';
import { formattedText } from './formatted-text.ts';

/** As much of a document as making elements takes; anything else that the renderer reached for would throw. */
class PlainNode {
  readonly childNodes: PlainNode[] = [];
  readonly name: string;
  readonly text: string;
  readonly attributes = new Map<string, string>();

  constructor(name: string, text = '') {
    this.name = name;
    this.text = text;
  }

  appendChild(child: PlainNode): void {
    this.childNodes.push(child);
  }

  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value);
  }
}

const standIns = {
  Node: PlainNode,
  document: {
    createElement: (name: string) => new PlainNode(name),
    createTextNode: (text: string) => new PlainNode('#text', text),
  },
};
const present = Object.fromEntries(
  Object.keys(standIns).map((name) => [name, Reflect.get(globalThis, name)]),
);
before(() => void Object.assign(globalThis, standIns));
after(() => void Object.assign(globalThis, present));

const allowed = new Set([
  '#text',
  'a',
  'blockquote',
  'code',
  'del',
  'div',
  'em',
  'li',
  'ol',
  'pre',
  'span',
  'strong',
  'ul',
]);

/** The renderer's nodes are those of the stand-in. */
const render = (text: string): PlainNode[] => formattedText(text) as unknown as PlainNode[]; // made by the document above

const everyNode = (nodes: readonly PlainNode[]): PlainNode[] =>
  nodes.flatMap((node) => [node, ...everyNode(node.childNodes)]);

function assertHarmless(text: string): void {
  for (const { name, attributes } of everyNode(render(text))) {
    assert.ok(allowed.has(name), `${name} from ${JSON.stringify(text)}`);
    for (const [attribute, value] of attributes) {
      if (name !== 'a') {
        assert.equal(attribute, 'class', `${name} ${attribute}`);
        assert.match(value, /^format__[a-z]+$/);
      } else if (attribute === 'href') assert.match(value, /^(https?:\/\/[^/]|mailto:[^?]+@)/i);
      else if (attribute === 'rel') assert.equal(value, 'noopener noreferrer nofollow');
      else assert.deepEqual([attribute, value], ['target', '_blank']);
    }
    if (name === 'a') assert.deepEqual([...attributes.keys()].sort(), ['href', 'rel', 'target']);
  }
}

const textOf = (nodes: readonly PlainNode[]): string =>
  nodes.map((node) => node.text + textOf(node.childNodes)).join('');

test('a text of lines is nothing but its nodes, as before this code had come', () => {
  const nodes = render('**회의(오전)**는 [여기](http://a.kr)');
  assert.deepEqual(
    nodes.map(({ name }) => name),
    ['strong', '#text', 'span'],
  );
  assert.equal(textOf(nodes), '회의(오전)는 여기 (a.kr)');
});

test('blocks have elements of their own', () => {
  const nodes = render('앞\n> 인용\n- 가\n1. 나\n```\n코드\n```\n뒤');
  assert.deepEqual(
    nodes.map(({ name }) => name),
    ['div', 'blockquote', 'ul', 'ol', 'pre', 'div'],
  );
});

test('HTML and addresses that do something stay text', () => {
  for (const text of [
    '<script>alert(1)</script>**x**',
    '<img src=x onerror=alert(1)>*x*',
    '[x](javascript:alert(1)) [x](JAVASCRIPT:alert(1)) [x]( javascript:alert(1))',
    '[x](vbscript:x) [x](data:text/html;base64,x) [x](//evil.kr) [x](\\\\evil.kr)',
    '![x](http://a.kr/x.png) [x](mailto:a@b.kr?subject=x) [x](http://user:pw@a.kr)',
    '<http://a.kr/" onclick="alert(1)> **x**',
  ]) {
    assertHarmless(text);
    assert.ok(everyNode(render(text)).every(({ name }) => name !== 'script' && name !== 'img'));
  }
});

test('whatever is typed, only these elements and attributes come of it', () => {
  const pieces = fc.oneof(
    fc.constantFrom(
      '*',
      '**',
      '_',
      '~~',
      '`',
      '```',
      '\n```\n',
      '[',
      '](',
      ')',
      '!',
      '<',
      '>',
      '\n> ',
      '\n- ',
      '\n1. ',
    ),
    fc.constantFrom(
      'http://a.kr',
      'javascript:',
      'mailto:a@b.kr',
      'www.a.kr',
      '"',
      "'",
      'onclick=',
      '<b>',
      '&lt;',
    ),
    fc.constantFrom(
      '회의',
      '(오전)',
      '는',
      'a',
      ' ',
      '\n',
      '\t',
      '\u0000',
      '\ud800',
      '\u202e',
      '\ue001',
      '\ufeff',
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
  );
  const texts = fc.array(pieces, { maxLength: 80 }).map((parts) => parts.join(''));
  fc.assert(fc.property(texts, assertHarmless), { numRuns: 500, seed: 20_261_120 });
});

test('ten thousand characters of marks make no deep and no huge page', () => {
  const depthOf = (nodes: readonly PlainNode[]): number =>
    nodes.length === 0 ? 0 : 1 + Math.max(...nodes.map((node) => depthOf(node.childNodes)));
  for (const unit of ['*a ', '**a ', '*_~[', '> ', '- ', '  - ', '[', '`', '~~']) {
    for (const count of [600, 10_000]) {
      const nodes = render(unit.repeat(count).slice(0, 10_000));
      assert.ok(depthOf(nodes) < 40, unit);
      assert.ok(everyNode(nodes).length < 20_000, unit);
    }
  }
});
