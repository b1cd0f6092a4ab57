/**
 * The tables as Kysely sees them. Integer keys stay inside the database; only uids and seq leave it. Sealed and signed
 * texts are stored verbatim, since the bytes that were hashed and signed must be the bytes that are read.
 */
import type { Generated } from 'kysely';
import type { JoinRequestOrigin } from '#contract/join-requests.ts';
import type { MessageKind } from '#contract/messages.ts';
import type { MyItemKind } from '#contract/my-items.ts';
import type { WhoMay } from '#contract/room-settings.ts';
import type { FormerRoomsTable, InvitationsTable } from './admission-tables.ts';
import type { WrapsPutAsideTable, WrapsTable } from './wrap-tables.ts';

export type UsersTable = {
  id: Generated<number>;
  uid: string;
  /** Null once the account is deleted; the name itself is never given out again (`retired_usernames`). */
  username: string | null;
  display_name: string;
  department: string;
  title: string;
  status_text: string;
  /** When the status is taken away by itself; null for never. */
  status_until: Generated<number | null>;
  /** When the last connection ended, to the minute; null if that never happened. */
  last_seen_at: Generated<number | null>;
  role: 'owner' | 'admin' | 'member';
  state: 'active' | 'disabled' | 'deleted';
  /** A disabled account that was never let in: it waits for approval. */
  is_pending: Generated<0 | 1>;
  /** Since when it is disabled or waits; null for an account in use. */
  state_since: Generated<number | null>;
  /** bcrypt of the auth key; null once deleted, and where a lost device took the password along: no password fits. */
  auth_hash: string | null;
  salt: string | null;
  kdf_memory_kib: number;
  kdf_iterations: number;
  password_wrap: string | null;
  recovery_wrap: string | null;
  /** SHA-256 of the recovery auth key, base64url. */
  recovery_auth_hash: string | null;
  keys_changed_at: number;
  identity_version: number;
  /** Directory revision at this person's last visible change. */
  directory_rev: number;
  created_at: number;
  /** Revision of this person's own items. */
  items_rev: Generated<number>;
  /** What was taken away up to this revision is forgotten. */
  items_forgotten_rev: Generated<number>;
};

/** What is one person's alone; `value` is JSON of the contract's `MyItem`, null once the item is gone. */
export type UserItemsTable = {
  user_id: number;
  kind: MyItemKind;
  key: string;
  /** The room it is about, so that it goes with it. */
  room_id: number | null;
  value: string | null;
  rev: number;
};

export type RetiredUsernamesTable = { digest: string };

export type IdentitiesTable = {
  user_id: number;
  version: number;
  statement: string;
  signature: string;
  created_at: number;
};

/** Named by records that a restore took away; given back by a member, not by whom they are about. */
export type ReturnedStatementsTable = IdentitiesTable & { fp: string };

export type VaultBlobsTable = {
  user_id: number;
  label: 'keys' | 'pins';
  counter: number;
  blob: string;
  created_at: number;
};

/** An admin's one-time code, as a digest under the server's secret; gone once it was used. */
export type ResetCodesTable = {
  user_id: number;
  digest: string;
  made_at: number;
  expires_at: number;
  /** Null for the machine itself. */
  maker_id: number | null;
};

/** A vault that a reset put aside, for a recovery sheet that is found later. */
export type OldVaultsTable = {
  id: Generated<number>;
  user_id: number;
  /** The newest identity version in it. */
  identity_version: number;
  keys_counter: number;
  keys_blob: string;
  pins_counter: number;
  pins_blob: string;
  recovery_wrap: string;
  recovery_auth_hash: string;
  kept_at: number;
};

/** The signature of an older version's key under a newer version of the same person. */
export type SuccessionsTable = {
  user_id: number;
  from_version: number;
  to_version: number;
  signature: string;
  made_at: number;
};

export type SessionsTable = {
  id: Generated<number>;
  uid: string;
  user_id: number;
  /** SHA-256 of the session token, base64url. */
  token_hash: string;
  user_agent: string;
  address: string;
  created_at: number;
  last_used_at: number;
};

export type RoomsTable = {
  id: Generated<number>;
  uid: string;
  type: 'direct' | 'group';
  title: string;
  owner_id: number | null;
  last_seq: number;
  rev: number;
  /** `rev` at the last change of the room itself: title, owner, epoch, members. */
  state_rev: number;
  epoch: number;
  epoch_hash: string;
  is_rekey_needed: 0 | 1;
  history: 0 | 1;
  /** `<lower user id>:<higher user id>` of a direct room, so that a pair has one; null for groups. */
  direct_key: string | null;
  created_at: number;
  description: Generated<string>;
  picture_hash: string | null;
  invite_policy: Generated<WhoMay>;
  post_policy: Generated<WhoMay>;
  mention_policy: Generated<WhoMay>;
  /** Anybody may find it and ask to join. */
  is_listed: Generated<0 | 1>;
  /** The first epoch since when every record says `history 1`; means nothing while `history` is 0. */
  history_epoch: Generated<number>;
};

export type MembersTable = {
  room_id: number;
  user_id: number;
  joined_seq: number;
  read_seq: number;
  joined_at: number;
  /** `rev` of the room when this person joined: whose client knows an older one does not know the person. */
  joined_rev: number;
  /** May do what admins may; of the owner, `rooms.owner_id` says so whatever stands here. */
  is_admin: Generated<0 | 1>;
};

export type RoomPicturesTable = {
  room_id: number;
  media_type: string;
  /** Base64. */
  bytes: string;
};

export type JoinRequestsTable = {
  room_id: number;
  user_id: number;
  state: 'pending' | 'declined';
  asked_at: number;
  answered_at: number | null;
  origin: JoinRequestOrigin;
};

