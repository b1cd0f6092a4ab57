import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { openTestDatabase } from '../../testing/test-database.ts';
import type { TestDatabase } from '../../testing/test-database.ts';
import { appendAudit, verifyAudit } from './audit-log.ts';

let opened: TestDatabase;
beforeEach(async () => {
  opened = await openTestDatabase();
  await opened.database.write(async (unit) => {
    for (const subject of ['a', 'b', 'c']) {
      await appendAudit(unit, { at: 1, actorUid: 'x', action: 'member-kicked', subject });
    }
    return { value: undefined, events: [] };
  });
});
afterEach(() => opened.close());

const verdict = async () => {
  const { isIntact, entries, brokenId } = await verifyAudit(opened.database.read);
  return { isIntact, entries, brokenId };
};

const tamper = (change: (db: Parameters<typeof appendAudit>[0]['db']) => Promise<unknown>) =>
  opened.database.write(async ({ db }) => ({ value: await change(db), events: [] }));

test('an untouched log is intact', async () => {
  assert.deepEqual(await verdict(), { isIntact: true, entries: 3, brokenId: null });
});

test('a changed entry shows', async () => {
  await tamper((db) => db.updateTable('audit_log').set({ subject: 'z' }).where('id', '=', 2).execute());
  assert.deepEqual(await verdict(), { isIntact: false, entries: 1, brokenId: 2 });
});

test('a removed entry shows', async () => {
  await tamper((db) => db.deleteFrom('audit_log').where('id', '=', 2).execute());
  assert.deepEqual(await verdict(), { isIntact: false, entries: 1, brokenId: 3 });
});

test('entries cut off at the end show', async () => {
  await tamper((db) => db.deleteFrom('audit_log').where('id', '=', 3).execute());
  assert.deepEqual(await verdict(), { isIntact: false, entries: 2, brokenId: null });
});
