import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OldVault } from '#contract/recovery.ts';
import { context, decodeBase64, decodeBase64Exact, encodeUtf8 } from './encoding.ts';
import { createCryptoEngine } from './engine.ts';
import type { OpenResult, VaultRow } from './engine-types.ts';
import {
  createIdentityKeys,
  fingerprintOf,
  makeStatement,
  parseStatement,
  verifyStatement,
} from './identity.ts';
import { defaultKdf } from './key-derivation.ts';
import { ed25519Verify } from './primitives.ts';
import type { RenewedKeys } from './recovery-types.ts';
import { createWorld, password, type Person, type World } from './testing/crypto-world.ts';
import { textOf } from './testing/plain-messages.ts';

const chosen = { password: 'another wooden floor', username: 'alice', displayName: 'Alice' };

/** Alice with her sheet, in a room with Bob where something was said. */
async function office(seed: string) {
  const world = createWorld(seed);
  const alice = await world.addPerson('Alice');
  const bob = await world.addPerson('Bob');
  const roomUid = await world.createRoom(alice, [bob]);
  await world.accept(alice, roomUid);
  await world.accept(bob, roomUid);
  const row = await world.send(bob, roomUid, '회의록');
  const { request, sheetGroups } = await alice.engine.replaceSheet({
    password,
    salt: alice.salt,
    kdf: defaultKdf,
  });
  await alice.engine.finishReplaceSheet();
  const { keys, pins, passwordWrap, recoveryWrap } = request;
  const vaultRow: VaultRow = { ...alice.row, vault: { keys, pins, passwordWrap, recoveryWrap } };
  return { world, alice, bob, roomUid, row, vaultRow, sheet: sheetGroups.join('-'), request };
}

const statementOf = (world: World, userUid: string, version = 1) => {
  const statement = world.statementByName.get(`${userUid}.${String(version)}`);
  if (statement === undefined) throw new Error('no such statement');
  return statement;
};

const said = (result: OpenResult | undefined) =>
  result?.ok === true ? textOf(result.value) : result?.reason;

const freshBrowser = (world: World, { userUid }: Person) => createCryptoEngine(world.depsFor(userUid));

const rowOf = (before: VaultRow, made: RenewedKeys): VaultRow => {
  const { keys, pins, passwordWrap, recoveryWrap } = made;
  return { ...before, vault: { keys, pins, passwordWrap, recoveryWrap } };
};

async function unlock(world: World, person: Person, row: VaultRow, made: { salt: string }, typed: string) {
  const engine = freshBrowser(world, person);
  await engine.deriveAuthKey(typed, made.salt, defaultKdf);
  return { engine, unlocked: await engine.unlockWithPassword(row) };
}

test('the sheet gives a browser that has nothing every room back, and a password and sheet of its own', async () => {
  const { world, alice, roomUid, row, vaultRow, sheet, request } = await office('sheet');
  const engine = freshBrowser(world, alice);
  const recoveryAuth = await engine.recovery('readSheet', ` ${sheet.toLowerCase().replace(/0/g, 'o')} `);
  assert.equal(recoveryAuth, request.recoveryAuth);
  await engine.recovery('openWithSheet', { ...vaultRow, statement: statementOf(world, alice.userUid) });
  const made = await engine.recovery('makeRecovery', chosen);
  assert.deepEqual([made.request.keys.counter, made.request.pins.counter], [3, 3]);
  assert.notEqual(made.sheetGroups.join('-'), sheet);
  const keys = await engine.recovery('confirmSheet');
  const unlocked = await engine.recovery('finish');
  assert.equal(unlocked.isSheetConfirmed, true);
  assert.equal(unlocked.version, 1);
  await world.accept({ engine }, roomUid);
  const [opened] = await engine.openMessages(roomUid, [row]);
  assert.equal(said(opened), '회의록');

  const renewed = rowOf(vaultRow, { ...made.request, keys });
  const again = await unlock(world, alice, renewed, made.request, chosen.password);
  assert.deepEqual(again.unlocked, unlocked);
  await assert.rejects(unlock(world, alice, renewed, made.request, password), { code: 'WRONG_KEY' });
  const statement = statementOf(world, alice.userUid);
  const late = freshBrowser(world, alice);
  await late.recovery('readSheet', sheet);
  await assert.rejects(late.recovery('openWithSheet', { ...renewed, statement }), { code: 'WRONG_KEY' });
  await late.recovery('readSheet', made.sheetGroups.join(''));
  await late.recovery('openWithSheet', { ...renewed, statement });
});

