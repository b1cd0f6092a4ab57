import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeBase64, encodeBase64, encodeUtf8 } from './encoding.ts';
import { createCryptoEngine } from './engine.ts';
import type { CryptoStorage, MadeEpoch, MessageRow, OpenResult } from './engine-types.ts';
import { createIdentityKeys, fingerprintOf, makeStatement } from './identity.ts';
import { ed25519Sign, nobleAes } from './primitives.ts';
import { hashRecord, parseRecord, type RoomRecord, serialiseRecord } from './room-record.ts';
import { defaultKdf, derivePasswordKeys } from './key-derivation.ts';
import { createSealer } from './seal.ts';
import { openVaultBlob, parseVaultKeys, unwrapVaultKeyByPassword } from './vault.ts';
import { createWorld, password, quickHash, type Person, type World } from './testing/crypto-world.ts';
import { textOf, unsealedText } from './testing/plain-messages.ts';

const texts = (results: OpenResult[]): string[] =>
  results.map((result) => (result.ok ? textOf(result.value) : result.reason));

async function people(seed: string) {
  const world = createWorld(seed);
  const alice = await world.addPerson('Alice');
  const bob = await world.addPerson('Bob');
  const carol = await world.addPerson('Carol');
  return { world, alice, bob, carol };
}

async function groupOfThree(seed: string) {
  const { world, alice, bob, carol } = await people(seed);
  const roomUid = await world.createRoom(alice, [bob, carol]);
  for (const person of [alice, bob, carol]) {
    assert.equal((await world.accept(person, roomUid)).status, 'sendable');
  }
  return { world, alice, bob, carol, roomUid };
}

/** The same account on a browser that starts with nothing but the vault, and what its storage remembers. */
async function freshBrowser(world: World, person: Person, storage?: CryptoStorage): Promise<Person> {
  const deps = world.depsFor(person.userUid, storage);
  const engine = createCryptoEngine(deps);
  await engine.deriveAuthKey(password, person.salt, defaultKdf);
  await engine.unlockWithPassword(person.row);
  return { ...person, engine, deps };
}

/** The same browser after a reload: same device, same storage. */
async function reload(person: Person): Promise<Person> {
  const deviceKey = encodeBase64(new Uint8Array(64));
  const sealed = await person.engine.sealForDevice(deviceKey);
  const engine = createCryptoEngine(person.deps);
  await engine.unlockWithDevice(sealed, deviceKey, person.row);
  return { ...person, engine };
}

async function next(
  world: World,
  maker: Person,
  roomUid: string,
  add: Person[],
  remove: Person[],
): Promise<MadeEpoch> {
  await world.accept(maker, roomUid);
  const made = await maker.engine.makeNextEpoch({
    roomUid,
    add: add.map(world.toAdd),
    remove: remove.map(({ userUid }) => userUid),
  });
  world.storeEpoch(roomUid, made);
  return made;
}

/** What a server (or a member with a changed client) could store: any record signed by any key. */
function storeForged(
  world: World,
  roomUid: string,
  change: (record: RoomRecord) => RoomRecord,
  seed: Uint8Array,
): void {
  const room = world.roomOf(roomUid);
  const last = room.epochs[room.epochs.length - 1];
  assert.ok(last);
  const base = parseRecord(last.record);
  assert.ok(base);
  const record = serialiseRecord(change({ ...base, epoch: base.epoch + 1, prev: hashRecord(last.record) }));
  const signature = encodeBase64(ed25519Sign(seed, encodeUtf8(record)));
  room.epochs.push({ record, signature, wrapByUid: last.wrapByUid, afterSeq: room.messages.length });
}

test('three people read each other', async () => {
  const { world, alice, bob, carol, roomUid } = await groupOfThree('read');
  await world.send(alice, roomUid, '안녕하세요');
  await world.send(bob, roomUid, 'hello');
  const { messages } = world.roomOf(roomUid);
  for (const person of [alice, bob, carol]) {
    assert.deepEqual(texts(await person.engine.openMessages(roomUid, messages)), ['안녕하세요', 'hello']);
    const verified = await person.engine.verifyMessages(roomUid, messages);
    assert.deepEqual(
      verified,
      messages.map(() => ({ ok: true, clockOff: false, afterNotBelow: false })),
    );
  }
});

