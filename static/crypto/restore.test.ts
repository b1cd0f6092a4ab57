import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatementRow } from '#contract/sealed.ts';
import { createCryptoEngine } from './engine.ts';
import type { MadeEpoch, RoomReturn, VaultRow } from './engine-types.ts';
import { createIdentityKeys, makeStatement } from './identity.ts';
import { defaultKdf } from './key-derivation.ts';
import { createPins } from './pins.ts';
import { hashRecord, parseRecord } from './room-record.ts';
import { findPinFault } from './room-step.ts';
import {
  createMemoryStorage,
  createWorld,
  password,
  type Person,
  type World,
} from './testing/crypto-world.ts';
import { textOf } from './testing/plain-messages.ts';
import { confirmBy, passwordAfterReset, renewBy, resetPerson } from './testing/trust-world.ts';

/** The same person in the same browser, at the sign-in form: the password is typed, nothing is open. */
async function atTheForm({ deps, salt }: Person) {
  const engine = createCryptoEngine(deps);
  await engine.deriveAuthKey(password, salt, defaultKdf);
  return engine;
}

/** A vault whose pins and sheet were changed twice after `row`, which is yesterday's. */
async function changedSince(seed: string) {
  const world = createWorld(seed);
  const alice = await world.addPerson('Alice');
  const bob = await world.addPerson('Bob');
  await alice.engine.noteGeneration('first');
  const roomUid = await world.createRoom(alice, [bob]);
  await world.accept(alice, roomUid);
  const current = { password, salt: alice.salt, kdf: defaultKdf };
  const { request } = await alice.engine.replaceSheet(current);
  await alice.engine.finishReplaceSheet();
  return { world, alice, roomUid, replaced: request };
}

test('an older vault is taken under a generation that this browser never saw, and under no other', async () => {
  const { alice } = await changedSince('generations');
  for (const generation of [null, 'first']) {
    const engine = await atTheForm(alice);
    const row: VaultRow = { ...alice.row, generation };
    await assert.rejects(engine.unlockWithPassword(row), { code: 'VAULT_OLDER' });
    await assert.rejects(engine.recovery('prepareVaultReturn', row, null), { code: 'VAULT_OLDER' });
  }
  const engine = await atTheForm(alice);
  const restored: VaultRow = { ...alice.row, generation: 'second' };
  // not even then is it opened as it is
  await assert.rejects(engine.unlockWithPassword(restored), { code: 'VAULT_OLDER' });
  const given = await engine.recovery('prepareVaultReturn', restored, null);
  assert.deepEqual(given.from, { keys: 1, pins: 1 });
  assert.deepEqual([given.keys?.part.counter, given.pins.counter], [3, 3]);
});

test('a new sheet that the backup does not know is in force again, with pins that were not synced', async () => {
  const { alice, replaced, world, roomUid } = await changedSince('sheet');
  const engine = await atTheForm(alice);
  const given = await engine.recovery('prepareVaultReturn', { ...alice.row, generation: 'second' }, null);
  const { passwordWrap, recoveryWrap, recoveryAuth } = replaced;
  assert.deepEqual(given.keys?.wraps, { passwordWrap, recoveryWrap, recoveryAuth });
  const vault = { keys: given.keys.part, pins: given.pins, passwordWrap, recoveryWrap };
  const unlocked = await engine.unlockWithPassword({ ...alice.row, vault, generation: 'second' });
  assert.equal(unlocked.isSheetConfirmed, true);
  // a browser that has nothing but the vault knows how far the room was
  const fresh = createCryptoEngine(world.depsFor(alice.userUid));
  await fresh.deriveAuthKey(password, alice.salt, defaultKdf);
  await fresh.unlockWithPassword({ ...alice.row, vault, generation: 'second' });
  world.roomOf(roomUid).epochs.length = 0;
  const lied = await fresh.acceptRoom({ roomUid, newest: { epoch: 1, hash: 'A'.repeat(43) }, members: [] });
  assert.equal(lied.reason, 'FORK');
});

