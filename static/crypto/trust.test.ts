import assert from 'node:assert/strict';
import { test } from 'node:test';
import { context, encodeBase64, encodeUtf8 } from './encoding.ts';
import { createCryptoEngine } from './engine.ts';
import { createIdentityKeys, fingerprintOf, makeStatement } from './identity.ts';
import { defaultKdf } from './key-derivation.ts';
import { ed25519Sign } from './primitives.ts';
import { createWorld, password, type Person } from './testing/crypto-world.ts';
import { signingSeedOf } from './testing/own-keys.ts';
import { confirmBy, readRows, renewBy, resetPerson, storeShared, versionOf } from './testing/trust-world.ts';

async function office(seed: string) {
  const world = createWorld(seed);
  const alice = await world.addPerson('Alice');
  const bob = await world.addPerson('Bob');
  const carol = await world.addPerson('Carol');
  const roomUid = await world.createRoom(alice, [bob, carol]);
  for (const person of [alice, bob, carol]) await world.accept(person, roomUid);
  return { world, alice, bob, carol, roomUid };
}

const trustIn = async (person: Person, other: Person, roomUid?: string) => {
  const input = { people: [versionOf(other)], ...(roomUid === undefined ? {} : { roomUid }) };
  const [known] = await person.engine.trust('trustOf', input);
  assert.ok(known);
  return known;
};

test('digits confirm the identity that they were read out from, and nothing else', async () => {
  const { world, alice, bob, carol } = await office('digits');
  const again = await resetPerson(world, bob);
  assert.equal((await trustIn(alice, again)).state, 'unconfirmed');
  const digits = await again.engine.trust('ownDigits');
  assert.match(digits, /^[0-9]{12}$/);
  assert.notEqual(digits, await bob.engine.trust('ownDigits'));
  const typed = (text: string, person = again) =>
    alice.engine.trust('confirmIdentity', { ...versionOf(person), digits: text });
  const wrong = { ok: false, reason: 'DIGITS_WRONG', subject: bob.userUid };
  for (const text of [
    await bob.engine.trust('ownDigits'),
    digits.slice(1),
    '',
    `${digits}0`,
    'x'.repeat(12),
  ]) {
    assert.deepEqual(await typed(text), wrong, text);
  }
  // whatever else the server shows for this version
  const statement = world.statementByName.get(`${bob.userUid}.2`);
  assert.ok(statement);
  world.publish(makeStatement(bob.userUid, createIdentityKeys(2, world.random)));
  assert.deepEqual(await typed(digits), wrong);
  world.publish({ ...statement, signature: encodeBase64(new Uint8Array(64)) });
  assert.equal((await typed(digits)).ok, false);
  world.publish(statement);
  assert.deepEqual(await typed(`${digits.slice(0, 4)} ${digits.slice(4, 8)}-${digits.slice(8)}`), {
    ok: true,
  });
  assert.equal((await trustIn(alice, again)).state, 'digits');
  assert.equal((await trustIn(carol, again)).state, 'unconfirmed');
  const own = { ...versionOf(alice), digits: await alice.engine.trust('ownDigits') };
  assert.equal((await alice.engine.trust('confirmIdentity', own)).ok, false);
});

test('whoever was reset waits, nobody is kept from writing, and one colleague’s digits give everything back', async () => {
  const { world, alice, bob, carol, roomUid } = await office('heal');
  const before = await world.send(carol, roomUid, 'before');
  const again = await resetPerson(world, bob);
  const waiting = await world.accept(again, roomUid);
  assert.deepEqual([waiting.status, waiting.reason], ['waiting', 'OWN_VERSION_OLD']);
  assert.equal((await again.engine.trust('roomTrust', roomUid)).isWaitingForColleague, true);
  assert.equal((await world.accept(alice, roomUid)).status, 'sendable');
  const meanwhile = await world.send(alice, roomUid, 'meanwhile');
  assert.deepEqual(await readRows(again, roomUid, [before, meanwhile]), ['NO_KEY', 'NO_KEY']);

  await confirmBy(alice, again);
  assert.deepEqual((await world.accept(alice, roomUid)).renewable, [bob.userUid]);
  await renewBy(world, alice, roomUid);
  const seen = await world.accept(carol, roomUid);
  assert.deepEqual([seen.status, seen.changes.at(-1)?.confirmed], ['sendable', [bob.userUid]]);
  const known = await trustIn(carol, again, roomUid);
  assert.deepEqual([known.state, known.vouchedBy], ['vouched', alice.userUid]);
  assert.equal((await world.accept(again, roomUid)).status, 'sendable');
  const wanted = [{ ...versionOf(again), epoch: 1 }];
  const wraps = await carol.engine.trust('shareKeys', { roomUid, wanted });
  assert.equal(wraps.length, 1);
  storeShared(world, roomUid, wraps);
  assert.equal(await again.engine.refreshRoomKeys(roomUid), true);
  assert.deepEqual(await readRows(again, roomUid, [before, meanwhile]), ['before', 'meanwhile']);
  await world.send(again, roomUid, 'back');
});

