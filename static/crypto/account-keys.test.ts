import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeBase64, encodeBase64, encodeUtf8 } from './encoding.ts';
import { createCryptoEngine } from './engine.ts';
import type { VaultRow } from './engine-types.ts';
import { createIdentityKeys, makeStatement } from './identity.ts';
import { defaultKdf } from './key-derivation.ts';
import { nobleAes } from './primitives.ts';
import { deriveRecoveryKeys, formatSheet, parseSheet } from './recovery-sheet.ts';
import { createSealer } from './seal.ts';
import { isSameSheetGroup } from './sheet-text.ts';
import { createMemoryStorage, createWorld, password } from './testing/crypto-world.ts';
import { openVaultBlob, parseVaultKeys, unwrapVaultKeyByRecovery, vaultKeysToJson } from './vault.ts';

const flipLast = (text: string): string => {
  const bytes = decodeBase64(text) ?? new Uint8Array(0);
  return encodeBase64(bytes.map((byte, index) => (index === bytes.length - 1 ? byte ^ 1 : byte)));
};

async function registered() {
  const world = createWorld('account');
  const userUid = world.uid();
  const storage = createMemoryStorage();
  const deps = world.depsFor(userUid, storage);
  const engine = createCryptoEngine(deps);
  const input = { userUid, username: 'alice', displayName: '앨리스', password };
  const { request, sheetGroups } = await engine.prepareRegistration(input);
  const { statement, statementSignature: signature, vault, passwordWrap, recoveryWrap } = request;
  world.publish({ userUid, version: 1, statement, signature });
  const row: VaultRow = {
    userUid,
    identityVersion: 1,
    vault: { ...vault, passwordWrap, recoveryWrap },
    generation: 'first',
  };
  return { world, userUid, storage, deps, engine, request, sheetGroups, row };
}

const signIn = async (deps: Parameters<typeof createCryptoEngine>[0], salt: string, row: VaultRow) => {
  const engine = createCryptoEngine(deps);
  await engine.deriveAuthKey(password, salt, defaultKdf);
  return { engine, unlocked: await engine.unlockWithPassword(row) };
};

test('a registration signs in again on another browser with the password', async () => {
  const { world, engine, request, row, userUid } = await registered();
  const first = await engine.finishRegistration();
  const second = await signIn(world.depsFor(userUid), request.salt, row);
  assert.deepEqual(second.unlocked, first);
  assert.equal(await second.engine.deriveAuthKey(password, request.salt, defaultKdf), request.authKey);
});

test('what registration sends has the lengths that the formats say', async () => {
  const { request, sheetGroups } = await registered();
  const lengthOf = (text: string): number => (decodeBase64(text) ?? []).length;
  assert.equal(lengthOf(request.salt), 16);
  assert.equal(lengthOf(request.authKey), 32);
  assert.equal(lengthOf(request.statementSignature), 64);
  assert.equal(lengthOf(request.passwordWrap), 128);
  assert.equal(lengthOf(request.recoveryWrap), 160);
  assert.equal(lengthOf(request.recoveryAuth), 32);
  assert.deepEqual([request.vault.keys.counter, request.vault.pins.counter], [1, 1]);
  assert.match(sheetGroups.join('-'), /^([0-9A-HJKMNP-TV-Z]{4}-){8}[0-9A-HJKMNP-TV-Z]{4}$/);
});

test('nothing secret can be read in what registration sends', async () => {
  const { request, engine, sheetGroups } = await registered();
  await engine.finishRegistration();
  const sent = JSON.stringify(request);
  assert.equal(sent.includes(password), false);
  assert.equal(sent.includes(sheetGroups.slice(0, 2).join('')), false);
});

