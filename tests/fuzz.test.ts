/**
 * Malformed input for every request on both transports, and garbage below them: always a coded refusal, never a 5xx, never
 * a crash. Seeded, so that a failure comes back: FUZZ_SEED overrides the seed, FUZZ_RUNS multiplies the effort.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, before, test } from 'node:test';
import * as fc from 'fast-check';
import { WebSocket } from 'ws';
import * as z from 'zod/mini';
import { errorCodes } from '#contract/error-codes.ts';
import { requests } from '#contract/index.ts';
import type { RequestDefinition } from '#contract/request.ts';
import { contractVersion } from '#contract/server-info.ts';
import { routeOf } from '../server/gateway/openapi.ts';
import { loadConfig } from '../server/config.ts';
import { createEnvelope, createEpoch, epochInput, randomB64, randomUid } from '../server/testing/people.ts';
import type { TestPerson } from '../server/testing/people.ts';
import { memoFor } from '../server/testing/memos.ts';
import { createReaction, createRoom, messageFor, pollFor } from '../server/testing/rooms.ts';
import type { TestRoom } from '../server/testing/rooms.ts';
import { connectTestClient } from '../server/testing/test-client.ts';
import type { TestClient } from '../server/testing/test-client.ts';
import { startTestServer } from '../server/testing/test-server.ts';
import type { TestServer } from '../server/testing/test-server.ts';

const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_120);
const effort = Number(process.env['FUZZ_RUNS'] ?? 1);
const runs = (count: number) => ({ seed, numRuns: count * effort });

const dataDir = mkdtempSync(path.join(tmpdir(), 'maru-fuzz-'));
let restarts = 0;
/** A copy from before any nonsense, and what is in it. */
let backup: string;
let kept: TestRoom;
let server: TestServer;
let alice: TestClient;
let bob: TestClient;
/** Whom administrators may do anything to. */
let subject: TestPerson;
/** A room that both are in, so that an input that is nearly right gets deep into a handler. */
let room: TestRoom;
/** Alice's, in that room. */
let poll: ReturnType<typeof pollFor>;
/** A message of alice in it. */
let sentName: string;
/** Another one, a notice. */
let noticeName: string;
/** A memo of alice to bob. */
let sentMemoUid: string;

before(async () => {
  // somebody who can start it again, or a restore would be refused at the door
  server = await startTestServer({ dataDir, host: { restart: () => void (restarts += 1) } });
  alice = await server.connectAs('alice');
  bob = await server.connectAs('bob');
  subject = await server.person('carol');
  kept = await createRoom(alice, [bob.person], 'kept');
  await alice.ask('message:send', messageFor(kept));
  ({ name: backup } = (await alice.ask('admin:backup', {})).backup);
});
after(async () => {
  // the last test may not have come to its end
  await server.stop().catch(() => undefined);
  rmSync(dataDir, { recursive: true, force: true });
});

const table: [string, RequestDefinition][] = Object.entries(requests);

const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    '\ud800',
    '\u202e',
    'ㄱ'.repeat(64),
    '김'.repeat(20_000),
    "'; drop table users; --",
    '../../etc/passwd',
    '__proto__',
    'constructor',
    '%00',
    '1e309',
    '-0',
    '9007199254740993',
    'A'.repeat(22),
    'm1.1.AAAA',
    `maru/1|epoch|${'A'.repeat(22)}|g|1|x|-|0|x|x`,
  ),
);

