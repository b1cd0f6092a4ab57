import type { VaultPart } from '#contract/accounts.ts';
import { CryptoError } from './crypto-error.ts';
import type { CryptoEngineDeps, MadeEpoch, FirstEpochInput, Unlocked } from './engine-types.ts';
import { admitPeople, makeEpoch } from './epoch-maker.ts';
import type { IdentityKeys, PublicIdentity } from './identity.ts';
import { createIdentityDirectory } from './identity-directory.ts';
import { createLocalSeal, type LocalSeal } from './local-seal.ts';
import type { createMemoBox, MemoBoxKeys } from './memo-box.ts';
import type { createRecoveryDesk } from './recovery-desk.ts';
import type { createTrustDesk } from './trust-desk.ts';
import type { TrustEngine } from './trust-types.ts';
import { acknowledgeName } from './pin-rules.ts';
import { parsePins, pinTitle } from './pins.ts';
import { createPinSync, nextPart, type PinSync } from './pin-sync.ts';
import { createRecordStore } from './record-store.ts';
import { createRoom, type Room, type RoomOwner } from './room.ts';
import type { Sealer } from './seal.ts';
import { ownerOf, wipeVault } from './open-vault.ts';
import { openVaultBlob, sealVaultBlob, type VaultKeys } from './vault.ts';
import { saveVaultCopy, type Stretch } from './vault-copy.ts';
import { createWatermarkStore, type VaultCounters } from './watermark-store.ts';

/** An open vault: what a session is made of. */
export type OpenVault = {
  userUid: string;
  vaultKey: Uint8Array;
  keys: VaultKeys;
  counters: VaultCounters;
  pinsJson: Record<string, unknown>;
  /** The vault key under the present password. */
  passwordWrap: string;
  /** What this browser keeps a copy of (`vault-copy.ts`); `recoveryAuth` of a sheet that was made here. */
  keysBlob: string;
  recoveryWrap: string;
  recoveryAuth: string | null;
  stretch: Stretch | null;
};

/** What comes when it is first needed; throws where it cannot be had. */
export type LaterEngineParts = {
  loadMemos: () => typeof createMemoBox;
  loadTrust: () => typeof createTrustDesk;
  loadRecovery: () => typeof createRecoveryDesk;
};

/** The keys of one signed-in person, and everything that works with them. Ends with lock(). */
export type Session = {
  userUid: string;
  vault: () => OpenVault;
  unlocked(): Unlocked;
  room(roomUid: string): Room;
  /** Made when it is first asked for. */
  memos(): MemoBoxKeys;
  trust(): TrustEngine;
  makeFirstEpoch(input: FirstEpochInput): Promise<MadeEpoch>;
  localSeal: LocalSeal;
  pinSync: PinSync;
  takePinsBlob(): VaultPart | null;
  pinsSaved(counter: number): Promise<void>;
  mergePins(part: VaultPart): Promise<void>;
  acknowledgeName(userUid: string, displayName: string): Promise<void>;
  pinRoomTitle(roomUid: string, title: string): Promise<void>;
  /** The vault was replaced on the server. */
  adopt(vault: OpenVault): Promise<void>;
  noteGeneration(generation: string): Promise<void>;
  lock(): void;
};

