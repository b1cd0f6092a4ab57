import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limits } from '#contract/limits.ts';
import { encodeBase64 } from './encoding.ts';
import { parseEnvelope, openEnvelope, sealEnvelope } from './envelope.ts';
import {
  contentFields,
  fewestOptions,
  longestOption,
  longestQuestion,
  longestText,
  mostOptions,
  parseContent,
} from './message-content.ts';
import { nobleAes } from './primitives.ts';
import { createSealer } from './seal.ts';
import { createSeededRandom } from './testing/crypto-world.ts';

const random = createSeededRandom('content');
const uid = (): string => encodeBase64(random(16));
const options = (count: number, text = '냉면') => Array.from({ length: count }, () => ({ id: uid(), text }));
const poll = (count: number, text?: string) => ({ question: '점심은?', options: options(count, text) });

test('a poll is sealed and opened like a text, and neither opens as the other', () => {
  const sealer = createSealer(nobleAes, random);
  const keys = { message: random(64), signing: random(32) };
  const place = {
    roomUid: uid(),
    epoch: 1,
    hash: encodeBase64(random(32)),
    senderEntry: `${uid()}.1.${uid()}`,
    clientId: uid(),
    target: null,
    n: 0,
  };
  const content = { kind: 'poll' as const, ...poll(3) };
  const envelope = parseEnvelope(sealEnvelope(sealer, keys, place, { content, at: 1, after: null }));
  assert.ok(envelope.ok);
  const openAs = (kind: string) =>
    openEnvelope(sealer, keys.message, { ...place, kind }, envelope.sealed)?.value ?? null;
  assert.deepEqual(openAs('poll'), { ...content, epoch: 1, at: 1, after: null });
  assert.equal(openAs('text'), null);
});

test('unknown fields of a poll and of its options are ignored', () => {
  const given = poll(2);
  const extended = {
    ...given,
    later: 1,
    options: given.options.map((option) => ({ ...option, colour: 'red' })),
  };
  assert.deepEqual(parseContent('poll', extended), { kind: 'poll', ...given });
  assert.deepEqual(contentFields({ kind: 'poll', ...given }), given);
});

test('a poll of another form is refused whole', () => {
  const good = poll(2);
  const [first] = good.options;
  assert.ok(first);
  const bad: Record<string, unknown>[] = [
    { options: good.options },
    { question: good.question },
    { ...good, question: '  ' },
    { ...good, question: 7 },
    { ...good, question: '가'.repeat(301) },
    { ...good, options: 'ab' },
    { ...good, options: [] },
    poll(1),
    poll(21),
    poll(2, ''),
    poll(2, ' '),
    poll(2, '가'.repeat(101)),
    { ...good, options: [first, first] },
    { ...good, options: [first, null] },
    { ...good, options: [first, { id: 'short', text: 'x' }] },
    { ...good, options: [first, { id: uid() }] },
  ];
  for (const json of bad) assert.equal(parseContent('poll', json), null, JSON.stringify(json));
  assert.ok(parseContent('poll', poll(20, '가'.repeat(100))));
});

test('the format and the contract agree on every limit', () => {
  assert.deepEqual(
    [longestText, longestQuestion, longestOption, fewestOptions, mostOptions],
    [
      limits.messageTextMax,
      limits.pollQuestionMax,
      limits.pollOptionMax,
      limits.pollOptionsMin,
      limits.pollOptionsMax,
    ],
  );
});