/** Well-formed values by field, true or not, so that many inputs pass the schema and get into a handler. */
function plausibleValues(): Record<string, unknown[]> {
  const people = [alice.person, bob.person];
  const { roomUid, epoch: previous } = room;
  const known = createEpoch({ roomUid, type: 'group', creator: bob.person, people, previous });
  const alone = createEpoch({ roomUid, type: 'group', creator: bob.person, people: [bob.person], previous });
  const strange = createEpoch({ roomUid: randomUid(), type: 'group', creator: bob.person, people });
  const numbers = [0, 1, '1', 2, 50, 10 ** 9, Number.MAX_SAFE_INTEGER];
  const uids = [alice.userUid, bob.userUid, randomUid()];
  const epochs = [epochInput(known), epochInput(alone), epochInput(strange), 1, 2];
  const broken = [
    { ...epochInput(known), wraps: [] },
    { ...epochInput(known), wraps: epochInput(alone).wraps },
    { ...epochInput(known), signature: randomB64(64) },
  ];
  const blob = { counter: 2, blob: randomB64(160) };
  const reaction = createReaction(room);
  const memo = memoFor(bob.person, [alice.person]);
  return {
    roomUid: [roomUid, roomUid, roomUid, randomUid()],
    userUid: uids,
    userUids: [uids, [], [bob.userUid, bob.userUid]],
    sessionUid: [alice.sessionUid, randomUid()],
    deviceId: [randomUid()],
    clientId: [randomUid(), 'AAAAAAAAAAAAAAAAAAAAAA'],
    target: [`${alice.userUid}.${randomUid()}`, null],
    people: [
      [{ userUid: alice.userUid }],
      [
        { userUid: bob.userUid, version: 1 },
        { userUid: randomUid(), version: 9 },
      ],
    ],
    rooms: [
      [{ roomUid, rev: 10 ** 9 }],
      [
        { roomUid, rev: 0 },
        { roomUid, rev: 1 },
      ],
      [{ roomUid: randomUid(), rev: 1 }],
    ],
    memoUid: [sentMemoUid, sentMemoUid, memo.memoUid],
    sender: [memo.sender, alice.person.entry],
    senderWrap: [memo.senderWrap],
    readers: [memo.readers, memoFor(alice.person, [bob.person]).readers, []],
    body: [memo.body],
    entry: [bob.person.entry, alice.person.entry],
    wrap: [memo.senderWrap],
    box: ['inbox', 'sent', 'scheduled'],
    deliverAt: [server.clock.now() + 60_000, 0],
    at: [server.clock.now(), 0],
    message: [sentName, noticeName, `${bob.userUid}.${randomUid()}`],
    token: [reaction.token, randomB64(16)],
    sealed: [reaction.sealed, createReaction({ epoch: { epoch: 2 } }).sealed],
    kind: ['text', 'poll'],
    poll: [poll.poll, { ...poll.poll, isMultiple: true, closesAt: server.clock.now() + 60_000 }],
    id: [
      `${alice.userUid}.${poll.clientId}`,
      `${alice.userUid}.${poll.clientId}`,
      `${bob.userUid}.${randomUid()}`,
    ],
    optionIds: [poll.poll.optionIds.slice(0, 1), poll.poll.optionIds, [], [randomUid()]],
    with: ['voters'],
    type: ['group', 'direct'],
    envelope: [createEnvelope(1), createEnvelope(2), createEnvelope(9_007_199_254_740_991)],
    epoch: [...epochs, ...broken],
    username: ['bob', 'ALICE', 'nobody', '김민수'],
    title: ['회의', 'x'],
    displayName: ['x'],
    department: [''],
    statusText: ['x'],
    authKey: [randomB64(32)],
    recoveryAuth: [randomB64(32)],
    salt: [randomB64(16)],
    kdf: [{ memoryKiB: 65_536, iterations: 3, parallelism: 1 }],
    statement: [bob.person.statement],
    statementSignature: [bob.person.statementSignature, randomB64(64)],
    vault: [{ keys: blob, pins: blob }],
    keys: [blob],
    pins: [blob, { ...blob, counter: 1 }],
    passwordWrap: [randomB64(128)],
    recoveryWrap: [randomB64(160)],
    wraps: [[{ userUid: alice.userUid, epoch: 1, wrap: randomB64(160) }]],
    picture: [null, 'iVBORw0KGgo=', randomB64(30)],
    role: ['admin', 'member'],
    invite: ['admins', 'everyone'],
    post: ['everyone', 'admins'],
    isListed: [true, false],
    description: ['', '주간 보고'],
    hash: [randomUid()],
    format: ['json', 'csv'],
    roomUids: [[roomUid], [roomUid, roomUid], [], [randomUid()]],
    isFavourite: [true, false],
    level: ['all', 'mentions', 'none', null],
    query: ['김', 'bob', '%', '_', '\\', ' '],
    generation: ['x'],
    ...Object.fromEntries(numberFields.map((field) => [field, numbers])),
  };
}

