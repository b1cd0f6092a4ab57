import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { openTestDatabase } from '../../testing/test-database.ts';
import type { TestDatabase } from '../../testing/test-database.ts';
import { createItemUpkeep } from './item-upkeep.ts';
import { listItems, putItems } from './my-item-store.ts';

const kept = 3;
let opened: TestDatabase;
let ids: number[];
beforeEach(async () => {
  opened = await openTestDatabase();
  ids = await opened.database.write(async ({ db }) => {
    const blank = { display_name: '', department: '', title: '', status_text: '', kdf_memory_kib: 0 };
    const rest = {
      kdf_iterations: 0,
      keys_changed_at: 0,
      identity_version: 1,
      directory_rev: 1,
      created_at: 1,
    };
    const rows = [1, 300].map((id) => ({ id, uid: `user${id}`, role: 'member', state: 'active' }) as const);
    await db
      .insertInto('users')
      .values(rows.map((row) => ({ ...blank, ...rest, ...row })))
      .execute();
    return { value: rows.map(({ id }) => id), events: [] };
  });
});
afterEach(() => opened.close());

const put = (userId: number, key: string, value: { at: number } | null) =>
  opened.database.write(async (unit) => ({
    value: undefined,
    events: [
      await putItems(unit, { userId, userUid: `user${userId}` }, [
        { kind: 'saved', key, value, roomId: null } as Parameters<typeof putItems>[2][number],
      ]),
    ],
  }));
const list = (userId: number, since?: number) => listItems(opened.database.read, userId, since);
const forget = () => {
  const clock = { now: () => 0, after: () => () => undefined };
  const onBug = (error: unknown): void => assert.ifError(error);
  return createItemUpkeep({ database: opened.database, clock, onBug, goneKept: kept }).forgetGone();
};
const rowsOf = async (userId: number) => {
  const rows = await opened.database.read
    .selectFrom('user_items')
    .select('key')
    .where('user_id', '=', userId)
    .orderBy('rev')
    .execute();
  return rows.map(({ key }) => key);
};

test('what is gone for long is forgotten, of each person but for the newest, and what is there stays', async () => {
  for (const userId of ids) {
    await put(userId, 'there', { at: 1 });
    for (const key of ['a', 'b', 'c', 'd', 'e']) {
      await put(userId, key, { at: 1 });
      await put(userId, key, null);
    }
  }
  await forget();
  for (const userId of ids) assert.deepEqual(await rowsOf(userId), ['there', 'c', 'd', 'e']);
  await forget();
  for (const userId of ids)
    assert.deepEqual(await rowsOf(userId), ['there', 'c', 'd', 'e'], 'once is enough');
});

test('a browser that missed what was forgotten gets everything, another one what it missed', async () => {
  const [userId = 0] = ids;
  await put(userId, 'there', { at: 1 });
  for (const key of ['a', 'b', 'c', 'd', 'e']) await put(userId, key, { at: 1 });
  const { rev: before } = await list(userId);
  for (const key of ['a', 'b', 'c', 'd', 'e']) await put(userId, key, null);
  const { rev } = await list(userId);
  assert.equal((await list(userId, before)).isReset, false);
  await forget();
  for (const since of [before, before + 1]) {
    const stale = await list(userId, since);
    assert.deepEqual([stale.isReset, stale.items.map(({ key }) => key)], [true, ['there']], `since ${since}`);
  }
  const fresh = await list(userId, before + 2);
  assert.deepEqual([fresh.isReset, fresh.items.map(({ key }) => key)], [false, ['c', 'd', 'e']]);
  assert.deepEqual(await list(userId, rev), { rev, isReset: false, items: [] });
});
