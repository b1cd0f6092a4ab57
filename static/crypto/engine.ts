import { makeRegistration, makeSheetReplacement, openVault, sealKeysBlob } from './account-keys.ts';
import { CryptoError } from './crypto-error.ts';
import { openVaultKeyForDevice, sealVaultKeyForDevice } from './device-unlock.ts';
import { decodeBase64Exact, encodeBase64, isObject } from './encoding.ts';
import type { CryptoEngine, CryptoEngineDeps, Unlocked, VaultRow } from './engine-types.ts';
import { derivePasswordKeys } from './key-derivation.ts';
import { nobleAes } from './primitives.ts';
import { chooseAesEngine, createSealer } from './seal.ts';
import { wipeVault } from './open-vault.ts';
import { createSession, type LaterEngineParts, type OpenVault, type Session } from './session.ts';
import type { RecoveryDesk } from './recovery-desk.ts';
import { unwrapVaultKeyByPassword } from './vault.ts';
import { createWatermarkStore } from './watermark-store.ts';

/**
 * The engine: holds the keys of one signed-in person. Throws NO_AES_ENGINE at once when no AES implementation
 * computes correctly here. Everything else is said at CryptoEngine.
 */
export function createCryptoEngine(given: CryptoEngineDeps & LaterEngineParts): CryptoEngine {
  const aes = chooseAesEngine([
    () => nobleAes,
    ...(given.loadCompatibleAes === undefined ? [] : [given.loadCompatibleAes]),
  ]);
  const sealer = createSealer(aes, given.random);
  const deps = { ...given, ...fetchingRows(given), sealer };
  let session: Session | null = null;
  let wrapKey: Uint8Array | null = null;
  /** Of a newer password than the one that was typed at the form, after a restore. */
  let newerWrapKey: Uint8Array | null = null;
  let pendingRegistration: OpenVault | null = null;
  let pendingReplacement: OpenVault | null = null;
  let recoveryDesk: RecoveryDesk | null = null;
  let lockCount = 0;

  const unlockedSession = (): Session => {
    if (session === null) throw new CryptoError('LOCKED');
    return session;
  };

  const forgetPending = (): void => {
    wrapKey?.fill(0);
    wrapKey = null;
    newerWrapKey?.fill(0);
    newerWrapKey = null;
    if (pendingRegistration !== null) wipeVault(pendingRegistration);
    pendingRegistration = null;
    // Its identities and localRoot are those of the session; only the vault key is its own.
    pendingReplacement?.vaultKey.fill(0);
    pendingReplacement = null;
  };

  const lock = (): void => {
    lockCount += 1;
    forgetPending();
    recoveryDesk?.forget();
    session?.lock();
    session = null;
  };

  const begin = async (vault: OpenVault): Promise<Unlocked> => {
    const before = lockCount;
    session?.lock();
    session = null;
    const begun = await createSession(deps, vault);
    // A sign-out while the vault was being opened wins.
    if (lockCount !== before) {
      begun.lock();
      throw new CryptoError('LOCKED');
    }
    session = begun;
    return begun.unlocked();
  };

  const unlock = async (row: VaultRow, vaultKey: Uint8Array | null): Promise<Unlocked> => {
    if (vaultKey === null) throw new CryptoError('WRONG_KEY');
    const before = lockCount;
    try {
      const remembered = await createWatermarkStore(deps.storage, row.userUid).loadCounters();
      const vault = await openVault(deps, row, vaultKey, remembered);
      if (lockCount !== before) {
        wipeVault(vault);
        throw new CryptoError('LOCKED');
      }
      return await begin(vault);
    } catch (error) {
      vaultKey.fill(0);
      throw error;
    }
  };

  return {
    async prepareRegistration(input) {
      const before = lockCount;
      const { prepared, vault } = await makeRegistration(deps, input);
      if (lockCount !== before) {
        wipeVault(vault);
        throw new CryptoError('LOCKED');
      }
      forgetPending();
      pendingRegistration = vault;
      return prepared;
    },
    async confirmRegistrationSheet() {
      if (pendingRegistration === null) throw new CryptoError('NOTHING_PENDING');
      pendingRegistration.keys.isSheetConfirmed = true;
      const part = sealKeysBlob(sealer, pendingRegistration);
      pendingRegistration.keysBlob = part.blob;
      return part;
    },
    async finishRegistration() {
      if (pendingRegistration === null) throw new CryptoError('NOTHING_PENDING');
      const vault = pendingRegistration;
      pendingRegistration = null;
      return begin(vault);
    },
    async deriveAuthKey(password, salt, kdf) {
      const before = lockCount;
      const keys = await derivePasswordKeys(deps.argon2, password, decodeBase64Exact(salt, 16), kdf);
      if (lockCount !== before) {
        keys.wrapKey.fill(0);
        throw new CryptoError('LOCKED');
      }
      wrapKey?.fill(0);
      wrapKey = keys.wrapKey;
      return encodeBase64(keys.authKey);
    },
    async unlockWithPassword(row) {
      if (wrapKey === null) throw new CryptoError('NOTHING_PENDING');
      const { userUid, vault } = row;
      const opening = (key: Uint8Array): Uint8Array | null =>
        unwrapVaultKeyByPassword(sealer, key, userUid, vault.passwordWrap);
      const vaultKey = opening(wrapKey) ?? (newerWrapKey && opening(newerWrapKey));
      const unlocked = await unlock(row, vaultKey);
      forgetPending();
      return unlocked;
    },
    noteGeneration: async (generation) => unlockedSession().noteGeneration(generation),
    async sealForDevice(deviceKey) {
      const { userUid, vault } = unlockedSession();
      const owner = { userUid, deviceId: deps.deviceId };
      const sealed = sealVaultKeyForDevice(sealer, deviceKey, owner, vault().vaultKey);
      if (sealed === null) throw new CryptoError('BAD_INPUT');
      return sealed;
    },
    async unlockWithDevice(sealed, deviceKey, row) {
      const owner = { userUid: row.userUid, deviceId: deps.deviceId };
      return unlock(row, openVaultKeyForDevice(sealer, deviceKey, owner, sealed));
    },
    async replaceSheet(current) {
      const before = lockCount;
      const { prepared, vault } = await makeSheetReplacement(deps, unlockedSession().vault(), current);
      if (lockCount !== before) {
        // The private keys were zeroed while the password was hashed: what was sealed may hold nothing.
        vault.vaultKey.fill(0);
        throw new CryptoError('LOCKED');
      }
      pendingReplacement?.vaultKey.fill(0);
      pendingReplacement = vault;
      return prepared;
    },
    async finishReplaceSheet() {
      if (pendingReplacement === null) throw new CryptoError('NOTHING_PENDING');
      const vault = pendingReplacement;
      pendingReplacement = null;
      const adopting = unlockedSession();
      await adopting.adopt(vault);
      return adopting.unlocked();
    },
    async lock() {
      lock();
    },
    acceptRoom: async (input) => unlockedSession().room(input.roomUid).accept(input),
    roomChanges: async (roomUid, from, to) => unlockedSession().room(roomUid).changes(from, to),
    prepareRoomReturn: async (roomUid, server) => unlockedSession().trust().prepareReturn(roomUid, server),
    refreshRoomKeys: async (roomUid) => unlockedSession().room(roomUid).refreshKeys(),
    makeFirstEpoch: async (input) => unlockedSession().makeFirstEpoch(input),
    makeNextEpoch: async (input) => unlockedSession().room(input.roomUid).makeNext(input),
    sealMessage: async (input) => unlockedSession().room(input.roomUid).sealMessage(input),
    openMessages: async (roomUid, rows) => unlockedSession().room(roomUid).open(rows),
    openVersions: async (roomUid, rows) => unlockedSession().room(roomUid).openVersions(rows),
    verifyMessages: async (roomUid, rows) => unlockedSession().room(roomUid).verify(rows),
    sealReaction: async (input) => unlockedSession().room(input.roomUid).sealReaction(input),
    openReactions: async (roomUid, rows) => unlockedSession().room(roomUid).openReactions(rows),
    sealMemo: async (input) => unlockedSession().memos().seal(input),
    openMemos: async (rows) => unlockedSession().memos().open(rows),
    shareMemo: async (input) => unlockedSession().memos().share(input),
    trust: callByName(() => unlockedSession().trust()),
    recovery: callByName(() => {
      recoveryDesk ??= deps.loadRecovery()({
        ...deps,
        session: unlockedSession,
        begin,
        wrapKey: () => {
          if (wrapKey === null) throw new CryptoError('NOTHING_PENDING');
          return wrapKey;
        },
        keepWrapKey: (key) => {
          newerWrapKey?.fill(0);
          newerWrapKey = key;
        },
      });
      return recoveryDesk;
    }),
    ...createLocalMethods(unlockedSession),
  };
}

