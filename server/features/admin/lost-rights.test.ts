/** What somebody who may administer no more leaves behind: nothing that still acts in their name. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Role } from '#contract/accounts.ts';
import { createPeoplePowers } from '../../start-people.ts';
import { createPerson, randomUid, registrationOf } from '../../testing/people.ts';
import { openTestDatabase } from '../../testing/test-database.ts';
import type { TestDatabase } from '../../testing/test-database.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';
import { appendAudit } from '../audit/audit-log.ts';
import type { AdminContext } from './admin-access.ts';
import { createAdminAudit } from './admin-requests.ts';
import { createPeopleRequests } from './people-requests.ts';
import { createResetCodeRequests } from './reset-code-requests.ts';

describe('invitations of an admin', () => {
  let server: TestServer;
  /** The owner. */
  let alice: TestClient;
  before(async () => {
    server = await startTestServer({ isClockStill: true });
    alice = await server.connectAs('alice');
  });
  after(() => server.stop());

  const setRole = ({ userUid }: TestClient, role: Role) =>
    alice.ask('admin:set-role', { userUid, role, authKey: alice.person.authKey });
  const inviteAs = async (username: string) => {
    const admin = await server.connectAs(username);
    await setRole(admin, 'admin');
    return { admin, ...(await admin.ask('admin:make-invitation', { uses: 5 })) };
  };
  const signUp = async (username: string, invitationCode: string): Promise<string | undefined> => {
    const input = { ...registrationOf(createPerson(username)), invitationCode };
    const { body } = await server.browser().request('POST', '/api/register', input);
    return (body as { code?: string }).code;
  };

  test('end with the right to make them, and do not come back', async () => {
    const made = [
      await inviteAs('adam'),
      await inviteAs('bela'),
      await inviteAs('cara'),
      await inviteAs('dirk'),
    ] as const;
    const [demoted, disabled, deleted, promoted] = made;
    const { authKey } = alice.person;
    await alice.ask('admin:set-sign-up', { signUp: 'invitation' });
    await setRole(demoted.admin, 'member');
    await alice.ask('admin:disable', { userUid: disabled.admin.userUid, authKey });
    const left = await deleted.admin.http('DELETE', '/api/me', { authKey: deleted.admin.person.authKey });
    assert.equal(left.status, 200, left.text);
    await setRole(promoted.admin, 'owner');
    const { invitations } = await alice.ask('admin:invitations', {});
    const states = made.map(
      ({ invitation }) =>
        invitations.find(({ invitationUid }) => invitationUid === invitation.invitationUid)?.state,
    );
    assert.deepEqual(states, ['revoked', 'revoked', 'revoked', 'open'], 'an owner invites as an admin does');

    await alice.ask('admin:enable', { userUid: disabled.admin.userUid });
    await setRole(demoted.admin, 'admin');
    for (const { code } of [demoted, disabled, deleted]) {
      assert.equal(await signUp('emil', code), 'INVITATION_WRONG');
    }
    assert.equal(await signUp('emil', promoted.code), undefined);
    await setRole(promoted.admin, 'member');
    assert.equal(await signUp('finn', promoted.code), 'INVITATION_WRONG');
  });
});

