import type { Insertable } from 'kysely';
import type { UsersTable } from '../database/tables.ts';

/** What an account leaves behind for records and conversations that refer to it: nothing of its person. */
export const tombstone = {
  username: null,
  display_name: '',
  department: '',
  title: '',
  status_text: '',
  status_until: null,
  last_seen_at: null,
  role: 'member',
  state: 'deleted',
  is_pending: 0,
  state_since: null,
  auth_hash: null,
  salt: null,
  kdf_memory_kib: 0,
  kdf_iterations: 0,
  password_wrap: null,
  recovery_wrap: null,
  recovery_auth_hash: null,
  keys_changed_at: 0,
  created_at: 0,
} as const satisfies Partial<Insertable<UsersTable>>;