test('an identity that only the server made gets no key, however it asks', async () => {
  const { world, alice, bob, roomUid } = await office('ghost');
  const row = makeStatement(bob.userUid, createIdentityKeys(2, world.random));
  world.publish(row);
  const ghost = { userUid: bob.userUid, version: 2, epoch: 1 };
  assert.deepEqual(await alice.engine.trust('shareKeys', { roomUid, wanted: [ghost] }), []);
  assert.equal(
    await alice.engine.trust('renewRoom', { roomUid, remove: [], only: world.newestVersions() }),
    null,
  );
});

test('who came later cannot vouch anybody into earlier epochs, nor through a second one', async () => {
  const { world, alice, bob, carol, roomUid } = await office('chain');
  const mallory = await world.addPerson('Mallory');
  const early = await world.send(alice, roomUid, 'early');
  world.storeEpoch(
    roomUid,
    await alice.engine.makeNextEpoch({ roomUid, add: [world.toAdd(mallory)], remove: [] }),
  );
  // with the server's help: other keys for carol, and with these other keys for bob
  const falseCarol = await resetPerson(world, carol);
  await world.accept(falseCarol, roomUid);
  await confirmBy(mallory, falseCarol);
  await renewBy(world, mallory, roomUid);
  const falseBob = await resetPerson(world, bob);
  await confirmBy(falseCarol, falseBob);
  await renewBy(world, falseCarol, roomUid);
  assert.equal((await world.accept(alice, roomUid)).status, 'sendable', 'shown: two were confirmed');
  const wishes = [falseCarol, falseBob, mallory].map((person) => ({ ...versionOf(person), epoch: 1 }));
  assert.deepEqual(await alice.engine.trust('shareKeys', { roomUid, wanted: wishes }), []);
  await world.accept(falseBob, roomUid);
  assert.deepEqual(await readRows(falseBob, roomUid, [early]), ['NO_KEY']);
});

test('a confirmation by somebody who was confirmed by one of the first counts', async () => {
  const { world, alice, bob, carol, roomUid } = await office('transitive');
  const early = await world.send(alice, roomUid, 'early');
  const newCarol = await resetPerson(world, carol);
  await world.accept(newCarol, roomUid);
  await confirmBy(alice, newCarol);
  await renewBy(world, alice, roomUid);
  const newBob = await resetPerson(world, bob);
  await confirmBy(newCarol, newBob);
  await renewBy(world, newCarol, roomUid);
  await world.accept(alice, roomUid);
  const wanted = [{ ...versionOf(newBob), epoch: 1 }];
  storeShared(world, roomUid, await alice.engine.trust('shareKeys', { roomUid, wanted }));
  await world.accept(newBob, roomUid);
  assert.deepEqual(await readRows(newBob, roomUid, [early]), ['early']);
});

