import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SharedWrap } from '#contract/room-key-sharing.ts';
import { createWorld, type Person, type World } from './testing/crypto-world.ts';

/** Alice and bob in a room; a message, the history turned on, another message; then carol is added. */
async function setUp(seed: string) {
  const world = createWorld(seed);
  const [alice, bob, carol, dave] = await Promise.all(
    ['Alice', 'Bob', 'Carol', 'Dave'].map((name) => world.addPerson(name)),
  );
  assert.ok(alice && bob && carol && dave);
  const roomUid = await world.createRoom(alice, [bob]);
  for (const person of [alice, bob]) await world.accept(person, roomUid);
  const early = await world.send(alice, roomUid, 'before');
  const step = async (by: Person, change: { add?: Person[]; remove?: string[]; history?: boolean }) => {
    const { add = [], remove = [], history } = change;
    const made = await by.engine.makeNextEpoch({
      roomUid,
      add: add.map(world.toAdd),
      remove,
      ...(history === undefined ? {} : { history }),
    });
    world.storeEpoch(roomUid, made);
    for (const person of [alice, bob]) await world.accept(person, roomUid);
  };
  await step(alice, { history: true });
  const late = await world.send(bob, roomUid, 'after');
  await step(alice, { add: [carol] });
  await world.accept(carol, roomUid);
  return { world, alice, bob, carol, dave, roomUid, early, late, step };
}

/** What the server does with shared wraps: it stores them where there are none. */
function store(world: World, roomUid: string, wraps: readonly SharedWrap[]): void {
  for (const { userUid, epoch, wrap } of wraps) {
    const stored = world.roomOf(roomUid).epochs[epoch - 1];
    if (stored !== undefined && !stored.wrapByUid.has(userUid)) stored.wrapByUid.set(userUid, wrap);
  }
}

const named = (wraps: readonly SharedWrap[]) =>
  wraps.map(({ userUid, epoch }) => `${userUid} ${String(epoch)}`);

test('whoever joins with the history on reads back to where it was turned on, once a member shared the keys', async () => {
  const { world, bob, carol, roomUid, early, late } = await setUp('history');
  const before = await carol.engine.openMessages(roomUid, [early, late]);
  assert.deepEqual(
    before.map((result) => (result.ok ? 'ok' : result.reason)),
    ['NO_KEY', 'NO_KEY'],
  );
  assert.equal(await carol.engine.refreshRoomKeys(roomUid), false);
  const wanted = [1, 2].map((epoch) => ({ userUid: carol.userUid, version: 1, epoch }));
  const wraps = await bob.engine.trust('shareKeys', { roomUid, wanted: wanted });
  assert.deepEqual(named(wraps), [`${carol.userUid} 2`], 'not that of the time without history');
  store(world, roomUid, wraps);
  assert.equal(await carol.engine.refreshRoomKeys(roomUid), true);
  const [old, recent] = await carol.engine.openMessages(roomUid, [early, late]);
  assert.ok(recent?.ok && recent.value.kind === 'text' && recent.value.text === 'after');
  assert.ok(old !== undefined && !old.ok && old.reason === 'NO_KEY');
  const [verified] = await carol.engine.verifyMessages(roomUid, [late]);
  assert.equal(verified?.ok, true);
});

test('a server that names somebody who is not in the room gets nothing for them', async () => {
  const { bob, dave, roomUid } = await setUp('stranger');
  const wanted = [1, 2, 3].map((epoch) => ({ userUid: dave.userUid, version: 1, epoch }));
  assert.deepEqual(await bob.engine.trust('shareKeys', { roomUid, wanted: wanted }), []);
  const strange = [0, 99, -1].map((epoch) => ({ userUid: bob.userUid, version: 1, epoch }));
  assert.deepEqual(await bob.engine.trust('shareKeys', { roomUid, wanted: strange }), []);
});

test('once the history was off, nothing from before that is shared with later ones', async () => {
  const { bob, alice, dave, carol, roomUid, step } = await setUp('off');
  await step(alice, { history: false });
  await step(bob, { add: [dave], history: true });
  const wanted = [2, 3, 4, 5].map((epoch) => ({ userUid: dave.userUid, version: 1, epoch }));
  assert.deepEqual(named(await bob.engine.trust('shareKeys', { roomUid, wanted: wanted })), [
    `${dave.userUid} 5`,
  ]);
  // whom a record names may always have its key
  const own = [{ userUid: carol.userUid, version: 1, epoch: 4 }];
  assert.deepEqual(named(await bob.engine.trust('shareKeys', { roomUid, wanted: own })), [
    `${carol.userUid} 4`,
  ]);
});

test('a key that is not the record’s is not taken for it', async () => {
  const { world, bob, carol, roomUid, late } = await setUp('wrong');
  const [right] = await bob.engine.trust('shareKeys', {
    roomUid,
    wanted: [{ userUid: carol.userUid, version: 1, epoch: 2 }],
  });
  const [other] = await bob.engine.trust('shareKeys', {
    roomUid,
    wanted: [{ userUid: carol.userUid, version: 1, epoch: 3 }],
  });
  assert.ok(right && other);
  store(world, roomUid, [{ ...right, wrap: other.wrap }]);
  assert.equal(await carol.engine.refreshRoomKeys(roomUid), true);
  const [result] = await carol.engine.openMessages(roomUid, [late]);
  assert.ok(result !== undefined && !result.ok && result.reason === 'NO_KEY');
});

test('a room that is not sendable shares nothing', async () => {
  const { world, bob, alice, carol, roomUid } = await setUp('held');
  world.roomOf(roomUid).memberUids = [alice.userUid, bob.userUid];
  await world.accept(bob, roomUid);
  const wanted = [{ userUid: carol.userUid, version: 1, epoch: 2 }];
  assert.deepEqual(await bob.engine.trust('shareKeys', { roomUid, wanted: wanted }), []);
});
