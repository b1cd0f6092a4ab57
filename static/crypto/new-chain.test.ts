import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCryptoEngine } from './engine.ts';
import { defaultKdf } from './key-derivation.ts';
import { createWorld, type Person, type World } from './testing/crypto-world.ts';
import {
  confirmBy,
  passwordAfterReset,
  readRows,
  renewBy,
  resetPerson,
  versionOf,
} from './testing/trust-world.ts';

/** Chains begun anew, and the records that people meet who were away meanwhile. */

const confirmRecord = (person: Person, roomUid: string, digits: string) =>
  person.engine.trust('confirmRecord', { roomUid, digits });
const digitsOf = (person: Person, roomUid: string) => person.engine.trust('roomDigits', roomUid);
const named = (...people: Person[]) =>
  people.map((person) => ({ ...versionOf(person), displayName: person.displayName }));

const becomes = async (
  world: World,
  person: Person,
  roomUid: string,
  status: string,
  reason: string | null = null,
): Promise<void> => {
  const verdict = await world.accept(person, roomUid);
  assert.deepEqual([verdict.status, verdict.reason], [status, reason]);
};

const beginAnew = async (world: World, maker: Person, roomUid: string, people: Person[]): Promise<void> => {
  const input = { roomUid, people: named(...people) };
  world.storeEpoch(roomUid, await maker.engine.trust('makeNewChain', input));
  await becomes(world, maker, roomUid, 'quarantined', 'NEW_CHAIN');
  assert.deepEqual(await confirmRecord(maker, roomUid, ''), { ok: true });
  await becomes(world, maker, roomUid, 'sendable');
};

const add = async (world: World, maker: Person, roomUid: string, person: Person): Promise<void> => {
  await world.accept(maker, roomUid);
  const input = { roomUid, add: named(person), remove: [] };
  world.storeEpoch(roomUid, await maker.engine.makeNextEpoch(input));
  await becomes(world, maker, roomUid, 'sendable');
};

test('a chain that I began is mine in my other browsers too, although a colleague has gone on with it', async () => {
  const world = createWorld('other browser');
  const alice = await world.addPerson('Alice');
  const bob = await world.addPerson('Bob');
  const roomUid = await world.createRoom(alice, [bob]);
  const [again, newBob] = [await resetPerson(world, alice), await resetPerson(world, bob)];
  const engine = createCryptoEngine(world.depsFor(alice.userUid));
  await engine.deriveAuthKey(passwordAfterReset, again.salt, defaultKdf);
  await engine.unlockWithPassword(again.row);
  const other: Person = { ...again, engine };
  for (const person of [again, other, newBob])
    await becomes(world, person, roomUid, 'waiting', 'OWN_VERSION_OLD');
  await confirmBy(again, newBob);
  await beginAnew(world, again, roomUid, [newBob]);
  await becomes(world, newBob, roomUid, 'quarantined', 'NEW_CHAIN');
  assert.deepEqual(await confirmRecord(newBob, roomUid, await digitsOf(again, roomUid)), { ok: true });
  await becomes(world, newBob, roomUid, 'sendable');
  world.storeEpoch(roomUid, await newBob.engine.makeNextEpoch({ roomUid, add: [], remove: [] }));
  await becomes(world, newBob, roomUid, 'sendable');

  const verdict = await world.accept(other, roomUid);
  assert.deepEqual([verdict.reason, verdict.subject], ['NEW_CHAIN', alice.userUid]);
  assert.deepEqual(await confirmRecord(other, roomUid, ''), { ok: true });
  await becomes(world, other, roomUid, 'sendable');
});

test('whoever had left when a chain was begun anew, and was added again, takes it by digits', async () => {
  const world = createWorld('added again');
  const alice = await world.addPerson('Alice');
  const bob = await world.addPerson('Bob');
  const roomUid = await world.createRoom(alice, [bob]);
  await becomes(world, bob, roomUid, 'sendable');
  const again = await resetPerson(world, alice);
  // bob's account was disabled for a while: nobody was left to go on
  world.roomOf(roomUid).memberUids = [alice.userUid];
  await becomes(world, again, roomUid, 'waiting', 'OWN_VERSION_OLD');
  await beginAnew(world, again, roomUid, []);
  await add(world, again, roomUid, bob);

  await becomes(world, bob, roomUid, 'quarantined', 'NEW_CHAIN');
  assert.equal((await bob.engine.trust('roomTrust', roomUid)).quarantine?.resolvedBy, 'record');
  const refused = await confirmRecord(bob, roomUid, '000000000000');
  assert.ok(!refused.ok && refused.reason === 'DIGITS_WRONG');
  assert.deepEqual(await confirmRecord(bob, roomUid, await digitsOf(again, roomUid)), { ok: true });
  await becomes(world, bob, roomUid, 'sendable');
  const said = await world.send(bob, roomUid, '다시 왔습니다');
  assert.deepEqual(await readRows(again, roomUid, [said]), ['다시 왔습니다']);
});

