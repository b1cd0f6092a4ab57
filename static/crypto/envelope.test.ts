import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeBase64, encodeJson, concatBytes, decodeBase64 } from './encoding.ts';
import {
  isMessageSignature,
  type MessageBinding,
  openEnvelope,
  parseEnvelope,
  sealEnvelope,
} from './envelope.ts';
import { ed25519PublicKey, nobleAes } from './primitives.ts';
import { createSealer } from './seal.ts';
import { createSeededRandom } from './testing/crypto-world.ts';
import { textOf } from './testing/plain-messages.ts';

const random = createSeededRandom('envelope');
const sealer = createSealer(nobleAes, random);
const uid = (): string => encodeBase64(random(16));
const keys = { message: random(64), signing: random(32) };
const binding: MessageBinding = {
  roomUid: uid(),
  epoch: 3,
  hash: encodeBase64(random(32)),
  senderEntry: `${uid()}.1.${uid()}`,
  clientId: uid(),
  kind: 'text',
  target: `${uid()}.${uid()}`,
  n: 0,
};
const times = { at: 1_800_000_000_000, after: `${uid()}.${uid()}` };
const content = { kind: 'text', text: '마루에서 만나요 👋' } as const;
const plainText = (said: string) => ({ ...times, content: { kind: 'text' as const, text: said } });

const seal = () => {
  const parsed = parseEnvelope(sealEnvelope(sealer, keys, binding, { ...times, content }));
  assert.ok(parsed.ok);
  return parsed.sealed;
};

test('a message opens as it was sealed and its signature verifies', () => {
  const optional = { ...times, composed: 5, notBefore: 9 };
  for (const value of [times, optional, { ...times, after: null }]) {
    const parsed = parseEnvelope(sealEnvelope(sealer, keys, binding, { ...value, content }));
    assert.ok(parsed.ok);
    assert.equal(parsed.epoch, 3);
    const opened = openEnvelope(sealer, keys.message, binding, parsed.sealed);
    assert.ok(opened);
    assert.deepEqual(opened.value, { ...content, epoch: 3, ...value });
    assert.equal(isMessageSignature(opened, ed25519PublicKey(keys.signing)), true);
    assert.equal(isMessageSignature(opened, ed25519PublicKey(random(32))), false);
  }
});

test('a message moved to any other place does not open', () => {
  const sealed = seal();
  const moved: Partial<MessageBinding>[] = [
    { roomUid: uid() },
    { epoch: 4 },
    { hash: encodeBase64(random(32)) },
    { senderEntry: `${uid()}.1.${uid()}` },
    { clientId: uid() },
    { kind: 'file' },
    { kind: 'poll' },
    { target: `${uid()}.${uid()}` },
    { target: null },
    { n: 1 },
  ];
  for (const change of moved) {
    const opened = openEnvelope(sealer, keys.message, { ...binding, ...change }, sealed);
    assert.equal(opened, null, JSON.stringify(change));
  }
  assert.equal(openEnvelope(sealer, random(64), binding, sealed), null);
});

test('every byte of an envelope counts', () => {
  const sealed = seal();
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = sealed.map((byte, position) => (position === index ? byte ^ 0x80 : byte));
    assert.equal(openEnvelope(sealer, keys.message, binding, changed), null, String(index));
  }
});

test('another prefix is an unknown version, another form is tampered with', () => {
  const text = encodeBase64(seal());
  assert.deepEqual(parseEnvelope(`m2.3.${text}`), { ok: false, reason: 'UNKNOWN_VERSION' });
  assert.deepEqual(parseEnvelope('hello'), { ok: false, reason: 'UNKNOWN_VERSION' });
  for (const envelope of [
    'm1',
    'm1.3',
    `m1.03.${text}`,
    `m1.0.${text}`,
    `m1.3.${text}=`,
    `m1.3.${text}.`,
    `m1..${text}`,
  ]) {
    assert.deepEqual(parseEnvelope(envelope), { ok: false, reason: 'TAMPERED' }, envelope.slice(0, 8));
  }
});

test('a member cannot seal content of another form, and unknown fields are ignored', () => {
  // What only the key holder can do: a right tag around wrong content.
  const aad = [
    'maru/1|message',
    binding.roomUid,
    binding.epoch,
    binding.hash,
    binding.senderEntry,
    binding.clientId,
    'text',
    binding.target,
    0,
  ].join('|');
  const open = (json: unknown) => {
    const sealed = sealer.seal(keys.message, aad, concatBytes(new Uint8Array(64), encodeJson(json)));
    return openEnvelope(sealer, keys.message, binding, sealed)?.value ?? null;
  };
  const good = { at: 1, after: '-', text: 'a' };
  assert.deepEqual(open({ ...good, later: true }), { kind: 'text', epoch: 3, at: 1, after: null, text: 'a' });
  const bad = [
    [],
    null,
    { ...good, at: -1 },
    { ...good, at: '1' },
    { ...good, after: 'x' },
    { ...good, text: 7 },
    { at: 1, after: '-' },
    { ...good, composed: 'now' },
  ];
  for (const json of bad) assert.equal(open(json), null, JSON.stringify(json));
});

test('a text that is longer than anybody may write does not open', () => {
  const openedLength = (said: string): number | undefined => {
    const parsed = parseEnvelope(sealEnvelope(sealer, keys, binding, plainText(said)));
    assert.ok(parsed.ok);
    const opened = openEnvelope(sealer, keys.message, binding, parsed.sealed);
    return opened === null ? undefined : textOf(opened.value).length;
  };
  assert.equal(openedLength('가'.repeat(10_000)), 10_000);
  assert.equal(openedLength('가'.repeat(10_001)), undefined);
  assert.equal(openedLength('👋'.repeat(5_001)), undefined);
});

test('text is sealed in NFC', () => {
  const parsed = parseEnvelope(sealEnvelope(sealer, keys, binding, plainText('\u1112\u1161\u11ab')));
  assert.ok(parsed.ok);
  const opened = openEnvelope(sealer, keys.message, binding, parsed.sealed);
  assert.deepEqual(opened?.value, { ...plainText('한').content, ...times, epoch: 3 });
  assert.notEqual(decodeBase64('QQ'), null);
});
