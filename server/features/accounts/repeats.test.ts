/** Requests that are repeated because their answer got lost prove themselves by a password, which takes its time. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { PublicContext } from '../../gateway/handler.ts';
import { createPerson, nextIdentity, registrationOf, renewalWith } from '../../testing/people.ts';
import type { TestPerson } from '../../testing/people.ts';
import { openTestDatabase } from '../../testing/test-database.ts';
import type { TestDatabase } from '../../testing/test-database.ts';
import { createAccountSecrets } from './account-secrets.ts';
import { insertStatement, insertUser } from './account-store.ts';
import type { RecoveryDeps } from './recovery-requests.ts';
import { register } from './registration.ts';
import type { RegistrationDeps } from './registration.ts';
import { createResetRequests } from './reset-requests.ts';
import { insertBlob } from './vault-store.ts';

type Renewal = ReturnType<typeof renewalWith>;

describe('a repeat whose password is changed while it is being checked', () => {
  let opened: TestDatabase;
  before(async () => {
    opened = await openTestDatabase();
  });
  after(() => opened.close());

  /** An account as it is after this renewal or registration. */
  const addAccount = (person: TestPerson, version: number, renewal: Renewal): Promise<number> =>
    opened.database.write(async (unit) => {
      const userId = await insertUser(unit, {
        uid: person.userUid,
        username: person.username,
        display_name: '',
        department: '',
        title: '',
        status_text: '',
        role: 'member',
        state: 'active',
        auth_hash: 'the password that was sent',
        salt: renewal.salt,
        kdf_memory_kib: 65_536,
        kdf_iterations: 3,
        password_wrap: renewal.passwordWrap,
        recovery_wrap: renewal.recoveryWrap,
        keys_changed_at: 0,
        identity_version: version,
        directory_rev: 1,
        created_at: 0,
      });
      const { statement, statementSignature: signature } = person;
      await insertStatement(unit, { userId, version, statement, signature }, 0);
      await insertBlob(unit, { userId, label: 'keys' }, renewal.keys, 0);
      await insertBlob(unit, { userId, label: 'pins' }, renewal.pins, 0);
      return { value: userId, events: [] };
    });
  /** `meanwhile` becomes the account's hash while the right password is being compared. */
  const depsWith = (userId: number, meanwhile: string | null) =>
    ({
      database: opened.database,
      secrets: createAccountSecrets(new Uint8Array(32)),
      randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
      csrfTokenFor: () => 'token',
      loginGuard: { check: () => undefined, failed: () => undefined, succeeded: () => undefined },
      peopleChanged: () => undefined,
      hasher: {
        async verify() {
          await opened.database.write(async ({ db }) => {
            await db
              .updateTable('users')
              .set({ auth_hash: meanwhile })
              .where('id', '=', userId)
              .executeTakeFirstOrThrow();
            return { value: undefined, events: [] };
          });
          return true;
        },
      },
    }) as unknown as RecoveryDeps & RegistrationDeps; // a repeat asks for nothing else
  const context = (): PublicContext => ({
    requestId: '',
    address: '',
    userAgent: '',
    isFromHost: false,
    socketId: null,
    now: 1,
    caller: null,
    cookie: { token: null, start: () => undefined, end: () => undefined },
  });
  const sessions = async (userId: number): Promise<number> =>
    (await opened.database.read.selectFrom('sessions').select('id').where('user_id', '=', userId).execute())
      .length;

  test('signs nobody in: a reset', async () => {
    const person = nextIdentity(createPerson('anna'));
    const { username, authKey, recoveryAuth, statement, statementSignature } = person;
    const renewal = renewalWith({ keys: 2, pins: 2 });
    const userId = await addAccount(person, 2, renewal);
    const proofs = { username, code: 'AAAA-BBBB-CCCC', authKey, recoveryAuth, statement, statementSignature };
    const restored = { restoredAt: null, generation: 'first' };
    const repeat = (meanwhile: string | null) =>
      createResetRequests({ ...depsWith(userId, meanwhile), restored })['reset:complete'](context(), {
        ...renewal,
        ...proofs,
      });
    await repeat('the password that was sent');
    assert.equal(await sessions(userId), 1);
    await assert.rejects(async () => repeat(null), { code: 'RESET_CODE_WRONG' });
    assert.equal(await sessions(userId), 1);
  });

  test('signs nobody in: a registration', async () => {
    const person = createPerson('berta');
    const userId = await addAccount(person, 1, renewalWith({ keys: 1, pins: 1 }));
    const vault = { keys: { counter: 1, blob: 'keys' }, pins: { counter: 1, blob: 'pins' } };
    const input = { ...registrationOf(person), vault, displayName: 'Berta' };
    const repeat = (meanwhile: string | null) => register(depsWith(userId, meanwhile), context(), input);
    await repeat('the password that was sent');
    assert.equal(await sessions(userId), 1);
    await assert.rejects(async () => repeat('another one'), { code: 'NAME_TAKEN' });
    assert.equal(await sessions(userId), 1);
  });
});
