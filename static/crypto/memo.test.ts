import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeBase64 } from './encoding.ts';
import type { MemoRow, OpenMemoResult, SealedMemo } from './memo-types.ts';
import { createEphemeralPair, unwrapKey, wrapKeyTo } from './key-wrap.ts';
import { makeStatement, parseStatement } from './identity.ts';
import {
  hashReaders,
  isMemoSignature,
  memoKeyContext,
  openMemoBody,
  parseMemoBody,
  readersText,
  sealMemoBody,
} from './memo.ts';
import { ed25519PublicKey, nobleAes, x25519PublicKey } from './primitives.ts';
import { createSealer } from './seal.ts';
import { createSeededRandom, createWorld } from './testing/crypto-world.ts';
import type { Person, World } from './testing/crypto-world.ts';

const random = createSeededRandom('memos');
const sealer = createSealer(nobleAes, random);
const uid = (): string => encodeBase64(random(16));
const entry = (): string => `${uid()}.1.${uid()}`;

const readers = readersText([entry(), entry()]);
const binding = { memoUid: uid(), sender: entry(), readersHash: hashReaders(readers) };
const keys = { memoKey: random(64), signing: random(32) };
const plain = { text: '내일 3시에 회의합니다', readers, at: 1_800_000_000_000 };

function sealedBytes(given = plain, place = binding): Uint8Array {
  const parsed = parseMemoBody(sealMemoBody(sealer, keys, place, given));
  assert.ok(parsed.ok);
  return parsed.sealed;
}

test('a memo opens to what was written, with the sender’s signature', () => {
  const opened = openMemoBody(sealer, keys.memoKey, binding, sealedBytes());
  assert.ok(opened !== null);
  assert.deepEqual(opened.plain, plain);
  assert.ok(isMemoSignature(opened, ed25519PublicKey(keys.signing)));
  assert.ok(!isMemoSignature(opened, ed25519PublicKey(random(32))));
});

test('every field it is bound to matters', () => {
  const sealed = sealedBytes();
  const changes = { memoUid: uid(), sender: entry(), readersHash: hashReaders(readersText([entry()])) };
  for (const [field, value] of Object.entries(changes)) {
    assert.equal(openMemoBody(sealer, keys.memoKey, { ...binding, [field]: value }, sealed), null, field);
  }
  assert.equal(openMemoBody(sealer, random(64), binding, sealed), null, 'key');
  const others = readersText([entry()]);
  assert.equal(
    openMemoBody(sealer, keys.memoKey, binding, sealedBytes({ ...plain, readers: others })),
    null,
    'readers other than the hash says',
  );
});

test('every changed byte of body and wrap is noticed', () => {
  const sealed = sealedBytes();
  for (let index = 0; index < sealed.length; index += 1) {
    const changed = Uint8Array.from(sealed, (byte, at) => (at === index ? byte ^ 1 : byte));
    assert.equal(openMemoBody(sealer, keys.memoKey, binding, changed), null, String(index));
  }
  const reader = random(32);
  const ctx = memoKeyContext(binding, entry());
  const pair = createEphemeralPair(random(32));
  const wrap = wrapKeyTo(sealer, pair, x25519PublicKey(reader), ctx, keys.memoKey);
  assert.ok(wrap !== null);
  assert.deepEqual(unwrapKey(sealer, reader, ctx, wrap), keys.memoKey);
  for (let index = 0; index < wrap.length; index += 7) {
    const changed: Uint8Array = Uint8Array.from(wrap, (byte, at) => (at === index ? byte ^ 1 : byte));
    assert.equal(unwrapKey(sealer, reader, ctx, changed), null, String(index));
  }
  assert.equal(unwrapKey(sealer, reader, memoKeyContext(binding, entry()), wrap), null, 'another reader');
  const elsewhere = { ...binding, memoUid: uid() };
  assert.equal(unwrapKey(sealer, reader, memoKeyContext(elsewhere, entry()), wrap), null, 'another memo');
});

test('forms other than its own are told apart', () => {
  const body = sealMemoBody(sealer, keys, binding, plain);
  const reasonOf = (text: string): string => {
    const parsed = parseMemoBody(text);
    return parsed.ok ? 'ok' : parsed.reason;
  };
  assert.equal(reasonOf(body), 'ok');
  assert.equal(reasonOf(body.replace('n1.', 'n2.')), 'UNKNOWN_VERSION');
  assert.equal(reasonOf(body.replace('n1.', 'm1.')), 'UNKNOWN_VERSION');
  for (const text of ['n1.', `${body}=`, `${body}.x`]) assert.equal(reasonOf(text), 'TAMPERED', text);
});

