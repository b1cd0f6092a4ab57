import type { VaultPart } from '#contract/accounts.ts';
import type { StatementRow } from '#contract/sealed.ts';
import { CryptoError } from './crypto-error.ts';
import { decodeBase64Exact, encodeBase64, isSameBytes } from './encoding.ts';
import type {
  Argon2,
  CurrentPassword,
  PersonVersion,
  PreparedRegistration,
  PreparedSheet,
  RegistrationInput,
  VaultRow,
} from './engine-types.ts';
import { createIdentityKeys, makeStatement, verifyStatement } from './identity.ts';
import { defaultKdf, derivePasswordKeys } from './key-derivation.ts';
import { createEphemeralPair } from './key-wrap.ts';
import { passwordWeakness } from './password-rules.ts';
import { createPins, pinsToJson } from './pins.ts';
import type { Random } from './random.ts';
import { deriveRecoveryKeys, formatSheet, sheetLength } from './recovery-sheet.ts';
import type { Sealer } from './seal.ts';
import type { OpenVault } from './session.ts';
import {
  openVaultBlob,
  parseVaultKeys,
  sealVaultBlob,
  unwrapVaultKeyByPassword,
  vaultKeysToJson,
  wrapVaultKeyByPassword,
  wrapVaultKeyForRecovery,
} from './vault.ts';
import type { VaultCounters, VaultMark } from './watermark-store.ts';

/** Making, opening and replacing a person's vault (docs/e2e-protocol.md section 3). */

export type AccountKeysDeps = { sealer: Sealer; random: Random; argon2: Argon2; now(): number };

/** Identity version 1, an empty vault and a sheet for a new account. Refuses WEAK_PASSWORD. */
export async function makeRegistration(
  deps: AccountKeysDeps,
  input: RegistrationInput,
): Promise<{ prepared: PreparedRegistration; vault: OpenVault }> {
  const { userUid, username, displayName, password } = input;
  if (passwordWeakness(password, [username, displayName]) !== null) throw new CryptoError('WEAK_PASSWORD');
  const salt = deps.random(16);
  const { authKey, wrapKey } = await derivePasswordKeys(deps.argon2, password, salt, defaultKdf);
  const identity = createIdentityKeys(1, deps.random);
  const { statement, signature } = makeStatement(userUid, identity);
  const localRoot = deps.random(64);
  const content = { identities: [identity], localRoot, isSheetConfirmed: false, unknown: {} };
  const pinsJson = pinsToJson(createPins());
  const stretch = { salt: encodeBase64(salt), kdf: defaultKdf };
  const counters = { keys: 0, pins: 0 };
  const made = sealVault(deps, { userUid, content, pinsJson, wrapKey, stretch, counters });
  const { keys, pins, passwordWrap, recoveryWrap, recoveryAuth } = made.sealed;
  wrapKey.fill(0);
  const request = {
    ...stretch,
    authKey: encodeBase64(authKey),
    statement,
    statementSignature: signature,
    vault: { keys, pins },
    passwordWrap,
    recoveryWrap,
    recoveryAuth,
  };
  authKey.fill(0);
  return { prepared: { request, sheetGroups: made.sheetGroups }, vault: made.vault };
}

/**
 * The same keys under a new vault key, with a new sheet: the old sheet and wraps open nothing of it. Refuses WRONG_KEY
 * at once for a password that does not open the present wrap: nobody writes down a sheet that will never be in force.
 */
export async function makeSheetReplacement(
  deps: AccountKeysDeps,
  vault: OpenVault,
  current: CurrentPassword,
): Promise<{ prepared: PreparedSheet; vault: OpenVault }> {
  const salt = decodeBase64Exact(current.salt, 16);
  const { authKey, wrapKey } = await derivePasswordKeys(deps.argon2, current.password, salt, current.kdf);
  const { userUid, pinsJson, counters } = vault;
  if (!isPresentPassword(deps.sealer, vault, wrapKey)) {
    wrapKey.fill(0);
    authKey.fill(0);
    throw new CryptoError('WRONG_KEY');
  }
  // It is sent only once two of its groups were typed back; before, nobody sees it.
  const content = { ...vault.keys, isSheetConfirmed: true };
  const stretch = { salt: current.salt, kdf: current.kdf };
  const made = sealVault(deps, { userUid, content, pinsJson, wrapKey, stretch, counters });
  wrapKey.fill(0);
  const request = { authKey: encodeBase64(authKey), ...made.sealed };
  authKey.fill(0);
  return { prepared: { request, sheetGroups: made.sheetGroups }, vault: made.vault };
}

/** True if this wrap key opens the present password wrap. */
export function isPresentPassword(sealer: Sealer, vault: OpenVault, wrapKey: Uint8Array): boolean {
  const vaultKey = unwrapVaultKeyByPassword(sealer, wrapKey, vault.userUid, vault.passwordWrap);
  const isSame = vaultKey !== null && isSameBytes(vaultKey, vault.vaultKey);
  vaultKey?.fill(0);
  return isSame;
}

/** The `keys` blob of a vault, under its present key and counter. */
export const sealKeysBlob = (
  sealer: Sealer,
  { userUid, vaultKey, keys, counters }: Pick<OpenVault, 'userUid' | 'vaultKey' | 'keys' | 'counters'>,
): VaultPart => {
  const name = { label: 'keys' as const, userUid, counter: counters.keys }; // a literal, not a string
  return {
    counter: counters.keys,
    blob: sealVaultBlob(sealer, vaultKey, name, vaultKeysToJson(keys)),
  };
};

