import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeBase64, encodeUtf8 } from './encoding.ts';
import type { ReactionRow } from './engine-types.ts';
import { nobleAes } from './primitives.ts';
import { isEmoji, openReaction, parseReaction, reactionToken, sealReaction } from './reaction.ts';
import { deriveEpochKeys } from './room-key.ts';
import { createSealer } from './seal.ts';
import { createSeededRandom, createWorld } from './testing/crypto-world.ts';
import type { Person } from './testing/crypto-world.ts';

const random = createSeededRandom('reactions');
const sealer = createSealer(nobleAes, random);
const uid = (): string => encodeBase64(random(16));
const keys = deriveEpochKeys(random(64));

const binding = {
  roomUid: uid(),
  epoch: 3,
  hash: encodeBase64(random(32)),
  target: `${uid()}.${uid()}`,
  reactorUid: uid(),
};

function sealed(emoji: string) {
  const { token, sealed: text } = sealReaction(sealer, keys, binding, emoji);
  const parsed = parseReaction(text);
  assert.ok(parsed.ok);
  return { token, text, bytes: parsed.sealed, epoch: parsed.epoch };
}

test('a reaction opens to its emoji, and says its epoch', () => {
  for (const emoji of ['👍', '❤️', '👩🏽‍💻', '🏴󠁧󠁢󠁷󠁬󠁳󠁿', '🇰🇷', '#️⃣']) {
    const { token, bytes, epoch, text } = sealed(emoji);
    assert.equal(epoch, 3);
    assert.equal(openReaction(sealer, keys, { ...binding, token }, bytes), emoji);
    assert.ok(text.length <= 192, 'the contract takes it');
  }
});

test('the same emoji has one token per message and epoch, whoever reacts', () => {
  const first = sealed('👍');
  const other = sealReaction(sealer, keys, { ...binding, reactorUid: uid() }, '👍');
  assert.equal(other.token, first.token);
  assert.notEqual(other.sealed, first.text);
  assert.notEqual(sealed('👎').token, first.token);
  const elsewhere = sealReaction(sealer, keys, { ...binding, target: `${uid()}.${uid()}` }, '👍');
  assert.notEqual(elsewhere.token, first.token);
  const later = sealReaction(sealer, deriveEpochKeys(random(64)), binding, '👍');
  assert.notEqual(later.token, first.token);
});

test('every field it is bound to matters', () => {
  const { token, bytes } = sealed('👍');
  const [senderUid, clientId] = binding.target.split('.');
  const changes = {
    roomUid: uid(),
    hash: encodeBase64(random(32)),
    target: `${uid()}.${clientId}`,
    reactorUid: uid(),
    token: sealed('👎').token,
  };
  for (const [field, value] of Object.entries(changes)) {
    assert.equal(openReaction(sealer, keys, { ...binding, token, [field]: value }, bytes), null, field);
  }
  const otherMessage = { ...binding, token, target: `${senderUid}.${uid()}` };
  assert.equal(openReaction(sealer, keys, otherMessage, bytes), null, 'clientId');
  const otherKeys = deriveEpochKeys(random(64));
  assert.equal(openReaction(sealer, otherKeys, { ...binding, token }, bytes), null, 'key');
});

test('every changed byte is noticed', () => {
  const { token, bytes } = sealed('👍');
  for (let index = 0; index < bytes.length; index += 1) {
    const changed = Uint8Array.from(bytes, (byte, at) => (at === index ? byte ^ 1 : byte));
    assert.equal(openReaction(sealer, keys, { ...binding, token }, changed), null, String(index));
  }
});

test('a token that is not the emoji’s own, and a text that is no emoji, are refused', () => {
  const { roomUid, hash, target, reactorUid } = binding;
  const sealAs = (token: string, text: string) =>
    sealer.seal(
      keys.reaction,
      `maru/1|reaction|${roomUid}|${hash}|${target.replace('.', '|')}|${reactorUid}|${token}`,
      encodeUtf8(text),
    );
  const tokenOf = (text: string): string => encodeBase64(reactionToken(keys, target, text));
  const own = tokenOf('👍');
  assert.equal(openReaction(sealer, keys, { ...binding, token: own }, sealAs(own, '👍')), '👍');
  const thumbs = sealAs(own, '👎');
  assert.equal(openReaction(sealer, keys, { ...binding, token: own }, thumbs), null, 'another one’s token');
  const insult = tokenOf('바보');
  assert.equal(
    openReaction(sealer, keys, { ...binding, token: insult }, sealAs(insult, '바보')),
    null,
    'a word',
  );
});

test('what counts as an emoji', () => {
  for (const text of ['👍', '☺️', '👨‍👩‍👧‍👦', '🇰🇷', '3️⃣']) assert.ok(isEmoji(text), text);
  for (const text of ['', 'a', '가', '12', '#', ' 👍', '👍 ', '👍바보', '👍'.repeat(17), '<b>', '\u200d']) {
    assert.ok(!isEmoji(text), JSON.stringify(text));
  }
});

