import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { formatBlocks } from './format-blocks.ts';
import type { Block, Inline } from './format-tree.ts';

const marks = { strong: 'b', emphasis: 'i', strike: 's' } as const;

/** Blocks in one line, so that expectations can be read. */
const inlineText = (inline: Inline): string => {
  if (inline.kind === 'text') return inline.text;
  if (inline.kind === 'link') return `<a>${inline.text}</a>`;
  if (inline.kind === 'code') return `<code>${inline.text}</code>`;
  const inside = inline.children.map(inlineText).join('');
  return inline.kind === 'named-link'
    ? `<a ${inline.href}>${inside}</a>`
    : `<${marks[inline.kind]}>${inside}</${marks[inline.kind]}>`;
};
const blockText = (block: Block): string => {
  if (block.kind === 'lines') return block.children.map(inlineText).join('');
  if (block.kind === 'code') return `<pre>${block.text}</pre>`;
  if (block.kind === 'quote') return `<quote>${block.children.map(blockText).join('|')}</quote>`;
  const items = block.items.map(({ marker, children }) => `${marker} ${children.map(blockText).join('|')}`);
  return `<${block.isOrdered ? 'ol' : 'ul'}>${items.join(' / ')}</list>`;
};
const format = (text: string): string => formatBlocks(text).map(blockText).join(' ¦ ');

const assertStays = (...texts: string[]): void => {
  for (const text of texts) assert.equal(format(text), text);
};

test('bold, italic, struck out and code', () => {
  assert.equal(
    format('**굵게** *기울임* _italic_ ~~취소~~ `코드`'),
    '<b>굵게</b> <i>기울임</i> <i>italic</i> <s>취소</s> <code>코드</code>',
  );
  assert.equal(format('**a *b ~~c~~* d**'), '<b>a <i>b <s>c</s></i> d</b>');
  assert.equal(format('~~10,000원~~ 8,000원'), '<s>10,000원</s> 8,000원');
});

test('marks are found beside Hangul, brackets and quotation marks', () => {
  assert.equal(format('**회의(오전)**는'), '<b>회의(오전)</b>는');
  assert.equal(
    format('“**인용**”이라고 **「제목」**을 이**중요**한'),
    '“<b>인용</b>”이라고 <b>「제목」</b>을 이<b>중요</b>한',
  );
  assert.equal(
    format('*강조*는 *“말”*입니다. **끝.**다음 ~~취소!~~됨'),
    '<i>강조</i>는 <i>“말”</i>입니다. <b>끝.</b>다음 <s>취소!</s>됨',
  );
  assert.equal(format('(_안녕_)'), '(<i>안녕</i>)');
});

test('arithmetic, file names and programs stay as they are', () => {
  assertStays('2*3*4', '5 * 3 * 2', '5*3=15, 2*3=6', '가로*세로*높이', 'x**2 + y**2', 'a*b*c');
  assertStays('snake_case_name', '__init__.py', '_회의_는', '*.txt *.md', '3~5시, 10~12시', 'a~b~c');
  assertStays('\\\\server\\share_a', '&amp; &lt;', 'C:\\*');
});

test('faces and drawn-out words stay as they are', () => {
  assertStays('^_^ ㅎㅎ ^_^', '*^^* 안녕 *^^*', '>_<', '-_- ㅋㅋ -_-', '@_@ @_@', 'ㅠ_ㅠ ㅠ_ㅠ', '(_ _)');
  assertStays('네~~좋아요~~', '아~~~', '그래~~ 알겠어~~', '* * *', '- - -', '---', '***');
});

test('what messages do not have stays as it was typed', () => {
  assertStays(
    '# 제목',
    '#채널 ## 둘',
    '제목\n===',
    'a\n---\nb',
    '| a | b |\n|---|---|\n| 1 | 2 |',
    '    들여쓰기',
  );
  assertStays('<b>굵게</b> <img src=x onerror=alert(1)> <!-- x -->', '[a][b] [c]', '[c]: x', '+ 더하기');
  assert.equal(format('![그림](http://a.kr/a.png)'), '![그림](<a>http://a.kr/a.png</a>)');
});

test('line breaks, blank lines and spaces are kept', () => {
  assert.equal(format('a\nb  \n   c\n\n\nd **x**\n e'), 'a\nb  \n   c\n\n\nd <b>x</b>\n e');
  assert.equal(format('**여러\n줄** 끝 '), '<b>여러\n줄</b> 끝 ');
  assert.equal(format('\t**a**\t\n\tb'), '\t<b>a</b>\t\n\tb');
});

test('addresses are links, and nothing inside them is a mark', () => {
  assert.equal(
    format('**https://a.kr/a_b_c**는 https://a.kr/*x*y `http://a.kr`'),
    '<b><a>https://a.kr/a_b_c</a></b>는 <a>https://a.kr/*x*y</a> <code>http://a.kr</code>',
  );
  assert.equal(format('*http://a.kr* <http://b.kr>'), '<i><a>http://a.kr</a></i> <<a>http://b.kr</a>>');
});

