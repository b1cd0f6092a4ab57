import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { SignedIn } from '#contract/accounts.ts';
import { randomB64, renewalWith } from '../../testing/people.ts';
import type { TestPerson } from '../../testing/people.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

const codeOf = (answer: { body: unknown }) => (answer.body as { code?: string }).code;
const next = { keys: 2, pins: 2 };

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await server.person('alice');
});
after(() => server.stop());

let made = 0;
const newPerson = (): Promise<TestPerson> => {
  made += 1;
  return server.person(`person${made}`);
};
const post = (path: string, body: object) => server.browser().request('POST', path, body);
const login = (username: string, authKey: string) => post('/api/login', { username, authKey });
const openSheet = (username: string, recoveryAuth: string) =>
  post('/api/recovery/open', { username, recoveryAuth });
const recoveryOf = ({ username, recoveryAuth }: TestPerson, counters = next) => ({
  ...renewalWith(counters),
  username,
  recoveryAuth,
  newAuthKey: randomB64(32),
  newRecoveryAuth: randomB64(32),
});

describe('recovery by sheet', () => {
  test('the sheet gives the vault, and completing replaces password, sheet and sessions at once', async () => {
    const person = await newPerson();
    const elsewhere = await server.connectAs(person.username);
    const opened = (await openSheet(person.username.toUpperCase(), person.recoveryAuth)).body as {
      userUid: string;
      vault: SignedIn['vault'];
      statement: { statement: string; version: number };
    };
    assert.deepEqual(opened.vault, elsewhere.signedIn.vault);
    assert.equal(opened.userUid, person.userUid);
    assert.equal(opened.statement.statement, person.statement);

    const input = recoveryOf(person);
    const browser = server.browser();
    const answer = await browser.request('POST', '/api/recovery', input);
    const signedIn = answer.body as SignedIn;
    assert.equal(signedIn.me.userUid, person.userUid);
    assert.equal(signedIn.me.identityVersion, 1);
    assert.deepEqual(signedIn.vault.keys, input.keys);
    assert.equal(signedIn.vault.salt, input.salt);
    assert.equal((await browser.request('GET', '/api/me')).status, 200);

    assert.deepEqual(await elsewhere.next('session:ended'), { reason: 'keys-changed' });
    await elsewhere.disconnected();
    assert.equal(codeOf(await elsewhere.http('GET', '/api/me')), 'NOT_SIGNED_IN');
    assert.equal(codeOf(await login(person.username, person.authKey)), 'WRONG_PASSWORD');
    assert.equal((await login(person.username, input.newAuthKey)).status, 200);
    assert.equal(codeOf(await openSheet(person.username, person.recoveryAuth)), 'RECOVERY_WRONG');
    assert.equal((await openSheet(person.username, input.newRecoveryAuth)).status, 200);
  });

  test('a lost answer: the same again signs in again, and is no second place to try passwords', async () => {
    const person = await newPerson();
    const input = recoveryOf(person);
    const first = (await post('/api/recovery', input)).body as SignedIn;
    const again = await post('/api/recovery', input);
    assert.equal(again.status, 200);
    assert.notEqual((again.body as SignedIn).sessionUid, first.sessionUid);
    assert.deepEqual((again.body as SignedIn).vault, first.vault);
    const guess = await post('/api/recovery', { ...input, newAuthKey: randomB64(32) });
    assert.equal(codeOf(guess), 'RECOVERY_WRONG');
  });

  test('an interrupted recovery changes nothing, nor does one that comes second', async () => {
    const person = await newPerson();
    assert.equal((await openSheet(person.username, person.recoveryAuth)).status, 200);
    assert.equal((await login(person.username, person.authKey)).status, 200);
    const stale = await post('/api/recovery', recoveryOf(person, { keys: 2, pins: 3 }));
    assert.equal(codeOf(stale), 'STALE_COUNTER');
    const sameSheet = { ...recoveryOf(person), newRecoveryAuth: person.recoveryAuth };
    assert.equal(codeOf(await post('/api/recovery', sameSheet)), 'INVALID_INPUT');
    assert.equal((await login(person.username, person.authKey)).status, 200);

    const answers = await Promise.all(
      [recoveryOf(person), recoveryOf(person)].map((input) => post('/api/recovery', input)),
    );
    assert.deepEqual(answers.map((answer) => codeOf(answer) ?? 'OK').sort(), ['OK', 'RECOVERY_WRONG']);
  });

  test('an unknown name and a wrong sheet are refused alike, and lock out together with passwords', async () => {
    const person = await newPerson();
    const wrong = await openSheet(person.username, randomB64(32));
    const unknown = await openSheet('nobody.here', randomB64(32));
    assert.deepEqual(wrong.body, unknown.body);
    assert.deepEqual((await openSheet('no name at all', randomB64(32))).body, unknown.body);
    assert.equal(codeOf(wrong), 'RECOVERY_WRONG');
    for (let attempt = 0; attempt < 3; attempt += 1) await login(person.username, randomB64(32));
    assert.equal(codeOf(await openSheet(person.username, randomB64(32))), 'RECOVERY_WRONG');
    assert.equal(codeOf(await openSheet(person.username, person.recoveryAuth)), 'LOCKED_OUT');
    assert.equal(codeOf(await post('/api/recovery', recoveryOf(person))), 'LOCKED_OUT');
  });
});

