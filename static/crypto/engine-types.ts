import type { Vault, VaultPart } from '#contract/accounts.ts';
import type { Message } from '#contract/messages.ts';
import type { EpochGivenBack } from '#contract/restore.ts';
import type { EpochRow, KdfParameters, NewEpoch, StatementRow } from '#contract/sealed.ts';
import type {
  MemoRow,
  OpenFailure,
  OpenMemoResult,
  SealedMemo,
  SealMemoInput,
  ShareMemoInput,
} from './memo-types.ts';
import type { AesCbcEngine } from './primitives.ts';
import type {
  AcceptRoomInput,
  EpochChange,
  NameWarning,
  QuarantineReason,
  RoomPerson,
  RoomReason,
  RoomStatus,
  RoomType,
  RoomVerdict,
  WaitingReason,
} from './room-types.ts';
import type { RecoveryEngine } from './recovery-types.ts';
import type { TrustEngine } from './trust-types.ts';

/** A message row; any `kind` is taken, so that a newer client's kinds are UNKNOWN_VERSION and not a type error. */
export type MessageRow = Pick<
  Message,
  'roomUid' | 'seq' | 'senderUid' | 'clientId' | 'target' | 'n' | 'sentAt'
> & { kind: string; envelope: string };

/** What unlocking needs of `SignedIn`: `me.userUid`, `me.identityVersion` and the vault. */
export type VaultRow = {
  userUid: string;
  identityVersion: number;
  vault: Pick<Vault, 'keys' | 'pins' | 'passwordWrap' | 'recoveryWrap'> &
    Partial<Pick<Vault, 'salt' | 'kdf'>>;
  /** The server's, if the page knows it: an older vault is taken back under a new one only. */
  generation: string | null;
};

/** The input of `room:restore` but for the title; a page sends long chains in parts. */
export type RoomReturn = { roomUid: string; epochs: EpochGivenBack[]; statements: StatementRow[] };

/**
 * Small per-browser key-value store (IndexedDB on the page): watermarks, vault counters, a sealed copy of the
 * pins. Keys begin with the userUid. Nothing in it is readable content; losing it costs only rollback detection.
 */
export type CryptoStorage = {
  get(key: string): Promise<string | null>;
  put(key: string, value: string): Promise<void>;
};

/** Argon2id with a 32-byte result; `password` is already normalised. */
export type Argon2 = (password: string, salt: Uint8Array, kdf: KdfParameters) => Promise<Uint8Array>;

export type CryptoEngineDeps = {
  /** Random 128-bit id of this browser profile (22 characters), kept by the page for good. */
  deviceId: string;
  argon2: Argon2;
  storage: CryptoStorage;
  /** Records fromEpoch…toEpoch inclusive, ascending, at most 50 a call; missing ones are left out. */
  fetchRecords(roomUid: string, fromEpoch: number, toEpoch: number): Promise<EpochRow[]>;
  /** Statements of exactly these versions, at most 500 a call; unknown ones are left out. */
  fetchStatements(people: PersonVersion[]): Promise<StatementRow[]>;
  /** The pins differ from the last saved blob: call takePinsBlob() within 10 minutes. */
  pinsChanged: () => void;
  now: () => number;
  random: (length: number) => Uint8Array;
  /** Asked for only where the AES engine that is always there computes wrongly. */
  loadCompatibleAes?: () => AesCbcEngine;
};

export type PersonVersion = { userUid: string; version: number };

/** A person to put into a record; the display name is pinned at first sight. */
export type PersonToAdd = { userUid: string; version: number; displayName: string };

export type RegistrationInput = { userUid: string; username: string; displayName: string; password: string };

/** The secret part of `POST /api/register`; everything here may travel. */
export type RegistrationKeys = {
  salt: string;
  kdf: KdfParameters;
  authKey: string;
  statement: string;
  statementSignature: string;
  vault: { keys: VaultPart; pins: VaultPart };
  passwordWrap: string;
  recoveryWrap: string;
  recoveryAuth: string;
};

/** `sheetGroups`: nine groups of four characters, to show, print and ask back; never stored. */
export type PreparedRegistration = { request: RegistrationKeys; sheetGroups: string[] };

/** The password as it proves itself to the server in a request that replaces wraps. */
export type CurrentPassword = { password: string; salt: string; kdf: KdfParameters };

/** The input of `vault:replace`: a new vault key, both blobs and both wraps, stored in one transaction. */
export type VaultReplacement = {
  authKey: string;
  keys: VaultPart;
  pins: VaultPart;
  passwordWrap: string;
  recoveryWrap: string;
  recoveryAuth: string;
};

export type PreparedSheet = { request: VaultReplacement; sheetGroups: string[] };

/**
 * Who is signed in. `keysChangedAt`: when the vault's keys last changed, for "keys last changed on …".
 * `isSheetConfirmed`: two groups of the present recovery sheet were typed back, in whichever browser that was.
 */
export type Unlocked = {
  userUid: string;
  version: number;
  fingerprint: string;
  keysChangedAt: number;
  isSheetConfirmed: boolean;
};

