import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { createTestFolder, openTestDatabase } from '../testing/test-database.ts';
import { migrations } from './index.ts';

const first = `
  insert into users (id, uid, display_name, department, title, status_text, role, state, kdf_memory_kib, kdf_iterations,
    keys_changed_at, identity_version, directory_rev, created_at)
    values (1, 'alice', '', '', '', '', 'owner', 'active', 0, 0, 0, 1, 1, 1);
  insert into rooms (id, uid, type, title, last_seq, rev, state_rev, epoch, epoch_hash, is_rekey_needed, history, created_at)
    values (1, 'room', 'group', 'x', 2, 2, 1, 1, 'h', 0, 0, 1);
  insert into messages (room_id, seq, sender_id, client_id, kind, n, envelope, sent_at, rev)
    values (1, 1, 1, 'one', 'text', 0, 'm1', 1, 1), (1, 2, 1, 'two', 'text', 0, 'm1', 1, 2);
`;

test('polls come to a filled database: its messages stay, and only messages can be polls', async (t) => {
  const folder = createTestFolder(t);
  const open = async (count: number): Promise<void> => {
    const { database } = await openTestDatabase(t, { folder, migrations: migrations.slice(0, count) });
    await database.close();
  };
  const before = migrations.findIndex(({ name }) => name === 'polls');
  await open(before);
  const filled = new DatabaseSync(join(folder, 'maru.db'));
  filled.exec(first);
  filled.close();

  await open(migrations.length);
  const migrated = new DatabaseSync(join(folder, 'maru.db'), { enableForeignKeyConstraints: true });
  try {
    assert.equal(migrated.prepare('select count(*) as count from messages').get()?.['count'], 2);
    assert.deepEqual(migrated.prepare('pragma foreign_key_check').all(), []);
    migrated.exec('insert into polls values (1, 2, null)');
    migrated.exec('insert into poll_ballots values (1, 2, 1, 3)');
    const refusals = [
      'insert into polls values (1, 3, null)',
      'insert into poll_ballots values (1, 1, 1, 1)',
      'insert into poll_ballots values (1, 2, 1, 1)',
      'delete from messages where seq = 2',
    ];
    for (const statement of refusals) assert.throws(() => migrated.exec(statement), /constraint/i, statement);
  } finally {
    migrated.close();
  }
});