test('a browser that cannot bring the new sheet back says that there is none', async () => {
  const { alice } = await changedSince('void');
  await alice.deps.storage.put(`${alice.userUid}/vault-copy`, '{"counter":2,"blob":"AAAA"}');
  const engine = await atTheForm(alice);
  const given = await engine.recovery('prepareVaultReturn', { ...alice.row, generation: 'second' }, null);
  assert.equal(given.keys?.wraps, undefined);
  assert.ok(given.keys);
  const vault = { ...alice.row.vault, keys: given.keys.part, pins: given.pins };
  const unlocked = await engine.unlockWithPassword({ ...alice.row, vault });
  assert.equal(unlocked.isSheetConfirmed, false);
});

test('a vault whose keys are not those that are published is not given back', async () => {
  const { alice, world } = await changedSince('foreign');
  const engine = await atTheForm(alice);
  world.statementByName.clear();
  const restored: VaultRow = { ...alice.row, generation: 'second' };
  await assert.rejects(engine.recovery('prepareVaultReturn', restored, null), { code: 'STATEMENT_MISSING' });
});

/** Alice's group moved on twice; the server went back to its first epoch. */
async function groupGoneBack(seed: string) {
  const world = createWorld(seed);
  const [alice, bob, carol] = [
    await world.addPerson('Alice'),
    await world.addPerson('Bob'),
    await world.addPerson('Carol'),
  ];
  const roomUid = await world.createRoom(alice, [bob]);
  for (const add of [[carol], []]) {
    await world.accept(alice, roomUid);
    const made = await alice.engine.makeNextEpoch({ roomUid, add: add.map(world.toAdd), remove: [] });
    world.storeEpoch(roomUid, made);
  }
  for (const person of [alice, bob, carol]) {
    assert.equal((await world.accept(person, roomUid)).status, 'sendable');
    // its turn comes after what the room was still keeping
    await person.engine.roomChanges(roomUid, 3, 3);
  }
  world.roomOf(roomUid).epochs.length = 1;
  const server = world.newestOf(roomUid);
  assert.ok(server !== null);
  return { world, alice, bob, carol, roomUid, server };
}

const take = (world: World, { roomUid, epochs }: RoomReturn): void => {
  for (const { record, signature, wraps } of epochs) {
    const epoch = parseRecord(record)?.epoch ?? 0;
    world.storeEpoch(roomUid, {
      epoch,
      hash: hashRecord(record),
      record,
      signature,
      wraps,
    } satisfies MadeEpoch);
  }
};

test('an old epoch is not accepted under any generation; the missing chain is given back instead', async () => {
  const { world, alice, bob, carol, roomUid, server } = await groupGoneBack('back');
  await bob.engine.noteGeneration('second');
  assert.equal((await world.accept(bob, roomUid)).reason, 'BEHIND_WATERMARK');
  const given = await bob.engine.prepareRoomReturn(roomUid, server);
  assert.ok(given);
  assert.deepEqual(
    given.epochs.map(({ record, wraps }) => [parseRecord(record)?.epoch, wraps.length]),
    [
      [2, 3],
      [3, 3],
    ],
  );
  assert.deepEqual(given.statements, []);
  take(world, given);
  for (const person of [alice, bob, carol]) {
    assert.equal((await world.accept(person, roomUid)).status, 'sendable');
  }
  const row = await world.send(carol, roomUid, 'here again');
  const [opened] = await alice.engine.openMessages(roomUid, [row]);
  assert.equal(opened?.ok && textOf(opened.value), 'here again');
});

test('a room that the server lost comes whole, with the statement of somebody whom it lost, too', async () => {
  const { world, alice, bob, carol, roomUid } = await groupGoneBack('whole');
  world.statementByName.delete(`${carol.userUid}.1`);
  const given = await alice.engine.prepareRoomReturn(roomUid, null);
  assert.deepEqual(
    given?.epochs.map(({ record }) => parseRecord(record)?.epoch),
    [1, 2, 3],
  );
  assert.deepEqual(
    given.statements.map(({ userUid }) => userUid),
    [carol.userUid],
  );
  // who came later never had the first key
  const late = await carol.engine.prepareRoomReturn(roomUid, null);
  assert.deepEqual(
    late?.epochs.map(({ wraps }) => wraps.length),
    [0, 3, 3],
  );
  assert.equal(await bob.engine.prepareRoomReturn(world.uid(), null), null);
});