const numberFields =
  'seq rev from to before after around limit peopleRev hiddenSeq mutedUntil unreadFrom'.split(' ');

const hostileValue: fc.Arbitrary<unknown> = fc.oneof<fc.MaybeWeightedArbitrary<unknown>[]>(
  { weight: 3, arbitrary: hostileText },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<unknown>(
      null,
      true,
      -1,
      1.5,
      1e308,
      7,
      [],
      {},
      [[[]]],
      { length: 1e9 },
      { toString: 1 },
    ),
  },
);

/** Objects with the request's own fields: most of them plausible, some missing, some strange, some too many. */
function inputFor(
  definition: RequestDefinition,
  values = plausibleValues(),
): fc.Arbitrary<Record<string, unknown>> {
  const { properties = {} } = z.toJSONSchema(definition.input, { io: 'input' });
  const fieldValue = (field: string): fc.Arbitrary<unknown> =>
    fc.oneof<fc.MaybeWeightedArbitrary<unknown>[]>(
      { weight: 7, arbitrary: fc.constantFrom(...(values[field] ?? ['x', 1])) },
      { weight: 1, arbitrary: hostileValue },
    );
  const fields = Object.fromEntries(Object.keys(properties).map((field) => [field, fieldValue(field)]));
  const complete = fc.record(fields);
  const partial = fc.record(fields, { requiredKeys: [] });
  const extra = fc.dictionary(
    fc.constantFrom('__proto__', 'constructor', 'x', '', 'toString'),
    hostileValue,
    {
      maxKeys: 2,
    },
  );
  const known = fc.oneof({ weight: 4, arbitrary: complete }, { weight: 1, arbitrary: partial });
  return fc.tuple(known, extra).map(([mine, more]) => ({ ...more, ...mine }));
}

function assertCoded(answer: unknown, what: string): void {
  const { ok, code, error } = Object(answer);
  if (ok === true) return;
  assert.equal(ok, false, `${what}: no answer at all`);
  assert.ok(Object.hasOwn(errorCodes, String(code)), `${what}: ${code} is no code`);
  assert.notEqual(code, 'INTERNAL', `${what} reached a bug`);
  assert.equal(typeof error, 'string');
}

const askSocket = (client: TestClient, name: string, ...args: unknown[]): Promise<unknown> =>
  new Promise((resolve) => client.socket.emit(name, ...args, resolve));

/** Fuzzing signs out, leaves rooms, and more; each request starts from two people in a room. */
async function refresh(): Promise<void> {
  if (bob.socket.disconnected || (await bob.http('GET', '/api/me')).status !== 200) {
    bob.close();
    server.clock.advance(61 * 60_000); // past any lock-out that wrong keys brought about
    bob = await server.connectAs('bob');
  }
  room = await createRoom(alice, [bob.person], 'fuzz');
  poll = pollFor(room);
  await alice.ask('message:send', poll);
  const sent = messageFor(room);
  await alice.ask('message:send', sent);
  sentName = `${alice.userUid}.${sent.clientId}`;
  const raised = messageFor(room);
  await alice.ask('message:send', raised);
  noticeName = `${alice.userUid}.${raised.clientId}`;
  await alice.ask('notice:raise', { roomUid: room.roomUid, message: noticeName });
  const memo = memoFor(alice.person, [bob.person]);
  await alice.ask('memo:send', memo);
  sentMemoUid = memo.memoUid;
}

