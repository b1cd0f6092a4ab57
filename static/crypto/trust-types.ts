import type { MissingWrap, SharedWrap } from '#contract/room-key-sharing.ts';
import type { SuccessionRow } from '#contract/recovery.ts';
import type {
  MadeEpoch,
  PersonToAdd,
  PersonVersion,
  QuarantineReason,
  RoomPerson,
  RoomReturn,
  VaultRow,
} from './engine-types.ts';

/**
 * Trust in people and records, healing, and the rehearsal (docs/e2e-protocol.md sections 4 and 7). All of it is a part of
 * the worker that comes when it is first asked for: `crypto.trust('ownDigits')`.
 */

/**
 * What I know of a person's newest version. `unknown`: nobody I ever shared a room or memo with. `vouched`: a colleague's
 * record put it in the old one's place. `unconfirmed`: a newer version than any that was confirmed for me. `conflict`: two
 * keys under one version.
 */
export type TrustState =
  | 'me'
  | 'unknown'
  | 'seen'
  | 'vouched'
  | 'digits'
  | 'succession'
  | 'unconfirmed'
  | 'conflict';

/**
 * My own mark that I compared the safety number. `changed`: it was for an older version than the one that is confirmed now;
 * the first send asks once (SealResult VERIFIED_CHANGED).
 */
export type VerifiedMark = 'none' | 'verified' | 'changed';

export type PersonTrust = {
  userUid: string;
  /** The version whose state this is: the one asked about. */
  version: number;
  state: TrustState;
  /** The newest version that is confirmed for me (in that room, if one was given); null for unknown people. */
  confirmed: { version: number; fingerprint: string; at: number } | null;
  /** Who confirmed it in that room, where a colleague did. */
  vouchedBy: string | null;
  mark: VerifiedMark;
  /** When the mark was given; null without one. */
  verifiedAt: number | null;
};

export type PersonTrustInput = {
  /** With the newest version that the server publishes (`Person.identityVersion`). */
  people: PersonVersion[];
  /** A colleague's word counts in its own room only; without a room, that of any room does. */
  roomUid?: string;
};

/** A record that I do not accept, and what could be done about it. */
export type RoomQuarantine = {
  reason: QuarantineReason;
  /** The person that the reason is about, where it is about one. */
  subject: string | null;
  /**
   * `record`: a member whom I trust reads out the digits of the room's newest record (`roomDigits` on their screen), and I
   * type them (`confirmRecord`). `person`: the subject reads out their own (`ownDigits`; `confirmIdentity`). Null: nothing to
   * be done by hand; the record is false, or the server is behind.
   */
  resolvedBy: 'record' | 'person' | null;
  /** What the server shows as the newest record, as far as it can be read. */
  epoch: number | null;
  creatorUid: string | null;
  people: RoomPerson[];
  /** People whom that record names and mine does not: whom I had removed, perhaps. */
  cameBack: string[];
  /** People whom mine names and that record does not. */
  missing: string[];
};

export type RoomTrust = {
  roomUid: string;
  /** The newest record that I accepted. */
  epoch: number | null;
  people: PersonTrust[];
  quarantine: RoomQuarantine | null;
  /** My entry is of an older version of mine: a colleague must confirm the present one. */
  isWaitingForColleague: boolean;
};

/** `DIGITS_WRONG`: not those of what the server shows. `UNAVAILABLE`: the server did not deliver what is to be compared. */
export type ConfirmResult =
  | { ok: true }
  | {
      ok: false;
      reason: 'DIGITS_WRONG' | 'UNAVAILABLE' | 'BAD_STATEMENT' | 'NOT_RESOLVABLE' | 'PIN_CONFLICT';
      subject: string | null;
    };

/** Sixty digits in twelve groups of five over both identities, and the same as text for a QR code. */
export type SafetyNumber = {
  userUid: string;
  version: number;
  fingerprint: string;
  groups: string[];
  /** `maru-sn1:…` */
  code: string;
};

/** Which wraps of mine do not open, so that the server puts them aside. */
export type BadWrap = { epoch: number; version: number };

/** One room of the rehearsal: the oldest and the newest epoch of which the server has a wrap for me. */
export type RehearsedRoom = { roomUid: string; oldest: number; newest: number };