test('nothing is given where the server has another record, or this browser’s copy was changed', async () => {
  const { alice, roomUid, server } = await groupGoneBack('fork');
  assert.equal(await alice.engine.prepareRoomReturn(roomUid, { epoch: 1, hash: 'A'.repeat(43) }), null);
  assert.equal(await alice.engine.prepareRoomReturn(roomUid, { epoch: 3, hash: 'A'.repeat(43) }), null);
  const key = `${alice.userUid}/records/${roomUid}/2`;
  const kept = (await alice.deps.storage.get(key)) ?? '';
  await alice.deps.storage.put(key, kept.replace('|g|2|', '|g|3|'));
  assert.equal(await alice.engine.prepareRoomReturn(roomUid, server), null);
});

/** Alice after a reset; the server forgot it, and she is at the form of the browser in which it was done. */
async function resetForgotten(seed: string) {
  const world = createWorld(seed);
  const alice = await world.addPerson('Alice');
  const bob = await world.addPerson('Bob');
  const roomUid = await world.createRoom(alice, [bob]);
  for (const person of [alice, bob]) await world.accept(person, roomUid);
  const row = await world.send(bob, roomUid, 'before the reset');
  const renewed = await resetPerson(world, alice);
  await renewed.engine.noteGeneration('first');
  const published = world.statementByName.get(`${alice.userUid}.2`);
  world.statementByName.delete(`${alice.userUid}.2`);
  const engine = await atTheForm({ ...alice, deps: renewed.deps });
  return { world, alice, renewed, roomUid, row, published, engine };
}

test('keys of a reset that the server lost come back with the passwords of both times', async () => {
  const { world, alice, renewed, roomUid, row, published, engine } = await resetForgotten('both');
  const asked = (generation: string | null, newer: string | null) =>
    engine.recovery('prepareVaultReturn', { ...alice.row, generation }, newer);
  await assert.rejects(engine.unlockWithPassword(alice.row), { code: 'VAULT_OLDER' });
  // a server that says nothing of a restore is not told that there is anything to type
  for (const generation of [null, 'first']) {
    await assert.rejects(asked(generation, passwordAfterReset), { code: 'VAULT_OLDER' });
  }
  await assert.rejects(asked('second', null), { code: 'NEWER_KEYS' });
  await assert.rejects(asked('second', 'a third wooden floor'), { code: 'WRONG_KEY' });

  const { keys, pins, identityVersion } = await asked('second', passwordAfterReset);
  assert.equal(identityVersion, 2);
  assert.deepEqual(keys?.statements, [
    { version: 2, statement: published?.statement, signature: published?.signature },
  ]);
  assert.equal(keys.wraps?.password?.salt, renewed.salt);
  world.publish(published ?? assert.fail());
  const { passwordWrap, recoveryWrap } = keys.wraps;
  const vault = { keys: keys.part, pins, passwordWrap, recoveryWrap };
  const unlocked = await engine.unlockWithPassword({ ...alice.row, identityVersion, vault });
  assert.equal(unlocked.version, 2);
  assert.equal(await engine.trust('ownDigits'), await renewed.engine.trust('ownDigits'));
  // the older keys are beside them
  await world.accept({ engine }, roomUid);
  const [opened] = await engine.openMessages(roomUid, [row]);
  assert.equal(opened?.ok && textOf(opened.value), 'before the reset');
});

