import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Role, SignedIn } from '#contract/accounts.ts';
import type { ErrorCode } from '#contract/error-codes.ts';
import { nextIdentity, randomB64, renewalWith } from '../../testing/people.ts';
import type { TestPerson } from '../../testing/people.ts';
import { createRoom, messageFor } from '../../testing/rooms.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

const codeOf = (answer: object) =>
  Object('body' in answer ? answer.body : answer).code as ErrorCode | undefined;
const day = 24 * 60 * 60_000;

let server: TestServer;
let alice: TestClient;
before(async () => {
  server = await startTestServer({ isClockStill: true });
  alice = await server.connectAs('alice');
});
after(() => server.stop());

let made = 0;
const newPerson = (): Promise<TestPerson> => {
  made += 1;
  return server.person(`person${made}`);
};
const post = (path: string, body: object) => server.browser().request('POST', path, body);
const login = (username: string, authKey: string) => post('/api/login', { username, authKey });
const makeCode = async ({ userUid }: TestPerson, isDeviceLost = false): Promise<string> =>
  (
    await alice.ask('admin:make-reset-code', {
      userUid,
      isDeviceLost,
      authKey: alice.person.authKey,
    })
  ).code;
const open = (username: string, code: string) => post('/api/reset/open', { username, code });
const resetOf = (renewed: TestPerson, code: string, counters = { keys: 2, pins: 2 }) => {
  const { username, authKey, recoveryAuth, statement, statementSignature } = renewed;
  const proofs = { username, code, authKey, recoveryAuth, statement, statementSignature };
  return { ...renewalWith(counters), ...proofs };
};
const reset = async (person: TestPerson): Promise<TestPerson> => {
  const renewed = nextIdentity(person);
  const answer = await post('/api/reset', resetOf(renewed, await makeCode(person)));
  assert.equal(answer.status, 200, answer.text);
  return renewed;
};

