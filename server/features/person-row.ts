/** People as they leave the database. */
import type { Selectable } from 'kysely';
import type { Me, Person } from '#contract/accounts.ts';
import type { UsersTable } from '../database/tables.ts';

export const personColumns = [
  'users.uid',
  'users.username',
  'users.display_name',
  'users.department',
  'users.title',
  'users.status_text',
  'users.status_until',
  'users.state',
  'users.identity_version',
  'users.directory_rev',
] as const;

export type PersonRow = Pick<
  Selectable<UsersTable>,
  | 'uid'
  | 'username'
  | 'display_name'
  | 'department'
  | 'title'
  | 'status_text'
  | 'status_until'
  | 'state'
  | 'identity_version'
  | 'directory_rev'
>;

export const toPerson = (row: PersonRow): Person => ({
  userUid: row.uid,
  username: row.username ?? '',
  displayName: row.display_name,
  department: row.department,
  title: row.title,
  statusText: row.status_text,
  ...(row.status_until === null ? {} : { statusUntil: row.status_until }),
  state: row.state,
  identityVersion: row.identity_version,
  rev: row.directory_rev,
});

export const toMe = (row: PersonRow & Pick<Selectable<UsersTable>, 'role' | 'created_at'>): Me => ({
  ...toPerson(row),
  role: row.role,
  createdAt: row.created_at,
});
