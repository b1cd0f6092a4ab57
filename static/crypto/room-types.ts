/** What the engine says of a room (docs/e2e-protocol.md section 4). */

export type RoomType = 'direct' | 'group';

export type RoomPerson = { userUid: string; version: number; fingerprint: string };

export type RoomStatus = 'sendable' | 'waiting' | 'quarantined';

/** Why a room cannot be sent to at present; the sentence for it is chosen by the client. */
export type RoomReason = WaitingReason | QuarantineReason;

export type WaitingReason =
  /** The room has no epoch yet. */
  | 'NO_RECORD'
  /** The server did not deliver the records or statements that the check needs; ask again. */
  | 'RECORDS_UNAVAILABLE'
  | 'STATEMENT_MISSING'
  /** No wrap for me yet, or it does not open: after 10 s make the next epoch for the same people. */
  | 'KEY_MISSING'
  | 'KEY_BAD'
  /** The record names people who are members no more: make the next epoch without `toRemove`. */
  | 'REKEY_NEEDED'
  /** The server counts members whom no member added (`notInRecord`). */
  | 'MEMBERS_DIFFER'
  | 'NOT_IN_RECORD'
  /** The record names an identity version of mine from before a reset: a colleague must confirm the new one. */
  | 'OWN_VERSION_OLD';

export type QuarantineReason =
  | 'MALFORMED'
  | 'WRONG_ROOM'
  | 'TYPE_CHANGED'
  | 'BAD_SIGNATURE'
  | 'BROKEN_CHAIN'
  | 'NEW_CHAIN'
  | 'FORK'
  | 'BEHIND_WATERMARK'
  | 'CREATOR_NOT_MEMBER'
  | 'OWN_KEY'
  | 'BAD_STATEMENT'
  | 'PIN_CONFLICT'
  | 'UNCONFIRMED_VERSION';

/** What one record changed against the one before it; a line in the timeline, sorted by `afterSeq`. */
export type EpochChange = {
  epoch: number;
  afterSeq: number;
  madeAt: number;
  creatorUid: string;
  added: string[];
  removed: string[];
  /** People whose newer identity version the creator confirmed. */
  confirmed: string[];
  /** Set when the tick "new people see history" changed. */
  history: boolean | null;
};

/** A name or title to show the user until acknowledged (docs/e2e-protocol.md section 7). */
export type NameWarning =
  | { kind: 'renamed'; userUid: string; displayName: string; pinnedName: string }
  | { kind: 'same-name'; userUid: string; displayName: string; otherUid: string }
  | { kind: 'retitled'; title: string; pinnedTitle: string };

export type AcceptRoomInput = {
  roomUid: string;
  /** The newest record that the server reports; null when it reports none. */
  newest: { epoch: number; hash: string } | null;
  /** The members that the server reports. */
  members: { userUid: string; displayName: string }[];
  /** The title that the server reports of a group. */
  title?: string;
};

export type RoomVerdict = {
  roomUid: string;
  status: RoomStatus;
  reason: RoomReason | null;
  /** The person that the reason is about, where it is about one. */
  subject: string | null;
  /** The newest accepted record (null: none yet). The member list on screen is `people`. */
  epoch: number | null;
  type: RoomType | null;
  history: boolean;
  people: RoomPerson[];
  toRemove: string[];
  notInRecord: string[];
  /** Changes of the epochs loaded so far; roomChanges() loads older ones. */
  changes: EpochChange[];
  nameWarnings: NameWarning[];
  /** People whose newer version is confirmed for me, but not in this record yet: `renewRoom` puts it in. */
  renewable: string[];
  /** People whom I had verified in an older version than the record's: a send answers VERIFIED_CHANGED until I decide. */
  markChanged: string[];
};
