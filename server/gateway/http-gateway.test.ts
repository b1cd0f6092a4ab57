import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import { createPerson, registrationOf } from '../testing/people.ts';
import { startTestServer } from '../testing/test-server.ts';
import type { TestServer } from '../testing/test-server.ts';
import type { TestClient } from '../testing/test-client.ts';

let server: TestServer;
let alice: TestClient;
let bob: TestClient;

before(async () => {
  server = await startTestServer({ config: { metricsToken: 'a-token-for-the-metrics' } });
  alice = await server.connectAs('alice');
  bob = await server.connectAs('bob');
});
after(() => server.stop());

const codeOf = ({ status, body }: { status: number; body: unknown }): unknown => [
  status,
  typeof body === 'object' && body !== null && 'code' in body ? body.code : undefined,
];

test('a success is the bare value, a refusal has code, sentence and status', async () => {
  const config = await server.browser().request('GET', '/api/config');
  assert.equal(config.status, 200);
  assert.deepEqual(Object.keys(Object(config.body)), ['upload', 'rate_limits', 'features']);
  const refused = await server.browser().request('GET', '/api/me');
  assert.equal(refused.status, 401);
  assert.deepEqual(refused.body, { ok: false, code: 'NOT_SIGNED_IN', error: 'Sign in first.' });
});

test('a change needs the CSRF token, and only the one of this session', async () => {
  const change = (headers: Record<string, string | undefined>) =>
    bob.http('PATCH', '/api/me', { statusText: 'x' }, headers);
  assert.deepEqual(codeOf(await change({ 'x-csrf-token': undefined })), [403, 'CSRF']);
  assert.deepEqual(codeOf(await change({ 'x-csrf-token': alice.signedIn.csrfToken })), [403, 'CSRF']);
  assert.deepEqual(codeOf(await change({ origin: 'http://evil.example' })), [403, 'ORIGIN_NOT_ALLOWED']);
  assert.deepEqual(codeOf(await change({ origin: 'null' })), [403, 'ORIGIN_NOT_ALLOWED']);
  const crossSite = { origin: undefined, 'sec-fetch-site': 'cross-site' };
  assert.deepEqual(codeOf(await change(crossSite)), [403, 'ORIGIN_NOT_ALLOWED']);
  assert.equal((await change({ origin: undefined })).status, 200);
  assert.equal((await change({})).status, 200);
});

test('signing in from another site is refused', async () => {
  const { username, authKey } = bob.person;
  const answer = await server
    .browser()
    .request('POST', '/api/login', { username, authKey }, { origin: 'http://evil.example' });
  assert.deepEqual(codeOf(answer), [403, 'ORIGIN_NOT_ALLOWED']);
  assert.deepEqual(answer.headers.getSetCookie(), []);
});

test('the session cookie is out of reach for scripts, the CSRF cookie is not', async () => {
  const browser = server.browser();
  const { username, authKey } = bob.person;
  const answer = await browser.request('POST', '/api/login', { username, authKey });
  const [session = '', csrf = ''] = answer.headers.getSetCookie();
  assert.match(
    session,
    new RegExp(`^maru-${server.port}=[A-Za-z0-9_-]{43}; Path=/; Max-Age=2592000; SameSite=Lax; HttpOnly$`),
  );
  assert.match(
    csrf,
    new RegExp(`^maru-csrf-${server.port}=[A-Za-z0-9_-]{43}; Path=/; Max-Age=2592000; SameSite=Lax$`),
  );
  const first = browser.cookieHeader();
  await browser.request('POST', '/api/login', { username, authKey });
  assert.notEqual(browser.cookieHeader(), first);
  const stale = await server.browser().request('GET', '/api/me', undefined, { cookie: first });
  assert.equal(stale.status, 401, 'the token before the rotation is dead');
});

test('a field that comes twice is refused by name', async () => {
  const twice = await bob.http('GET', '/api/people?limit=1&limit=2');
  assert.deepEqual([codeOf(twice), Object(twice.body).field], [[400, 'INVALID_INPUT'], 'limit']);
  const both = await bob.http('PATCH', '/api/me?statusText=a', { statusText: 'b' });
  assert.deepEqual([codeOf(both), Object(both.body).field], [[400, 'INVALID_INPUT'], 'statusText']);
  const inPath = await bob.http('DELETE', `/api/sessions/${bob.sessionUid}`, {
    sessionUid: alice.sessionUid,
  });
  assert.deepEqual(codeOf(inPath), [400, 'INVALID_INPUT']);
});