test('somebody invited reads what comes after, and who added them is told', async () => {
  const { world, alice, bob, carol } = await people('invite');
  const roomUid = await world.createRoom(alice, [bob]);
  await world.accept(alice, roomUid);
  await world.send(alice, roomUid, 'before');
  await next(world, alice, roomUid, [carol], []);
  const verdict = await world.accept(bob, roomUid);
  assert.equal(verdict.status, 'sendable');
  const changes = await bob.engine.roomChanges(roomUid, 1, 2);
  assert.deepEqual(
    changes.map(({ epoch, creatorUid, added, removed, afterSeq }) => ({
      epoch,
      creatorUid,
      added,
      removed,
      afterSeq,
    })),
    [
      { epoch: 1, creatorUid: alice.userUid, added: [], removed: [], afterSeq: 0 },
      { epoch: 2, creatorUid: alice.userUid, added: [carol.userUid], removed: [], afterSeq: 1 },
    ],
  );
  await world.send(bob, roomUid, 'welcome').catch(() => assert.fail('bob could not send'));
  await world.accept(carol, roomUid);
  const opened = await carol.engine.openMessages(roomUid, world.roomOf(roomUid).messages);
  assert.deepEqual(texts(opened), ['NO_KEY', 'welcome']);
});

test('a removed member reads nothing sealed after the removal', async () => {
  const { world, alice, carol, roomUid } = await groupOfThree('removed');
  await next(world, alice, roomUid, [], [carol]);
  await world.accept(alice, roomUid);
  await world.send(alice, roomUid, 'without carol');
  assert.deepEqual(texts(await carol.engine.openMessages(roomUid, world.roomOf(roomUid).messages)), [
    'NO_KEY',
  ]);
  const [change] = await carol.engine.roomChanges(roomUid, 2, 2);
  assert.deepEqual(change?.removed, [carol.userUid]);
});

test('a client that was away takes every step, also more than one page of them', async () => {
  const { world, alice, bob, roomUid } = await groupOfThree('away');
  for (let step = 0; step < 60; step += 1) await next(world, alice, roomUid, [], []);
  const verdict = await world.accept(bob, roomUid);
  assert.deepEqual([verdict.status, verdict.epoch], ['sendable', 61]);
});

test('members that differ from the record stop the sending, each in its way', async () => {
  const { world, alice, carol, roomUid } = await groupOfThree('members');
  const room = world.roomOf(roomUid);
  const all = room.memberUids;
  room.memberUids = all.filter((userUid) => userUid !== carol.userUid);
  const left = await world.accept(alice, roomUid);
  assert.deepEqual([left.status, left.reason, left.toRemove], ['waiting', 'REKEY_NEEDED', [carol.userUid]]);
  const ghost = world.uid();
  room.memberUids = [...all, ghost];
  const more = await world.accept(alice, roomUid);
  assert.deepEqual([more.status, more.reason, more.notInRecord], ['waiting', 'MEMBERS_DIFFER', [ghost]]);
  const input = unsealedText(roomUid, world.uid(), 'x', 1);
  assert.deepEqual(await alice.engine.sealMessage(input), { ok: false, reason: 'MEMBERS_DIFFER' });
});

test('a withheld or broken wrap means waiting, and making the next epoch still works', async () => {
  const { world, alice, bob } = await people('wrap');
  const roomUid = await world.createRoom(alice, [bob]);
  const [epoch] = world.roomOf(roomUid).epochs;
  const wrap = epoch?.wrapByUid.get(bob.userUid);
  assert.ok(epoch && wrap !== undefined);
  epoch.wrapByUid.delete(bob.userUid);
  assert.deepEqual((await world.accept(bob, roomUid)).reason, 'KEY_MISSING');
  epoch.wrapByUid.set(bob.userUid, wrap);
  assert.equal((await world.accept(bob, roomUid)).status, 'sendable', 'it was filled in later');
  const other = await world.createRoom(alice, [bob]);
  const [second] = world.roomOf(other).epochs;
  second?.wrapByUid.set(bob.userUid, wrap);
  assert.equal((await world.accept(bob, other)).reason, 'KEY_BAD', 'the wrap of another room');
  await next(world, bob, other, [], []);
  assert.equal((await world.accept(bob, other)).status, 'sendable');
  assert.equal((await world.accept(alice, other)).status, 'sendable');
});

test('every byte of a wrap counts', async () => {
  const { world, alice, bob } = await people('wrap-bytes');
  const roomUid = await world.createRoom(alice, [bob]);
  const [epoch] = world.roomOf(roomUid).epochs;
  const wrap = decodeBase64(epoch?.wrapByUid.get(bob.userUid) ?? '');
  assert.ok(epoch && wrap);
  for (let index = 0; index < wrap.length; index += 1) {
    const changed = wrap.map((byte, position) => (position === index ? byte ^ 1 : byte));
    epoch.wrapByUid.set(bob.userUid, encodeBase64(changed));
    assert.equal((await world.accept(bob, roomUid)).reason, 'KEY_BAD', String(index));
  }
});