test('forms other than its own are told apart', () => {
  const { text } = sealed('👍');
  const reasonOf = (given: string): string => {
    const parsed = parseReaction(given);
    return parsed.ok ? 'ok' : parsed.reason;
  };
  assert.equal(reasonOf(text), 'ok');
  assert.equal(reasonOf(text.replace('r1.', 'r2.')), 'UNKNOWN_VERSION');
  assert.equal(reasonOf(text.replace('.3.', '.0.')), 'TAMPERED');
  assert.equal(reasonOf(text.replace('.3.', '.03.')), 'TAMPERED');
  assert.equal(reasonOf(`${text}=`), 'TAMPERED');
  assert.equal(reasonOf(`${text}.x`), 'TAMPERED');
});

/** A room of alice and bob with a message of alice, and how its reactions look on the server. */
async function createReactedRoom() {
  const world = createWorld('reactions');
  const [alice, bob, carol] = [
    await world.addPerson('Alice'),
    await world.addPerson('Bob'),
    await world.addPerson('Carol'),
  ];
  const roomUid = await world.createRoom(alice, [bob]);
  for (const person of [alice, bob]) await world.accept(person, roomUid);
  const row = await world.send(alice, roomUid, 'hello');
  const target = `${row.senderUid}.${row.clientId}`;
  const react = async (person: Person, emoji: string): Promise<ReactionRow> => {
    const result = await person.engine.sealReaction({ roomUid, target, emoji });
    assert.ok(result.ok, JSON.stringify(result));
    return { target, token: result.token, sealed: result.sealed, reactorUid: person.userUid };
  };
  const readBy = async (person: Person, ...rows: ReactionRow[]): Promise<string[]> => {
    const results = await person.engine.openReactions(roomUid, rows);
    return results.map((result) => (result.ok ? result.emoji : result.reason));
  };
  return { world, alice, bob, carol, roomUid, target, react, readBy };
}

test('a member’s reaction is read by the others, also when many come at once', async () => {
  const { alice, bob, react, readBy } = await createReactedRoom();
  const rows = [await react(bob, '👍'), await react(alice, '🎉'), await react(bob, '🎉')];
  assert.deepEqual(await readBy(alice, ...rows), ['👍', '🎉', '🎉']);
  assert.equal(rows[1]?.token, rows[2]?.token);
});

test('what a server makes up or moves about is not read, and costs the others nothing', async () => {
  const { alice, bob, world, react, readBy } = await createReactedRoom();
  const row = await react(bob, '👍');
  const moved: ReactionRow[] = [
    { ...row, reactorUid: alice.userUid },
    { ...row, target: `${bob.userUid}.${world.uid()}` },
    { ...row, token: encodeBase64(world.random(16)) },
    { ...row, reactorUid: 'x' },
    { ...row, target: '|' },
    { ...row, sealed: row.sealed.replace('r1', 'm1') },
  ];
  const expected = [...Array.from({ length: 5 }, () => 'TAMPERED'), 'UNKNOWN_VERSION', '👍'];
  assert.deepEqual(await readBy(alice, ...moved, row), expected);
});

test('after a new epoch, earlier reactions stay readable and new ones have other tokens', async () => {
  const { world, alice, bob, carol, roomUid, react, readBy } = await createReactedRoom();
  const before = await react(bob, '👍');
  const made = await alice.engine.makeNextEpoch({ roomUid, add: [world.toAdd(carol)], remove: [] });
  world.storeEpoch(roomUid, made);
  for (const person of [alice, bob, carol]) await world.accept(person, roomUid);
  const after = await react(bob, '👍');
  assert.notEqual(after.token, before.token);
  assert.deepEqual(await readBy(alice, before, after), ['👍', '👍']);
  assert.deepEqual(await readBy(carol, after), ['👍']);
  assert.deepEqual(await readBy(carol, before), ['NO_KEY'], 'from before her time');
});

test('somebody who is not in the epoch’s record cannot have reacted in it', async () => {
  const { world, alice, bob, carol, roomUid, target, react, readBy } = await createReactedRoom();
  const made = await alice.engine.makeNextEpoch({ roomUid, add: [world.toAdd(carol)], remove: [] });
  world.storeEpoch(roomUid, made);
  for (const person of [alice, bob, carol]) await world.accept(person, roomUid);
  const next = await alice.engine.makeNextEpoch({ roomUid, add: [], remove: [carol.userUid] });
  const stale = await react(carol, '👍');
  world.storeEpoch(roomUid, next);
  for (const person of [alice, bob]) await world.accept(person, roomUid);
  assert.deepEqual(await readBy(alice, stale), ['👍'], 'while she was in it');
  // the removed one has no key of the new epoch; a claim that she sealed in it is refused before any key is tried
  const bobs = await react(bob, '👍');
  assert.deepEqual(await readBy(alice, { ...bobs, reactorUid: carol.userUid }), ['TAMPERED']);
  const verdict = await world.accept(carol, roomUid);
  assert.notEqual(verdict.status, 'sendable');
  const refused = await carol.engine.sealReaction({ roomUid, target, emoji: '👍' });
  assert.equal(refused.ok, false);
});

test('nothing is sealed that is no emoji or names no message', async () => {
  const { bob, roomUid, target } = await createReactedRoom();
  const seal = (change: object) => bob.engine.sealReaction({ roomUid, target, emoji: '👍', ...change });
  await assert.rejects(seal({ emoji: '바보' }), { code: 'BAD_INPUT' });
  await assert.rejects(seal({ target: 'nobody' }), { code: 'BAD_INPUT' });
});
