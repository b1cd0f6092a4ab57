import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { createTestFolder, openTestDatabase } from '../testing/test-database.ts';
import { migrations } from './index.ts';

const first = `
  insert into users (id, uid, display_name, department, title, status_text, role, state, kdf_memory_kib, kdf_iterations,
    keys_changed_at, identity_version, directory_rev, created_at)
    values (1, 'alice', '', '', '', '', 'owner', 'active', 0, 0, 0, 1, 1, 1),
      (2, 'bob', '', '', '', '', 'member', 'disabled', 0, 0, 0, 1, 1, 1);
  insert into rooms (id, uid, type, title, last_seq, rev, state_rev, epoch, epoch_hash, is_rekey_needed, history, created_at)
    values (1, 'room', 'group', 'x', 0, 1, 1, 1, 'h', 0, 0, 1);
  insert into join_requests (room_id, user_id, state, asked_at) values (1, 2, 'pending', 5);
`;

test('a filled database: nobody waits for approval, and who asked to join has asked', async (t) => {
  const folder = createTestFolder(t);
  const open = async (count: number): Promise<void> => {
    const { database } = await openTestDatabase(t, { folder, migrations: migrations.slice(0, count) });
    await database.close();
  };
  await open(migrations.findIndex(({ name }) => name === 'admin-people'));
  const filled = new DatabaseSync(join(folder, 'maru.db'));
  filled.exec(first);
  filled.close();

  await open(migrations.length);
  const migrated = new DatabaseSync(join(folder, 'maru.db'), { enableForeignKeyConstraints: true });
  try {
    const users = migrated.prepare('select state, is_pending, state_since from users order by id').all();
    assert.deepEqual(
      users.map((row) => ({ ...row })),
      [
        { state: 'active', is_pending: 0, state_since: null },
        { state: 'disabled', is_pending: 0, state_since: null },
      ],
    );
    assert.equal(migrated.prepare('select origin from join_requests').get()?.['origin'], 'asked');
    assert.deepEqual(migrated.prepare('pragma foreign_key_check').all(), []);
    migrated.exec('insert into former_rooms values (2, 1, 7)');
    migrated.exec(`insert into invitations (uid, code_hash, note, uses_max, created_at, ends_at, maker_id)
      values ('i', 'h', '', 1, 1, 2, null)`);
    const refusals = [
      'insert into former_rooms values (2, 1, 8)',
      'delete from rooms where id = 1',
      `update join_requests set origin = 'told'`,
      'update users set is_pending = 2 where id = 2',
      'update invitations set uses = 2',
    ];
    for (const statement of refusals) assert.throws(() => migrated.exec(statement), /constraint/i, statement);
  } finally {
    migrated.close();
  }
});