for (const [name, definition] of table) {
  test(`${name} answers any input with a value or a code`, async () => {
    await refresh();
    const whole = fc.oneof<fc.MaybeWeightedArbitrary<unknown>[]>(
      { weight: 9, arbitrary: inputFor(definition) },
      hostileValue,
    );
    if (definition.transport !== 'http') {
      await fc.assert(
        fc.asyncProperty(whole, async (input) => assertCoded(await askSocket(bob, name, input), name)),
        runs(60),
      );
    }
    await fc.assert(
      fc.asyncProperty(inputFor(definition), async (input) => {
        await askHttp(bob, definition, input, name);
      }),
      runs(30),
    );
  });
}

const ownersTable = table.filter(([name]) => name.startsWith('admin:'));

/** Well-formed values for what only an administrator is let into. */
function ownersValues(): Record<string, unknown[]> {
  const { authKey } = alice.person;
  const names = [backup, backup, 'config.db', 'maru.db', '../maru.db', '..%2fmaru.db', `./${backup}`, '.db'];
  const changes = [
    { sessionTimeoutHours: 24 },
    { sessionTimeoutHours: null, logLevel: 'debug' },
    { port: 0, host: '127.0.0.1' },
    { port: -1 },
    { host: '203.0.113.7' },
    { host: '::' },
    { trustProxy: ['10.0.0.0/8', 'loopback'] },
    { trustProxy: ['x'.repeat(10_000)] },
    { metricsToken: 'abcdefghijklmnop' },
    { dataDir: '/' },
    { constructor: 1 },
    JSON.parse('{"__proto__": {"port": 1}}'),
    Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`key${index}`, index])),
    {},
  ];
  return {
    name: names,
    authKey: [authKey, authKey, randomB64(32)],
    changes,
    signUp: ['open', 'closed', 'approval'],
    on: [true, false],
    level: ['trace', 'warn', 'fatal', 'loud'],
    query: ['gateway', '한글 ㄱ', '\\', '.*'],
    after: [0, 5, Number.MAX_SAFE_INTEGER, -1],
    limit: [1, 200, 500, 501],
    // never alice or bob: what an administrator does to them would stay
    userUid: [subject.userUid, subject.userUid, randomUid(), 'x'],
    roomUids: [[], [kept.roomUid], [kept.roomUid, kept.roomUid], [randomUid()]],
    role: ['owner', 'admin', 'member', 'king'],
    state: ['active', 'pending', 'disabled', 'deleted'],
    isDeviceLost: [true, false],
    invitationUid: [randomUid(), 'x'],
    note: ['새 동료', '\u202e', ''],
    uses: [1, 1_000, 1_001],
    days: [1, 90, 91],
    actions: ['account-disabled', 'a,b', 'a,,b', 'x'.repeat(600)],
    about: [subject.userUid, 'host', ''],
    before: [1, 5, 0],
    from: [0, -1],
    to: [Date.now(), 1e300],
  };
}

for (const [name, definition] of ownersTable) {
  test(`${name} answers the owner, too, with a value or a code, and harms nothing`, async () => {
    // wrong keys lock the owner's address out for a while
    server.clock.advance(61 * 60_000);
    const values = ownersValues();
    // a copy that is made or checked goes to the disk each time
    const isCopying = ['admin:backup', 'admin:restore'].includes(name);
    const whole = fc.oneof<fc.MaybeWeightedArbitrary<unknown>[]>(
      { weight: 9, arbitrary: inputFor(definition, values) },
      hostileValue,
    );
    await fc.assert(
      fc.asyncProperty(whole, async (input) => assertCoded(await askSocket(alice, name, input), name)),
      runs(isCopying ? 6 : 40),
    );
    await fc.assert(
      fc.asyncProperty(inputFor(definition, values), async (input) => {
        await askHttp(alice, definition, input, name);
      }),
      runs(isCopying ? 3 : 20),
    );
    await alice.ask('admin:set-sign-up', { signUp: 'open' });
    await assertAlive();
  });
}

