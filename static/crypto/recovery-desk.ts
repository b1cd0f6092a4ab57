import type { VaultPart } from '#contract/accounts.ts';
import { openVault, sealKeysBlob, sealParts, sealVault } from './account-keys.ts';
import { CryptoError } from './crypto-error.ts';
import { encodeBase64, isSameBytes } from './encoding.ts';
import type { CryptoEngineDeps, Unlocked } from './engine-types.ts';
import { createIdentityKeys, highestIdentityVersion, makeStatement } from './identity.ts';
import { defaultKdf, derivePasswordKeys } from './key-derivation.ts';
import { mergeOldVaults } from './old-vault.ts';
import { passwordWeakness } from './password-rules.ts';
import { makePasswordChange } from './password-change.ts';
import { createPins, pinsToJson } from './pins.ts';
import type { NewPassword, RecoveryEngine, ResetPerson, SheetRow } from './recovery-types.ts';
import { deriveRecoveryKeys, parseSheet, type RecoveryKeys } from './recovery-sheet.ts';
import type { Sealer } from './seal.ts';
import { wipeVault } from './open-vault.ts';
import type { OpenVault, Session } from './session.ts';
import { unwrapVaultKeyByRecovery } from './vault.ts';
import { makeVaultReturn } from './vault-return.ts';
import { takeVaultKey } from './vault-key-taking.ts';
import { createWatermarkStore, type VaultCounters } from './watermark-store.ts';

export type RecoveryDeps = Pick<
  CryptoEngineDeps,
  'argon2' | 'storage' | 'random' | 'now' | 'fetchStatements' | 'deviceId'
> & {
  sealer: Sealer;
  /** Of whoever is signed in; throws LOCKED. */
  session: () => Session;
  /** Of the password that was typed last; throws NOTHING_PENDING. */
  wrapKey: () => Uint8Array;
  /** Another one that may open the vault after a return. */
  keepWrapKey: (wrapKey: Uint8Array) => void;
  /** Unlocks the engine with a vault. */
  begin: (vault: OpenVault) => Promise<Unlocked>;
};

/** `forget` zeroes everything that was not finished; what is still being made ends as LOCKED. */
export type RecoveryDesk = RecoveryEngine & { forget(): void };

/** What was made and not stored by the server yet; a vault of its own, but for `isShared`. */
type Pending = { vault: OpenVault; isShared: boolean };

