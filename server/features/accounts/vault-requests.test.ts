import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SessionContext } from '../../gateway/handler.ts';
import { randomUid } from '../../testing/people.ts';
import { openTestDatabase } from '../../testing/test-database.ts';
import { insertUser } from './account-store.ts';
import { createVaultRequests } from './vault-requests.ts';
import type { VaultDeps } from './vault-requests.ts';

test('nothing is kept for an account that was deleted after its session was looked up', async () => {
  const opened = await openTestDatabase();
  try {
    const { database } = opened;
    const userUid = randomUid();
    const tombstone = {
      uid: userUid,
      username: null,
      display_name: '',
      department: '',
      title: '',
      status_text: '',
      role: 'member',
      state: 'deleted',
      kdf_memory_kib: 0,
      kdf_iterations: 0,
      keys_changed_at: 0,
      identity_version: 1,
      directory_rev: 1,
      created_at: 0,
    } as const;
    const userId = await database.write(async (unit) => ({
      value: await insertUser(unit, tombstone),
      events: [],
    }));
    const requests = createVaultRequests({ database } as unknown as VaultDeps); // the request asks for nothing else
    const caller = { userId, userUid, role: 'member', sessionUid: randomUid() };
    const context = { caller, now: 1 } as SessionContext; // nor for more of its context
    const put = async () => requests['vault:put-pins'](context, { pins: { counter: 1, blob: 'sealed' } });
    await assert.rejects(put, { code: 'NOT_SIGNED_IN' });
    assert.deepEqual(await database.read.selectFrom('vault_blobs').selectAll().execute(), []);
  } finally {
    await opened.close();
  }
});