test('a browser that had a newer identity open takes no older one, however high its counters are', async () => {
  const { alice, engine } = await resetForgotten('counters');
  const current = { password, salt: alice.salt, kdf: defaultKdf };
  for (let times = 0; times < 2; times += 1) {
    await alice.engine.replaceSheet(current);
    await alice.engine.finishReplaceSheet();
  }
  const { request } = await alice.engine.replaceSheet(current);
  assert.ok(request.keys.counter > 2);
  const { keys, pins, passwordWrap, recoveryWrap } = request;
  const row: VaultRow = { ...alice.row, vault: { keys, pins, passwordWrap, recoveryWrap } };
  await assert.rejects(engine.unlockWithPassword(row), { code: 'VAULT_OLDER' });
  const restored = { ...row, generation: 'second' };
  await assert.rejects(engine.recovery('prepareVaultReturn', restored, null), { code: 'NEWER_KEYS' });
});

test('a room comes with the newer statement of somebody whose reset was lost, also beside another key of that version', async () => {
  const world = createWorld('statements');
  const [alice, bob, carol] = [
    await world.addPerson('Alice'),
    await world.addPerson('Bob'),
    await world.addPerson('Carol'),
  ];
  const roomUid = await world.createRoom(alice, [bob, carol]);
  for (const person of [alice, bob, carol]) await world.accept(person, roomUid);
  const renewed = await resetPerson(world, bob);
  await confirmBy(alice, renewed);
  await renewBy(world, alice, roomUid);
  for (const person of [alice, carol]) {
    assert.equal((await world.accept(person, roomUid)).status, 'sendable');
    await person.engine.roomChanges(roomUid, 2, 2);
  }
  const statement = world.statementByName.get(`${bob.userUid}.2`);
  world.roomOf(roomUid).epochs.length = 1;
  const server = world.newestOf(roomUid);
  const given = async (person: Person) =>
    (await person.engine.prepareRoomReturn(roomUid, server))?.statements;
  assert.deepEqual(await given(alice), [], 'the server has it');
  world.statementByName.delete(`${bob.userUid}.2`);
  for (const person of [alice, carol]) assert.deepEqual(await given(person), [statement]);
  // what a liar or another colleague calls bob's second version is no reason to keep the true one back
  world.publish(makeStatement(bob.userUid, createIdentityKeys(2, world.random)));
  for (const person of [alice, carol]) assert.deepEqual(await given(person), [statement]);
});

test('of several statements of one version the one that a record names is taken, in whatever order they come', async () => {
  const world = createWorld('several');
  const [alice, bob] = [await world.addPerson('Alice'), await world.addPerson('Bob')];
  const [own, real] = [alice, bob].map(({ userUid }) => world.statementByName.get(`${userUid}.1`));
  assert.ok(own && real);
  const forged = makeStatement(bob.userUid, createIdentityKeys(1, world.random));
  const roomUid = await world.createRoom(alice, [bob]);
  const verdictAmong = async (...rows: StatementRow[]) => {
    const fetchStatements = async () => [own, ...rows];
    const engine = createCryptoEngine({ ...alice.deps, storage: createMemoryStorage(), fetchStatements });
    await engine.deriveAuthKey(password, alice.salt, defaultKdf);
    await engine.unlockWithPassword(alice.row);
    const { status, reason } = await world.accept({ engine }, roomUid);
    return reason ?? status;
  };
  assert.equal(await verdictAmong(real, forged), 'sendable');
  assert.equal(await verdictAmong(forged, real), 'sendable');
  assert.equal(await verdictAmong(forged), 'BAD_STATEMENT');
});

test('an entry for me is foreign above my newest version, and from before a reset below it', () => {
  const me = { userUid: 'me', entries: new Map([1, 3].map((version) => [version, `me.${version}.mine`])) };
  const faultOf = (version: number, fingerprint: string) => {
    const person = { userUid: 'me', version, fingerprint };
    const place = { roomUid: 'room', type: 'group' as const, epoch: 1, kid: '', prev: null, history: false };
    const record = { ...place, creator: person, people: [person] };
    return findPinFault(createPins(), me, record, [])?.reason ?? null;
  };
  assert.equal(faultOf(2, 'lost'), null);
  assert.equal(faultOf(3, 'mine'), null);
  assert.equal(faultOf(3, 'theirs'), 'OWN_KEY');
  assert.equal(faultOf(4, 'theirs'), 'OWN_KEY');
});