test('a typing mistake, another sheet and whatever a server exchanges are refused', async () => {
  const { world, alice, bob, vaultRow, sheet } = await office('refused');
  const statement = statementOf(world, alice.userUid);
  const engine = freshBrowser(world, alice);
  const mistyped = sheet.startsWith('Z') ? `Y${sheet.slice(1)}` : `Z${sheet.slice(1)}`;
  await assert.rejects(engine.recovery('readSheet', mistyped), { code: 'BAD_SHEET' });
  await assert.rejects(engine.recovery('openWithSheet', { ...vaultRow, statement }), {
    code: 'NOTHING_PENDING',
  });
  await engine.recovery('readSheet', sheet);
  await assert.rejects(engine.recovery('makeRecovery', chosen), { code: 'NOTHING_PENDING' });
  const refusedWith = (code: string, row: Partial<VaultRow>, published = statement) =>
    assert.rejects(engine.recovery('openWithSheet', { ...vaultRow, ...row, statement: published }), { code });
  const { vault } = vaultRow;
  await refusedWith('WRONG_KEY', { vault: { ...vault, recoveryWrap: bob.row.vault.recoveryWrap } });
  await refusedWith('VAULT_TAMPERED', { vault: { ...vault, keys: bob.row.vault.keys } });
  await refusedWith('VAULT_TAMPERED', { vault: { ...vault, pins: { ...vault.pins, counter: 1 } } });
  const own = makeStatement(alice.userUid, createIdentityKeys(1, world.random));
  await refusedWith('IDENTITY_MISMATCH', {}, own);
  await refusedWith('IDENTITY_MISMATCH', { identityVersion: 2 }, { ...own, version: 2 });
  await refusedWith('STATEMENT_MISSING', {}, statementOf(world, bob.userUid));
});

test('a browser that knows a newer vault does not take an older one for the sheet', async () => {
  const { world, alice, sheet, vaultRow } = await office('older');
  const engine = createCryptoEngine(alice.deps);
  await engine.recovery('readSheet', sheet);
  const statement = statementOf(world, alice.userUid);
  const old = { ...vaultRow, vault: { ...vaultRow.vault, keys: alice.row.vault.keys } };
  await assert.rejects(engine.recovery('openWithSheet', { ...old, statement }), { code: 'VAULT_OLDER' });
});

test('another password: a new vault key and wraps, the same sheet, the same keys', async () => {
  const { world, alice, roomUid, row, vaultRow, sheet } = await office('password');
  const current = { password, salt: alice.salt, kdf: defaultKdf };
  const wrong = alice.engine.recovery('changePassword', { ...current, password: 'not this one' }, chosen);
  await assert.rejects(wrong, { code: 'WRONG_KEY' });
  const weak = alice.engine.recovery('changePassword', current, { ...chosen, password: 'too short' });
  await assert.rejects(weak, { code: 'WEAK_PASSWORD' });
  const request = await alice.engine.recovery('changePassword', current, chosen);
  assert.notEqual(request.salt, alice.salt);
  assert.notEqual(request.authKey, request.newAuthKey);
  const unlocked = await alice.engine.recovery('finishChange');
  assert.equal(unlocked.isSheetConfirmed, true);
  const [opened] = await alice.engine.openMessages(roomUid, [row]);
  assert.equal(said(opened), '회의록', 'what was open stays open');

  const changed = rowOf(vaultRow, request);
  assert.deepEqual((await unlock(world, alice, changed, request, chosen.password)).unlocked, unlocked);
  await assert.rejects(unlock(world, alice, changed, request, password), { code: 'WRONG_KEY' });
  const statement = statementOf(world, alice.userUid);
  const bySheet = freshBrowser(world, alice);
  await bySheet.recovery('readSheet', sheet);
  await bySheet.recovery('openWithSheet', { ...changed, statement });
  // what this browser keeps for a restored server still proves the sheet
  const copy: unknown = JSON.parse((await alice.deps.storage.get(`${alice.userUid}/vault-copy`)) ?? '');
  assert.equal(typeof Object(copy).recoveryAuth, 'string');
});

test('signing out while the password is hashed ends it, and nothing can be finished afterwards', async () => {
  const { world, alice, sheet, vaultRow } = await office('lock');
  const current = { password, salt: alice.salt, kdf: defaultKdf };
  const changing = alice.engine.recovery('changePassword', current, chosen);
  await alice.engine.lock();
  await assert.rejects(changing, { code: 'LOCKED' });
  await assert.rejects(alice.engine.recovery('finishChange'), { code: 'LOCKED' });
  const engine = freshBrowser(world, alice);
  await engine.recovery('readSheet', sheet);
  await engine.recovery('openWithSheet', { ...vaultRow, statement: statementOf(world, alice.userUid) });
  const making = engine.recovery('makeRecovery', chosen);
  await engine.lock();
  await assert.rejects(making, { code: 'LOCKED' });
  await assert.rejects(engine.recovery('finish'), { code: 'NOTHING_PENDING' });
});