test('the older key’s word confirms the newer one, and nobody else’s does', async () => {
  const { world, alice, bob } = await office('succession');
  const newKeys = createIdentityKeys(2, world.random);
  const newRow = makeStatement(bob.userUid, newKeys);
  world.publish(newRow);
  const oldRow = world.statementByName.get(`${bob.userUid}.1`);
  assert.ok(oldRow);
  const text = (from: number, to: number, oldFp: string, newFp: string): string =>
    context('succession', bob.userUid, from, oldFp, to, newFp);
  const [oldFp, newFp] = [fingerprintOf(oldRow.statement), fingerprintOf(newRow.statement)];
  const rowBy = (seed: Uint8Array, said = text(1, 2, oldFp, newFp)) => ({
    userUid: bob.userUid,
    fromVersion: 1,
    toVersion: 2,
    signature: encodeBase64(ed25519Sign(seed, encodeUtf8(said))),
  });
  const take = (row: ReturnType<typeof rowBy>) => alice.engine.trust('takeSuccessions', [row]);
  assert.deepEqual(await take(rowBy(newKeys.ed25519)), [], 'the newer key cannot vouch for itself');
  const oldSeed = await signingSeedOf(bob);
  assert.deepEqual(await take(rowBy(oldSeed, text(1, 2, oldFp, oldFp))), [], 'another key');
  assert.deepEqual(await take({ ...rowBy(oldSeed), fromVersion: 2, toVersion: 1 }), []);
  assert.equal(
    (await trustIn(alice, { ...bob, row: { ...bob.row, identityVersion: 2 } })).state,
    'unconfirmed',
  );
  assert.deepEqual(await take(rowBy(oldSeed)), [bob.userUid]);
  assert.equal(
    (await trustIn(alice, { ...bob, row: { ...bob.row, identityVersion: 2 } })).state,
    'succession',
  );
});

test('an older key’s word ends where digits confirmed a newer one: a stolen device undoes nothing', async () => {
  const { world, alice, bob, roomUid } = await office('stolen');
  const again = await resetPerson(world, bob);
  await confirmBy(alice, again);
  await renewBy(world, alice, roomUid);
  await world.accept(alice, roomUid);
  const forged = makeStatement(bob.userUid, createIdentityKeys(3, world.random));
  world.publish(forged);
  const first = world.statementByName.get(`${bob.userUid}.1`);
  assert.ok(first);
  const fingerprints = [fingerprintOf(first.statement), fingerprintOf(forged.statement)] as const;
  const said = context('succession', bob.userUid, 1, fingerprints[0], 3, fingerprints[1]);
  const signature = encodeBase64(ed25519Sign(await signingSeedOf(bob), encodeUtf8(said)));
  const row = { userUid: bob.userUid, fromVersion: 1, toVersion: 3, signature };
  assert.deepEqual(await alice.engine.trust('takeSuccessions', [row]), []);
  const only = world.newestVersions();
  assert.equal(await alice.engine.trust('renewRoom', { roomUid, remove: [], only }), null);
});

test('a confirmed identity that is not the newest any more is left out, and the others are put in', async () => {
  const { world, alice, bob, carol, roomUid } = await office('overtaken');
  const [newBob, newCarol] = [await resetPerson(world, bob), await resetPerson(world, carol)];
  await confirmBy(alice, newBob);
  await confirmBy(alice, newCarol);
  const newest = await resetPerson(world, newBob);
  assert.equal(newest.row.identityVersion, 3);
  await renewBy(world, alice, roomUid);
  const { people } = await world.accept(alice, roomUid);
  const versionIn = (userUid: string) => people.find((one) => one.userUid === userUid)?.version;
  assert.deepEqual([versionIn(bob.userUid), versionIn(carol.userUid)], [1, 2]);
});

test('whom I verified and who has another identity since is asked about once, at the first send', async () => {
  const { world, alice, bob, carol, roomUid } = await office('mark');
  const [mine, theirs] = [
    await alice.engine.trust('safetyNumber', bob.userUid),
    await bob.engine.trust('safetyNumber', alice.userUid),
  ];
  assert.equal(mine.groups.length, 12);
  assert.deepEqual([mine.groups, mine.code], [theirs.groups, theirs.code]);
  const other = await alice.engine.trust('safetyNumber', carol.userUid);
  assert.notEqual(other.code, mine.code);
  const compare = (code: string) => alice.engine.trust('compareCode', { userUid: bob.userUid, code });
  assert.equal(await compare('https://example.org'), 'unreadable');
  assert.equal(await compare(other.code), 'different');
  assert.equal((await trustIn(alice, bob)).mark, 'none');
  assert.equal(await compare(` ${theirs.code}\n`), 'same');
  assert.equal((await trustIn(alice, bob)).mark, 'verified');

  const again = await resetPerson(world, bob);
  await world.accept(alice, roomUid);
  await world.send(alice, roomUid, 'to whom I verified');
  await confirmBy(carol, again);
  await renewBy(world, carol, roomUid);
  const verdict = await world.accept(alice, roomUid);
  assert.deepEqual([verdict.status, verdict.markChanged], ['sendable', [bob.userUid]]);
  await assert.rejects(world.send(alice, roomUid, 'x'), /VERIFIED_CHANGED/);
  assert.equal((await trustIn(alice, again, roomUid)).mark, 'changed');
  assert.equal(
    await alice.engine.trust('markVerified', { ...mine, userUid: bob.userUid }),
    false,
    'the old one',
  );
  await alice.engine.trust('dropMark', bob.userUid);
  await world.send(alice, roomUid, 'without the mark');
  const renewed = await alice.engine.trust('safetyNumber', bob.userUid);
  assert.equal(renewed.version, 2);
  assert.equal(await alice.engine.trust('markVerified', renewed), true);
  assert.equal((await trustIn(alice, again)).mark, 'verified');
});