export type {
  AcceptRoomInput,
  EpochChange,
  NameWarning,
  QuarantineReason,
  RoomPerson,
  RoomReason,
  RoomStatus,
  RoomType,
  RoomVerdict,
  WaitingReason,
};

export type FirstEpochInput = { roomUid: string; type: RoomType; history: boolean; people: PersonToAdd[] };

export type NextEpochInput = { roomUid: string; add: PersonToAdd[]; remove: string[]; history?: boolean };

/** What `room:create`, `room:invite` … take as `epoch`; `wraps` holds one per person of the record, mine included. */
export type MadeEpoch = NewEpoch & { epoch: number; hash: string };

export type PollOption = { id: string; text: string };

/** What a message says, by kind. */
export type PlainContent =
  | { kind: 'text'; text: string }
  /** 2–20 options; their ids are random 128-bit values. */
  | { kind: 'poll'; question: string; options: PollOption[] };

export type MessageTimes = {
  /** Server-adjusted time in ms. */
  at: number;
  /** `senderUid.clientId` of the newest row seen. */
  after: string | null;
  /** When it was written, if that was notably earlier than `at`. */
  composed?: number;
  notBefore?: number;
};

export type SealMessageInput = MessageTimes & {
  roomUid: string;
  clientId: string;
  /** `senderUid.clientId` of the message replied to. */
  target: string | null;
  /** 0 for a new message, the edit's number after that. */
  n: number;
  content: PlainContent;
};

/**
 * `VERIFIED_CHANGED`: somebody whom I had verified (`subject`) has another identity since; sealed once I compared again, or
 * dropped the mark.
 */
export type SealResult =
  | { ok: true; envelope: string; epoch: number }
  | { ok: false; reason: RoomReason | 'NOT_ACCEPTED' | 'VERIFIED_CHANGED'; subject?: string };

export type OpenedMessage = PlainContent & MessageTimes & { epoch: number };

export type SealReactionInput = {
  roomUid: string;
  /** `senderUid.clientId` of the message reacted to. */
  target: string;
  emoji: string;
};

export type SealReactionResult =
  | { ok: true; token: string; sealed: string }
  | { ok: false; reason: RoomReason | 'NOT_ACCEPTED' };

/** A reaction of the server's: what `reactorUid` sealed. */
export type ReactionRow = { target: string; token: string; sealed: string; reactorUid: string };

/** `isUnavailable`: as of a message. */
export type OpenReactionResult =
  | { ok: true; emoji: string }
  | { ok: false; reason: OpenFailure; isUnavailable?: true };

export type { OpenFailure };

/**
 * `duplicateOfSeq`: a second row with the same sender and clientId; drop it and report it. `isUnavailable`: the server did
 * not deliver a record or statement that it takes; ask again later.
 */
export type OpenResult =
  | { ok: true; value: OpenedMessage }
  | { ok: false; reason: OpenFailure; duplicateOfSeq?: number; isUnavailable?: true };

/**
 * The result after painting: a failed signature makes the row TAMPERED; the flags are shown, not fatal. `isUnavailable`
 * says that the sender's statement (or the epoch) did not arrive: verify again later.
 */
export type VerifyResult =
  | { ok: true; clockOff: boolean; afterNotBelow: boolean }
  | { ok: false; reason: OpenFailure; isUnavailable?: true };

