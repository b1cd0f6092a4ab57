import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { SignedIn } from '#contract/accounts.ts';
import { createPerson, randomB64, registrationOf } from '../../testing/people.ts';
import { createRoom } from '../../testing/rooms.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

const codeOf = (answer: { body: unknown }) => (answer.body as { code?: string }).code;
const fieldOf = (answer: { body: unknown }) => (answer.body as { field?: string }).field;

describe('the first account', () => {
  test('two at once from the machine itself make one owner', async () => {
    const server = await startTestServer();
    try {
      const people = [createPerson('first'), createPerson('second')];
      const answers = await Promise.all(
        people.map((person) => server.browser().request('POST', '/api/register', registrationOf(person))),
      );
      const roles = answers.map((answer) => (answer.body as SignedIn).me.role);
      assert.deepEqual(roles.sort(), ['member', 'owner']);
    } finally {
      await server.stop();
    }
  });

  test('from elsewhere it needs the set-up code, which makes nobody an owner afterwards', async () => {
    const server = await startTestServer();
    // a forwarding header is enough not to count as the machine itself
    const elsewhere = { 'x-forwarded-for': '192.168.7.9' };
    try {
      const register = (name: string, code?: string) =>
        server
          .browser()
          .request(
            'POST',
            '/api/register',
            { ...registrationOf(createPerson(name)), setUpCode: code },
            elsewhere,
          );
      const check = (code?: string) =>
        server
          .browser()
          .request('POST', '/api/register/check', { username: 'first', setUpCode: code }, elsewhere);
      assert.equal(codeOf(await check()), 'SETUP_CODE_WRONG');
      assert.equal(codeOf(await register('first')), 'SETUP_CODE_WRONG');
      assert.equal(codeOf(await register('first', 'AAAA-BBBB-CCCC')), 'SETUP_CODE_WRONG');
      const typed = server.setupCode?.toLowerCase().replaceAll('-', ' ') ?? '';
      assert.equal((await check(typed)).status, 200);
      const first = await register('first', typed);
      assert.equal((first.body as SignedIn).me.role, 'owner');
      const second = await register('second', typed);
      assert.equal((second.body as SignedIn).me.role, 'member');
    } finally {
      await server.stop();
    }
  });
});

