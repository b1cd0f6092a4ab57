/** What somebody who may administer no more leaves behind: nothing that still acts in their name. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Role } from '#contract/accounts.ts';
import { createPerson, registrationOf } from '../../testing/people.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

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