test('marks and digits reach my other browsers, and the newer word counts in all of them', async () => {
  const { world, alice, bob } = await office('browsers');
  const elsewhere = createCryptoEngine(world.depsFor(alice.userUid));
  await elsewhere.deriveAuthKey(password, alice.salt, defaultKdf);
  await elsewhere.unlockWithPassword(alice.row);
  const second: Person = { ...alice, engine: elsewhere };
  const number = await alice.engine.trust('safetyNumber', bob.userUid);
  await alice.engine.trust('markVerified', number);
  const exchange = async (from: Person, to: Person): Promise<void> => {
    const part = await from.engine.takePinsBlob();
    assert.ok(part);
    await from.engine.pinsSaved(part.counter);
    await to.engine.mergePins(part);
  };
  await exchange(alice, second);
  assert.equal((await trustIn(second, bob)).mark, 'verified');
  await second.engine.trust('dropMark', bob.userUid);
  const again = await resetPerson(world, bob);
  await confirmBy(second, again);
  await exchange(second, alice);
  const known = await trustIn(alice, again);
  assert.deepEqual([known.mark, known.state], ['none', 'digits']);
});

test('two keys under one version are a conflict until the person reads digits out', async () => {
  const { world, alice, bob, roomUid } = await office('conflict');
  const real = world.statementByName.get(`${bob.userUid}.1`);
  assert.ok(real);
  const falseRow = makeStatement(bob.userUid, createIdentityKeys(1, world.random));
  world.publish(falseRow);
  assert.equal(
    (await trustIn(alice, bob)).state,
    'conflict',
    'the server shows another key than the one I know',
  );
  world.publish(real);
  assert.equal((await trustIn(alice, bob)).state, 'seen');
  await confirmBy(alice, bob);
  world.publish(falseRow);
  assert.equal((await trustIn(alice, bob)).state, 'conflict');
  assert.equal((await world.accept(alice, roomUid)).status, 'sendable', 'the record names the real one');
});

test('a key that another browser of mine was shown stops the room until the person has read digits out', async () => {
  const { world, alice, bob, roomUid } = await office('two faces');
  const real = world.statementByName.get(`${bob.userUid}.1`);
  assert.ok(real);
  const elsewhere = createCryptoEngine(world.depsFor(alice.userUid));
  await elsewhere.deriveAuthKey(password, alice.salt, defaultKdf);
  await elsewhere.unlockWithPassword(alice.row);
  world.publish(makeStatement(bob.userUid, createIdentityKeys(1, world.random)));
  const room = { roomUid: world.uid(), type: 'direct' as const, history: true }; // a literal, not a string
  await elsewhere.makeFirstEpoch({ ...room, people: [world.toAdd(bob)] });
  const part = await elsewhere.takePinsBlob();
  assert.ok(part);
  await alice.engine.mergePins(part);
  world.publish(real);
  const verdict = await world.accept(alice, roomUid);
  assert.deepEqual(
    [verdict.status, verdict.reason, verdict.subject],
    ['quarantined', 'PIN_CONFLICT', bob.userUid],
  );
  await assert.rejects(world.send(alice, roomUid, 'x'), /PIN_CONFLICT/);
  assert.equal((await alice.engine.trust('roomTrust', roomUid)).quarantine?.resolvedBy, 'person');
  await confirmBy(alice, bob);
  assert.equal((await world.accept(alice, roomUid)).status, 'sendable');
  await world.send(alice, roomUid, 'to the real one');
});