/** Two rooms; alice and bob lost their keys, and know each other's new ones from the room that carol put in order. */
async function resetTogether(seed: string) {
  const world = createWorld(seed);
  const [alice, bob] = [await world.addPerson('Alice'), await world.addPerson('Bob')];
  const carol = await world.addPerson('Carol');
  const pair = await world.createRoom(alice, [bob]);
  const three = await world.createRoom(carol, [alice, bob]);
  await becomes(world, carol, three, 'sendable');
  const [newAlice, newBob] = [await resetPerson(world, alice), await resetPerson(world, bob)];
  await confirmBy(carol, newAlice);
  await confirmBy(carol, newBob);
  await renewBy(world, carol, three);
  for (const person of [newAlice, newBob]) await becomes(world, person, three, 'sendable');
  return { world, alice: newAlice, bob: newBob, carol, pair };
}

test('a room of whose people I know newer identities only is begun anew by somebody who typed digits', async () => {
  const { world, alice, bob, carol, pair } = await resetTogether('newer only');
  for (const person of [alice, bob]) await becomes(world, person, pair, 'quarantined', 'UNCONFIRMED_VERSION');
  const making = (...people: Person[]) =>
    alice.engine.trust('makeNewChain', { roomUid: pair, people: named(...people) });
  await assert.rejects(making(bob), { code: 'UNCONFIRMED_VERSION' }, 'seen elsewhere, confirmed by nobody');
  await assert.rejects(making(carol), { code: 'BAD_INPUT' }, 'the record does not name her');
  await confirmBy(alice, bob);
  await beginAnew(world, alice, pair, [bob]);
  await becomes(world, bob, pair, 'quarantined', 'NEW_CHAIN');
  assert.deepEqual(await confirmRecord(bob, pair, await digitsOf(alice, pair)), { ok: true });
  await becomes(world, bob, pair, 'sendable');
  const said = await world.send(bob, pair, '새로');
  assert.deepEqual(await readRows(alice, pair, [said]), ['새로']);
});

test('nobody begins anew over a record that they hold for other reasons, nor one that names them as they are', async () => {
  const { world, alice, bob, carol, pair } = await resetTogether('no reason');
  const dave = await world.addPerson('Dave');
  const roomUid = await world.createRoom(carol, [dave]);
  await becomes(world, dave, roomUid, 'sendable');
  const making = (person: Person, uid: string, ...people: Person[]) =>
    person.engine.trust('makeNewChain', { roomUid: uid, people: named(...people) });
  await assert.rejects(making(dave, roomUid, carol), { code: 'ROOM_NOT_READY' });
  // what was accepted once is gone on with, whatever comes after it
  await becomes(world, alice, pair, 'quarantined', 'UNCONFIRMED_VERSION');
  await confirmBy(alice, bob);
  await beginAnew(world, alice, pair, [bob]);
  await assert.rejects(making(alice, pair, bob), { code: 'ROOM_NOT_READY' });
});

test('nor where somebody whom the record names can go on', async () => {
  const { world, alice, bob } = await resetTogether('can go on');
  const dave = await world.addPerson('Dave');
  const roomUid = await world.createRoom(dave, [alice, bob]);
  await becomes(world, alice, roomUid, 'quarantined', 'UNCONFIRMED_VERSION');
  for (const person of [bob, dave]) await confirmBy(alice, person);
  const making = (...people: Person[]) =>
    alice.engine.trust('makeNewChain', { roomUid, people: named(...people) });
  await assert.rejects(making(bob, dave), { code: 'ROOM_NOT_READY' });
});

test('an older identity of somebody whom I know by a newer one only: a member reads out the record', async () => {
  const world = createWorld('older on the way');
  const [alice, bob] = [await world.addPerson('Alice'), await world.addPerson('Bob')];
  const carol = await world.addPerson('Carol');
  const dave = await world.addPerson('Dave');
  const roomUid = await world.createRoom(alice, [carol]);
  await becomes(world, carol, roomUid, 'sendable');
  await becomes(world, alice, roomUid, 'sendable');
  const again = await resetPerson(world, bob);
  const elsewhere = await world.createRoom(dave, [carol]);
  await becomes(world, dave, elsewhere, 'sendable');
  await add(world, dave, elsewhere, again);
  await becomes(world, carol, elsewhere, 'sendable');
  // alice had not heard of it when she added him
  await add(world, alice, roomUid, bob);
  await confirmBy(alice, again);
  await renewBy(world, alice, roomUid);
  await becomes(world, alice, roomUid, 'sendable');

  await becomes(world, carol, roomUid, 'quarantined', 'UNCONFIRMED_VERSION');
  await confirmBy(carol, again);
  await becomes(world, carol, roomUid, 'quarantined', 'UNCONFIRMED_VERSION');
  assert.equal((await carol.engine.trust('roomTrust', roomUid)).quarantine?.resolvedBy, 'record');
  assert.deepEqual(await confirmRecord(carol, roomUid, await digitsOf(alice, roomUid)), { ok: true });
  await becomes(world, carol, roomUid, 'sendable');
});