/** Called by name, so that the methods of a later part cost the worker nothing until it is loaded. */
const callByName = (
  part: () => Record<string, unknown>,
): CryptoEngine['trust'] & CryptoEngine['recovery'] => {
  const call = async (method: string, ...input: unknown[]): Promise<unknown> => {
    const run = part()[method];
    if (typeof run !== 'function') throw new CryptoError('BAD_INPUT');
    return run(...input) as unknown;
  };
  // The caller's types fit the method that it names; here the two travel apart. The engine's type says what each takes and gives.
  return call as CryptoEngine['trust'] & CryptoEngine['recovery'];
};

/** What needs only the session's own keys and pins. */
function createLocalMethods(session: () => Session) {
  return {
    sealLocal: async (label, id, plain) => session().localSeal.seal(label, id, plain),
    openLocal: async (label, id, sealed) => session().localSeal.open(label, id, sealed),
    sealDraft: async (roomUid, counter, text) => session().localSeal.sealDraft(roomUid, counter, text),
    openDraft: async (roomUid, counter, sealed) => session().localSeal.openDraft(roomUid, counter, sealed),
    sealSetting: async (name, counter, value) => session().localSeal.sealSetting(name, counter, value),
    openSetting: async (name, counter, sealed) => session().localSeal.openSetting(name, counter, sealed),
    takePinsBlob: async () => session().takePinsBlob(),
    pinsSaved: async (counter) => session().pinsSaved(counter),
    mergePins: async (part) => session().mergePins(part),
    acknowledgeName: async (userUid, displayName) => session().acknowledgeName(userUid, displayName),
    pinRoomTitle: async (roomUid, title) => session().pinRoomTitle(roomUid, title),
  } satisfies Partial<CryptoEngine>;
}

/** What is no row at all counts as not delivered: a server that sends it must not cost the others their place. */
const fetchingRows = (
  given: CryptoEngineDeps,
): Pick<CryptoEngineDeps, 'fetchRecords' | 'fetchStatements'> => ({
  fetchRecords: async (...range) => (await given.fetchRecords(...range)).filter(isObject),
  fetchStatements: async (people) => (await given.fetchStatements(people)).filter(isObject),
});