describe('rights that are lost while the password is being checked', () => {
  type Account = { userId: number; userUid: string };
  type Loss = { role: Role } | { state: 'disabled' };
  let opened: TestDatabase;
  let admin: Account;
  let member: Account;
  /** What becomes of the admin in the meantime. */
  let loss: Loss | null;
  before(async () => {
    opened = await openTestDatabase();
    await addAccount('owner');
    admin = await addAccount('owner');
    member = await addAccount('member');
  });
  after(() => opened.close());

  const addAccount = async (role: Role): Promise<Account> => {
    const uid = randomUid();
    const row = {
      uid,
      username: `${role}.${uid.replaceAll(/[^a-z]/g, '')}`,
      display_name: role,
      department: '',
      title: '',
      status_text: '',
      role,
      state: 'active',
      kdf_memory_kib: 0,
      kdf_iterations: 0,
      keys_changed_at: 0,
      identity_version: 1,
      directory_rev: 1,
      created_at: 0,
    } as const;
    const userId = await opened.database.write(async ({ db }) => {
      const { id } = await db.insertInto('users').values(row).returning('id').executeTakeFirstOrThrow();
      return { value: id, events: [] };
    });
    return { userId, userUid: uid };
  };
  const change = ({ userId }: Account, values: Loss | { role: Role; state: 'active' }) =>
    opened.database.write(async ({ db }) => {
      await db.updateTable('users').set(values).where('id', '=', userId).execute();
      return { value: undefined, events: [] };
    });
  const handlers = () => {
    const { database } = opened;
    const rekeySearch = { start: () => undefined, end: () => undefined };
    const powers = createPeoplePowers({ database, secret: new Uint8Array(32), rekeySearch });
    const confirmPassword = async () => {
      if (loss !== null) await change(admin, loss);
    };
    const deps = { ...powers, database, confirmPassword, appendAudit };
    const online = { isOnline: () => false };
    return {
      ...createPeopleRequests({ ...deps, online, peopleChanged: () => undefined }),
      ...createResetCodeRequests(deps),
    };
  };
  const contextWith = (role: 'owner' | 'admin'): AdminContext => ({
    actor: { kind: 'person', ...admin, role, address: '', socketId: null },
    now: 1,
  });
  const rows = async (): Promise<unknown> => {
    const { read } = opened.database;
    const { role, state } = await read
      .selectFrom('users')
      .select(['role', 'state'])
      .where('id', '=', member.userId)
      .executeTakeFirstOrThrow();
    const codes = await read.selectFrom('reset_codes').select('user_id').execute();
    const invitations = await read.selectFrom('invitations').select('id').execute();
    return { role, state, codes: codes.length, invitations: invitations.length };
  };
  const untouched = { role: 'member', state: 'active', codes: 0, invitations: 0 };

  for (const [what, lost, code] of [
    ['a member', { role: 'member' }, 'FORBIDDEN'],
    ['disabled', { state: 'disabled' }, 'NOT_SIGNED_IN'],
  ] as const) {
    test(`who is ${what} by then does nothing`, async () => {
      const { userUid } = member;
      const proof = { userUid, authKey: 'A'.repeat(43) };
      const ask = handlers();
      for (const attempt of [
        () => ask['admin:disable'](contextWith('admin'), proof),
        () => ask['admin:set-role'](contextWith('owner'), { ...proof, role: 'owner' }),
        () => ask['admin:make-reset-code'](contextWith('admin'), { ...proof, isDeviceLost: true }),
      ]) {
        loss = lost;
        await change(admin, { role: 'owner', state: 'active' });
        await assert.rejects(async () => attempt(), { code });
      }
      // these ask for no password: the rights were read when the request came
      await assert.rejects(async () => ask['admin:make-invitation'](contextWith('admin'), {}), { code });
      const audit = createAdminAudit({ database: opened.database, appendAudit });
      const settle = audit(contextWith('admin'), 'policies-changed', {}, () =>
        assert.fail('done all the same'),
      );
      await assert.rejects(settle, { code });
      assert.deepEqual(await rows(), untouched);
    });
  }

  test('an owner who is an admin by then acts as one', async () => {
    const { userUid } = member;
    const colleague = await addAccount('admin');
    const authKey = 'A'.repeat(43);
    const ask = handlers();
    loss = { role: 'admin' };
    await change(admin, { role: 'owner', state: 'active' });
    const raise = async () =>
      ask['admin:set-role'](contextWith('owner'), { userUid, role: 'admin', authKey });
    await assert.rejects(raise, { code: 'FORBIDDEN' });
    const wish = { userUid: colleague.userUid, isDeviceLost: false, authKey };
    await change(admin, { role: 'owner', state: 'active' });
    await assert.rejects(async () => ask['admin:make-reset-code'](contextWith('owner'), wish), {
      code: 'FORBIDDEN',
    });
    assert.deepEqual(await rows(), untouched);
    loss = null;
    await change(admin, { role: 'owner', state: 'active' });
    await ask['admin:make-reset-code'](contextWith('owner'), wish);
    assert.deepEqual(await rows(), { ...untouched, codes: 1 });
  });
});