test('records that the rules forbid are quarantined, with their reason', async () => {
  const stranger = createIdentityKeys(1, createWorld('stranger').random);
  const cases: {
    reason: string;
    change: (record: RoomRecord, world: World) => RoomRecord;
    seed?: Uint8Array;
  }[] = [
    { reason: 'BAD_SIGNATURE', change: (record) => record },
    { reason: 'WRONG_ROOM', change: (record, world) => ({ ...record, roomUid: world.uid() }) },
    {
      reason: 'TYPE_CHANGED',
      change: (record) => ({
        ...record,
        type: 'direct',
        people: record.people
          .filter((person, index) => index < 1 || person.userUid === record.creator.userUid)
          .slice(0, 2),
      }),
    },
    { reason: 'FORK', change: (record, world) => ({ ...record, prev: encodeBase64(world.random(32)) }) },
    { reason: 'NEW_CHAIN', change: (record) => ({ ...record, prev: null }) },
    {
      reason: 'PIN_CONFLICT',
      change: (record, world) => ({
        ...record,
        people: record.people.map((person) =>
          person.userUid === record.creator.userUid ? person : { ...person, fingerprint: world.uid() },
        ),
      }),
    },
  ];
  for (const { reason, change } of cases) {
    const { world, alice, roomUid } = await groupOfThree(`rule-${reason}`);
    storeForged(world, roomUid, (record) => change(record, world), stranger.ed25519);
    const verdict = await world.accept(alice, roomUid);
    const expected = reason === 'PIN_CONFLICT' ? ['PIN_CONFLICT', 'OWN_KEY'] : [reason];
    assert.equal(verdict.status, 'quarantined', reason);
    assert.ok(expected.includes(verdict.reason ?? ''), `${reason}: ${String(verdict.reason)}`);
    assert.equal(verdict.epoch, 1, 'the record on screen stays the accepted one');
    const input = unsealedText(roomUid, world.uid(), 'x', 1);
    assert.equal((await alice.engine.sealMessage(input)).ok, false, reason);
    await assert.rejects(alice.engine.makeNextEpoch({ roomUid, add: [], remove: [] }), {
      code: 'ROOM_NOT_READY',
    });
  }
});

test('whoever the record names already is not added again: whoever asks has to look at the room first', async () => {
  const { alice, bob, roomUid } = await groupOfThree('added twice');
  const add = [{ userUid: bob.userUid, version: 1, displayName: 'bob' }];
  await assert.rejects(alice.engine.makeNextEpoch({ roomUid, add, remove: [] }), { code: 'ROOM_NOT_READY' });
});

test('a server’s own epoch with a ghost member is quarantined', async () => {
  const { world, alice, roomUid } = await groupOfThree('ghost');
  const ghostKeys = createIdentityKeys(1, world.random);
  const ghost = makeStatement(world.uid(), ghostKeys);
  world.publish(ghost);
  const entry = { userUid: ghost.userUid, version: 1, fingerprint: fingerprintOf(ghost.statement) };
  storeForged(
    world,
    roomUid,
    (record) => ({ ...record, creator: entry, people: [...record.people, entry] }),
    ghostKeys.ed25519,
  );
  const verdict = await world.accept(alice, roomUid);
  assert.deepEqual(
    [verdict.status, verdict.reason, verdict.subject],
    ['quarantined', 'CREATOR_NOT_MEMBER', ghost.userUid],
  );
});

test('a second key under the same version is refused, at making and at accepting', async () => {
  const { world, alice, bob, carol } = await people('second-key');
  const first = await world.createRoom(alice, [bob]);
  await world.accept(alice, first);
  world.publish(makeStatement(bob.userUid, createIdentityKeys(1, world.random)));
  const roomUid = world.uid();
  const making = alice.engine.makeFirstEpoch({
    roomUid,
    type: 'direct',
    history: true,
    people: [world.toAdd(bob)],
  });
  await assert.rejects(making, { code: 'PIN_CONFLICT', subject: bob.userUid });
  // Carol never saw Bob: for her the substituted key is first sight. Alice, who did, refuses her room.
  const second = await world.createRoom(carol, [alice, bob]);
  const verdict = await world.accept(alice, second);
  assert.deepEqual(
    [verdict.status, verdict.reason, verdict.subject],
    ['quarantined', 'PIN_CONFLICT', bob.userUid],
  );
});

