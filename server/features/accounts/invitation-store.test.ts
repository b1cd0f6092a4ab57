import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTestDatabase } from '../../testing/test-database.ts';
import {
  countUse,
  forgetOldInvitations,
  insertInvitation,
  listInvitations,
  revokeInvitation,
} from './invitation-store.ts';

test('of invitations that count no more the newest ones stay, and every one that counts', async () => {
  const opened = await openTestDatabase();
  try {
    const { database } = opened;
    const now = 1_000;
    const put = (uid: string, facts: { ends_at?: number; uses_max?: number } = {}) =>
      database.write(async (unit) => {
        const row = {
          uid,
          code_hash: `digest of ${uid}`,
          note: '',
          uses_max: 1,
          created_at: 1,
          maker_id: null,
        };
        await insertInvitation(unit, { ...row, ends_at: now + 1, ...facts });
        return { value: undefined, events: [] };
      });
    const forget = (kept: number) =>
      database.write(async (unit) => {
        await forgetOldInvitations(unit, now, kept);
        return { value: undefined, events: [] };
      });
    const uids = async () =>
      (await listInvitations(database.read, now)).map(({ invitationUid }) => invitationUid);
    await put('oldest and open');
    await put('used');
    await put('revoked');
    await put('ended', { ends_at: now });
    await put('used once of two', { uses_max: 2 });
    await put('newest and ended', { ends_at: now });
    await database.write(async (unit) => {
      await countUse(unit, 'used');
      await countUse(unit, 'used once of two');
      await revokeInvitation(unit, 'revoked', now);
      return { value: undefined, events: [] };
    });
    const open = ['used once of two', 'oldest and open'];
    await forget(4);
    assert.equal((await uids()).length, 6, 'there are not that many');
    await forget(2);
    assert.deepEqual(await uids(), ['newest and ended', 'used once of two', 'ended', 'oldest and open']);
    await forget(0);
    assert.deepEqual(await uids(), open);
  } finally {
    await opened.close();
  }
});