/** A session over an open vault; merges in what this browser pinned but never synced. */
export async function createSession(
  deps: CryptoEngineDeps & LaterEngineParts & { sealer: Sealer },
  opened: OpenVault,
): Promise<Session> {
  const { sealer, storage, random, now } = deps;
  const { userUid } = opened;
  let vault = opened;
  const me = ownerOf(userUid, vault.keys.identities);
  const pins = parsePins(vault.pinsJson);
  const localSeal = createLocalSeal(sealer, { userUid, deviceId: deps.deviceId }, vault.keys.localRoot);
  const pinSync = createPinSync({ pins, storage, localSeal, userUid, pinsChanged: deps.pinsChanged });
  const watermarks = createWatermarkStore(storage, userUid);
  const fetchStatements: CryptoEngineDeps['fetchStatements'] = (people) => deps.fetchStatements(people);
  const directory = createIdentityDirectory({ fetchStatements, pins, own: me.own });
  const roomsByUid = new Map<string, Room>();
  const sentByCounter = new Map<number, string>();
  const parts = { sealer, random, me, pins, directory, watermarks, now };
  const roomDeps = {
    ...parts,
    fetchRecords: (roomUid: string, from: number, to: number) => deps.fetchRecords(roomUid, from, to),
    fetchStatements,
    records: createRecordStore(storage, userUid),
    pinsTouched: () => pinSync.touched(),
  };

  let memoBox: MemoBoxKeys | null = null;
  const memos = (): MemoBoxKeys => {
    memoBox ??= deps.loadMemos()({
      ...parts,
      present: () => presentIdentity(me),
      pinsTouched: () => pinSync.touched(),
    });
    return memoBox;
  };

  let trustDesk: TrustEngine | null = null;
  const trust = (): TrustEngine => {
    trustDesk ??= deps.loadTrust()({
      ...roomDeps,
      argon2: deps.argon2,
      present: () => presentIdentity(me),
      vault: () => vault,
      room: (roomUid) => room(roomUid).inner,
    });
    return trustDesk;
  };

  const room = (roomUid: string): Room => {
    const known = roomsByUid.get(roomUid);
    if (known !== undefined) return known;
    const made = createRoom(roomDeps, roomUid);
    roomsByUid.set(roomUid, made);
    return made;
  };

  const newestVersion = (): number => Math.max(...vault.keys.identities.map(({ version }) => version));
  const rememberCounters = (): Promise<void> =>
    watermarks.saveCounters({ ...vault.counters, version: newestVersion() });
  await rememberCounters();
  const keepCopy = (): Promise<void> => {
    const { keysBlob, counters, passwordWrap, recoveryWrap, recoveryAuth, stretch } = vault;
    const keys = { counter: counters.keys, blob: keysBlob };
    const wraps = { passwordWrap, recoveryWrap, recoveryAuth, stretch };
    return saveVaultCopy(storage, userUid, localSeal, { keys, ...wraps, identityVersion: newestVersion() });
  };
  await keepCopy();
  await pinSync.loadLocal();

  return {
    userUid,
    localSeal,
    memos,
    trust,
    room,
    pinSync,
    vault: () => ({ ...vault, pinsJson: parseObject(pinSync.snapshot()) }),
    unlocked() {
      const { version, fingerprint } = presentIdentity(me).identity;
      const { changedAt: keysChangedAt, isSheetConfirmed } = vault.keys;
      return { userUid, version, fingerprint, keysChangedAt, isSheetConfirmed };
    },
    async makeFirstEpoch({ roomUid, type, history, people }) {
      const { identity, keys } = presentIdentity(me);
      const { version, fingerprint } = identity;
      const creator = { userUid, version, fingerprint };
      const admitted = await admitPeople(parts, roomUid, people);
      await pinSync.touched();
      // Two people who talk alone always share all of it.
      const isShared = history || type === 'direct';
      const base = { roomUid, type, history: isShared, creator, people: [creator, ...admitted] };
      return makeEpoch(parts, keys, base, { epoch: 1, prev: null });
    },
    takePinsBlob() {
      if (!pinSync.isDirty()) return null;
      const snapshot = pinSync.snapshot();
      const name = { label: 'pins' as const, userUid }; // a literal, not a string
      const part = nextPart(vault.counters.pins, (counter) =>
        sealVaultBlob(sealer, vault.vaultKey, { ...name, counter }, parseObject(snapshot)),
      );
      sentByCounter.set(part.counter, snapshot);
      return part;
    },
    async pinsSaved(counter) {
      const snapshot = sentByCounter.get(counter);
      if (snapshot === undefined) throw new CryptoError('NOTHING_PENDING');
      sentByCounter.clear();
      pinSync.markSaved(snapshot);
      vault = { ...vault, counters: { ...vault.counters, pins: counter } };
      await rememberCounters();
    },
    async mergePins({ counter, blob }) {
      if (counter < vault.counters.pins) throw new CryptoError('VAULT_OLDER');
      const json = openVaultBlob(sealer, vault.vaultKey, { label: 'pins', userUid, counter }, blob);
      vault = { ...vault, counters: { ...vault.counters, pins: counter } };
      await rememberCounters();
      await pinSync.merge(json);
    },
    async acknowledgeName(otherUid, displayName) {
      acknowledgeName(pins, { userUid: otherUid, displayName }, now());
      await pinSync.touched();
    },
    async pinRoomTitle(roomUid, title) {
      pinTitle(pins, roomUid, { text: title, at: now() });
      await pinSync.touched();
    },
    async adopt(replaced) {
      vault.vaultKey.fill(0);
      vault = replaced;
      await rememberCounters();
      await keepCopy();
    },
    noteGeneration: (generation) => watermarks.noteGeneration(generation),
    lock() {
      for (const open of roomsByUid.values()) open.lock();
      roomsByUid.clear();
      localSeal.lock();
      wipeVault(vault);
    },
  };
}

/** My newest version. */
export function presentIdentity(me: RoomOwner): { identity: PublicIdentity; keys: IdentityKeys } {
  const version = Math.max(...me.identities.map((keys) => keys.version));
  const keys = me.identities.find((candidate) => candidate.version === version);
  const identity = me.own.find((candidate) => candidate.version === version);
  if (keys === undefined || identity === undefined) throw new CryptoError('VAULT_TAMPERED');
  return { identity, keys };
}

const parseObject = (text: string): Record<string, unknown> => {
  // Only ever given what pinsToJson wrote.
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
};