test('bodies that are not what they should be are refused', async () => {
  const put = (body: unknown, headers = {}) => bob.http('PATCH', '/api/me', body, headers);
  for (const body of [
    '{',
    '[]',
    '"text"',
    '7',
    'null',
    '{"statusText":7}',
    '{"__proto__":{"statusText":"x"}} x',
  ]) {
    assert.deepEqual(codeOf(await put(body)), [400, 'INVALID_INPUT'], body);
  }
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'x']) {
    assert.deepEqual(codeOf(await put('{}', { 'content-type': type })), [400, 'INVALID_INPUT'], type);
  }
  const charset = { 'content-type': 'application/json; charset=latin1' };
  assert.deepEqual(codeOf(await put('{}', charset)), [400, 'INVALID_INPUT']);
  assert.deepEqual(codeOf(await put('{}', { 'content-encoding': 'nonsense' })), [400, 'INVALID_INPUT']);
  const large = JSON.stringify({ statusText: 'x'.repeat(300_000) });
  assert.deepEqual(codeOf(await put(large)), [413, 'TOO_LARGE']);
});

test('addresses with bad percent-encoding are refused', async () => {
  assert.deepEqual(codeOf(await bob.http('GET', '/api/people?query=%E0%A4%A')), [400, 'INVALID_INPUT']);
  assert.deepEqual(codeOf(await bob.http('GET', '/api/rooms/%E0%A4%A')), [400, 'INVALID_INPUT']);
  assert.deepEqual(codeOf(await bob.http('GET', '/api/people?%zz=1')), [400, 'INVALID_INPUT']);
});

test('a wrong method says which are right', async () => {
  const answer = await bob.http('PUT', '/api/me', {});
  assert.deepEqual(codeOf(answer), [405, 'METHOD_NOT_ALLOWED']);
  assert.equal(answer.headers.get('allow'), 'GET, PATCH, DELETE, HEAD');
  assert.equal((await bob.http('OPTIONS', '/api/login')).headers.get('allow'), 'POST');
});

test('an unknown address is a page for people and a refusal for programs', async () => {
  const html = { accept: 'text/html,*/*;q=0.8' };
  const get = (path: string, headers: Record<string, string>) =>
    server.browser().request('GET', path, undefined, headers);
  const korean = await get('/no/such', { ...html, 'accept-language': 'ko-KR,ko;q=0.9' });
  assert.equal(korean.status, 404);
  assert.match(korean.text, /<html lang="ko">.*페이지를 찾을 수 없습니다/s);
  const english = await get('/no/such', { ...html, 'accept-language': 'en-GB' });
  assert.match(english.text, /<html lang="en">.*This page does not exist/s);
  assert.match(english.headers.get('content-type') ?? '', /text\/html; charset=utf-8/);
  assert.deepEqual(codeOf(await get('/api/no/such', html)), [404, 'NOT_FOUND']);
  assert.deepEqual(codeOf(await get('/no/such', { accept: 'application/json' })), [404, 'NOT_FOUND']);
});

test('the policy allows no inline script, no frame, and spells out the sockets of this host', async () => {
  const { headers } = await server.browser().request('GET', '/api/config');
  const policy = headers.get('content-security-policy') ?? '';
  const host = `127.0.0.1:${server.port}`;
  assert.ok(policy.includes(`connect-src 'self' ws://${host} wss://${host};`), policy);
  for (const part of [
    `default-src 'self'`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
    `worker-src 'self'`,
  ]) {
    assert.ok(policy.includes(part), part);
  }
  for (const part of ['unsafe', 'upgrade-insecure-requests', '*']) assert.ok(!policy.includes(part), part);
  for (const name of [
    'strict-transport-security',
    'cross-origin-opener-policy',
    'origin-agent-cluster',
    'x-powered-by',
  ]) {
    assert.equal(headers.get(name), null, name);
  }
  assert.equal(headers.get('x-content-type-options'), 'nosniff');
  assert.equal(headers.get('referrer-policy'), 'no-referrer');
  assert.equal(headers.get('cache-control'), 'no-store');
  assert.equal(headers.get('access-control-allow-origin'), null);
});

test('a host name that is not one does not get into the policy', async () => {
  const raw = await exchange(
    `GET /api/config HTTP/1.1\r\nHost: evil; script-src *\r\nConnection: close\r\n\r\n`,
  );
  assert.match(raw, /connect-src 'self';/);
  assert.ok(!raw.includes('script-src *'));
});

test('health and metrics are answered to whoever may have them', async () => {
  const health = await server.browser().request('GET', '/healthz');
  assert.deepEqual([health.status, Object(health.body).status], [200, 'ok']);
  const get = (headers: Record<string, string>) =>
    server.browser().request('GET', '/metrics', undefined, headers);
  const metrics = await get({});
  assert.equal(metrics.status, 200);
  assert.match(metrics.text, /^maru_connections 2$/m);
  assert.match(metrics.text, /^maru_requests_total\{name="account:login",outcome="answered"\} [1-9]/m);
  assert.match(metrics.text, /^maru_wal_bytes \d+$/m);
  const forwarded = { 'x-forwarded-for': '192.168.0.9' };
  assert.deepEqual(codeOf(await get(forwarded)), [403, 'FORBIDDEN']);
  const bearer = (token: string) => get({ ...forwarded, authorization: `Bearer ${token}` });
  assert.equal((await bearer('a-token-for-the-metrics')).status, 200);
  assert.equal((await bearer('another-token')).status, 403);
});

