import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeBase64, encodeUtf8 } from './encoding.ts';
import { createCryptoEngine } from './engine.ts';
import { defaultKdf } from './key-derivation.ts';
import { ed25519Sign } from './primitives.ts';
import { parseRecord, type RoomRecord, serialiseRecord } from './room-record.ts';
import { createWorld, password, type Person, type World } from './testing/crypto-world.ts';
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

const next = async (world: World, maker: Person, roomUid: string, change: { remove?: Person[] } = {}) => {
  await world.accept(maker, roomUid);
  const remove = (change.remove ?? []).map(({ userUid }) => userUid);
  const made = await maker.engine.makeNextEpoch({ roomUid, add: [], remove });
  return made;
};

const confirmRecord = (person: Person, roomUid: string, digits: string) =>
  person.engine.trust('confirmRecord', { roomUid, digits });

/** Alice accepted an epoch without carol; the server lost it, and bob made another one. */
async function forked(seed: string) {
  const before = await office(seed);
  const { world, alice, bob, carol, roomUid } = before;
  const old = await world.send(bob, roomUid, 'before the fork');
  const mine = await next(world, alice, roomUid, { remove: [carol] });
  world.storeEpoch(roomUid, mine);
  assert.equal((await world.accept(alice, roomUid)).status, 'sendable');
  world.roomOf(roomUid).epochs.pop();
  world.roomOf(roomUid).memberUids = [alice, bob, carol].map(({ userUid }) => userUid);
  const theirs = await next(world, bob, roomUid);
  world.storeEpoch(roomUid, theirs);
  for (const person of [bob, carol]) assert.equal((await world.accept(person, roomUid)).status, 'sendable');
  const verdict = await world.accept(alice, roomUid);
  assert.deepEqual([verdict.status, verdict.reason], ['quarantined', 'FORK']);
  return { ...before, old };
}

test('a fork is settled by the digits of a member, and shows whom my record had removed', async () => {
  const { world, alice, bob, carol, roomUid, old } = await forked('fork');
  const { quarantine } = await alice.engine.trust('roomTrust', roomUid);
  assert.ok(quarantine);
  const { reason, resolvedBy, creatorUid, cameBack, missing } = quarantine;
  assert.deepEqual(
    { reason, resolvedBy, creatorUid, cameBack, missing },
    { reason: 'FORK', resolvedBy: 'record', creatorUid: bob.userUid, cameBack: [carol.userUid], missing: [] },
  );
  const digits = await bob.engine.trust('roomDigits', roomUid);
  assert.equal(digits, await carol.engine.trust('roomDigits', roomUid));
  assert.notEqual(digits, await alice.engine.trust('roomDigits', roomUid));
  const refused = await confirmRecord(alice, roomUid, await alice.engine.trust('roomDigits', roomUid));
  assert.ok(!refused.ok && refused.reason === 'DIGITS_WRONG');
  assert.equal((await world.accept(alice, roomUid)).status, 'quarantined');
  assert.deepEqual(await confirmRecord(alice, roomUid, digits), { ok: true });
  assert.equal((await world.accept(alice, roomUid)).status, 'sendable');
  const said = await world.send(alice, roomUid, 'after the fork');
  assert.deepEqual(await readRows(bob, roomUid, [old, said]), ['before the fork', 'after the fork']);
  assert.deepEqual(await readRows(alice, roomUid, [old, said]), ['before the fork', 'after the fork']);
  const again = await confirmRecord(alice, roomUid, digits);
  assert.ok(!again.ok && again.reason === 'NOT_RESOLVABLE', 'nothing is on hold any more');
});

test('what digits settled in one browser holds in my others', async () => {
  const { world, alice, bob, roomUid } = await forked('fork browsers');
  const engine = createCryptoEngine(world.depsFor(alice.userUid));
  await engine.deriveAuthKey(password, alice.salt, defaultKdf);
  await engine.unlockWithPassword(alice.row);
  const fresh: Person = { ...alice, engine };
  const mine = await alice.engine.takePinsBlob();
  assert.ok(mine);
  await alice.engine.pinsSaved(mine.counter);
  await fresh.engine.mergePins(mine);
  assert.equal((await world.accept(fresh, roomUid)).reason, 'FORK', 'one browser’s mark is the other’s');
  const digits = await bob.engine.trust('roomDigits', roomUid);
  assert.deepEqual(await confirmRecord(fresh, roomUid, digits), { ok: true });
  const settled = await fresh.engine.takePinsBlob();
  assert.ok(settled);
  await alice.engine.mergePins(settled);
  assert.equal((await world.accept(alice, roomUid)).status, 'sendable');
});