test('a newer version of a pinned person is unconfirmed, in an invitation, a step and a first record', async () => {
  const { world, alice, bob, carol } = await people('reset');
  const shared = await world.createRoom(alice, [bob]);
  await world.accept(alice, shared);
  world.publish(makeStatement(bob.userUid, createIdentityKeys(2, world.random)));
  const roomUid = world.uid();
  const newBob = { ...world.toAdd(bob), version: 2 };
  const making = alice.engine.makeFirstEpoch({ roomUid, type: 'group', history: false, people: [newBob] });
  await assert.rejects(making, { code: 'UNCONFIRMED_VERSION', subject: bob.userUid });
  const other = world.uid();
  const made = await carol.engine.makeFirstEpoch({
    roomUid: other,
    type: 'group',
    history: false,
    people: [world.toAdd(alice), newBob],
  });
  world.storeEpoch(other, made);
  const verdict = await world.accept(alice, other);
  assert.deepEqual(
    [verdict.status, verdict.reason, verdict.subject],
    ['quarantined', 'UNCONFIRMED_VERSION', bob.userUid],
  );
  assert.equal(
    (await world.accept(alice, shared)).status,
    'sendable',
    'the old version stays named and usable',
  );
});

test('a record that names another key for me is refused', async () => {
  const { world, alice, bob } = await people('own-key');
  world.publish(makeStatement(bob.userUid, createIdentityKeys(1, world.random)));
  const roomUid = await world.createRoom(alice, [bob]);
  const verdict = await world.accept(bob, roomUid);
  assert.deepEqual([verdict.status, verdict.reason], ['quarantined', 'OWN_KEY']);
});

test('a statement that does not hash to its entry, or that verifies not, keeps the record out', async () => {
  const { world, alice, bob, carol } = await people('statement');
  const roomUid = await world.createRoom(alice, [bob, carol]);
  const good = world.statementByName.get(`${carol.userUid}.1`);
  assert.ok(good);
  world.publish({ ...good, signature: encodeBase64(new Uint8Array(64)) });
  assert.deepEqual((await world.accept(bob, roomUid)).reason, 'BAD_STATEMENT');
  world.statementByName.delete(`${carol.userUid}.1`);
  const missing = await world.accept(bob, roomUid);
  assert.deepEqual(
    [missing.status, missing.reason, missing.subject],
    ['waiting', 'STATEMENT_MISSING', carol.userUid],
  );
  world.publish(good);
  assert.equal((await world.accept(bob, roomUid)).status, 'sendable');
});

test('an old epoch reported as the newest is refused, also after a reload', async () => {
  const { world, alice, bob, roomUid } = await groupOfThree('watermark');
  await next(world, alice, roomUid, [], []);
  assert.equal((await world.accept(bob, roomUid)).epoch, 2);
  const removed = world.roomOf(roomUid).epochs.pop();
  assert.ok(removed);
  assert.equal((await world.accept(bob, roomUid)).reason, 'BEHIND_WATERMARK');
  const reloaded = await reload(bob);
  assert.equal((await world.accept(reloaded, roomUid)).reason, 'BEHIND_WATERMARK');
  world.roomOf(roomUid).epochs.push(removed);
  assert.equal((await world.accept(reloaded, roomUid)).status, 'sendable');
});

test('a browser that lost its pins still knows by its watermark how far the room was', async () => {
  const { world, alice, bob, roomUid } = await groupOfThree('own-watermark');
  await next(world, alice, roomUid, [], []);
  assert.equal((await world.accept(bob, roomUid)).epoch, 2);
  const { storage } = bob.deps;
  const onlyMarks: CryptoStorage = {
    get: async (key) => (key.includes('/watermark/') ? storage.get(key) : null),
    put: (key, value) => storage.put(key, value),
  };
  const again = await freshBrowser(world, bob, onlyMarks);
  world.roomOf(roomUid).epochs.pop();
  const verdict = await world.accept(again, roomUid);
  assert.deepEqual([verdict.status, verdict.reason], ['quarantined', 'BEHIND_WATERMARK']);
});

test('a fork is refused: another record at an epoch that I accepted', async () => {
  const { world, alice, bob, roomUid } = await groupOfThree('fork');
  const mine = await next(world, alice, roomUid, [], []);
  await world.accept(bob, roomUid);
  world.roomOf(roomUid).epochs.pop();
  await world.accept(alice, roomUid);
  const fork = await alice.engine.makeNextEpoch({ roomUid, add: [], remove: [] });
  assert.notEqual(fork.hash, mine.hash);
  world.storeEpoch(roomUid, fork);
  assert.equal((await world.accept(bob, roomUid)).reason, 'FORK');
});