test('the sheet opens the vault: its wrap, its blobs, and its own public key inside', async () => {
  const { request, sheetGroups, userUid } = await registered();
  const sealer = createSealer(nobleAes, () => new Uint8Array(16));
  const bits = parseSheet(sheetGroups.join(' ').toLowerCase().replace(/0/g, 'o').replace(/1/g, 'l'));
  assert.ok(bits);
  const recovery = deriveRecoveryKeys(bits);
  assert.equal(encodeBase64(recovery.recoveryAuth), request.recoveryAuth);
  const owner = { userUid, recoveryKey: recovery.publicKey };
  const vaultKey = unwrapVaultKeyByRecovery(sealer, recovery.privateKey, owner, request.recoveryWrap);
  assert.ok(vaultKey);
  const name = { label: 'keys' as const, userUid, counter: 1 }; // a literal, not a string
  const keys = parseVaultKeys(openVaultBlob(sealer, vaultKey, name, request.vault.keys.blob));
  assert.deepEqual(keys.recoveryKey, recovery.publicKey);
  const [identity] = keys.identities;
  assert.ok(identity);
  assert.equal(makeStatement(userUid, identity).statement, request.statement);
});

test('a sheet with a typing mistake, a missing group or a foreign letter is refused', () => {
  const bits = new Uint8Array(20).map((_, index) => index * 7);
  const text = formatSheet(bits).join('');
  assert.deepEqual(parseSheet(text), bits);
  for (let index = 0; index < text.length; index += 1) {
    const other = text.charAt(index) === 'Z' ? 'Y' : 'Z';
    assert.equal(parseSheet(text.slice(0, index) + other + text.slice(index + 1)), null, String(index));
  }
  assert.equal(parseSheet(text.slice(4)), null);
  assert.equal(parseSheet(`U${text.slice(1)}`), null);
  assert.equal(isSameSheetGroup('01AB', ' oi-ab '), true);
  assert.equal(isSameSheetGroup('01AB', '01AC'), false);
});

test('weak parameters and a salt of another length are refused before anything is hashed', async () => {
  const { world, userUid, request } = await registered();
  const engine = createCryptoEngine({
    ...world.depsFor(userUid),
    argon2: () => assert.fail('the password was hashed'),
  });
  const weak = [
    { ...defaultKdf, memoryKiB: 65_535 },
    { ...defaultKdf, memoryKiB: 262_145 },
    { ...defaultKdf, iterations: 2 },
    { ...defaultKdf, iterations: 11 },
    { ...defaultKdf, parallelism: 2 },
    { ...defaultKdf, iterations: 3.5 },
  ];
  for (const kdf of weak) {
    // A lying server does not keep to the contract's literal type either.
    await assert.rejects(engine.deriveAuthKey(password, request.salt, kdf as typeof defaultKdf), {
      code: 'WEAK_KDF',
    });
  }
  for (const salt of ['', 'AAAA', `${request.salt}AA`]) {
    await assert.rejects(engine.deriveAuthKey(password, salt, defaultKdf), { code: 'WEAK_KDF' });
  }
});

test('a weak password makes no account', async () => {
  const { engine, userUid } = await registered();
  const input = { userUid, username: 'alice', displayName: 'Alice', password: 'password12345' };
  await assert.rejects(engine.prepareRegistration(input), { code: 'WEAK_PASSWORD' });
});

test('another password, or another person’s vault, does not open', async () => {
  const { world, userUid, request, row } = await registered();
  const engine = createCryptoEngine(world.depsFor(userUid));
  await assert.rejects(engine.unlockWithPassword(row), { code: 'NOTHING_PENDING' });
  await engine.deriveAuthKey('another long password', request.salt, defaultKdf);
  await assert.rejects(engine.unlockWithPassword(row), { code: 'WRONG_KEY' });
  await engine.deriveAuthKey(password, request.salt, defaultKdf);
  await assert.rejects(engine.unlockWithPassword({ ...row, userUid: world.uid() }), { code: 'WRONG_KEY' });
});

test('a blob of which a bit, the counter or the label was changed is refused', async () => {
  const { world, userUid, request, row } = await registered();
  const { keys, pins } = row.vault;
  const changed = [
    { keys: { ...keys, blob: flipLast(keys.blob) }, pins },
    { keys: { ...keys, counter: 2 }, pins },
    { keys, pins: { ...pins, blob: flipLast(pins.blob) } },
    { keys, pins: { ...pins, counter: 2 } },
    { keys: pins, pins: keys },
  ];
  for (const vault of changed) {
    const altered = { ...row, vault: { ...row.vault, ...vault } };
    await assert.rejects(signIn(world.depsFor(userUid), request.salt, altered), { code: 'VAULT_TAMPERED' });
  }
});