test('an old record as the newest is not settled by anybody’s digits', async () => {
  const { world, alice, bob, roomUid } = await office('behind');
  const digits = await bob.engine.trust('roomDigits', roomUid);
  world.storeEpoch(roomUid, await next(world, alice, roomUid));
  await world.accept(alice, roomUid);
  world.roomOf(roomUid).epochs.pop();
  assert.equal((await world.accept(alice, roomUid)).reason, 'BEHIND_WATERMARK');
  const result = await confirmRecord(alice, roomUid, digits);
  assert.ok(!result.ok && result.reason === 'NOT_RESOLVABLE');
  assert.equal((await alice.engine.trust('roomTrust', roomUid)).quarantine?.resolvedBy, null);
});

/** A record as the server, or a member with a changed client, could store it. */
async function storeForged(
  world: World,
  roomUid: string,
  by: Person,
  change: (record: RoomRecord) => RoomRecord,
): Promise<string> {
  const { epochs } = world.roomOf(roomUid);
  const last = epochs.at(-1);
  const base = last === undefined ? null : parseRecord(last.record);
  assert.ok(last && base);
  const record = serialiseRecord(change({ ...base, epoch: base.epoch + 1 }));
  const signature = encodeBase64(ed25519Sign(await signingSeedOf(by), encodeUtf8(record)));
  epochs.push({ ...last, record, signature });
  return record;
}

test('a new chain is refused while I can act in the last record, whatever is read out to me', async () => {
  const { world, alice, bob, roomUid } = await office('chain');
  await storeForged(world, roomUid, bob, (record) => ({
    ...record,
    prev: null,
    creator: record.people.find(({ userUid }) => userUid === bob.userUid) ?? record.creator,
  }));
  const verdict = await world.accept(alice, roomUid);
  assert.deepEqual([verdict.status, verdict.reason], ['quarantined', 'NEW_CHAIN']);
  assert.equal((await alice.engine.trust('roomTrust', roomUid)).quarantine?.resolvedBy, null);
  // bob's changed client would read out whatever fits
  const fresh = await world.addPerson('Dave');
  await world.accept(fresh, roomUid);
  const result = await confirmRecord(alice, roomUid, '000000000000');
  assert.ok(!result.ok && result.reason === 'NOT_RESOLVABLE');
  await assert.rejects(alice.engine.trust('makeNewChain', { roomUid, people: [] }), {
    code: 'ROOM_NOT_READY',
  });
});

test('where everybody was reset, a chain begun anew is confirmed by digits and goes on', async () => {
  const world = createWorld('anew');
  const alice = await world.addPerson('Alice');
  const bob = await world.addPerson('Bob');
  const roomUid = await world.createRoom(alice, [bob], 'direct');
  await world.accept(bob, roomUid);
  const [newAlice, newBob] = [await resetPerson(world, alice), await resetPerson(world, bob)];
  for (const person of [newAlice, newBob]) {
    assert.equal((await world.accept(person, roomUid)).reason, 'OWN_VERSION_OLD');
  }
  const people = [{ ...versionOf(newBob), displayName: 'Bob' }];
  const making = () => newAlice.engine.trust('makeNewChain', { roomUid, people });
  await assert.rejects(making(), { code: 'UNCONFIRMED_VERSION' });
  await confirmBy(newAlice, newBob);
  world.storeEpoch(roomUid, await making());
  assert.equal((await world.accept(newAlice, roomUid)).reason, 'NEW_CHAIN');
  assert.deepEqual(await confirmRecord(newAlice, roomUid, ''), { ok: true }, 'my own signature');
  assert.equal((await world.accept(newAlice, roomUid)).status, 'sendable');

  assert.equal((await world.accept(newBob, roomUid)).reason, 'NEW_CHAIN');
  const refused = await confirmRecord(newBob, roomUid, '');
  assert.ok(!refused.ok && refused.reason === 'DIGITS_WRONG');
  const digits = await newAlice.engine.trust('roomDigits', roomUid);
  assert.deepEqual(await confirmRecord(newBob, roomUid, digits), { ok: true });
  assert.equal((await world.accept(newBob, roomUid)).status, 'sendable');
  const said = await world.send(newBob, roomUid, 'anew');
  assert.deepEqual(await readRows(newAlice, roomUid, [said]), ['anew']);
});