test('pins and watermarks reach my other browser through the vault', async () => {
  const { world, alice, bob, roomUid } = await groupOfThree('pins');
  await next(world, alice, roomUid, [], []);
  await world.accept(bob, roomUid);
  const part = await bob.engine.takePinsBlob();
  assert.ok(part);
  assert.equal(part.counter, 2);
  await bob.engine.pinsSaved(2);
  assert.equal(await bob.engine.takePinsBlob(), null);
  const fresh = await freshBrowser(world, {
    ...bob,
    row: { ...bob.row, vault: { ...bob.row.vault, pins: part } },
  });
  world.roomOf(roomUid).epochs.pop();
  assert.equal((await world.accept(fresh, roomUid)).reason, 'BEHIND_WATERMARK');
  world.publish(makeStatement(alice.userUid, createIdentityKeys(2, world.random)));
  const making = fresh.engine.makeFirstEpoch({
    roomUid: world.uid(),
    type: 'direct',
    history: true,
    people: [{ ...world.toAdd(alice), version: 2 }],
  });
  await assert.rejects(making, { code: 'UNCONFIRMED_VERSION' });
});

test('pins that never reached the vault survive a reload of the browser', async () => {
  const { world, bob, roomUid, alice } = await groupOfThree('local-pins');
  assert.equal((await world.accept(bob, roomUid)).status, 'sendable');
  const { engine: reloaded } = await reload(bob);
  world.publish(makeStatement(alice.userUid, createIdentityKeys(2, world.random)));
  const making = reloaded.makeFirstEpoch({
    roomUid: world.uid(),
    type: 'direct',
    history: true,
    people: [{ ...world.toAdd(alice), version: 2 }],
  });
  await assert.rejects(making, { code: 'UNCONFIRMED_VERSION' });
  assert.notEqual(await reloaded.takePinsBlob(), null);
});

test('two browsers that pinned different people both keep both, by union', async () => {
  const { world, alice, bob, carol } = await people('union');
  const other = await freshBrowser(world, alice);
  const withBob = await world.createRoom(alice, [bob]);
  const withCarol = await world.createRoom(other, [carol]);
  await world.accept(alice, withBob);
  await world.accept(other, withCarol);
  const first = await alice.engine.takePinsBlob();
  const late = await other.engine.takePinsBlob();
  assert.ok(first && late);
  assert.equal(late.counter, first.counter, 'the server takes one of them');
  await alice.engine.pinsSaved(first.counter);
  await other.engine.mergePins(first);
  const merged = await other.engine.takePinsBlob();
  assert.equal(merged?.counter, first.counter + 1);
  assert.ok(merged);
  await alice.engine.mergePins(merged);
  world.publish(makeStatement(carol.userUid, createIdentityKeys(1, world.random)));
  const making = alice.engine.makeFirstEpoch({
    roomUid: world.uid(),
    type: 'direct',
    history: true,
    people: [world.toAdd(carol)],
  });
  await assert.rejects(making, { code: 'PIN_CONFLICT' });
  assert.equal(await alice.engine.takePinsBlob(), null);
});

test('a changed name, and a known name on somebody else, are shown until acknowledged', async () => {
  const { world, alice, bob, carol, roomUid } = await groupOfThree('names');
  world.nameByUid.set(bob.userUid, 'Bobby');
  const renamed = await world.accept(alice, roomUid);
  assert.deepEqual(renamed.nameWarnings, [
    { kind: 'renamed', userUid: bob.userUid, displayName: 'Bobby', pinnedName: 'Bob' },
  ]);
  assert.equal(renamed.status, 'sendable');
  world.nameByUid.set(bob.userUid, ' carol ');
  const same = await world.accept(alice, roomUid);
  assert.deepEqual(same.nameWarnings, [
    { kind: 'same-name', userUid: bob.userUid, displayName: ' carol ', otherUid: carol.userUid },
  ]);
  await alice.engine.acknowledgeName(bob.userUid, ' carol ');
  assert.deepEqual((await world.accept(alice, roomUid)).nameWarnings, []);
});