test('words lead to http, https and mailto only, and say where', () => {
  assert.equal(
    format('[문서](http://a.kr/x_(1)) **[둘](https://b.kr)**'),
    '<a http://a.kr/x_(1)>문서</a> <b><a https://b.kr/>둘</a></b>',
  );
  assert.equal(format('[메일](mailto:kim@maru.kr)'), '<a mailto:kim@maru.kr>메일</a>');
  const [block] = formatBlocks('[은행](https://evil.example/a)');
  assert.deepEqual(block?.kind === 'lines' && block.children[0], {
    kind: 'named-link',
    children: [{ kind: 'text', text: '은행' }],
    href: 'https://evil.example/a',
    host: 'evil.example',
  });
  assertStays(
    '[x](javascript:alert(1))',
    '[x](data:text/html,x)',
    '[x](/api)',
    '[x](mailto:a@b.kr?bcc=c@d.kr)',
  );
  assertStays('[x](https://user@evil.example)', '[](x)', '[x]()');
  assertStays('[https://bank.kr](https://evil.kr)');
  assert.equal(
    format('[www.bank.kr 로](https://evil.kr)'),
    '[<a>www.bank.kr</a> 로](<a>https://evil.kr</a>)',
  );
});

test('a quote is what its marked lines say, and ends with them', () => {
  assert.equal(format('> 인용 **굵게**\n>\n> 둘\n답'), '<quote>인용 <b>굵게</b>\n\n둘</quote> ¦ 답');
  assert.equal(format('>> 둘\n> 하나'), '<quote><quote>둘</quote>|하나</quote>');
  assertStays('a > b', '>ㅁ<');
});

test('lists keep their numbers and what is indented below', () => {
  assert.equal(
    format('안건\n1. 하나\n3) **셋**\n   이어서\n- 가\n* 나'),
    '안건 ¦ <ol>1. 하나 / 3) <b>셋</b>\n이어서</list> ¦ <ul>• 가 / • 나</list>',
  );
  assert.equal(format('- a\n  - b\n    - c\nd'), '<ul>• a|<ul>• b|<ul>• c</list></list></list> ¦ d');
  assertStays('2026. 11. 20. 회의', '1.5배', '-1도', '-가', '1.가');
});

test('code keeps everything, and only between closed fences', () => {
  assert.equal(
    format('```js\nconst a = **1**;\n\n  b();\n```\n끝'),
    '<pre>const a = **1**;\n\n  b();</pre> ¦ 끝',
  );
  assert.equal(format('```하나\n둘```'), '<pre>하나\n둘</pre>');
  assert.equal(format('```code``` x'), '<code>code</code> x');
  assertStays('```\nopen', '```');
  assert.equal(format('> ```\n> a\n> ```'), '<quote><pre>a</pre></quote>');
});

/** Every character that is not a mark, in order. */
const lettersOf = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '');

const pieces = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('*', '**', '_', '~~', '~', '`', '```', '[', '](', ')', '!', '<', '>', '\\'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom('\n', '\n\n', ' ', '  ', '> ', '- ', '1. ', '\n- ', '\n> ', '\n```\n', '\t'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '회의',
      '(오전)',
      '는',
      'a',
      '2',
      'http://a.kr/b',
      'www.a.kr',
      '👍🏽',
      '\ue000',
      '\u0000',
      '\ud800',
      '&amp;',
      '\r',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
);

test('any text is formatted without an exception and without losing a letter', () => {
  const texts = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(texts, (text) => {
      const shown = formatBlocks(text).map(plainText).join('\n');
      const expected = lettersOf(text);
      // the name of a fence's language and the address behind words are not shown as text
      if (!text.includes('```') && !text.includes('](')) assert.equal(lettersOf(shown), expected);
    }),
    { numRuns: 1_500, seed: 20_261_120 },
  );
});

const plainInline = (inline: Inline): string =>
  'children' in inline ? inline.children.map(plainInline).join('') : inline.text;
const plainText = (block: Block): string => {
  if (block.kind === 'code') return block.text;
  if (block.kind === 'lines') return block.children.map(plainInline).join('');
  if (block.kind === 'quote') return block.children.map(plainText).join('\n');
  return block.items
    .map(({ marker, children }) => `${marker.replace('•', '')} ${children.map(plainText).join('\n')}`)
    .join('\n');
};

test('nobody can keep a browser busy with marks', () => {
  const units = [
    '*',
    '_',
    '~~',
    '[',
    ']',
    '`',
    '*_~[',
    '**a ',
    '[a](',
    '~~a*_',
    'a`',
    '> ',
    '>',
    '- ',
    '  - ',
    '*a **b ',
    '\n*',
    '![',
    '1. ',
    '```\n',
    '[x](http://a.kr) ',
  ];
  for (const unit of units) {
    for (const most of [1_900, 10_000]) {
      const text = unit
        .repeat(Math.ceil(most / unit.length))
        .padEnd(10_000, '가')
        .slice(0, 10_000);
      const startedAt = performance.now();
      formatBlocks(text);
      // a few milliseconds; so wide that only growth without bounds fails it
      assert.ok(performance.now() - startedAt < 5_000, unit);
    }
  }
});
