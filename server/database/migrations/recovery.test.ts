import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { createTestFolder, openTestDatabase } from '../testing/test-database.ts';
import { migrations } from './index.ts';

const person = `
  insert into users (id, uid, display_name, department, title, status_text, role, state, kdf_memory_kib, kdf_iterations,
    keys_changed_at, identity_version, directory_rev, created_at)
    values (1, 'alice', '', '', '', '', 'owner', 'active', 0, 0, 0, 1, 1, 1);
  insert into identities values (1, 1, 'statement', 'signature', 1);
  insert into vault_blobs values (1, 'keys', 1, 'keys', 1), (1, 'pins', 1, 'pins', 1);
`;

test('recovery comes to a filled database: vaults stay, codes are one per person', async (t) => {
  const folder = createTestFolder(t);
  const open = async (count: number): Promise<void> => {
    const { database } = await openTestDatabase(t, { folder, migrations: migrations.slice(0, count) });
    await database.close();
  };
  await open(migrations.findIndex(({ name }) => name === 'recovery'));
  const filled = new DatabaseSync(join(folder, 'maru.db'));
  filled.exec(person);
  filled.close();

  await open(migrations.length);
  const migrated = new DatabaseSync(join(folder, 'maru.db'), { enableForeignKeyConstraints: true });
  try {
    assert.equal(migrated.prepare('select count(*) as count from vault_blobs').get()?.['count'], 2);
    assert.deepEqual(migrated.prepare('pragma foreign_key_check').all(), []);
    migrated.exec(`insert into reset_codes values (1, 'digest', 1, 2, null)`);
    migrated.exec(`insert into old_vaults values (null, 1, 1, 1, 'keys', 1, 'pins', 'wrap', 'hash', 5)`);
    migrated.exec(`insert into successions values (1, 1, 2, 'signature', 5)`);
    const refusals = [
      `insert into reset_codes values (1, 'other', 1, 2, 1)`,
      `insert into reset_codes values (2, 'stranger', 1, 2, null)`,
      `insert into old_vaults values (null, 2, 1, 1, 'keys', 1, 'pins', 'wrap', 'hash', 5)`,
      `insert into successions values (1, 1, 2, 'another', 6)`,
    ];
    for (const statement of refusals) assert.throws(() => migrated.exec(statement), /constraint/i, statement);
  } finally {
    migrated.close();
  }
});