export type EpochsTable = {
  room_id: number;
  epoch: number;
  hash: string;
  record: string;
  signature: string;
  creator_id: number;
  after_seq: number;
  made_at: number;
};

export type MessagesTable = {
  id: Generated<number>;
  room_id: number;
  seq: number;
  sender_id: number;
  client_id: string;
  kind: MessageKind;
  target: string | null;
  n: number;
  /** Empty once the message was recalled. */
  envelope: string;
  sent_at: number;
  rev: number;
  /** `MessageParts` of the contract as JSON: what travels with the row; null where there is none. */
  parts: string | null;
  recalled_at: number | null;
};

/** Who voted for what, as long as that is needed; the totals are a part of the poll's message. */
export type PollBallotsTable = {
  room_id: number;
  seq: number;
  voter_id: number;
  /** Bit i stands for the option i. */
  choices: number;
};

/** Which messages are polls; `closes_at` is there while one is open and closes by itself. */
export type PollsTable = { room_id: number; seq: number; closes_at: number | null };

/** Who reacted to a message; the same travels with its row, without what others than the first sealed. */
export type ReactionsTable = {
  /** Says who came first. */
  id: Generated<number>;
  room_id: number;
  seq: number;
  user_id: number;
  token: string;
  sealed: string;
};

/** Which messages are pinned; who pinned them and when is a part of the message. */
export type PinsTable = {
  room_id: number;
  seq: number;
  is_notice: 0 | 1;
  /** When those who had not acknowledged the notice were last reminded. */
  reminded_at: number | null;
};

/** Who has acknowledged a notice. */
export type NoticeAcksTable = { room_id: number; seq: number; user_id: number; acknowledged_at: number };

/** A message that waits for its time; `mentions` is JSON of the contract's `Mentions`. */
export type ScheduledMessagesTable = {
  user_id: number;
  client_id: string;
  room_id: number;
  target: string | null;
  envelope: string;
  mentions: string | null;
  deliver_at: number;
  state: 'waiting' | 'needs-reseal' | 'failed';
  reason: string | null;
};

/** Somebody is called by name in a message; null: everybody in the room. */
export type MentionsTable = {
  id: Generated<number>;
  room_id: number;
  seq: number;
  user_id: number | null;
  sent_at: number;
};

/** A text that a message had before it was edited, sealed; `made_at`: when it was sent or edited to that. */
export type MessageVersionsTable = {
  room_id: number;
  seq: number;
  n: number;
  envelope: string;
  made_at: number;
};

/** A sealed memo; its readers have rows of their own. */
export type MemosTable = {
  id: Generated<number>;
  uid: string;
  sender_id: number;
  /** `version.fp` of the sender's identity. */
  sender_key: string;
  readers_hash: string;
  /** Null once nobody can open it any more. */
  body: string | null;
  /** The sender's own key to it; null once it is not in their box any more. */
  sender_wrap: string | null;
  made_at: number;
  /** When it is to be delivered; null once it was, and for one that was not scheduled. */
  deliver_at: number | null;
  /** When it was delivered; null while it waits for its time. */
  sent_at: Generated<number | null>;
  recalled_at: Generated<number | null>;
  /** The sender has put it away. */
  is_deleted: Generated<0 | 1>;
};

/** What became of a memo at one reader. */
export type MemoReadersTable = {
  memo_id: number;
  user_id: number;
  /** `version.fp` of the identity that `wrap` is for. */
  key: string;
  /** Null once it was taken back or put away. */
  wrap: string | null;
  /** As of the memo, for sorting a reader's box. */
  sent_at: Generated<number | null>;
  read_at: Generated<number | null>;
  recalled_at: Generated<number | null>;
  is_deleted: Generated<0 | 1>;
};

export type IdempotencyKeysTable = {
  /** The user's uid, or `-` for requests before sign-in. */
  owner: string;
  key: string;
  /** SHA-256 over request name and body. */
  request_digest: string;
  /** Sealed under a key that only the same request gives. */
  answer: string;
  created_at: number;
};

/** Every row carries the hash of the one before, so that a removed or changed entry shows. */
export type AuditLogTable = {
  id: Generated<number>;
  at: number;
  actor_uid: string;
  action: string;
  subject: string;
  details: string;
  previous_hash: string;
  hash: string;
  /** For finding a room's entries; the same uid is part of what is hashed. */
  room_uid: string | null;
};

/** Single values: `generation`, `directory_rev`, `sign_up`, … */
export type ServerStateTable = { name: string; value: string };

export type Tables = {
  users: UsersTable;
  user_items: UserItemsTable;
  retired_usernames: RetiredUsernamesTable;
  identities: IdentitiesTable;
  returned_statements: ReturnedStatementsTable;
  vault_blobs: VaultBlobsTable;
  reset_codes: ResetCodesTable;
  old_vaults: OldVaultsTable;
  successions: SuccessionsTable;
  sessions: SessionsTable;
  rooms: RoomsTable;
  members: MembersTable;
  room_pictures: RoomPicturesTable;
  join_requests: JoinRequestsTable;
  former_rooms: FormerRoomsTable;
  invitations: InvitationsTable;
  epochs: EpochsTable;
  wraps: WrapsTable;
  wraps_put_aside: WrapsPutAsideTable;
  messages: MessagesTable;
  message_versions: MessageVersionsTable;
  mentions: MentionsTable;
  scheduled_messages: ScheduledMessagesTable;
  poll_ballots: PollBallotsTable;
  polls: PollsTable;
  reactions: ReactionsTable;
  pins: PinsTable;
  notice_acks: NoticeAcksTable;
  memos: MemosTable;
  memo_readers: MemoReadersTable;
  idempotency_keys: IdempotencyKeysTable;
  audit_log: AuditLogTable;
  server_state: ServerStateTable;
};
