import assert from 'node:assert/strict';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { createTestFolder, openTestDatabase } from '../testing/test-database.ts';
import { migrations } from './index.ts';

const filling = `
  insert into users (id, uid, display_name, department, title, status_text, role, state, kdf_memory_kib, kdf_iterations,
    keys_changed_at, identity_version, directory_rev, created_at)
    values (1, 'alice', '', '', '', '', 'owner', 'active', 0, 0, 0, 1, 1, 1);
  insert into identities values (1, 1, 'statement', 'signature', 1);
`;

test('what people published stays, and statements that others gave back lie apart, one for each key', async (t) => {
  const folder = createTestFolder(t);
  const open = async (count: number): Promise<void> => {
    const { database } = await openTestDatabase(t, { folder, migrations: migrations.slice(0, count) });
    await database.close();
  };
  await open(migrations.findIndex(({ name }) => name === 'returned-statements'));
  const filled = new DatabaseSync(join(folder, 'maru.db'));
  filled.exec(filling);
  filled.close();

  await open(migrations.length);
  const migrated = new DatabaseSync(join(folder, 'maru.db'), { enableForeignKeyConstraints: true });
  try {
    assert.equal(migrated.prepare('select count(*) as count from identities').get()?.['count'], 1);
    migrated.exec(
      `insert into returned_statements values (1, 2, 'a', 's', 'x', 5), (1, 2, 'b', 't', 'y', 5)`,
    );
    const refusals = [
      `insert into returned_statements values (1, 2, 'a', 'other', 'z', 6)`,
      `insert into returned_statements values (9, 2, 'a', 's', 'x', 5)`,
    ];
    for (const statement of refusals) assert.throws(() => migrated.exec(statement), /constraint/i, statement);
  } finally {
    migrated.close();
  }
});