/** Everything the client can ask of the keys of one signed-in person. Refusals are CryptoErrors with a code. */
export type CryptoEngine = {
  /** Makes identity, vault, wraps and sheet for a new account. Refuses WEAK_PASSWORD. Nothing is kept unless finished. */
  prepareRegistration(input: RegistrationInput): Promise<PreparedRegistration>;
  /**
   * Two groups of that sheet were typed back: the `keys` part of the request anew, now saying so. Either part may be
   * sent, but not both.
   */
  confirmRegistrationSheet(): Promise<VaultPart>;
  /** The server stored what prepareRegistration made: the engine is unlocked with it. */
  finishRegistration(): Promise<Unlocked>;
  /** The 43 characters that prove the password; keeps the wrap key for unlockWithPassword. Refuses WEAK_KDF. */
  deriveAuthKey(password: string, salt: string, kdf: KdfParameters): Promise<string>;
  /** Opens the vault after deriveAuthKey. Refuses WRONG_KEY, VAULT_TAMPERED, VAULT_OLDER, IDENTITY_MISMATCH. */
  unlockWithPassword(row: VaultRow): Promise<Unlocked>;
  /** The server runs under this generation: from now on an older vault under it is an attack. */
  noteGeneration(generation: string): Promise<void>;
  /** The vault key sealed for this browser; `deviceKey` is the server's 64 bytes in base64url. Again after rotation. */
  sealForDevice(deviceKey: string): Promise<string>;
  /** Opens the vault of a browser that stayed signed in. WRONG_KEY means: ask for the password. */
  unlockWithDevice(sealed: string, deviceKey: string, row: VaultRow): Promise<Unlocked>;
  /**
   * A new sheet, with a new vault key, blobs and wraps. The old sheet is dead once the server stored them. Refuses
   * WRONG_KEY for another password than the present one.
   */
  replaceSheet(current: CurrentPassword): Promise<PreparedSheet>;
  /** The server stored what replaceSheet made. Then sealForDevice again. */
  finishReplaceSheet(): Promise<Unlocked>;
  /** Zeroes every key. */
  lock(): Promise<void>;

  /** Checks every record from my watermark to the newest; call it at room open and at each epoch event. */
  acceptRoom(input: AcceptRoomInput): Promise<RoomVerdict>;
  /** What the records fromEpoch…toEpoch changed, loading what is missing; only epochs at or below the accepted one. */
  roomChanges(roomUid: string, fromEpoch: number, toEpoch: number): Promise<EpochChange[]>;
  /**
   * The records of a room that a restored server lacks, with wraps made anew. `server` is its newest record, null if it
   * shows no such room. Null: there is nothing to give, or the server's record is not in the chain that I accepted.
   */
  prepareRoomReturn(
    roomUid: string,
    server: { epoch: number; hash: string } | null,
  ): Promise<RoomReturn | null>;
  /** Somebody shared keys with me: asks for those that were missing; true if one of them came. */
  refreshRoomKeys(roomUid: string): Promise<boolean>;
  makeFirstEpoch(input: FirstEpochInput): Promise<MadeEpoch>;
  /** Refuses ROOM_NOT_READY unless the server's newest record is accepted, and where it names somebody of `add` already. */
  makeNextEpoch(input: NextEpochInput): Promise<MadeEpoch>;

  /** Fails closed: without a sendable room there is a reason and no envelope. Make a new envelope per attempt. */
  sealMessage(input: SealMessageInput): Promise<SealResult>;
  /** One result per row, in the order of the rows; never throws for a row. acceptRoom comes first. */
  openMessages(roomUid: string, rows: MessageRow[]): Promise<OpenResult[]>;
  /**
   * Earlier texts of edited messages, each with its own `n` and envelope, signatures checked; in the order of the rows.
   * acceptRoom comes first.
   */
  openVersions(roomUid: string, rows: MessageRow[]): Promise<OpenResult[]>;
  /** Signatures and plausibility of rows that openMessages opened, in their order. */
  verifyMessages(roomUid: string, rows: MessageRow[]): Promise<VerifyResult[]>;

  /** In the newest epoch; fails closed like sealMessage. Refuses BAD_INPUT for what is no emoji. */
  sealReaction(input: SealReactionInput): Promise<SealReactionResult>;
  /** One result per row, in the order of the rows; never throws for a row. acceptRoom comes first. */
  openReactions(roomUid: string, rows: ReactionRow[]): Promise<OpenReactionResult[]>;

  /**
   * For these people and me. Refuses UNCONFIRMED_VERSION, PIN_CONFLICT, STATEMENT_MISSING and BAD_STATEMENT, each with the
   * person, and BAD_INPUT.
   */
  sealMemo(input: SealMemoInput): Promise<SealedMemo>;
  /** One result per row, in the order of the rows, signatures checked; never throws for a row. */
  openMemos(rows: MemoRow[]): Promise<OpenMemoResult[]>;
  /** Refuses what sealMemo refuses; BAD_INPUT unless I sent it and it names that person. */
  shareMemo(input: ShareMemoInput): Promise<{ entry: string; wrap: string }>;

  /** Trust and healing: what loads when it is first asked for. `crypto.trust('ownDigits')`. */
  trust<Method extends keyof TrustEngine>(
    method: Method,
    ...input: Parameters<TrustEngine[Method]>
  ): ReturnType<TrustEngine[Method]>;
  /** Ways back in and another password, loaded likewise. `crypto.recovery('readSheet', typed)`. */
  recovery<Method extends keyof RecoveryEngine>(
    method: Method,
    ...input: Parameters<RecoveryEngine[Method]>
  ): ReturnType<RecoveryEngine[Method]>;

  /** For outbox, index and local drafts: opens only in this browser. `label` and `id` are context fields. */
  sealLocal(label: string, id: string, plain: Uint8Array): Promise<Uint8Array>;
  openLocal(label: string, id: string, sealed: Uint8Array): Promise<Uint8Array | null>;
  /** Synced drafts and settings: open in every browser of this person; the server keeps the counter. */
  sealDraft(roomUid: string, counter: number, text: string): Promise<string>;
  openDraft(roomUid: string, counter: number, sealed: string): Promise<string | null>;
  sealSetting(name: string, counter: number, value: string): Promise<string>;
  openSetting(name: string, counter: number, sealed: string): Promise<string | null>;

  /** The input of `vault:put-pins`, or null when nothing changed since the last saved blob. */
  takePinsBlob(): Promise<VaultPart | null>;
  /** The server stored the blob with this counter. */
  pinsSaved(counter: number): Promise<void>;
  /** Somebody else's browser was first: merges by union, then takePinsBlob() again. */
  mergePins(pins: VaultPart): Promise<void>;
  /** The user has seen the warning about this person's name. */
  acknowledgeName(userUid: string, displayName: string): Promise<void>;
  /** The user gives the room this title, or has seen the warning about it. */
  pinRoomTitle(roomUid: string, title: string): Promise<void>;
};