describe('an admin’s code', () => {
  test('makes the next identity once, tells every room, and ends what was', async () => {
    const person = await newPerson();
    const elsewhere = await server.connectAs(person.username);
    await createRoom(alice, [person], '회의');
    const code = await makeCode(person);
    const opened = await open(person.username, ` ${code.toLowerCase().replaceAll('-', ' ')} `);
    assert.deepEqual(opened.body, {
      userUid: person.userUid,
      username: person.username,
      displayName: person.displayName,
      identityVersion: 1,
      counters: { keys: 1, pins: 1 },
    });

    const renewed = nextIdentity(person);
    const input = resetOf(renewed, code);
    const signedIn = (await post('/api/reset', input)).body as SignedIn;
    assert.equal(signedIn.me.identityVersion, 2);
    assert.deepEqual(signedIn.vault.keys, input.keys);
    const isPerson = ({ person: { userUid } }: { person: { userUid: string } }) => userUid === person.userUid;
    const told = await alice.next('person:updated', isPerson);
    assert.equal(told.person.identityVersion, 2);
    assert.deepEqual(await elsewhere.next('session:ended'), { reason: 'keys-changed' });
    await elsewhere.disconnected();
    assert.equal(codeOf(await login(person.username, person.authKey)), 'WRONG_PASSWORD');
    const sheet = await post('/api/recovery/open', {
      username: person.username,
      recoveryAuth: person.recoveryAuth,
    });
    assert.equal(codeOf(sheet), 'RECOVERY_WRONG', 'the old sheet opens the old vault only');

    const { statements } = await alice.ask('identity:get', {
      people: [{ userUid: person.userUid }, { userUid: person.userUid, version: 1 }],
    });
    assert.deepEqual(
      statements.map(({ statement }) => statement),
      [renewed.statement, person.statement],
    );
    assert.equal(codeOf(await open(person.username, code)), 'RESET_CODE_WRONG', 'used');
    const twice = await post('/api/reset', resetOf(nextIdentity(renewed), code, { keys: 3, pins: 3 }));
    assert.equal(codeOf(twice), 'RESET_CODE_WRONG');
    assert.equal((await login(person.username, renewed.authKey)).status, 200);
  });

  test('a lost answer: the same again signs in again; another password does not', async () => {
    const person = await newPerson();
    const input = resetOf(nextIdentity(person), await makeCode(person));
    const first = (await post('/api/reset', input)).body as SignedIn;
    const again = (await post('/api/reset', input)).body as SignedIn;
    assert.deepEqual(again.vault, first.vault);
    assert.equal(again.me.identityVersion, 2);
    const guess = await post('/api/reset', { ...input, authKey: randomB64(32) });
    assert.equal(codeOf(guess), 'RESET_CODE_WRONG');
  });

  test('of two at once with one code, one is the new identity', async () => {
    const person = await newPerson();
    const code = await makeCode(person);
    const renewed = [nextIdentity(person), nextIdentity(person)];
    const answers = await Promise.all(renewed.map((one) => post('/api/reset', resetOf(one, code))));
    assert.deepEqual(answers.map((answer) => codeOf(answer) ?? 'OK').sort(), ['OK', 'RESET_CODE_WRONG']);
  });

  test('wrong, unknown and someone else’s code are refused alike, and the fifth locks the address out', async () => {
    const person = await newPerson();
    const code = await makeCode(person);
    const wrong = await open(person.username, 'AAAA-BBBB-CCCC');
    assert.equal(codeOf(wrong), 'RESET_CODE_WRONG');
    assert.deepEqual((await open('nobody', 'AAAA-BBBB-CCCC')).body, wrong.body);
    const other = await makeCode(await newPerson());
    assert.deepEqual((await open(person.username, other)).body, wrong.body);
    for (let attempt = 0; attempt < 3; attempt += 1) await open(person.username, 'AAAA-BBBB-CCCC');
    assert.equal(codeOf(await open(person.username, code)), 'LOCKED_OUT');
    server.clock.advance(15_000);
    assert.equal((await open(person.username, code)).status, 200, 'the code itself is not spent by guesses');
  });

  test('a code is over after a day, and a new one voids it', async () => {
    const person = await newPerson();
    const first = await makeCode(person);
    const second = await makeCode(person);
    assert.equal(codeOf(await open(person.username, first)), 'RESET_CODE_WRONG');
    server.clock.advance(day - 1);
    assert.equal((await open(person.username, second)).status, 200);
    server.clock.advance(1);
    assert.equal(codeOf(await open(person.username, second)), 'RESET_CODE_EXPIRED');
    const late = await post('/api/reset', resetOf(nextIdentity(person), second));
    assert.equal(codeOf(late), 'RESET_CODE_EXPIRED');
    assert.equal((await login(person.username, person.authKey)).status, 200, 'nothing changed');
  });

  test('the statement must be the next one, the person’s own, and signed', async () => {
    const person = await newPerson();
    const code = await makeCode(person);
    const renewed = nextIdentity(person);
    const refused = async (changes: object) => {
      const answer = await post('/api/reset', { ...resetOf(renewed, code), ...changes });
      assert.equal(codeOf(answer), 'IDENTITY_INVALID');
    };
    const { statement, statementSignature } = person;
    await refused({ statement, statementSignature });
    const third = nextIdentity(renewed);
    await refused({ statement: third.statement, statementSignature: third.statementSignature });
    const other = nextIdentity(await newPerson());
    await refused({ statement: other.statement, statementSignature: other.statementSignature });
    await refused({ statementSignature: other.sign(renewed.statement) });
    assert.equal(
      codeOf(await post('/api/reset', resetOf(renewed, code, { keys: 3, pins: 2 }))),
      'STALE_COUNTER',
    );
    assert.equal((await post('/api/reset', resetOf(renewed, code))).status, 200, 'the code was not spent');
  });

  test('nobody resets themselves, and admins reset members only', async () => {
    const admin = await server.connectAs((await newPerson()).username);
    const member = await newPerson();
    const { authKey } = alice.person;
    await alice.ask('admin:set-role', { userUid: admin.userUid, role: 'admin', authKey });
    const make = (client: TestClient, userUid: string) =>
      client.call('admin:make-reset-code', {
        userUid,
        isDeviceLost: false,
        authKey: client.person.authKey,
      });
    const unproved = { userUid: member.userUid, isDeviceLost: false };
    assert.equal(codeOf(await admin.call('admin:make-reset-code', unproved)), 'WRONG_PASSWORD');
    const strange = { ...unproved, authKey };
    assert.equal(codeOf(await admin.call('admin:make-reset-code', strange)), 'WRONG_PASSWORD');
    assert.equal(codeOf(await make(admin, alice.userUid)), 'FORBIDDEN');
    assert.equal(codeOf(await make(alice, alice.userUid)), 'OWN_ACCOUNT');
    assert.equal(codeOf(await make(admin, admin.userUid)), 'OWN_ACCOUNT');
    assert.equal((await make(admin, member.userUid)).ok, true);
    assert.equal((await make(alice, admin.userUid)).ok, true);
    assert.equal(codeOf(await make(alice, randomB64(16))), 'NOT_FOUND');
  });

  test('a disabled account gets no code, and one that it has opens nothing', async () => {
    const person = await newPerson();
    const code = await makeCode(person);
    const { authKey } = alice.person;
    await alice.ask('admin:disable', { userUid: person.userUid, authKey });
    const refused = await alice.call('admin:make-reset-code', {
      userUid: person.userUid,
      isDeviceLost: false,
      authKey,
    });
    assert.equal(codeOf(refused), 'PERSON_DISABLED');
    assert.equal(codeOf(await open(person.username, code)), 'RESET_CODE_WRONG');
    const answer = await post('/api/reset', resetOf(nextIdentity(person), code));
    assert.equal(codeOf(answer), 'RESET_CODE_WRONG');
    const { username, recoveryAuth } = person;
    assert.equal(codeOf(await post('/api/recovery/open', { username, recoveryAuth })), 'ACCOUNT_DISABLED');
    await alice.ask('admin:enable', { userUid: person.userUid });
    assert.equal(codeOf(await open(person.username, code)), 'RESET_CODE_WRONG', 'nor does it come back');
  });

  test('a code ends with any change of the role or state of its person, or of who made it', async () => {
    const { authKey } = alice.person;
    const setRole = ({ userUid }: { userUid: string }, role: Role) =>
      alice.ask('admin:set-role', { userUid, role, authKey });
    const newAdmin = async (): Promise<TestClient> => {
      const admin = await server.connectAs((await newPerson()).username);
      await setRole(admin, 'admin');
      return admin;
    };
    const codeBy = async (admin: TestClient, { userUid }: TestPerson): Promise<string> => {
      const proof = { isDeviceLost: false, authKey: admin.person.authKey };
      return (await admin.ask('admin:make-reset-code', { userUid, ...proof })).code;
    };
    const demoted = await newAdmin();
    const disabled = await newAdmin();
    const deleted = await newAdmin();
    const others = [await newPerson(), await newPerson(), await newPerson(), await newPerson()] as const;
    const [first, second, third, fourth] = others;
    const codes = [
      await codeBy(demoted, first),
      await codeBy(disabled, second),
      await codeBy(deleted, third),
      await makeCode(fourth),
    ];
    const answers = async () =>
      Promise.all(
        others.map(async ({ username }, index) => codeOf(await open(username, codes[index] ?? ''))),
      );
    assert.deepEqual(await answers(), [undefined, undefined, undefined, undefined]);
    await setRole(demoted, 'member');
    await alice.ask('admin:disable', { userUid: disabled.userUid, authKey });
    await deleted.http('DELETE', '/api/me', { authKey: deleted.person.authKey });
    const wrong = 'RESET_CODE_WRONG';
    assert.deepEqual(await answers(), [wrong, wrong, wrong, undefined], 'that of the owner counts on');

    const promoted = await newPerson();
    const code = await codeBy(await newAdmin(), promoted);
    await setRole(promoted, 'admin');
    assert.equal(codeOf(await post('/api/reset', resetOf(nextIdentity(promoted), code))), wrong);
    await setRole(promoted, 'member');
    assert.equal(codeOf(await open(promoted.username, code)), wrong);
  });

  test('beforehand it is said which rooms a colleague can heal', async () => {
    const person = await newPerson();
    const own = await server.connectAs(person.username);
    const outlook = () => alice.ask('admin:reset-outlook', { userUid: person.userUid });
    assert.deepEqual(await outlook(), { roomsToHeal: 0, roomsLost: 0 });
    await createRoom(own, [], '혼자');
    await createRoom(own, [alice.person], '둘이');
    const colleague = await newPerson();
    await createRoom(own, [colleague], '곧 혼자');
    assert.deepEqual(await outlook(), { roomsToHeal: 2, roomsLost: 1 });
    const { authKey } = alice.person;
    await alice.ask('admin:disable', { userUid: colleague.userUid, authKey });
    assert.deepEqual(await outlook(), { roomsToHeal: 1, roomsLost: 2 });
  });

  test('a lost device is out at once: sessions, groups, and asked back after the reset', async () => {
    const person = await newPerson();
    const thief = await server.connectAs(person.username);
    const group = await createRoom(alice, [person], '회의');
    const code = await makeCode(person, true);
    assert.deepEqual(await thief.next('session:ended'), { reason: 'keys-changed' });
    await thief.disconnected();
    const { code: refused } = Object(await alice.call('message:send', messageFor(group)));
    assert.equal(refused, 'REKEY_NEEDED');
    assert.equal((await post('/api/reset', resetOf(nextIdentity(person), code))).status, 200);
    const asked = await alice.next('room:request-changed', ({ roomUid }) => roomUid === group.roomUid);
    assert.deepEqual([asked.userUid, asked.state, asked.origin], [person.userUid, 'pending', 'again']);
  });
});