test('a chain begun anew takes in nobody whom the last record does not name', async () => {
  const world = createWorld('anew-ghost');
  const alice = await world.addPerson('Alice');
  const bob = await world.addPerson('Bob');
  const ghost = await world.addPerson('Bob');
  const roomUid = await world.createRoom(alice, [bob], 'direct');
  await world.accept(bob, roomUid);
  const newAlice = await resetPerson(world, alice);
  await world.accept(newAlice, roomUid);
  // the server says that bob is disabled, and that the ghost is in his place
  const making = (person: Person) =>
    newAlice.engine.trust('makeNewChain', {
      roomUid,
      people: [{ ...versionOf(person), displayName: 'Bob' }],
    });
  await assert.rejects(making(ghost), { code: 'BAD_INPUT' });
  // nor does a colleague's word in this room do for another key of theirs
  const newBob = await resetPerson(world, bob);
  await assert.rejects(making(newBob), { code: 'UNCONFIRMED_VERSION' });
});

test('a record that names a withdrawn key again is held', async () => {
  const { world, alice, bob, carol, roomUid } = await office('withdrawn');
  const again = await resetPerson(world, bob);
  await confirmBy(alice, again);
  await renewBy(world, alice, roomUid);
  await world.accept(carol, roomUid);
  const last = world.newestOf(roomUid);
  assert.ok(last);
  await storeForged(world, roomUid, alice, (record) => ({
    ...record,
    prev: last.hash,
    people: record.people.map((person) =>
      person.userUid === bob.userUid ? { ...person, ...firstOf(world, roomUid, bob) } : person,
    ),
  }));
  const verdict = await world.accept(carol, roomUid);
  assert.deepEqual([verdict.status, verdict.reason], ['quarantined', 'UNCONFIRMED_VERSION']);
});

const firstOf = (world: World, roomUid: string, { userUid }: Person) =>
  parseRecord(world.roomOf(roomUid).epochs[0]?.record ?? '')?.people.find((one) => one.userUid === userUid);

test('whoever lets somebody back in vouches for nobody: the others type digits', async () => {
  const { world, alice, bob, carol, roomUid } = await office('add again');
  world.storeEpoch(roomUid, await next(world, alice, roomUid, { remove: [bob] }));
  for (const person of [alice, carol]) await world.accept(person, roomUid);
  // Dave never saw bob and would take any key for his: what he adds is no word for carol.
  const dave = await world.addPerson('Dave');
  const joining = { roomUid, add: [world.toAdd(dave)], remove: [] };
  world.storeEpoch(roomUid, await alice.engine.makeNextEpoch(joining));
  for (const person of [alice, carol, dave]) await world.accept(person, roomUid);
  const again = await resetPerson(world, bob);
  const add = [{ ...versionOf(again), displayName: 'Bob' }];
  await assert.rejects(alice.engine.makeNextEpoch({ roomUid, add, remove: [] }), {
    code: 'UNCONFIRMED_VERSION',
  });
  world.storeEpoch(roomUid, await dave.engine.makeNextEpoch({ roomUid, add, remove: [] }));
  const verdict = await world.accept(carol, roomUid);
  assert.deepEqual([verdict.status, verdict.reason], ['quarantined', 'UNCONFIRMED_VERSION']);
  assert.equal((await carol.engine.trust('roomTrust', roomUid)).quarantine?.resolvedBy, 'person');
  await confirmBy(carol, again);
  assert.equal((await world.accept(carol, roomUid)).status, 'sendable');
  assert.equal((await world.accept(again, roomUid)).status, 'sendable');
});

