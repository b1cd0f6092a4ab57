import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { createTestFolder, openTestDatabase } from '../testing/test-database.ts';
import { migrations } from './index.ts';

const filling = `
  insert into users (id, uid, display_name, department, title, status_text, role, state, kdf_memory_kib, kdf_iterations,
    keys_changed_at, identity_version, directory_rev, created_at)
    values (1, 'alice', '', '', '', '', 'owner', 'active', 0, 0, 0, 1, 1, 1),
      (2, 'bob', '', '', '', '', 'member', 'active', 0, 0, 0, 1, 1, 1);
  insert into rooms (id, uid, type, title, last_seq, rev, state_rev, epoch, epoch_hash, is_rekey_needed, history, created_at)
    values (1, 'room', 'group', 'x', 2, 2, 1, 2, 'h', 0, 0, 1);
  insert into epochs values (1, 1, 'g', 'record', 'signature', 1, 0, 1), (1, 2, 'h', 'record', 'signature', 1, 0, 1);
  insert into wraps values (1, 1, 1, 'a1'), (1, 1, 2, 'a2'), (1, 2, 2, 'b2');
`;

test('wraps of a filled database stay, as those of the first identity, and take others beside them', async (t) => {
  const folder = createTestFolder(t);
  const open = async (count: number): Promise<void> => {
    const { database } = await openTestDatabase(t, { folder, migrations: migrations.slice(0, count) });
    await database.close();
  };
  await open(migrations.findIndex(({ name }) => name === 'key-healing'));
  const filled = new DatabaseSync(join(folder, 'maru.db'));
  filled.exec(filling);
  filled.close();

  await open(migrations.findIndex(({ name }) => name === 'key-healing') + 1);
  const migrated = new DatabaseSync(join(folder, 'maru.db'), { enableForeignKeyConstraints: true });
  try {
    const rows = migrated
      .prepare('select user_id, epoch, version, wrap, giver_id from wraps order by wrap')
      .all();
    assert.deepEqual(
      rows.map((row) => ({ ...row })),
      [
        { user_id: 1, epoch: 1, version: 1, wrap: 'a1', giver_id: null },
        { user_id: 1, epoch: 2, version: 1, wrap: 'a2', giver_id: null },
        { user_id: 2, epoch: 2, version: 1, wrap: 'b2', giver_id: null },
      ],
    );
    assert.deepEqual(migrated.prepare('pragma foreign_key_check').all(), []);
    migrated.exec(`insert into wraps values (1, 2, 2, 2, 'b2 anew', 1)`);
    migrated.exec('insert into bad_wraps values (1, 2, 2, 1, 1, 1)');
    const refusals = [
      `insert into wraps values (1, 2, 2, 1, 'again', null)`,
      `insert into wraps values (1, 2, 3, 1, 'of no epoch', null)`,
      'insert into bad_wraps values (1, 2, 2, 1, 1, 1)',
      'insert into bad_wraps values (1, 2, 2, 1, 9, 1)',
    ];
    for (const statement of refusals) assert.throws(() => migrated.exec(statement), /constraint/i, statement);
  } finally {
    migrated.close();
  }
});