/** Alice after an admin's reset, in another browser; her old vault was put aside. */
async function afterReset(seed: string) {
  const before = await office(seed);
  const { world, alice, vaultRow } = before;
  const { keys, pins, recoveryWrap } = vaultRow.vault;
  const oldVault: OldVault = { identityVersion: 1, keys, pins, recoveryWrap };
  const engine = freshBrowser(world, alice);
  const counters = { keys: keys.counter, pins: pins.counter };
  const person = { userUid: alice.userUid, identityVersion: 1, counters };
  const made = await engine.recovery('makeReset', person, chosen);
  const { statement, statementSignature: signature } = made.request;
  world.publish({ userUid: alice.userUid, version: 2, statement, signature });
  const unlocked = await engine.recovery('finish');
  return { ...before, engine, made, unlocked, oldVault };
}

test('a reset makes the next version with nothing of the old one', async () => {
  const { world, alice, roomUid, row, vaultRow, made, unlocked, engine, sheet } = await afterReset('reset');
  assert.equal(unlocked.version, 2);
  assert.equal(unlocked.isSheetConfirmed, false);
  assert.ok(verifyStatement(statementOf(world, alice.userUid, 2)));
  assert.deepEqual([made.request.keys.counter, made.request.pins.counter], [3, 3]);
  await world.accept({ engine }, roomUid);
  const [opened] = await engine.openMessages(roomUid, [row]);
  assert.equal(opened?.ok, false);
  const renewed = { ...rowOf(vaultRow, made.request), identityVersion: 2 };
  assert.equal((await unlock(world, alice, renewed, made.request, chosen.password)).unlocked.version, 2);
  const bySheet = freshBrowser(world, alice);
  await bySheet.recovery('readSheet', sheet);
  const statement = statementOf(world, alice.userUid, 2);
  await assert.rejects(bySheet.recovery('openWithSheet', { ...renewed, statement }), { code: 'WRONG_KEY' });
});

test('a sheet found later brings the old keys back, and they vouch for the new one', async () => {
  const { world, alice, roomUid, row, vaultRow, made, engine, sheet, oldVault } = await afterReset('found');
  await assert.rejects(engine.recovery('mergeOld', [oldVault]), { code: 'NOTHING_PENDING' });
  await engine.recovery('readSheet', made.sheetGroups.join(''));
  await assert.rejects(engine.recovery('mergeOld', [oldVault]), { code: 'WRONG_KEY' });
  await engine.recovery('readSheet', sheet);
  const damaged = { ...oldVault, keys: { ...oldVault.keys, counter: 9 } };
  await assert.rejects(engine.recovery('mergeOld', [damaged]), { code: 'WRONG_KEY' });
  const merged = await engine.recovery('mergeOld', [damaged, oldVault]);
  const [succession] = merged.successions;
  assert.equal(succession?.fromVersion, 1);
  const first = parseStatement(statementOf(world, alice.userUid));
  const [from, to] = [1, 2].map((version) =>
    fingerprintOf(statementOf(world, alice.userUid, version).statement),
  );
  assert.ok(first !== null && from !== undefined && to !== undefined && succession !== undefined);
  const text = context('succession', alice.userUid, 1, from, 2, to);
  const signature = decodeBase64Exact(succession.signature, 64);
  assert.ok(signature !== null && ed25519Verify(first.ed25519, encodeUtf8(text), signature));

  const { passwordWrap, recoveryWrap } = made.request;
  const vault = { keys: merged.keys, pins: merged.pins, passwordWrap, recoveryWrap };
  const next = { ...vaultRow, identityVersion: 2, vault };
  const elsewhere = await unlock(world, alice, next, made.request, chosen.password);
  await world.accept(elsewhere, roomUid);
  assert.equal(said((await elsewhere.engine.openMessages(roomUid, [row]))[0]), '회의록');
  await elsewhere.engine.recovery('readSheet', sheet);
  await assert.rejects(elsewhere.engine.recovery('mergeOld', [oldVault]), { code: 'WRONG_KEY' });
});

test('nothing secret is in what recovery sends', async () => {
  const { world, alice, sheet, vaultRow } = await office('secrets');
  const engine = freshBrowser(world, alice);
  await engine.recovery('readSheet', sheet);
  await engine.recovery('openWithSheet', { ...vaultRow, statement: statementOf(world, alice.userUid) });
  const { request, sheetGroups } = await engine.recovery('makeRecovery', chosen);
  const sent = JSON.stringify(request);
  for (const secret of [chosen.password, sheet, sheetGroups.join('-'), sheetGroups.join('')]) {
    assert.equal(sent.includes(secret), false);
  }
  const plain = Buffer.from(decodeBase64(request.keys.blob) ?? []).toString('latin1');
  assert.equal(plain.includes('identities'), false);
});