async function askHttp(
  client: TestClient,
  definition: RequestDefinition,
  input: Record<string, unknown>,
  name: string,
): Promise<void> {
  const { method, path: route } = routeOf(definition);
  const rest = { ...input };
  const address = route.replace(/:([A-Za-z]+)/g, (_match, field: string) => {
    const value = rest[field] ?? 'x';
    delete rest[field];
    return encodeURIComponent(typeof value === 'string' ? value.toWellFormed().slice(0, 500) || 'x' : 'x');
  });
  const query = Object.entries(rest).map(([field, value]) =>
    [field, typeof value === 'string' ? value.slice(0, 500) : JSON.stringify(value)]
      .map((part) => encodeURIComponent(part.toWellFormed()))
      .join('='),
  );
  const answer =
    method === 'GET'
      ? await client.http(method, `${address}?${query.join('&')}`.slice(0, 8_000))
      : await client.http(method, address, rest);
  assert.ok(answer.status < 500, `${name}: ${answer.status} ${answer.text}`);
  if (answer.status >= 400) assertCoded(answer.body, name);
}

test('bodies that are not JSON objects are refused on every address', async () => {
  await refresh();
  const body = fc.oneof(
    hostileText,
    fc.json(),
    fc.constantFrom('{', '[1', '"', 'nul', '{"a":1}{', '[]', '7', '"x"'),
  );
  const type = fc.constantFrom(
    'application/json',
    'text/plain',
    'application/json; charset=utf-16',
    'x/y',
    '',
  );
  const route = fc.constantFrom(...table.map(([, definition]) => routeOf(definition)));
  await fc.assert(
    fc.asyncProperty(body, type, route, async (text, contentType, { method, path: route_ }) => {
      if (method === 'GET') return;
      const address = route_.replace(/:[A-Za-z]+/g, room.roomUid);
      const answer = await bob.http(method, address, text, { 'content-type': contentType });
      assert.ok(answer.status < 500, `${method} ${address}: ${answer.status} ${answer.text}`);
      if (answer.status >= 400) assertCoded(answer.body, address);
    }),
    runs(150),
  );
});

test('strange names, arguments and acknowledgements are refused on a socket', async () => {
  await refresh();
  // names that Socket.IO keeps for itself close the connection before anything of ours sees them
  const reserved = [
    'connect',
    'connect_error',
    'disconnect',
    'disconnecting',
    'newListener',
    'removeListener',
  ];
  const name = fc.oneof(
    hostileText,
    fc.constantFrom(...table.map(([known]) => known), 'error', '__proto__', 'emit'),
  );
  const allowed = name.filter((text) => !reserved.includes(text));
  const args = fc.array(fc.oneof(hostileValue, fc.constant(Buffer.from('bytes'))), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(allowed, args, async (text, values) => {
      bob.socket.emit(text, ...values); // nobody to answer
      assertCoded(await askSocket(bob, text, ...values), text);
    }),
    runs(200),
  );
});

const garbage = fc.uint8Array({ maxLength: 400 });

test('bytes that are not HTTP do no harm', async () => {
  const heads = [
    'GET / HTTP/1.1\r\n',
    'POST /api/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n',
    'GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n',
  ];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('', ...heads), garbage, async (head, tail) => {
      const answer = await exchangeBytes(Buffer.concat([Buffer.from(head), tail, Buffer.from('\r\n\r\n')]));
      const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
      if (answer !== '') assert.ok(status !== undefined && Number(status) < 500, answer.slice(0, 200));
    }),
    runs(120),
  );
  await assertAlive();
});

