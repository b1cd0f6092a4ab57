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
  insert into rooms (id, uid, type, title, owner_id, last_seq, rev, state_rev, epoch, epoch_hash, is_rekey_needed, history,
    created_at)
    values (1, 'room', 'group', 'x', 1, 2, 2, 1, 1, 'h', 0, 0, 1);
  insert into members (room_id, user_id, joined_seq, read_seq, joined_at, joined_rev) values (1, 1, 1, 2, 1, 1);
  insert into audit_log (at, actor_uid, action, subject, details, previous_hash, hash) values
    (1, 'alice', 'owner-registered', 'alice', '{}', '-', 'a'),
    (2, 'alice', 'member-kicked', 'bob', '{"roomUid":"room"}', 'a', 'b'),
    (3, 'alice', 'room-given-back', 'room', '{}', 'b', 'c');
`;

test('rooms of a filled database let everybody do everything, and their log finds its entries', async (t) => {
  const folder = createTestFolder(t);
  const open = async (count: number): Promise<void> => {
    const { database } = await openTestDatabase(t, { folder, migrations: migrations.slice(0, count) });
    await database.close();
  };
  await open(migrations.findIndex(({ name }) => name === 'room-administration'));
  const filled = new DatabaseSync(join(folder, 'maru.db'));
  filled.exec(first);
  filled.close();

  await open(migrations.length);
  const migrated = new DatabaseSync(join(folder, 'maru.db'), { enableForeignKeyConstraints: true });
  try {
    const room = migrated.prepare('select * from rooms').get() ?? {};
    assert.deepEqual(
      ['description', 'picture_hash', 'invite_policy', 'post_policy', 'mention_policy', 'is_listed'].map(
        (column) => room[column],
      ),
      ['', null, 'everyone', 'everyone', 'everyone', 0],
    );
    assert.equal(migrated.prepare('select is_admin from members').get()?.['is_admin'], 0);
    assert.deepEqual(
      migrated
        .prepare('select room_uid from audit_log order by id')
        .all()
        .map((row) => row['room_uid']),
      [null, 'room', 'room'],
    );
    assert.deepEqual(migrated.prepare('pragma foreign_key_check').all(), []);
    const refusals = [
      `update rooms set post_policy = 'nobody'`,
      `insert into join_requests (room_id, user_id, state, asked_at, answered_at) values (2, 1, 'pending', 1, null)`,
      `insert into join_requests (room_id, user_id, state, asked_at, answered_at) values (1, 1, 'accepted', 1, null)`,
      `insert into room_pictures values (2, 'image/png', '')`,
    ];
    for (const statement of refusals) assert.throws(() => migrated.exec(statement), /constraint/i, statement);
  } finally {
    migrated.close();
  }
});
