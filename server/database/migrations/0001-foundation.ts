import { sql } from 'kysely';
import type { Kysely } from 'kysely';

/** What differs between the databases in a table's definition. */
export type ColumnTypes = {
  /** An integer primary key that the database hands out and never gives twice. */
  id: string;
  /** Whole numbers up to 2^53 (milliseconds, revisions). */
  int: string;
  /** Appended to `create table`. */
  strict: string;
};

/** Accounts, sessions, rooms, sealed messages, audit log. */
export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  for (const statement of statements(types)) {
    await sql.raw(statement).execute(db);
  }
}

const statements = ({ id, int, strict }: ColumnTypes): string[] => [
  `create table users (
    id ${id}, uid text not null unique, username text unique,
    display_name text not null, department text not null, title text not null, status_text text not null,
    role text not null check (role in ('owner', 'admin', 'member')),
    state text not null check (state in ('active', 'disabled', 'deleted')),
    auth_hash text, salt text, kdf_memory_kib ${int} not null, kdf_iterations ${int} not null,
    password_wrap text, recovery_wrap text, recovery_auth_hash text,
    keys_changed_at ${int} not null, identity_version ${int} not null,
    directory_rev ${int} not null, created_at ${int} not null
  ) ${strict}`,
  `create index users_directory_rev on users (directory_rev)`,
  `create table retired_usernames (digest text primary key) ${strict}`,
  `create table identities (
    user_id ${int} not null references users (id), version ${int} not null,
    statement text not null, signature text not null, created_at ${int} not null,
    primary key (user_id, version)
  ) ${strict}`,
  `create table vault_blobs (
    user_id ${int} not null references users (id), label text not null check (label in ('keys', 'pins')),
    counter ${int} not null, blob text not null, created_at ${int} not null,
    primary key (user_id, label, counter)
  ) ${strict}`,
  `create table sessions (
    id ${id}, uid text not null unique, user_id ${int} not null references users (id),
    token_hash text not null unique, user_agent text not null, address text not null,
    created_at ${int} not null, last_used_at ${int} not null
  ) ${strict}`,
  `create index sessions_user on sessions (user_id)`,
  `create table rooms (
    id ${id}, uid text not null unique, type text not null check (type in ('direct', 'group')),
    title text not null, owner_id ${int} references users (id),
    last_seq ${int} not null, rev ${int} not null, state_rev ${int} not null,
    epoch ${int} not null, epoch_hash text not null,
    is_rekey_needed ${int} not null check (is_rekey_needed in (0, 1)),
    history ${int} not null check (history in (0, 1)),
    direct_key text unique, created_at ${int} not null
  ) ${strict}`,
  `create index rooms_owner on rooms (owner_id)`,
  `create table members (
    room_id ${int} not null references rooms (id), user_id ${int} not null references users (id),
    joined_seq ${int} not null, read_seq ${int} not null, joined_at ${int} not null, joined_rev ${int} not null,
    primary key (room_id, user_id)
  ) ${strict}`,
  `create index members_user on members (user_id)`,
  `create table epochs (
    room_id ${int} not null references rooms (id), epoch ${int} not null,
    hash text not null, record text not null, signature text not null,
    creator_id ${int} not null references users (id), after_seq ${int} not null, made_at ${int} not null,
    primary key (room_id, epoch)
  ) ${strict}`,
  `create index epochs_creator on epochs (creator_id)`,
  `create table wraps (
    room_id ${int} not null, user_id ${int} not null references users (id), epoch ${int} not null, wrap text not null,
    primary key (room_id, user_id, epoch),
    foreign key (room_id, epoch) references epochs (room_id, epoch)
  ) ${strict}`,
  `create index wraps_user on wraps (user_id)`,
  `create index wraps_epoch on wraps (room_id, epoch)`,
  `create table messages (
    id ${id}, room_id ${int} not null references rooms (id), seq ${int} not null,
    sender_id ${int} not null references users (id), client_id text not null,
    kind text not null, target text, n ${int} not null, envelope text not null,
    sent_at ${int} not null, rev ${int} not null,
    unique (room_id, seq), unique (sender_id, client_id)
  ) ${strict}`,
  `create index messages_rev on messages (room_id, rev)`,
  `create table idempotency_keys (
    owner text not null, key text not null, request_digest text not null,
    answer text not null, created_at ${int} not null,
    primary key (owner, key)
  ) ${strict}`,
  `create index idempotency_keys_age on idempotency_keys (created_at)`,
  `create table audit_log (
    id ${id}, at ${int} not null, actor_uid text not null, action text not null,
    subject text not null, details text not null, previous_hash text not null, hash text not null
  ) ${strict}`,
  `create table server_state (name text primary key, value text not null) ${strict}`,
];