test('a vault older than this browser remembers is refused', async () => {
  const { storage, userUid, request, row, deps } = await registered();
  await storage.put(`${userUid}/vault-counters`, '{"keys":2,"pins":1}');
  await assert.rejects(signIn(deps, request.salt, row), { code: 'VAULT_OLDER' });
});

test('a published statement that is not made of my keys is refused', async () => {
  const { world, userUid, request, row } = await registered();
  world.publish(makeStatement(userUid, createIdentityKeys(1, world.random)));
  await assert.rejects(signIn(world.depsFor(userUid), request.salt, row), { code: 'IDENTITY_MISMATCH' });
  const newer = { ...row, identityVersion: 2 };
  await assert.rejects(signIn(world.depsFor(userUid), request.salt, newer), { code: 'IDENTITY_MISMATCH' });
  world.statementByName.clear();
  await assert.rejects(signIn(world.depsFor(userUid), request.salt, row), { code: 'STATEMENT_MISSING' });
});

test('a browser that stayed signed in opens its vault with the session’s key and no other', async () => {
  const { world, engine, deps, row } = await registered();
  await engine.finishRegistration();
  const deviceKey = encodeBase64(world.random(64));
  const sealed = await engine.sealForDevice(deviceKey);
  const again = createCryptoEngine(deps);
  const unlocked = await again.unlockWithDevice(sealed, deviceKey, row);
  assert.equal(unlocked.userUid, row.userUid);
  const other = encodeBase64(world.random(64));
  await assert.rejects(again.unlockWithDevice(sealed, other, row), { code: 'WRONG_KEY' });
  const elsewhere = createCryptoEngine({ ...deps, deviceId: world.uid() });
  await assert.rejects(elsewhere.unlockWithDevice(sealed, deviceKey, row), { code: 'WRONG_KEY' });
  await assert.rejects(engine.sealForDevice('AAAA'), { code: 'BAD_INPUT' });
});

test('a new sheet keeps the identity, changes the vault key and both blobs, and ends the old sheet', async () => {
  const { world, engine, request, row, userUid, sheetGroups } = await registered();
  const before = await engine.finishRegistration();
  const draft = await engine.sealDraft(userUid, 1, '초안');
  const prepared = await engine.replaceSheet({ password, salt: request.salt, kdf: defaultKdf });
  await engine.finishReplaceSheet();
  const { keys, pins, passwordWrap, recoveryWrap, authKey } = prepared.request;
  assert.equal(authKey, request.authKey);
  assert.deepEqual([keys.counter, pins.counter], [2, 2]);
  assert.notDeepEqual(prepared.sheetGroups, sheetGroups);
  const replaced = { ...row, vault: { keys, pins, passwordWrap, recoveryWrap } };
  const { engine: later, unlocked } = await signIn(world.depsFor(userUid), request.salt, replaced);
  assert.equal(unlocked.fingerprint, before.fingerprint);
  assert.deepEqual([before.isSheetConfirmed, unlocked.isSheetConfirmed], [false, true]);
  assert.equal(await later.openDraft(userUid, 1, draft), '초안');
  const mixed = { ...row, vault: { ...replaced.vault, keys: row.vault.keys } };
  await assert.rejects(signIn(world.depsFor(userUid), request.salt, mixed), { code: 'VAULT_TAMPERED' });
});

test('a new sheet is made for the present password only, also after another new sheet', async () => {
  const { engine, request } = await registered();
  await engine.finishRegistration();
  const current = { salt: request.salt, kdf: defaultKdf };
  const wrong = { ...current, password: 'another long password' };
  await assert.rejects(engine.replaceSheet(wrong), { code: 'WRONG_KEY' });
  await assert.rejects(engine.finishReplaceSheet(), { code: 'NOTHING_PENDING' });
  for (const counter of [2, 3]) {
    const made = await engine.replaceSheet({ ...current, password });
    assert.equal(made.request.keys.counter, counter);
    await engine.finishReplaceSheet();
    await assert.rejects(engine.replaceSheet(wrong), { code: 'WRONG_KEY' });
  }
});

test('a sign-out while the password of a new sheet is hashed leaves no sheet', async () => {
  const { engine, request } = await registered();
  await engine.finishRegistration();
  const replacing = engine.replaceSheet({ password, salt: request.salt, kdf: defaultKdf });
  const refused = assert.rejects(replacing);
  await engine.lock();
  await refused;
  await assert.rejects(engine.finishReplaceSheet(), { code: 'NOTHING_PENDING' });
});