test('readers are spelled in one way, and nobody as a dash', () => {
  const [left, right] = [entry(), entry()];
  assert.equal(readersText([left, right]), readersText([right, left]));
  assert.equal(readersText([]), '-');
  assert.notEqual(hashReaders(left), hashReaders(right));
});

type Office = { world: World; alice: Person; bob: Person; carol: Person; dave: Person };

async function createOffice(): Promise<Office> {
  const world = createWorld('memos');
  const [alice, bob, carol, dave] = [
    await world.addPerson('Alice'),
    await world.addPerson('Bob'),
    await world.addPerson('Carol'),
    await world.addPerson('Dave'),
  ];
  return { world, alice, bob, carol, dave };
}

async function write(
  { world, alice }: Office,
  people: Person[],
  text = '점심 같이 드실 분',
): Promise<{ memoUid: string; sealed: SealedMemo }> {
  const memoUid = world.uid();
  const input = { memoUid, readers: people.map(world.toAdd), text, at: world.clock.now };
  return { memoUid, sealed: await alice.engine.sealMemo(input) };
}

/** The row as the server gives it to somebody. */
function rowFor(office: Office, memoUid: string, sealed: SealedMemo, person: Person): MemoRow {
  const mine = sealed.readers.find((reader) => reader.entry.startsWith(person.userUid));
  const { alice } = office;
  return {
    memoUid,
    senderUid: alice.userUid,
    senderName: 'Alice',
    sender: sealed.sender,
    readersHash: hashReaders(sealed.readers.map((reader) => reader.entry).join(',')),
    body: sealed.body,
    wrap: person === alice ? sealed.senderWrap : (mine?.wrap ?? ''),
    wrapFor: person === alice ? sealed.sender : (mine?.entry ?? ''),
  };
}

const said = (result: OpenMemoResult | undefined): string =>
  result === undefined ? 'none' : result.ok ? result.value.text : result.reason;

test('all readers and the sender read it, and learn whom it went to; others do not', async () => {
  const office = await createOffice();
  const { alice, bob, carol, dave } = office;
  const { memoUid, sealed } = await write(office, [carol, bob]);
  const entries = sealed.readers.map((reader) => reader.entry);
  assert.deepEqual(entries, [...entries].sort());
  for (const person of [alice, bob, carol]) {
    const [result] = await person.engine.openMemos([rowFor(office, memoUid, sealed, person)]);
    assert.ok(result?.ok);
    assert.equal(result.value.text, '점심 같이 드실 분');
    assert.equal(result.isSenderConfirmed, true);
    assert.deepEqual(
      result.value.readers.map(({ userUid }) => userUid),
      [bob.userUid, carol.userUid].sort(),
    );
  }
  const stolen = rowFor(office, memoUid, sealed, bob);
  assert.equal(said((await dave.engine.openMemos([stolen]))[0]), 'TAMPERED');
  const ofDave = rowFor(office, memoUid, (await write(office, [dave])).sealed, dave).wrapFor;
  assert.equal(said((await dave.engine.openMemos([{ ...stolen, wrapFor: ofDave }]))[0]), 'NO_KEY');
});

test('what a server changes in a row is refused, and costs the others nothing', async () => {
  const office = await createOffice();
  const { bob, carol, world } = office;
  const first = await write(office, [bob, carol], 'first');
  const second = await write(office, [bob], 'second');
  const row = rowFor(office, first.memoUid, first.sealed, bob);
  const other = rowFor(office, second.memoUid, second.sealed, bob);
  const cases: [Partial<MemoRow>, string][] = [
    [{ memoUid: world.uid() }, 'NO_KEY'],
    [{ memoUid: 'x' }, 'TAMPERED'],
    [{ senderUid: carol.userUid }, 'TAMPERED'],
    [
      { sender: rowFor(office, first.memoUid, first.sealed, carol).wrapFor, senderUid: carol.userUid },
      'NO_KEY',
    ],
    [{ readersHash: other.readersHash }, 'NO_KEY'],
    [{ body: other.body }, 'TAMPERED'],
    [{ wrap: other.wrap }, 'NO_KEY'],
    [{ wrap: rowFor(office, first.memoUid, first.sealed, carol).wrap }, 'NO_KEY'],
    [{ body: row.body.replace('n1', 'n9') }, 'UNKNOWN_VERSION'],
    [{ wrapFor: 'x' }, 'TAMPERED'],
  ];
  const results = await bob.engine.openMemos([...cases.map(([change]) => ({ ...row, ...change })), row]);
  assert.deepEqual(results.map(said), [...cases.map(([, reason]) => reason), 'first']);
});