export type RehearsalInput = {
  /** As the server has it at this moment. */
  row: VaultRow;
  rooms: RehearsedRoom[];
};

export type RehearsalResult = {
  /**
   * The stored blobs open with my vault key, make the published statement, hold every key that I hold, and the wraps are those
   * that I know. Null: the server did not answer.
   */
  isVaultSound: boolean | null;
  /** Rooms whose oldest or newest key does not open by the stored vault. */
  unreadable: { roomUid: string; epoch: number }[];
  /** Rooms that could not be looked at. */
  unchecked: string[];
};

/** `only`: the newest versions that the server publishes; an older one would be refused there. */
export type RenewRoomInput = { roomUid: string; remove: string[]; only: PersonVersion[] };

export type TrustEngine = {
  /** The 12 digits of my present identity, to be read out to a colleague. Takes a second (Argon2id). */
  ownDigits(): Promise<string>;
  /** The 12 digits of the newest record that I accepted of this room, to be read out. Refuses ROOM_NOT_READY. */
  roomDigits(roomUid: string): Promise<string>;
  /**
   * The person read these digits out, and I typed them: that version is confirmed for me everywhere. Blanks do not count.
   * Then `renewRoom` in every room that we share.
   */
  confirmIdentity(input: PersonVersion & { digits: string }): Promise<ConfirmResult>;
  /**
   * A member read out the digits of the record that acceptRoom reported last and that I had quarantined: it is accepted.
   * acceptRoom comes again afterwards.
   */
  confirmRecord(input: { roomUid: string; digits: string }): Promise<ConfirmResult>;

  /** Of me and the newest version of that person that is confirmed for me. Refuses STATEMENT_MISSING, BAD_STATEMENT. */
  safetyNumber(userUid: string): Promise<SafetyNumber>;
  /** A scanned or pasted code; the same one marks the person verified. */
  compareCode(input: { userUid: string; code: string }): Promise<'same' | 'different' | 'unreadable'>;
  /** The user compared the groups. False if the confirmed version is not this one any more. */
  markVerified(input: { userUid: string; version: number; fingerprint: string }): Promise<boolean>;
  /** The user takes the mark back, or goes on without it after the person's identity changed. */
  dropMark(userUid: string): Promise<void>;

  /** What I know of these people, in their order. */
  trustOf(input: PersonTrustInput): Promise<PersonTrust[]>;
  /** Of a room that acceptRoom looked at. */
  roomTrust(roomUid: string): Promise<RoomTrust>;
  /** What older keys said about newer ones; gives those whose newer version is confirmed by it now. */
  takeSuccessions(rows: SuccessionRow[]): Promise<string[]>;

  /**
   * The next record of a room for its present people without `remove`, with those of `only` in the old ones' place whose newer
   * version is confirmed for me; null if there is none to put in. Refuses ROOM_NOT_READY.
   */
  renewRoom(input: RenewRoomInput): Promise<MadeEpoch | null>;
  /**
   * The first record of a new chain, where nobody of the last record can act: for me and exactly these people. Refuses
   * ROOM_NOT_READY while my present identity is in the last record, BAD_INPUT for somebody whom that does not name in any version,
   * and UNCONFIRMED_VERSION for another version than it names, unless digits or the older key confirmed it for me.
   */
  makeNewChain(input: { roomUid: string; people: PersonToAdd[] }): Promise<MadeEpoch>;
  /** Wraps for those of `wanted` who may have them by the records alone; empty unless the room is sendable. */
  shareKeys(input: { roomUid: string; wanted: MissingWrap[] }): Promise<SharedWrap[]>;
  /** My own wraps that do not open, of the epochs that were loaded. */
  badWraps(roomUid: string): Promise<BadWrap[]>;

  /** As `prepareRoomReturn` of the engine. */
  prepareReturn(roomUid: string, server: { epoch: number; hash: string } | null): Promise<RoomReturn | null>;

  /** Opens the stored vault afresh and tries the oldest and newest key of every room. Changes nothing. */
  rehearse(input: RehearsalInput): Promise<RehearsalResult>;
};