test('a wrap that does not open is named, so that somebody else may fill it in', async () => {
  const { world, alice, bob, carol, roomUid } = await office('bad');
  const row = await world.send(carol, roomUid, 'kept');
  const again = await resetPerson(world, bob);
  await world.accept(again, roomUid);
  assert.deepEqual(await again.engine.trust('badWraps', roomUid), [], 'that of the old identity is not bad');
  await confirmBy(alice, again);
  await renewBy(world, alice, roomUid);
  for (const person of [again, alice]) await world.accept(person, roomUid);
  const wanted = [{ ...versionOf(again), epoch: 1 }];
  const [right] = await alice.engine.trust('shareKeys', { roomUid, wanted });
  assert.ok(right);
  storeShared(world, roomUid, [{ ...right, wrap: encodeBase64(world.random(160)) }]);
  await again.engine.refreshRoomKeys(roomUid);
  assert.deepEqual(await readRows(again, roomUid, [row]), ['NO_KEY']);
  assert.deepEqual(await again.engine.trust('badWraps', roomUid), [{ epoch: 1, version: 2 }]);
  storeShared(world, roomUid, [right]);
  assert.equal(await again.engine.refreshRoomKeys(roomUid), true);
  assert.deepEqual(await readRows(again, roomUid, [row]), ['kept']);
  assert.deepEqual(await again.engine.trust('badWraps', roomUid), []);
});

for (const place of ['taken by a bad one', 'empty'] as const) {
  test(`a key that opens goes on opening, whatever else the server has for me: its place is ${place}`, async () => {
    const { world, alice, bob, carol, roomUid } = await office(place);
    const row = await world.send(carol, roomUid, 'kept');
    const again = await resetPerson(world, bob);
    await confirmBy(alice, again);
    await renewBy(world, alice, roomUid);
    for (const person of [again, alice]) await world.accept(person, roomUid);
    const wanted = [{ ...versionOf(again), epoch: 1 }];
    const [right] = await alice.engine.trust('shareKeys', { roomUid, wanted });
    const stored = world.roomOf(roomUid).epochs[0];
    assert.ok(right && stored);
    const bad = (version: number) => ({ version, wrap: encodeBase64(world.random(160)) });
    stored.wrapByUid.delete(bob.userUid);
    if (place !== 'empty') storeShared(world, roomUid, [{ ...right, wrap: bad(2).wrap }]);
    stored.othersByUid = new Map([[bob.userUid, [bad(1), bad(2)]]]);
    await again.engine.refreshRoomKeys(roomUid);
    assert.deepEqual(await readRows(again, roomUid, [row]), ['NO_KEY']);
    const others = [bad(1), bad(2), { version: 2, wrap: right.wrap }, bad(2)];
    stored.othersByUid.set(bob.userUid, others);
    assert.equal(await again.engine.refreshRoomKeys(roomUid), true);
    assert.deepEqual(await readRows(again, roomUid, [row]), ['kept']);
    // a good one belongs in the bad one's place all the same
    const reported = place === 'empty' ? [] : [{ epoch: 1, version: 2 }];
    assert.deepEqual(await again.engine.trust('badWraps', roomUid), reported);
  });
}

test('the rehearsal finds a vault that is not mine, and rooms whose keys it does not open', async () => {
  const { world, alice, bob, roomUid } = await office('rehearsal');
  world.storeEpoch(roomUid, await next(world, bob, roomUid));
  await world.accept(alice, roomUid);
  const rooms = [{ roomUid, oldest: 1, newest: 2 }];
  const rehearse = (row = alice.row) => alice.engine.trust('rehearse', { row, rooms });
  assert.deepEqual(await rehearse(), { isVaultSound: true, unreadable: [], unchecked: [] });
  assert.equal((await world.accept(alice, roomUid)).status, 'sendable', 'it has touched nothing');
  await world.send(alice, roomUid, 'still here');
  const stored = world.roomOf(roomUid).epochs[0];
  const kept = stored?.wrapByUid.get(alice.userUid);
  assert.ok(stored && kept !== undefined);
  stored.wrapByUid.set(alice.userUid, stored.wrapByUid.get(bob.userUid) ?? '');
  assert.deepEqual((await rehearse()).unreadable, [{ roomUid, epoch: 1 }]);
  stored.wrapByUid.set(alice.userUid, kept);
  const { vault } = alice.row;
  const other = { ...alice.row, vault: { ...vault, recoveryWrap: bob.row.vault.recoveryWrap } };
  assert.equal((await rehearse(other)).isVaultSound, false);
  const swapped = { ...alice.row, vault: { ...vault, keys: bob.row.vault.keys } };
  const broken = await rehearse(swapped);
  assert.deepEqual([broken.isVaultSound, broken.unchecked], [false, [roomUid]]);
  const newer = { ...alice.row, vault: { ...vault, keys: { ...vault.keys, counter: 9 } } };
  assert.equal((await rehearse(newer)).isVaultSound, null, 'another browser of mine has replaced it');
});