test('odd request lines get a page, a value or a code', async () => {
  const target = fc.oneof(
    hostileText,
    fc.webPath(),
    fc.constantFrom('*', '//', '/api//', '/api/rooms/..', '/..%2f..%2f', '/\\'),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'PROPFIND', 'CONNECT'),
      target,
      async (method, text) => {
        const line = text
          .toWellFormed()
          .replace(/[\s\p{Cc}]/gu, '')
          .slice(0, 2_000);
        const head = `${method} ${encodeURI(line) || '/'} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`;
        const answer = await exchangeBytes(Buffer.from(head));
        const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1];
        if (answer !== '')
          assert.ok(status !== undefined && Number(status) < 500, `${head}${answer.slice(0, 200)}`);
      },
    ),
    runs(120),
  );
  await assertAlive();
});

test('garbage on the WebSocket and polling transports does no harm', async () => {
  const packet = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    garbage.map((bytes) => Buffer.from(bytes)),
    fc.constantFrom(
      '40',
      '42["message:send",{}]',
      '420["account:me"]',
      '451-["x",{"_placeholder":true,"num":0}]',
    ),
    fc.constantFrom(
      '459-["x"]',
      '43',
      '41',
      '2',
      '3',
      '5',
      '6',
      '4',
      '',
      '42[]',
      '42[1,2]',
      '42{"a":1}',
      '40/admin,',
    ),
    fc.constantFrom(
      '459999999999-["x"]',
      '42["__proto__",{}]',
      '421["disconnect"]',
      '44',
      '430[1]',
      '42[null]',
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(packet, { maxLength: 6 }), async (isSignedIn, packets) => {
      await throwAtWebSocket(isSignedIn, packets);
    }),
    runs(60),
  );
  await fc.assert(
    fc.asyncProperty(hostileText, fc.string({ unit: 'binary', maxLength: 200 }), async (query, body) => {
      const sid = encodeURIComponent(query.toWellFormed().slice(0, 100));
      const address = `${server.url}/socket.io/?EIO=4&transport=polling&sid=${sid}`;
      const { status } = await fetch(address, { method: 'POST', body: body.toWellFormed() });
      assert.ok(status < 500, `${address}: ${status}`);
    }),
    runs(60),
  );
  await assertAlive();
});

test('after all of it a start accepts what is on the disk, and the message is still there', async () => {
  assert.ok(restarts > 0, 'some of it was well-formed enough to start the server again');
  await server.stop();
  const machine = { platform: process.platform, env: {}, homeDir: '/', codeDir: import.meta.dirname };
  loadConfig(['--data-dir', dataDir], machine);
  server = await startTestServer({ dataDir });
  const client = await connectTestClient(server.port, alice.person);
  const { messages } = await client.ask('message:page', { roomUid: kept.roomUid });
  assert.equal(messages.length, 1);
  client.close();
});

/** Sends bytes, half-closes, and gives what came back until the end. */
const exchangeBytes = (bytes: Uint8Array): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () => socket.end(bytes));
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString('latin1')));
    socket.on('error', () => resolve(received));
    socket.on('close', () => resolve(received));
  });

/** Opens a WebSocket, throws everything at it, and waits until the server has read it or closed. */
async function throwAtWebSocket(isSignedIn: boolean, packets: readonly (string | Buffer)[]): Promise<void> {
  const headers = { origin: server.url, cookie: alice.browser.cookieHeader() };
  const address = `${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
  const socket = new WebSocket(address, { headers });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise((resolve) => socket.once('open', resolve));
  if (isSignedIn) socket.send(`40${JSON.stringify({ contractVersion })}`);
  for (const packet of packets) socket.send(packet);
  // a pong means that everything before it has been read
  const ponged = new Promise((resolve) => socket.once('pong', resolve));
  socket.ping();
  await Promise.race([ponged, closed]);
  socket.terminate();
  await closed;
}

async function assertAlive(): Promise<void> {
  assert.equal((await fetch(`${server.url}/healthz`)).status, 200);
  assert.equal((await alice.call('account:me', {})).ok, true);
}