describe('a lost device takes the password along', () => {
  const recover = (person: TestPerson, newSheet: string, counters = { keys: 2, pins: 2 }) => {
    const { username, recoveryAuth, authKey } = person;
    const proofs = { username, recoveryAuth, newAuthKey: authKey, newRecoveryAuth: newSheet };
    return { ...renewalWith(counters), ...proofs };
  };

  test('which opens nothing more, until the code is used', async () => {
    const person = await newPerson();
    const code = await makeCode(person, true);
    const wrong = await login(person.username, person.authKey);
    assert.equal(codeOf(wrong), 'WRONG_PASSWORD');
    assert.deepEqual(wrong.body, (await login('nobody', person.authKey)).body, 'as for an unknown name');
    const another = await makeCode(person);
    assert.equal(codeOf(await open(person.username, code)), 'RESET_CODE_WRONG');
    assert.equal(codeOf(await login(person.username, person.authKey)), 'WRONG_PASSWORD', 'a new code or not');
    const renewed = nextIdentity(person);
    assert.equal((await post('/api/reset', resetOf(renewed, another))).status, 200);
    assert.equal((await login(person.username, renewed.authKey)).status, 200);
  });

  test('who comes back by the sheet is proposed to the former groups as well', async () => {
    const person = await newPerson();
    const group = await createRoom(alice, [person], '산책');
    await makeCode(person, true);
    assert.equal((await post('/api/recovery', recover(person, randomB64(32)))).status, 200);
    const asked = await alice.next('room:request-changed', ({ roomUid }) => roomUid === group.roomUid);
    assert.deepEqual([asked.userUid, asked.state, asked.origin], [person.userUid, 'pending', 'again']);
  });

  test('nor does what the device sent once, when it is repeated; the sheet does', async () => {
    const person = await newPerson();
    const sheet = randomB64(32);
    const once = recover(person, sheet);
    assert.equal((await post('/api/recovery', once)).status, 200);
    assert.equal((await post('/api/recovery', once)).status, 200, 'a lost answer');
    await makeCode(person, true);
    assert.equal(codeOf(await post('/api/recovery', once)), 'RECOVERY_WRONG');
    assert.equal(codeOf(await login(person.username, once.newAuthKey)), 'WRONG_PASSWORD');
    const again = recover({ ...person, recoveryAuth: sheet }, randomB64(32), { keys: 3, pins: 3 });
    assert.equal((await post('/api/recovery', again)).status, 200);
    assert.equal((await login(person.username, again.newAuthKey)).status, 200);
  });
});