describe('another password', () => {
  const changeOf = ({ authKey }: TestPerson, counters = next) => ({
    ...renewalWith(counters),
    authKey,
    newAuthKey: randomB64(32),
  });

  test('this session goes on and all others end; the sheet stays in force', async () => {
    const person = await newPerson();
    const here = await server.connectAs(person.username);
    const elsewhere = await server.connectAs(person.username);
    const wrong = { ...changeOf(person), authKey: randomB64(32) };
    assert.equal(codeOf(await here.http('PUT', '/api/me/password', wrong)), 'WRONG_PASSWORD');

    const input = changeOf(person);
    const answer = await here.http('PUT', '/api/me/password', input);
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual(await elsewhere.next('session:ended'), { reason: 'keys-changed' });
    await elsewhere.disconnected();
    const vault = await here.ask('vault:get', {});
    assert.deepEqual(vault.keys, input.keys);
    assert.deepEqual([vault.salt, vault.passwordWrap], [input.salt, input.passwordWrap]);
    assert.equal(vault.keysChangedAt, (answer.body as { keysChangedAt: number }).keysChangedAt);
    assert.equal(codeOf(await login(person.username, person.authKey)), 'WRONG_PASSWORD');
    assert.equal((await login(person.username, input.newAuthKey)).status, 200);
    assert.equal((await openSheet(person.username, person.recoveryAuth)).status, 200);

    const again = await here.http('PUT', '/api/me/password', input);
    assert.deepEqual(again.body, answer.body, 'a lost answer is given again');
  });

  test('of two browsers at once one wins, and the other is told', async () => {
    const person = await newPerson();
    const browsers = [await server.connectAs(person.username), await server.connectAs(person.username)];
    const inputs = [changeOf(person), changeOf(person)];
    const answers = await Promise.all(
      browsers.map((browser, index) => browser.http('PUT', '/api/me/password', inputs[index])),
    );
    const won = answers.findIndex((answer) => answer.status === 200);
    assert.notEqual(won, -1);
    const lost = answers[1 - won];
    assert.ok(lost !== undefined && ['WRONG_PASSWORD', 'NOT_SIGNED_IN'].includes(codeOf(lost) ?? ''));
    assert.equal((await login(person.username, inputs[won]?.newAuthKey ?? '')).status, 200);
  });

  test('pins that another browser saved meanwhile are not overwritten', async () => {
    const person = await newPerson();
    const here = await server.connectAs(person.username);
    const pins = { counter: 2, blob: randomB64(192) };
    await here.ask('vault:put-pins', { pins });
    const stale = await here.http('PUT', '/api/me/password', changeOf(person));
    assert.deepEqual([codeOf(stale), Object(stale.body).field], ['STALE_COUNTER', 'pins']);
    assert.equal((await login(person.username, person.authKey)).status, 200);
    const merged = await here.http('PUT', '/api/me/password', changeOf(person, { keys: 2, pins: 3 }));
    assert.equal(merged.status, 200);
  });
});