test('titles that the server exchanges or changes are shown until acknowledged, my own are not', async () => {
  const { world, alice, bob, carol, roomUid } = await groupOfThree('titles');
  const other = await world.createRoom(alice, [bob]);
  const warnings = async (person: typeof alice, uid = roomUid) =>
    (await world.accept(person, uid)).nameWarnings;
  world.titleByRoom.set(roomUid, '총무팀').set(other, '산악회');
  for (const uid of [roomUid, other]) assert.deepEqual(await warnings(bob, uid), []);
  world.titleByRoom.set(roomUid, '산악회').set(other, '총무팀');
  const exchanged = { kind: 'retitled', title: '산악회', pinnedTitle: '총무팀' };
  assert.deepEqual(await warnings(bob), [exchanged]);
  assert.deepEqual(await warnings(bob), [exchanged]);
  assert.equal((await warnings(bob, other)).length, 1);
  world.clock.now += 1_000;
  await bob.engine.pinRoomTitle(roomUid, '산악회');
  assert.deepEqual(await warnings(bob), []);
  world.titleByRoom.set(roomUid, '등산회');
  assert.deepEqual(await warnings(bob), [{ kind: 'retitled', title: '등산회', pinnedTitle: '산악회' }]);
  // whoever gave the title knows it already, also before anything was heard of the room
  await alice.engine.pinRoomTitle(roomUid, '등산회');
  assert.deepEqual(await warnings(alice), []);
  // the first title somebody sees is believed
  assert.deepEqual(await warnings(carol), []);
});

test('a row that was moved, copied, altered or comes late is refused, and the others still open', async () => {
  const { world, alice, bob, roomUid } = await groupOfThree('rows');
  const elsewhere = await world.createRoom(alice, [bob]);
  await world.accept(alice, elsewhere);
  const foreign = await world.send(alice, elsewhere, 'in another room');
  const first = await world.send(alice, roomUid, 'first');
  const second = await world.send(bob, roomUid, 'second');
  const open = async (...rows: (typeof first)[]) => texts(await bob.engine.openMessages(roomUid, rows));
  assert.deepEqual(await open(first, second), ['first', 'second']);
  assert.deepEqual(await open({ ...foreign, roomUid, seq: 9 }), ['TAMPERED']);
  assert.deepEqual(await open({ ...foreign, seq: 9 }), ['TAMPERED']);
  assert.deepEqual(await open({ ...second, senderUid: alice.userUid, seq: 9 }), ['TAMPERED']);
  assert.deepEqual(await open({ ...second, senderUid: world.uid() }), ['TAMPERED']);
  assert.deepEqual(await open({ ...second, clientId: world.uid(), seq: 9 }), ['TAMPERED']);
  assert.deepEqual(await open({ ...second, target: `${alice.userUid}.${first.clientId}` }), ['TAMPERED']);
  assert.deepEqual(await open({ ...second, n: 1 }), ['TAMPERED']);
  assert.deepEqual(await open({ ...second, clientId: 'no uid' }), ['TAMPERED']);
  assert.deepEqual(await open({ ...second, kind: 'hologram' }), ['UNKNOWN_VERSION']);
  assert.deepEqual(await open({ ...second, envelope: second.envelope.replace('m1', 'm7') }), [
    'UNKNOWN_VERSION',
  ]);
  assert.deepEqual(await open({ ...second, envelope: second.envelope.replace('m1.1', 'm1.5') }), ['NO_KEY']);
  const [copy] = await bob.engine.openMessages(roomUid, [{ ...first, seq: 3 }]);
  assert.deepEqual(copy, { ok: false, reason: 'TAMPERED', duplicateOfSeq: 1 });
  assert.deepEqual(await open(second, { ...second, envelope: 'm1.1.AAAA' }, first), [
    'second',
    'TAMPERED',
    'first',
  ]);
});

test('what is no row at all costs neither the other rows nor the other records their place', async () => {
  const { world, alice, bob, roomUid } = await groupOfThree('no-rows');
  const row = await world.send(alice, roomUid, 'first');
  await next(world, alice, roomUid, [], []);
  await world.accept(alice, roomUid);
  const second = await world.send(alice, roomUid, 'second');
  const noPlace = { ...row, seq: { toString: 1 } };
  // what a server may send all the same
  const odd = [null, 'text', 7, [], {}, noPlace, { ...row, clientId: null }] as unknown as MessageRow[];
  const tampered = odd.map(() => 'TAMPERED');
  const honest = { ...bob.deps };
  const noRows = [null, 'text'] as never[]; // the same
  bob.deps.fetchRecords = async (...range) => [...noRows, ...(await honest.fetchRecords(...range))];
  bob.deps.fetchStatements = async (wanted) => [...noRows, ...(await honest.fetchStatements(wanted))];
  const { engine } = await reload(bob);
  assert.equal((await world.accept({ engine }, roomUid)).status, 'sendable');
  const rows = [...odd, second, row];
  assert.deepEqual(texts(await engine.openMessages(roomUid, rows)), [...tampered, 'second', 'first']);
  const verified = await engine.verifyMessages(roomUid, rows);
  assert.deepEqual(
    verified.map((result) => (result.ok ? 'ok' : result.reason)),
    [...tampered, 'ok', 'ok'],
  );
  assert.deepEqual(texts(await engine.openMessages(roomUid, odd)), tampered);
});