/** Both blobs of a vault, under its present key and counters. */
export const sealParts = (
  sealer: Sealer,
  vault: Pick<OpenVault, 'userUid' | 'vaultKey' | 'keys' | 'counters' | 'pinsJson'>,
): { keys: VaultPart; pins: VaultPart } => {
  const { userUid, vaultKey, counters, pinsJson } = vault;
  const name = { label: 'pins' as const, userUid, counter: counters.pins }; // a literal, not a string
  return {
    keys: sealKeysBlob(sealer, vault),
    pins: { counter: counters.pins, blob: sealVaultBlob(sealer, vaultKey, name, pinsJson) },
  };
};

type VaultContent = {
  userUid: string;
  content: Pick<OpenVault['keys'], 'identities' | 'localRoot' | 'isSheetConfirmed' | 'unknown'>;
  pinsJson: Record<string, unknown>;
  wrapKey: Uint8Array;
  /** How the password was stretched. */
  stretch: OpenVault['stretch'];
  /** Of the blobs before; the new ones are one above. */
  counters: VaultCounters;
};

/** A new vault key with both blobs, both wraps and a new sheet. */
export function sealVault(deps: Pick<AccountKeysDeps, 'sealer' | 'random' | 'now'>, input: VaultContent) {
  const { sealer, random } = deps;
  const { userUid, pinsJson } = input;
  const vaultKey = random(64);
  const bits = random(sheetLength);
  const recovery = deriveRecoveryKeys(bits);
  const keys = { ...input.content, recoveryKey: recovery.publicKey, changedAt: deps.now() };
  const counters = { keys: input.counters.keys + 1, pins: input.counters.pins + 1 };
  const ephemeral = createEphemeralPair(random(32));
  const owner = { userUid, recoveryKey: recovery.publicKey };
  const sealed = {
    ...sealParts(sealer, { userUid, vaultKey, keys, counters, pinsJson }),
    passwordWrap: wrapVaultKeyByPassword(sealer, input.wrapKey, userUid, vaultKey),
    recoveryWrap: wrapVaultKeyForRecovery(sealer, ephemeral, owner, vaultKey),
    recoveryAuth: encodeBase64(recovery.recoveryAuth),
  };
  const sheetGroups = formatSheet(bits);
  for (const secret of [bits, recovery.privateKey, recovery.recoveryAuth, ephemeral.privateKey])
    secret.fill(0);
  const { passwordWrap, recoveryWrap, recoveryAuth } = sealed;
  const { stretch } = input;
  const kept = { passwordWrap, recoveryWrap, recoveryAuth, keysBlob: sealed.keys.blob, stretch };
  const vault: OpenVault = { userUid, vaultKey, keys, counters, pinsJson, ...kept };
  return { sealed, sheetGroups, vault };
}

/**
 * Opens both blobs and checks them against what this browser remembers and what the server publishes. Refuses
 * VAULT_OLDER, VAULT_TAMPERED, STATEMENT_MISSING and IDENTITY_MISMATCH.
 */
export async function openVault(
  deps: { sealer: Sealer; fetchStatements(people: PersonVersion[]): Promise<StatementRow[]> },
  row: VaultRow,
  vaultKey: Uint8Array,
  remembered: VaultMark,
): Promise<OpenVault> {
  const { userUid } = row;
  const { keys: keysPart, pins: pinsPart } = row.vault;
  const isOlder = keysPart.counter < remembered.keys || pinsPart.counter < remembered.pins;
  if (isOlder || row.identityVersion < remembered.version) {
    throw new CryptoError('VAULT_OLDER');
  }
  const keysName = { label: 'keys' as const, userUid, counter: keysPart.counter }; // a literal, not a string
  const pinsName = { label: 'pins' as const, userUid, counter: pinsPart.counter }; // a literal, not a string
  const keys = parseVaultKeys(openVaultBlob(deps.sealer, vaultKey, keysName, keysPart.blob));
  const pinsJson = openVaultBlob(deps.sealer, vaultKey, pinsName, pinsPart.blob);
  const counters = { keys: keysPart.counter, pins: pinsPart.counter };
  await checkPublished(deps, row, keys.identities);
  const { passwordWrap, recoveryWrap, salt, kdf } = row.vault;
  const stretch = salt === undefined || kdf === undefined ? null : { salt, kdf };
  const kept = { passwordWrap, recoveryWrap, recoveryAuth: null, keysBlob: keysPart.blob, stretch };
  return { userUid, vaultKey, keys, counters, pinsJson, ...kept };
}

/** The published statement must be what my newest private keys make: nobody published another identity for me. */
async function checkPublished(
  deps: { fetchStatements(people: PersonVersion[]): Promise<StatementRow[]> },
  row: VaultRow,
  identities: OpenVault['keys']['identities'],
): Promise<void> {
  const { userUid, identityVersion: version } = row;
  const newest = identities.find((keys) => keys.version === version);
  const isNewest = newest !== undefined && identities.every((keys) => keys.version <= version);
  if (!isNewest) throw new CryptoError('IDENTITY_MISMATCH');
  const rows = await deps.fetchStatements([{ userUid, version }]).catch(() => []);
  const published = rows.find((candidate) => candidate.userUid === userUid && candidate.version === version);
  if (published === undefined) throw new CryptoError('STATEMENT_MISSING', userUid);
  const isMine = published.statement === makeStatement(userUid, newest).statement;
  if (!isMine || verifyStatement(published) === null) throw new CryptoError('IDENTITY_MISMATCH');
}
