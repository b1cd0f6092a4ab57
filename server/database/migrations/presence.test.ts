import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { createTestFolder, openTestDatabase } from '../testing/test-database.ts';
import { migrations } from './index.ts';

const first = `
  insert into users (id, uid, display_name, department, title, status_text, role, state, kdf_memory_kib, kdf_iterations,
    keys_changed_at, identity_version, directory_rev, created_at)
    values (1, 'alice', '', '', '', '외근', 'owner', 'active', 0, 0, 0, 1, 1, 1);
  insert into rooms (id, uid, type, title, last_seq, rev, state_rev, epoch, epoch_hash, is_rekey_needed, history, created_at)
    values (1, 'room', 'group', 'x', 1, 1, 1, 1, 'h', 0, 0, 1);
  insert into messages (room_id, seq, sender_id, client_id, kind, n, envelope, sent_at, rev)
    values (1, 1, 1, 'one', 'text', 0, 'm1', 1, 1);
`;

test('people of a filled database keep their status, without an end, and nobody was seen yet', async (t) => {
  const folder = createTestFolder(t);
  const open = async (count: number): Promise<void> => {
    const { database } = await openTestDatabase(t, { folder, migrations: migrations.slice(0, count) });
    await database.close();
  };
  await open(migrations.findIndex(({ name }) => name === 'presence'));
  const filled = new DatabaseSync(join(folder, 'maru.db'));
  filled.exec(first);
  filled.close();

  await open(migrations.length);
  const migrated = new DatabaseSync(join(folder, 'maru.db'), { readOnly: true });
  try {
    const people = migrated.prepare('select status_text, status_until, last_seen_at from users').all();
    assert.deepEqual(
      people.map((person) => ({ ...person })),
      [{ status_text: '외근', status_until: null, last_seen_at: null }],
    );
    // what somebody has read of one person's messages is found without looking at the others'
    const plan = migrated
      .prepare(
        'explain query plan select max(seq) from messages where room_id = 1 and sender_id = 1 and seq <= 5',
      )
      .all();
    assert.match(JSON.stringify(plan), /messages_sender/);
  } finally {
    migrated.close();
  }
});