describe('a sheet found later', () => {
  const openOld = (client: TestClient, recoveryAuth: string) =>
    client.call('vault:open-old', { recoveryAuth });
  const connect = async (person: TestPerson, renewed: TestPerson): Promise<TestClient> => {
    Object.assign(person, renewed);
    return server.connectAs(person.username);
  };
  const successionOf = (old: TestPerson, { entry }: TestPerson) => {
    const [userUid, from, fromFp] = old.entry.split('.');
    const [, to, toFp] = entry.split('.');
    return old.sign(`maru/1|succession|${[userUid, from, fromFp, to, toFp].join('|')}`);
  };

  test('opens the old vault; its key vouches for the new one, before everybody who shares a room', async () => {
    const person = await newPerson();
    const old = { ...person };
    const vault = (await server.connectAs(person.username)).signedIn.vault;
    await createRoom(alice, [person], '회의');
    const renewed = await reset(person);
    const client = await connect(person, renewed);
    const { oldVaults } = await client.ask('vault:old', {});
    assert.deepEqual(
      oldVaults.map(({ identityVersion }) => identityVersion),
      [1],
    );
    assert.equal(codeOf(await openOld(client, randomB64(32))), 'RECOVERY_WRONG');
    assert.equal(codeOf(await openOld(client, renewed.recoveryAuth)), 'RECOVERY_WRONG');
    const opened = await client.ask('vault:open-old', { recoveryAuth: old.recoveryAuth });
    const { keys, pins, recoveryWrap } = vault;
    assert.deepEqual(opened, { oldVaults: [{ identityVersion: 1, keys, pins, recoveryWrap }] });

    const { keys: newKeys, pins: newPins } = renewalWith({ keys: 3, pins: 3 });
    const signature = successionOf(old, renewed);
    const input = {
      recoveryAuth: old.recoveryAuth,
      keys: newKeys,
      pins: newPins,
      successions: [{ fromVersion: 1, signature }],
    };
    const forged = { ...input, successions: [{ fromVersion: 1, signature: successionOf(renewed, renewed) }] };
    assert.equal(codeOf(await client.call('identity:succeed', forged)), 'IDENTITY_INVALID');
    const backwards = { ...input, successions: [{ fromVersion: 2, signature }] };
    assert.equal(codeOf(await client.call('identity:succeed', backwards)), 'IDENTITY_INVALID');
    const row = { userUid: person.userUid, fromVersion: 1, toVersion: 2, signature };
    assert.deepEqual(await client.ask('identity:succeed', input), { successions: [row] });
    assert.deepEqual(await alice.next('identity:succeeded'), { successions: [row] });
    const { successions } = await alice.ask('identity:successions', { userUids: [person.userUid] });
    assert.deepEqual(successions, [row]);

    assert.deepEqual(await client.ask('identity:succeed', input), { successions: [row] }, 'a lost answer');
    assert.deepEqual(await client.ask('vault:old', {}), { oldVaults: [] });
    assert.equal(codeOf(await openOld(client, old.recoveryAuth)), 'RECOVERY_WRONG', 'a used sheet is void');
    assert.deepEqual((await client.ask('vault:get', {})).keys, newKeys);
  });

  test('wrong sheets lock out as wrong passwords do', async () => {
    const person = await newPerson();
    const old = { ...person };
    const client = await connect(person, await reset(person));
    for (let attempt = 0; attempt < 5; attempt += 1) await openOld(client, randomB64(32));
    assert.equal(codeOf(await openOld(client, old.recoveryAuth)), 'LOCKED_OUT');
  });

  test('each of two resets keeps its own vault, and nothing is kept of a deleted account', async () => {
    const person = await newPerson();
    const first = { ...person };
    const second = await reset(person);
    const third = nextIdentity(second);
    const input = resetOf(third, await makeCode(person), { keys: 3, pins: 3 });
    assert.equal((await post('/api/reset', input)).status, 200);
    const client = await connect(person, third);
    const versions = async () =>
      (await client.ask('vault:old', {})).oldVaults.map(({ identityVersion }) => identityVersion);
    assert.deepEqual(await versions(), [2, 1]);
    const { keys, pins } = renewalWith({ keys: 4, pins: 4 });
    const successions = [{ fromVersion: 1, signature: successionOf(first, third) }];
    await client.ask('identity:succeed', { recoveryAuth: first.recoveryAuth, keys, pins, successions });
    assert.deepEqual(await versions(), [2]);
    const answer = await client.http('DELETE', '/api/me', { authKey: third.authKey });
    assert.equal(answer.status, 200, answer.text);
  });
});