test('an original of an epoch that had ended is stale, by its seq and by where the next record lies', async () => {
  const { world, alice, bob, carol, roomUid } = await groupOfThree('stale');
  await world.send(carol, roomUid, 'in time');
  const clientId = world.uid();
  const late = await carol.engine.sealMessage(unsealedText(roomUid, clientId, 'late', world.clock.now));
  assert.ok(late.ok);
  const { messages } = world.roomOf(roomUid);
  const [inTime] = messages;
  assert.ok(inTime);
  await next(world, alice, roomUid, [], [carol]);
  await world.accept(alice, roomUid);
  await world.send(alice, roomUid, 'carol is gone');
  await world.accept(bob, roomUid);
  const lateRow = { ...inTime, clientId, seq: 3, envelope: late.envelope };
  const opened = await bob.engine.openMessages(roomUid, [...messages, lateRow]);
  assert.deepEqual(texts(opened), ['in time', 'carol is gone', 'STALE_EPOCH']);
  // a browser that has opened nothing yet has only the next record to go by
  const fresh = await freshBrowser(world, bob);
  await world.accept(fresh, roomUid);
  assert.deepEqual(texts(await fresh.engine.openMessages(roomUid, [lateRow])), ['STALE_EPOCH']);
  assert.deepEqual(texts(await fresh.engine.openMessages(roomUid, messages)), ['in time', 'carol is gone']);
});

test('somebody removed cannot come back with the old key by calling a new row an edit', async () => {
  const { world, alice, bob, carol, roomUid } = await groupOfThree('late-edit');
  const inTime = await world.send(carol, roomUid, 'in time');
  const seal = async (clientId: string, n: number): Promise<string> => {
    const wish = { ...unsealedText(roomUid, clientId, 'late', world.clock.now), n };
    const sealed = await carol.engine.sealMessage(wish);
    assert.ok(sealed.ok);
    return sealed.envelope;
  };
  const clientId = world.uid();
  const lateRow = { ...inTime, clientId, seq: 3, n: 1, envelope: await seal(clientId, 1) };
  const edited = { ...inTime, n: 1, envelope: await seal(inTime.clientId, 1) };
  await next(world, alice, roomUid, [], [carol]);
  await world.accept(alice, roomUid);
  const after = await world.send(alice, roomUid, 'carol is gone');
  await world.accept(bob, roomUid);
  const opened = await bob.engine.openMessages(roomUid, [edited, after, lateRow]);
  assert.deepEqual(texts(opened), ['late', 'carol is gone', 'STALE_EPOCH'], 'an edit of its own time is one');
  const [verified] = await bob.engine.verifyMessages(roomUid, [lateRow]);
  assert.deepEqual(verified, { ok: false, reason: 'STALE_EPOCH' });
  const fresh = await freshBrowser(world, bob);
  await world.accept(fresh, roomUid);
  assert.deepEqual(texts(await fresh.engine.openMessages(roomUid, [lateRow])), ['STALE_EPOCH']);
});

test('a wrong clock and an impossible "after" are noticed', async () => {
  const { world, alice, bob, roomUid } = await groupOfThree('verify');
  const row = await world.send(alice, roomUid, 'honest');
  const hourOff = { ...row, sentAt: row.sentAt + 11 * 60_000 };
  await bob.engine.openMessages(roomUid, [hourOff]);
  assert.deepEqual(await bob.engine.verifyMessages(roomUid, [hourOff]), [
    { ok: true, clockOff: true, afterNotBelow: false },
  ]);
  const second = await world.send(alice, roomUid, 'refers to the first');
  const swapped = [
    { ...row, seq: 2 },
    { ...second, seq: 1 },
  ];
  const fresh = await freshBrowser(world, bob);
  await world.accept(fresh, roomUid);
  await fresh.engine.openMessages(roomUid, swapped);
  const flags = await fresh.engine.verifyMessages(roomUid, swapped);
  assert.deepEqual(
    flags.map((flag) => flag.ok && flag.afterNotBelow),
    [false, true],
  );
});

