import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTestDatabase } from '../../testing/test-database.ts';
import { randomUid } from '../../testing/people.ts';
import { insertUser } from './account-store.ts';
import { insertBlobs } from './vault-store.ts';

test('the last ten keys and two pins are kept, and a counter that is not the next one is refused', async () => {
  const opened = await openTestDatabase();
  try {
    const { database } = opened;
    const userId = await database.write(async (unit) => ({
      value: await insertUser(unit, {
        uid: randomUid(),
        username: 'alice',
        display_name: '',
        department: '',
        title: '',
        status_text: '',
        role: 'owner',
        state: 'active',
        kdf_memory_kib: 0,
        kdf_iterations: 0,
        keys_changed_at: 0,
        identity_version: 1,
        directory_rev: 1,
        created_at: 0,
      }),
      events: [],
    }));
    const put = (counters: { keys: number; pins: number }) =>
      database.write(async (unit) => {
        const part = (counter: number) => ({ counter, blob: `sealed ${counter}` });
        const parts = { keys: part(counters.keys), pins: part(counters.pins) };
        await insertBlobs(unit, userId, parts, 1);
        return { value: undefined, events: [] };
      });
    for (let counter = 1; counter <= 13; counter += 1) await put({ keys: counter, pins: counter });
    const counters = async (label: 'keys' | 'pins') => {
      const rows = database.read.selectFrom('vault_blobs').select('counter').where('label', '=', label);
      return (await rows.orderBy('counter').execute()).map(({ counter }) => counter);
    };
    assert.deepEqual(await counters('keys'), [4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    assert.deepEqual(await counters('pins'), [12, 13]);
    await assert.rejects(put({ keys: 14, pins: 13 }), { code: 'STALE_COUNTER', field: 'pins' });
    await assert.rejects(put({ keys: 15, pins: 14 }), { code: 'STALE_COUNTER', field: 'keys' });
    assert.deepEqual(await counters('keys'), [4, 5, 6, 7, 8, 9, 10, 11, 12, 13], 'nothing of it was kept');
  } finally {
    await opened.close();
  }
});