test('the documentation lists every address in both languages and loads nothing from elsewhere', async () => {
  const page = (language: string) =>
    server.browser().request('GET', '/api/docs', undefined, { 'accept-language': language });
  const korean = await page('ko');
  assert.match(korean.text, /<html lang="ko">/);
  assert.match(korean.text, /\/api\/rooms\/\{roomUid\}\/messages/);
  assert.match((await page('en')).text, /Refusal codes/);
  assert.ok(!/<script|style=|https?:\/\//i.test(korean.text), 'no script, inline style or outside address');
  const style = await server.browser().request('GET', '/pages.css');
  assert.match(style.headers.get('content-type') ?? '', /text\/css/);
  assert.ok(!style.text.includes('url('));
});

test('a registration that is repeated with its key gets the first answer, and its cookies work', async () => {
  const dave = createPerson('dave');
  const register = async () => {
    const browser = server.browser();
    const answer = await browser.request('POST', '/api/register', input, { 'idempotency-key': 'dave-1' });
    return { browser, answer };
  };
  const input = registrationOf(dave);
  const [first, second] = [await register(), await register()];
  assert.equal(first.answer.status, 200);
  assert.deepEqual(second.answer.body, first.answer.body);
  assert.equal(second.browser.cookieHeader(), first.browser.cookieHeader());
  assert.equal(Object((await second.browser.request('GET', '/api/me')).body).username, 'dave');
  const other = { ...input, displayName: 'somebody else' };
  const mismatch = await server
    .browser()
    .request('POST', '/api/register', other, { 'idempotency-key': 'dave-1' });
  assert.deepEqual(codeOf(mismatch), [422, 'IDEMPOTENCY_MISMATCH']);
  const malformed = await bob.http('PATCH', '/api/me', { title: 'x' }, { 'idempotency-key': 'a b' });
  assert.deepEqual(codeOf(malformed), [400, 'INVALID_INPUT']);
});

test('what is not HTTP gets a coded refusal', async () => {
  assert.match(await exchange('nonsense\r\n\r\n'), /^HTTP\/1\.1 400 [\s\S]*"code":"INVALID_INPUT"/);
  const huge = `GET / HTTP/1.1\r\nHost: x\r\nX-Big: ${'x'.repeat(40_000)}\r\n\r\n`;
  assert.match(await exchange(huge), /^HTTP\/1\.1 431 [\s\S]*"code":"TOO_LARGE"/);
});

test('a limit is answered with 429 and when to come back', async () => {
  const limited = await startTestServer({ config: { loginPerMinute: 2 } });
  try {
    const ask = () => limited.browser().request('GET', '/api/prelogin?username=kim');
    await ask();
    await ask();
    const refused = await ask();
    assert.deepEqual(codeOf(refused), [429, 'RATE_LIMITED']);
    assert.ok(Number(refused.headers.get('retry-after')) >= 1);
  } finally {
    await limited.stop();
  }
});

/** Sends bytes and gives everything that came back before the end. */
const exchange = (bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.write(bytes));
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
  });

test('a key does not make a malformed request more than malformed, however deep it is', async () => {
  const body = `{"a":${'['.repeat(120_000)}${']'.repeat(120_000)}}`;
  const ask = (headers: Record<string, string>) =>
    server.browser().request('POST', '/api/login', body, headers);
  assert.deepEqual(codeOf(await ask({})), [400, 'INVALID_INPUT']);
  assert.deepEqual(codeOf(await ask({ 'idempotency-key': 'deep' })), [400, 'INVALID_INPUT']);
  const { username, authKey } = bob.person;
  const deep = `${JSON.stringify({ username, authKey }).slice(0, -1)},${body.slice(1)}`;
  const answer = await server.browser().request('POST', '/api/login', deep, { 'idempotency-key': 'deeper' });
  assert.equal(answer.status, 200);
});

test('what changes nothing is answered anew under the same key, with what is true then', async () => {
  const headers = { 'idempotency-key': 'who' };
  const who = async () =>
    (await bob.http('POST', '/api/people/query', { userUids: [alice.userUid] }, headers)).text;
  await alice.ask('account:update', { statusText: 'before' });
  assert.match(await who(), /before/);
  await alice.ask('account:update', { statusText: 'after' });
  assert.match(await who(), /after/);
});