test('whether the sheet was typed back travels inside the vault', async () => {
  const { world, engine, request, row, userUid } = await registered();
  const keys = await engine.confirmRegistrationSheet();
  assert.equal((await engine.finishRegistration()).isSheetConfirmed, true);
  const later = await signIn(world.depsFor(userUid), request.salt, row);
  assert.equal(later.unlocked.isSheetConfirmed, false, 'the part made before the type-back');
  const confirmed = { ...row, vault: { ...row.vault, keys } };
  const elsewhere = await signIn(world.depsFor(userUid), request.salt, confirmed);
  assert.equal(elsewhere.unlocked.isSheetConfirmed, true);
  await assert.rejects(engine.confirmRegistrationSheet(), { code: 'NOTHING_PENDING' });
});

test('a vault written before sheets could be confirmed counts as not confirmed', () => {
  const { random } = createWorld('older vault');
  const { sheetConfirmed, ...older } = vaultKeysToJson({
    identities: [createIdentityKeys(1, random)],
    localRoot: random(64),
    recoveryKey: random(32),
    isSheetConfirmed: true,
    changedAt: 1,
    unknown: {},
  });
  assert.equal(sheetConfirmed, true);
  assert.equal(parseVaultKeys(older).isSheetConfirmed, false);
  assert.equal(parseVaultKeys({ ...older, sheetConfirmed: 'yes' }).isSheetConfirmed, false);
  assert.equal('sheetConfirmed' in parseVaultKeys({ ...older, sheetConfirmed }).unknown, false);
});

test('what is sealed for this browser opens here only, drafts and settings in every browser', async () => {
  const { world, engine, request, row, userUid } = await registered();
  await engine.finishRegistration();
  const { engine: other } = await signIn(world.depsFor(userUid), request.salt, row);
  const local = await engine.sealLocal('outbox', 'item-1', encodeUtf8('not sent yet'));
  assert.deepEqual(await engine.openLocal('outbox', 'item-1', local), encodeUtf8('not sent yet'));
  assert.equal(await engine.openLocal('outbox', 'item-2', local), null);
  assert.equal(await engine.openLocal('index', 'item-1', local), null);
  assert.equal(await other.openLocal('outbox', 'item-1', local), null);
  const setting = await engine.sealSetting('theme', 3, 'dark');
  assert.equal(await other.openSetting('theme', 3, setting), 'dark');
  assert.equal(await other.openSetting('theme', 2, setting), null);
  assert.equal(await other.openDraft('theme', 3, setting), null);
});

test('after lock() the engine holds nothing', async () => {
  const { engine, request, row } = await registered();
  await engine.finishRegistration();
  await engine.lock();
  await assert.rejects(engine.sealForDevice('A'.repeat(86)), { code: 'LOCKED' });
  await assert.rejects(engine.sealLocal('outbox', 'a', new Uint8Array(1)), { code: 'LOCKED' });
  await assert.rejects(engine.finishRegistration(), { code: 'NOTHING_PENDING' });
  await engine.deriveAuthKey(password, request.salt, defaultKdf);
  await engine.lock();
  await assert.rejects(engine.unlockWithPassword(row), { code: 'NOTHING_PENDING' });
});

test('a sign-out while the vault is being opened wins', async () => {
  const { world, userUid, request, row } = await registered();
  const engine = createCryptoEngine(world.depsFor(userUid));
  await engine.deriveAuthKey(password, request.salt, defaultKdf);
  const unlocking = engine.unlockWithPassword(row);
  await engine.lock();
  await assert.rejects(unlocking, { code: 'LOCKED' });
  await assert.rejects(engine.takePinsBlob(), { code: 'LOCKED' });
});

test('without randomness nothing is made', async () => {
  const { world, userUid } = await registered();
  const deps = world.depsFor(userUid);
  const random = (): Uint8Array => {
    throw new Error('no randomness');
  };
  const engine = createCryptoEngine({ ...deps, random });
  const input = { userUid, username: 'alice', displayName: 'Alice', password };
  await assert.rejects(engine.prepareRegistration(input));
});