describe('accounts', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
    await server.person('alice');
  });
  after(() => server.stop());

  const register = (person: ReturnType<typeof createPerson>, changes: object = {}) =>
    server.browser().request('POST', '/api/register', { ...registrationOf(person), ...changes });

  test('registering signs in and gives the vault back', async () => {
    const dave = createPerson('dave');
    const browser = server.browser();
    const registration = registrationOf(dave);
    const answer = await browser.request('POST', '/api/register', registration);
    const signedIn = answer.body as SignedIn;
    assert.equal(signedIn.me.role, 'member');
    assert.equal(signedIn.vault.keys.blob, registration.vault.keys.blob);
    assert.equal(Buffer.from(signedIn.deviceKey, 'base64url').length, 64);
    assert.equal((await browser.request('GET', '/api/me')).status, 200);
  });

  test('a repeated registration whose answer was lost signs in instead of failing', async () => {
    const registration = registrationOf(createPerson('lost.answer'));
    const first = await server.browser().request('POST', '/api/register', registration);
    const second = await server.browser().request('POST', '/api/register', registration);
    assert.equal(second.status, 200);
    assert.equal((second.body as SignedIn).me.userUid, (first.body as SignedIn).me.userUid);
    assert.notEqual((second.body as SignedIn).sessionUid, (first.body as SignedIn).sessionUid);
    const thief = await server
      .browser()
      .request('POST', '/api/register', { ...registration, authKey: randomB64(32) });
    assert.equal(codeOf(thief), 'NAME_TAKEN');
    const guess = () =>
      server.browser().request('POST', '/api/register', { ...registration, authKey: randomB64(32) });
    for (let attempt = 0; attempt < 4; attempt += 1) await guess();
    assert.equal(codeOf(await guess()), 'LOCKED_OUT', 'it is no second place to try passwords');
  });

  test('names are one whatever their case and composition, and are checked before', async () => {
    await register(createPerson('Kim.Minsu'));
    assert.equal(codeOf(await register(createPerson('kim.minsu'))), 'NAME_TAKEN');
    const check = (username: string) => server.browser().request('POST', '/api/register/check', { username });
    assert.equal(codeOf(await check('KIM.MINSU')), 'NAME_TAKEN');
    const decomposed = await check('김민수'.normalize('NFD'));
    assert.deepEqual(decomposed.body, { username: '김민수' });
    assert.equal(codeOf(await check('a')), 'INVALID_INPUT');
    assert.equal(codeOf(await check('한 글')), 'INVALID_INPUT');
  });

  test('a uid that is taken is refused', async () => {
    const alice = await server.person('alice');
    const impostor = createPerson('impostor');
    const own = impostor.statement;
    assert.equal(own.includes(impostor.userUid), true);
    const answer = await register(impostor, {
      userUid: alice.userUid,
      statement: alice.statement,
      statementSignature: alice.statementSignature,
    });
    assert.equal(codeOf(answer), 'UID_TAKEN');
  });

  test('an identity that is not the person’s own first one, or not signed, is refused', async () => {
    const person = createPerson('badidentity');
    const other = createPerson('other');
    const refused = async (changes: object) => {
      const answer = await register(person, changes);
      assert.equal(answer.status, 422);
      assert.equal(codeOf(answer), 'IDENTITY_INVALID');
      return fieldOf(answer);
    };
    assert.equal(await refused({ statement: other.statement }), 'statement');
    const second = person.statement.replace('|1|', '|2|');
    assert.equal(await refused({ statement: second, statementSignature: person.sign(second) }), 'statement');
    assert.equal(await refused({ statementSignature: other.sign(person.statement) }), 'statementSignature');
    const weak = person.statement.replace(/\|1\|[^|]+\|/, `|1|${'A'.repeat(43)}|`);
    assert.equal(await refused({ statement: weak, statementSignature: person.sign(weak) }), 'statement');
  });

  test('key derivation outside the bounds is refused', async () => {
    const kdf = { memoryKiB: 1024, iterations: 3, parallelism: 1 };
    assert.equal(codeOf(await register(createPerson('weakkdf'), { kdf })), 'INVALID_INPUT');
  });

  test('prelogin looks the same for names that exist and names that do not, and is stable', async () => {
    const ask = async (username: string) =>
      (await server.browser().request('GET', `/api/prelogin?username=${encodeURIComponent(username)}`))
        .body as { salt: string; kdf: object };
    const known = await ask('alice');
    const unknown = await ask('nobody');
    assert.deepEqual(Object.keys(unknown), Object.keys(known));
    assert.deepEqual(unknown.kdf, known.kdf);
    assert.equal(unknown.salt.length, known.salt.length);
    assert.deepEqual(await ask('NOBODY'), unknown);
    assert.notEqual((await ask('nobody2')).salt, unknown.salt);
  });

  test('a wrong password and an unknown name are refused alike, and repeated ones lock this address out', async () => {
    const login = (username: string, authKey: string) =>
      server.browser().request('POST', '/api/login', { username, authKey });
    await register(createPerson('locked'));
    const wrong = await login('locked', randomB64(32));
    const unknown = await login('nobody', randomB64(32));
    assert.deepEqual(wrong.body, unknown.body);
    assert.equal(codeOf(wrong), 'WRONG_PASSWORD');
    for (let attempt = 0; attempt < 4; attempt += 1) await login('locked', randomB64(32));
    const locked = await login('locked', randomB64(32));
    assert.equal(codeOf(locked), 'LOCKED_OUT');
    assert.ok((locked.body as { retryAfterMs: number }).retryAfterMs > 0);
  });

  test('signing in again in one browser ends its session before, sockets included', async () => {
    const bob = await server.connectAs('bob');
    const oldCookie = bob.browser.cookieHeader();
    const { username, authKey } = bob.person;
    const again = await bob.http('POST', '/api/login', { username, authKey });
    assert.equal(again.status, 200);
    assert.deepEqual(await bob.next('session:ended'), { reason: 'signed-out' });
    await bob.disconnected();
    const old = await server.browser().request('GET', '/api/me', undefined, { cookie: oldCookie });
    assert.equal(codeOf(old), 'NOT_SIGNED_IN');
  });

  test('a reload resumes with the same device key; another session has another', async () => {
    const bob = await server.connectAs('bob');
    const resumed = (await bob.http('GET', '/api/session')).body as SignedIn;
    assert.deepEqual(resumed, bob.signedIn);
    const other = await server.connectAs('bob');
    assert.notEqual(other.signedIn.deviceKey, resumed.deviceKey);
  });

  test('signing out ends the session and clears the cookie', async () => {
    const bob = await server.connectAs('bob');
    const cookie = bob.browser.cookieHeader();
    assert.equal((await bob.http('POST', '/api/logout', {})).status, 200);
    await bob.disconnected();
    assert.equal(bob.browser.cookies.size, 0);
    const later = await server.browser().request('GET', '/api/me', undefined, { cookie });
    assert.equal(codeOf(later), 'NOT_SIGNED_IN');
  });

  test('sessions are listed and ended from afar, one’s own only', async () => {
    const here = await server.connectAs('bob');
    const there = await server.connectAs('bob');
    const { sessions } = await here.ask('session:list', {});
    assert.equal(sessions.find((row) => row.isCurrent)?.sessionUid, here.sessionUid);
    assert.ok(sessions.some((row) => row.sessionUid === there.sessionUid));
    const alice = await server.connectAs('alice');
    const foreign = await alice.call('session:revoke', { sessionUid: there.sessionUid });
    assert.equal(foreign.ok ? '' : foreign.code, 'NOT_FOUND');
    await here.ask('session:revoke', { sessionUid: there.sessionUid });
    assert.deepEqual(await there.next('session:ended'), { reason: 'revoked' });
    await there.disconnected();
    assert.equal(codeOf(await there.http('GET', '/api/me')), 'NOT_SIGNED_IN');
  });

  test('a profile change reaches all my devices and only people who share a room', async () => {
    const alice = await server.connectAs('alice');
    const bob = await server.connectAs('bob');
    const carol = await server.connectAs('carol');
    const bobsPhone = await server.connectAs('bob');
    await createRoom(alice, [bob.person], '주간 회의');
    const me = await bob.ask('account:update', { displayName: ' 이밥 ', department: '총무팀' });
    assert.equal(me.displayName, '이밥');
    assert.equal(me.department, '총무팀');
    assert.deepEqual((await bobsPhone.next('me:updated')).me, me);
    const { person } = await alice.next('person:updated');
    assert.equal(person.department, '총무팀');
    assert.equal('role' in person, false);
    await carol.ask('account:me', {});
    assert.deepEqual(carol.received('person:updated'), []);
    const refused = await bob.call('account:update', { displayName: '\u202eevil' });
    assert.equal(refused.ok ? '' : refused.code, 'INVALID_INPUT');
  });

  test('pins are replaced by compare-and-set, and the other devices hear of it', async () => {
    const bob = await server.connectAs('bob');
    const phone = await server.connectAs('bob');
    const { pins } = await bob.ask('vault:get', {});
    const next = { counter: pins.counter + 1, blob: randomB64(192) };
    await bob.ask('vault:put-pins', { pins: next });
    assert.equal((await phone.next('vault:updated')).pinsCounter, next.counter);
    const late = await phone.call('vault:put-pins', { pins: next });
    assert.equal(late.ok ? '' : late.code, 'STALE_COUNTER');
    assert.deepEqual((await phone.ask('vault:get', {})).pins, next);
  });

  test('a new sheet replaces both blobs and wraps or nothing, and needs the password', async () => {
    const bob = await server.connectAs('bob');
    const old = await bob.ask('vault:get', {});
    const input = {
      authKey: bob.person.authKey,
      keys: { counter: old.keys.counter + 1, blob: randomB64(400) },
      pins: { counter: old.pins.counter + 1, blob: randomB64(192) },
      passwordWrap: randomB64(128),
      recoveryWrap: randomB64(160),
      recoveryAuth: randomB64(32),
    };
    const wrong = await bob.call('vault:replace', { ...input, authKey: randomB64(32) });
    assert.equal(wrong.ok ? '' : wrong.code, 'WRONG_PASSWORD');
    const stale = await bob.call('vault:replace', { ...input, pins: old.pins });
    assert.equal(stale.ok ? '' : stale.code, 'STALE_COUNTER');
    assert.deepEqual(await bob.ask('vault:get', {}), old);
    const { keysChangedAt } = await bob.ask('vault:replace', input);
    const vault = await bob.ask('vault:get', {});
    assert.deepEqual(vault.keys, input.keys);
    assert.equal(vault.recoveryWrap, input.recoveryWrap);
    assert.equal(vault.keysChangedAt, keysChangedAt);
  });

  test('what everybody may know is told without a session', async () => {
    const info = (await server.browser().request('GET', '/api/server')).body as Record<string, unknown>;
    assert.equal(info['isSetUpNeeded'], false);
    assert.equal(info['signUp'], 'open');
    const config = (await server.browser().request('GET', '/api/config')).body;
    assert.deepEqual(Object.keys(config as object), ['upload', 'rate_limits', 'features']);
  });
});

describe('the end of a session', () => {
  test('comes after 72 hours without use, and its sockets hear of it', async () => {
    const server = await startTestServer();
    try {
      const bob = await server.connectAs('bob');
      server.clock.advance(71 * 3_600_000);
      assert.equal((await bob.http('GET', '/api/me')).status, 200);
      server.clock.advance(71 * 3_600_000);
      assert.equal((await bob.http('GET', '/api/me')).status, 200);
      server.clock.advance(73 * 3_600_000);
      assert.equal(codeOf(await bob.http('GET', '/api/me')), 'NOT_SIGNED_IN');
      assert.deepEqual(await bob.next('session:ended'), { reason: 'expired' });
    } finally {
      await server.stop();
    }
  });

  test('comes after 30 days, however much it is used', async () => {
    const server = await startTestServer();
    try {
      const bob = await server.connectAs('bob');
      for (let hours = 0; hours < 28 * 24; hours += 48) {
        server.clock.advance(48 * 3_600_000);
        assert.equal((await bob.http('GET', '/api/me')).status, 200);
      }
      server.clock.advance(48 * 3_600_000);
      assert.equal((await bob.http('GET', '/api/me')).status, 401);
    } finally {
      await server.stop();
    }
  });
});