test('somebody with the key cannot write in the sender’s name', async () => {
  const office = await createOffice();
  const { alice, bob, carol } = office;
  const { memoUid, sealed } = await write(office, [bob, carol]);
  const row = rowFor(office, memoUid, sealed, carol);
  // bob's own memo to the same people, shown as alice's
  const forged = await bob.engine.sealMemo({
    memoUid,
    readers: [office.world.toAdd(alice), office.world.toAdd(carol)],
    text: 'forged',
    at: 1,
  });
  assert.equal(said((await carol.engine.openMemos([{ ...row, body: forged.body }]))[0]), 'TAMPERED');
});

/** A second identity of a person, as after a reset: published, known to nobody. */
function resetIdentity({ world }: Office, person: Person) {
  const pair = { version: 2, x25519: world.random(32), ed25519: world.random(32) };
  const row = makeStatement(person.userUid, pair);
  const identity = parseStatement(row);
  assert.ok(identity !== null);
  world.publish(row);
  return { pair, identity };
}

test('a sender whose identity is new and unconfirmed is marked, not refused', async () => {
  const office = await createOffice();
  const { alice, bob, world } = office;
  const { memoUid, sealed } = await write(office, [bob]);
  const before = rowFor(office, memoUid, sealed, bob);
  const bobs = bob.engine;
  assert.equal((await bobs.openMemos([before]))[0]?.ok, true, 'pins the sender at first sight');
  const { pair, identity } = resetIdentity(office, alice);
  const statement = world.statementByName.get(`${bob.userUid}.1`);
  const reader = statement === undefined ? null : parseStatement(statement);
  assert.ok(reader !== null);
  const place = { memoUid: world.uid(), sender: identity.entry, readersHash: hashReaders(reader.entry) };
  const memoKey = world.random(64);
  const signing = { memoKey, signing: pair.ed25519 };
  const body = sealMemoBody(sealer, signing, place, { text: 'after', readers: reader.entry, at: 1 });
  const ephemeral = createEphemeralPair(world.random(32));
  const ctx = memoKeyContext(place, reader.entry);
  const wrap = wrapKeyTo(sealer, ephemeral, reader.x25519, ctx, memoKey);
  const row = { ...before, ...place, body, wrap: encodeBase64(wrap ?? new Uint8Array()) };
  const [result] = await bobs.openMemos([row]);
  assert.deepEqual([said(result), result?.ok && result.isSenderConfirmed], ['after', false]);
});

test('a reader whose identity is new and unconfirmed is refused, one of another key as well', async () => {
  const office = await createOffice();
  const { alice, bob, world } = office;
  await write(office, [bob]);
  resetIdentity(office, bob);
  const wish = { memoUid: world.uid(), text: 'x', at: 1 };
  const toNew = { ...world.toAdd(bob), version: 2 };
  await assert.rejects(alice.engine.sealMemo({ ...wish, readers: [toNew] }), {
    code: 'UNCONFIRMED_VERSION',
    subject: bob.userUid,
  });
  const missing = { ...world.toAdd(bob), version: 3 };
  await assert.rejects(alice.engine.sealMemo({ ...wish, readers: [missing] }), { code: 'STATEMENT_MISSING' });
  await assert.rejects(alice.engine.sealMemo({ ...wish, readers: [world.toAdd(alice)] }), {
    code: 'BAD_INPUT',
  });
  await assert.rejects(alice.engine.sealMemo({ ...wish, readers: [world.toAdd(bob), world.toAdd(bob)] }), {
    code: 'BAD_INPUT',
  });
  await assert.rejects(
    alice.engine.sealMemo({ ...wish, readers: [world.toAdd(bob)], text: '가'.repeat(10_001) }),
    { code: 'BAD_INPUT' },
  );
});

test('only the sender gives a reader the key again, and only a confirmed identity gets it', async () => {
  const office = await createOffice();
  const { alice, bob, carol } = office;
  const { memoUid, sealed } = await write(office, [bob]);
  const row = rowFor(office, memoUid, sealed, alice);
  const again = await alice.engine.shareMemo({ row, reader: { userUid: bob.userUid, version: 1 } });
  const opened = await bob.engine.openMemos([
    { ...rowFor(office, memoUid, sealed, bob), wrap: again.wrap, wrapFor: again.entry },
  ]);
  assert.equal(said(opened[0]), '점심 같이 드실 분');
  const bobs = rowFor(office, memoUid, sealed, bob);
  const share = bob.engine.shareMemo({ row: bobs, reader: { userUid: carol.userUid, version: 1 } });
  await assert.rejects(share, { code: 'BAD_INPUT' });
  const stranger = alice.engine.shareMemo({ row, reader: { userUid: carol.userUid, version: 1 } });
  await assert.rejects(stranger, { code: 'BAD_INPUT' });
  resetIdentity(office, bob);
  const unconfirmed = alice.engine.shareMemo({ row, reader: { userUid: bob.userUid, version: 2 } });
  await assert.rejects(unconfirmed, { code: 'UNCONFIRMED_VERSION' });
});