test('a colleague’s record that puts a newer version in the old one’s place confirms it, in that room only', async () => {
  const { world, alice, bob, carol, roomUid } = await groupOfThree('vouch');
  const other = await world.createRoom(alice, [bob, carol]);
  await world.accept(carol, other);
  const newKeys = createIdentityKeys(2, world.random);
  const statement = makeStatement(bob.userUid, newKeys);
  world.publish(statement);
  const newEntry = { userUid: bob.userUid, version: 2, fingerprint: fingerprintOf(statement.statement) };
  const aliceKeys = await identityKeysOf(alice);
  const replace = (record: RoomRecord): RoomRecord => ({
    ...record,
    creator: record.people.find(({ userUid }) => userUid === alice.userUid) ?? record.creator,
    people: record.people.map((person) => (person.userUid === bob.userUid ? newEntry : person)),
  });
  storeForged(world, roomUid, replace, aliceKeys);
  const verdict = await world.accept(carol, roomUid);
  assert.equal(verdict.reason, 'KEY_BAD', 'accepted; the old wrap is not for this record');
  assert.equal(verdict.epoch, 2);
  assert.deepEqual(verdict.changes[verdict.changes.length - 1]?.confirmed, [bob.userUid]);
  const making = carol.engine.makeNextEpoch({
    roomUid: other,
    add: [{ ...world.toAdd(bob), version: 2 }],
    remove: [],
  });
  await assert.rejects(making, { code: 'ROOM_NOT_READY' });
  const elsewhere = carol.engine.makeFirstEpoch({
    roomUid: world.uid(),
    type: 'group',
    history: false,
    people: [{ ...world.toAdd(bob), version: 2 }],
  });
  await assert.rejects(elsewhere, { code: 'UNCONFIRMED_VERSION' });
});

test('older records count only while their hash is in the record above', async () => {
  const { world, alice, bob } = await people('below');
  const roomUid = await world.createRoom(alice, [bob]);
  await world.accept(alice, roomUid);
  const row = await world.send(alice, roomUid, 'old');
  await next(world, alice, roomUid, [], []);
  const { epochs } = world.roomOf(roomUid);
  const [first] = epochs;
  assert.ok(first);
  const other = await world.createRoom(alice, [bob]);
  const [foreign] = world.roomOf(other).epochs;
  assert.ok(foreign);
  epochs[0] = foreign;
  const fresh = await freshBrowser(world, bob);
  await world.accept(fresh, roomUid);
  assert.deepEqual(texts(await fresh.engine.openMessages(roomUid, [row])), ['QUARANTINED']);
  epochs[0] = first;
  assert.deepEqual(texts(await fresh.engine.openMessages(roomUid, [row])), ['old']);
});

test('a server that does not answer is waited for, and rows without records have no key', async () => {
  const { world, alice, bob, roomUid } = await groupOfThree('offline');
  await next(world, alice, roomUid, [], []);
  await world.accept(alice, roomUid);
  const row = await world.send(alice, roomUid, 'new epoch');
  const reloaded = await reload(bob);
  bob.deps.fetchRecords = () => Promise.reject(new Error('offline'));
  const offline = await reload(reloaded);
  const verdict = await world.accept(offline, roomUid);
  assert.deepEqual([verdict.status, verdict.reason], ['waiting', 'RECORDS_UNAVAILABLE']);
  assert.deepEqual(texts(await offline.engine.openMessages(roomUid, [row])), ['NO_KEY']);
});

test('a room without a record waits, and nothing can be sealed for it', async () => {
  const { alice, world } = await people('none');
  const roomUid = world.uid();
  const verdict = await alice.engine.acceptRoom({ roomUid, newest: null, members: [] });
  assert.deepEqual([verdict.status, verdict.reason, verdict.epoch], ['waiting', 'NO_RECORD', null]);
  const input = unsealedText(roomUid, world.uid(), 'x', 1);
  assert.deepEqual(await alice.engine.sealMessage(input), { ok: false, reason: 'NOT_ACCEPTED' });
});

/** The signing seed of a person, from their own vault. */
async function identityKeysOf(person: Person): Promise<Uint8Array> {
  const { wrapKey } = await derivePasswordKeys(quickHash, password, decodeBase64(person.salt), defaultKdf);
  const sealer = createSealer(nobleAes, () => new Uint8Array(16));
  const { userUid, vault } = person.row;
  const vaultKey = unwrapVaultKeyByPassword(sealer, wrapKey, userUid, vault.passwordWrap);
  assert.ok(vaultKey);
  const name = { label: 'keys' as const, userUid, counter: 1 }; // a literal, not a string
  const [keys] = parseVaultKeys(openVaultBlob(sealer, vaultKey, name, vault.keys.blob)).identities;
  assert.ok(keys);
  return keys.ed25519;
}
