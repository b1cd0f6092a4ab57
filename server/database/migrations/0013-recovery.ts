import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../migration.ts';

/**
 * One-time codes for a reset, the vaults that resets put aside, and what old keys said about newer ones. A code is kept as a
 * digest under the server's secret only.
 */
export async function up(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  for (const statement of statements(types)) await sql.raw(statement).execute(db);
}

const statements = ({ id, int, strict }: ColumnTypes): string[] => [
  `create table reset_codes (
    user_id ${int} primary key references users (id), digest text not null,
    made_at ${int} not null, expires_at ${int} not null,
    maker_id ${int} references users (id)
  ) ${strict}`,
  `create table old_vaults (
    id ${id}, user_id ${int} not null references users (id), identity_version ${int} not null,
    keys_counter ${int} not null, keys_blob text not null,
    pins_counter ${int} not null, pins_blob text not null,
    recovery_wrap text not null, recovery_auth_hash text not null, kept_at ${int} not null
  ) ${strict}`,
  `create index old_vaults_user on old_vaults (user_id)`,
  `create table successions (
    user_id ${int} not null references users (id), from_version ${int} not null, to_version ${int} not null,
    signature text not null, made_at ${int} not null,
    primary key (user_id, from_version, to_version)
  ) ${strict}`,
];