/** Ways back in and another password (docs/e2e-protocol.md section 3): holds what is under way, one thing at a time. */
export function createRecoveryDesk(deps: RecoveryDeps): RecoveryDesk {
  const { sealer } = deps;
  let sheet: RecoveryKeys | null = null;
  let opened: OpenVault | null = null;
  let pending: Pending | null = null;
  let forgotten = 0;

  const forgetSheet = (): void => {
    sheet?.privateKey.fill(0);
    sheet?.recoveryAuth.fill(0);
    sheet = null;
  };
  const forgetPending = (): void => {
    // Its identities and localRoot may be those of the session; the vault key is its own.
    if (pending?.isShared === true) pending.vault.vaultKey.fill(0);
    else if (pending !== null) wipeVault(pending.vault);
    pending = null;
  };
  const forgetOpened = (): void => {
    if (opened !== null) wipeVault(opened);
    opened = null;
  };

  const givenSheet = (): RecoveryKeys => {
    if (sheet === null) throw new CryptoError('NOTHING_PENDING');
    return sheet;
  };
  const takePending = (): OpenVault => {
    if (pending === null) throw new CryptoError('NOTHING_PENDING');
    const { vault } = pending;
    pending = null;
    return vault;
  };
  /** What took time to make; wiped, and refused with LOCKED, if everything was forgotten in between. */
  const keep = (since: number, made: Pending): void => {
    if (forgotten !== since) {
      if (made.isShared) made.vault.vaultKey.fill(0);
      else wipeVault(made.vault);
      throw new CryptoError('LOCKED');
    }
    forgetPending();
    pending = made;
  };
  /** The vault that was made, above what is stored now. */
  const rebased = async (
    made: OpenVault,
    fresh: Parameters<RecoveryEngine['rebase']>[0],
  ): Promise<OpenVault> => {
    const { recoveryKey, isSheetConfirmed, changedAt } = made.keys;
    if (fresh === null) {
      const { keys, counters, pinsJson } = deps.session().vault();
      return { ...made, keys: { ...keys, changedAt }, counters: nextCounters(counters), pinsJson };
    }
    if (!('vault' in fresh)) return { ...made, counters: nextCounters(fresh.counters) };
    const now = await openBySheet(deps, fresh, givenSheet());
    const keys = { ...copyOfKeys(now), recoveryKey, isSheetConfirmed, changedAt };
    const { counters, pinsJson } = now;
    wipeVault(now);
    return { ...made, keys, counters: nextCounters(counters), pinsJson };
  };
  const deriveNew = async (chosen: NewPassword) => {
    if (passwordWeakness(chosen.password, [chosen.username, chosen.displayName]) !== null) {
      throw new CryptoError('WEAK_PASSWORD');
    }
    const salt = deps.random(16);
    const keys = await derivePasswordKeys(deps.argon2, chosen.password, salt, defaultKdf);
    return { ...keys, proof: encodeBase64(keys.authKey), salt: encodeBase64(salt), kdf: defaultKdf };
  };

  return {
    async prepareVaultReturn(row, newer) {
      const { request, newerWrapKey } = await makeVaultReturn(deps, row, deps.wrapKey(), newer);
      if (newerWrapKey !== null) deps.keepWrapKey(newerWrapKey);
      return request;
    },
    async readSheet(typed) {
      const bits = parseSheet(typed);
      if (bits === null) throw new CryptoError('BAD_SHEET');
      forgetSheet();
      sheet = deriveRecoveryKeys(bits);
      bits.fill(0);
      return encodeBase64(sheet.recoveryAuth);
    },
    async openWithSheet(row) {
      const since = forgotten;
      const vault = await openBySheet(deps, row, givenSheet());
      if (forgotten !== since) {
        wipeVault(vault);
        throw new CryptoError('LOCKED');
      }
      forgetOpened();
      opened = vault;
    },
    async makeRecovery(chosen) {
      const since = forgotten;
      const source = opened;
      if (source === null) throw new CryptoError('NOTHING_PENDING');
      const { wrapKey, proof, salt, kdf } = await deriveNew(chosen);
      if (forgotten !== since) throw new CryptoError('LOCKED');
      const { userUid, pinsJson, counters } = source;
      const content = { ...copyOfKeys(source), isSheetConfirmed: false };
      const stretch = { salt, kdf };
      const made = sealVault(deps, { userUid, content, pinsJson, wrapKey, stretch, counters });
      wrapKey.fill(0);
      keep(since, { vault: made.vault, isShared: false });
      const { recoveryAuth: newRecoveryAuth, ...sealed } = made.sealed;
      const request = { ...sealed, salt, kdf, newAuthKey: proof, newRecoveryAuth };
      return { request, sheetGroups: made.sheetGroups };
    },
    async makeReset(person, chosen) {
      const since = forgotten;
      const identity = nextIdentity(deps, person);
      const { statement, signature: statementSignature } = makeStatement(person.userUid, identity);
      const { wrapKey, proof: authKey, salt, kdf } = await deriveNew(chosen);
      const { userUid, counters } = person;
      const content = {
        identities: [identity],
        localRoot: deps.random(64),
        isSheetConfirmed: false,
        unknown: {},
      };
      const pinsJson = pinsToJson(createPins());
      const stretch = { salt, kdf };
      const made = sealVault(deps, { userUid, content, pinsJson, wrapKey, stretch, counters });
      wrapKey.fill(0);
      keep(since, { vault: made.vault, isShared: false });
      const request = { ...made.sealed, salt, kdf, authKey, statement, statementSignature };
      return { request, sheetGroups: made.sheetGroups };
    },
    async confirmSheet(): Promise<VaultPart> {
      if (pending === null) throw new CryptoError('NOTHING_PENDING');
      pending.vault.keys.isSheetConfirmed = true;
      const part = sealKeysBlob(sealer, pending.vault);
      pending.vault.keysBlob = part.blob;
      return part;
    },
    async rebase(fresh) {
      const since = forgotten;
      const made = pending;
      if (made === null) throw new CryptoError('NOTHING_PENDING');
      const next = await rebased(made.vault, fresh);
      if (forgotten !== since || pending !== made) throw new CryptoError('LOCKED');
      const parts = sealParts(sealer, next);
      pending = { ...made, vault: { ...next, keysBlob: parts.keys.blob } };
      return parts;
    },
    async finish() {
      const vault = takePending();
      forgetSheet();
      forgetOpened();
      return deps.begin(vault);
    },
    async changePassword(current, chosen) {
      const since = forgotten;
      const made = await makePasswordChange(deps, current, () => deriveNew(chosen));
      keep(since, { vault: made.vault, isShared: true });
      return made.request;
    },
    async finishChange() {
      const session = deps.session();
      await session.adopt(takePending());
      return session.unlocked();
    },
    takeVaultKey: (sealed, deviceKey, row) => takeVaultKey(deps, { sealed, deviceKey }, row),
    mergeOld: async (rows) => mergeOldVaults(deps, deps.session().vault(), givenSheet(), rows),
    forget() {
      forgotten += 1;
      forgetSheet();
      forgetOpened();
      forgetPending();
    },
  };
}

/**
 * R is the sheet's own public key, and must be the one that the keys blob names: a server that put another recovery key in
 * place of the person's is found out.
 */
async function openBySheet(deps: RecoveryDeps, row: SheetRow, sheet: RecoveryKeys): Promise<OpenVault> {
  const owner = { userUid: row.userUid, recoveryKey: sheet.publicKey };
  const vaultKey = unwrapVaultKeyByRecovery(deps.sealer, sheet.privateKey, owner, row.vault.recoveryWrap);
  if (vaultKey === null) throw new CryptoError('WRONG_KEY');
  try {
    const remembered = await createWatermarkStore(deps.storage, row.userUid).loadCounters();
    const fetchStatements = async () => [row.statement];
    const vaultRow = { ...row, generation: null };
    const vault = await openVault({ sealer: deps.sealer, fetchStatements }, vaultRow, vaultKey, remembered);
    if (!isSameBytes(vault.keys.recoveryKey, sheet.publicKey)) {
      wipeVault(vault);
      throw new CryptoError('VAULT_TAMPERED');
    }
    return vault;
  } catch (error) {
    vaultKey.fill(0);
    throw error;
  }
}

function nextIdentity({ random }: RecoveryDeps, { identityVersion }: ResetPerson) {
  if (identityVersion >= highestIdentityVersion) throw new CryptoError('BAD_INPUT');
  return createIdentityKeys(identityVersion + 1, random);
}

const nextCounters = ({ keys, pins }: VaultCounters): VaultCounters => ({ keys: keys + 1, pins: pins + 1 });

/** What is opened is wiped by itself; what is made from it must not go with it. */
const copyOfKeys = ({ keys }: OpenVault) => ({
  ...keys,
  localRoot: keys.localRoot.slice(),
  identities: keys.identities.map(({ version, x25519, ed25519 }) => ({
    version,
    x25519: x25519.slice(),
    ed25519: ed25519.slice(),
  })),
});
