import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { AdminEventName } from '#contract/admin.ts';
import { loadConfig } from '../../config.ts';
import { randomB64 } from '../../testing/people.ts';
import { createRoom, messageFor } from '../../testing/rooms.ts';
import { connectTestClient } from '../../testing/test-client.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';
import { verifyAudit } from '../audit/audit-log.ts';
import { openDatabase } from '../../database/open-database.ts';

const line = (level: string, area: string, msg: string) =>
  JSON.stringify({ level, time: '2026-11-20T10:00:00.000Z', area, msg, port: 5000 });

describe('what an administrator sees', () => {
  let server: TestServer;
  let alice: TestClient;
  let bob: TestClient;
  const told: AdminEventName[] = [];
  before(async () => {
    server = await startTestServer({
      isClockStill: true,
      host: {
        recentLog: () => [
          { id: 1, line: line('info', 'rooms', 'first') },
          { id: 2, line: line('warn', 'gateway', 'slow consumer') },
          { id: 3, line: 'no JSON' },
          { id: 4, line: line('error', 'server', 'a bug') },
        ],
        onEvent: (name) => void (name === 'admin:sampled' && told.push(name)),
      },
    });
    alice = await server.connectAs('alice');
    bob = await server.connectAs('bob');
  });
  after(() => server.stop());

  /** Lets the sampler take its next reading, which asks the file system on the way. */
  async function nextSample(): Promise<void> {
    const count = async () => (await alice.ask('admin:stats', {})).samples.length;
    const earlier = await count();
    server.clock.advance(5_000);
    while ((await count()) === earlier) await new Promise((resolve) => setImmediate(resolve));
  }

  test('the overview names addresses, policy and folder, and the set-up code only to the host', async () => {
    const mine = await alice.ask('admin:overview', {});
    assert.equal(mine.port, server.port);
    assert.ok(mine.addresses.some(({ url }) => url.endsWith(`:${server.port}`)));
    assert.deepEqual([mine.signUp, mine.accounts, mine.isSetUpNeeded], ['open', 2, false]);
    assert.equal(mine.dataDir, server.dataDir);
    const empty = await startTestServer({ host: {} });
    try {
      const answer = await empty.server.askAsHost('admin:overview', {});
      assert.ok(answer.ok);
      assert.equal(Object(answer.value).setUpCode, empty.setupCode);
      await empty.person('alice');
      const later = await empty.server.askAsHost('admin:overview', {});
      assert.equal(later.ok && Object(later.value).setUpCode, null);
    } finally {
      await empty.stop();
    }
  });

  test('the host is answered without a session, and gets coded refusals for nonsense', async () => {
    const codeOf = async (name: string, input: unknown) => {
      const answer = await server.server.askAsHost(name, input);
      return answer.ok ? 'OK' : answer.code;
    };
    assert.equal(await codeOf('admin:online', {}), 'OK');
    assert.equal(await codeOf('room:list', {}), 'NOT_FOUND');
    assert.equal(await codeOf('constructor', {}), 'NOT_FOUND');
    assert.equal(await codeOf('admin:log', { limit: 'many' }), 'INVALID_INPUT');
    assert.equal(await codeOf('admin:log', null), 'INVALID_INPUT');
    assert.equal(await codeOf('admin:restore', { name: '../maru.db' }), 'INVALID_INPUT');
  });

  test('who watches gets a sample a second, nobody else does, and it ends with “off”', async () => {
    await alice.ask('admin:watch', { on: true });
    const room = await createRoom(alice, [bob.person], '회의');
    await nextSample();
    for (let sent = 0; sent < 3; sent += 1) await alice.ask('message:send', messageFor(room));
    server.clock.advance(1_000);
    const { sample } = await alice.next('admin:sampled', (payload) => payload.sample.messages > 0);
    assert.equal(sample.messages, 3);
    assert.ok(sample.deliveries >= 6);
    assert.deepEqual([sample.peopleOnline, sample.connections], [2, 2]);
    assert.ok(sample.responseP99Ms !== null && sample.responseP50Ms !== null);
    assert.ok(sample.responseP99Ms >= sample.responseP50Ms);
    assert.ok(sample.memoryBytes > 10_000_000 && sample.walBytes > 0 && sample.databaseBytes > 0);
    assert.ok((sample.diskFreeBytes ?? 0) > 0);
    await alice.ask('admin:watch', { on: false });
    const seen = alice.received('admin:sampled').length;
    await nextSample();
    assert.equal(alice.received('admin:sampled').length, seen);
    assert.deepEqual(bob.received('admin:sampled'), []);
    assert.deepEqual(told, []);
  });

  test('without a watcher the rhythm is slow again, also when a page just disappeared', async () => {
    const page = await connectTestClient(server.port, alice.person);
    await page.ask('admin:watch', { on: true });
    await nextSample();
    page.close();
    while ((await alice.ask('admin:online', {})).people.some(({ connections }) => connections > 1)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    await nextSample();
    const { samples } = await alice.ask('admin:stats', {});
    server.clock.advance(4_000);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await alice.ask('admin:stats', {})).samples.length, samples.length);
    await nextSample();
  });

  test('the host watches, too', async () => {
    assert.ok((await server.server.askAsHost('admin:watch', { on: true })).ok);
    await nextSample();
    assert.ok(told.includes('admin:sampled'));
    await server.server.askAsHost('admin:watch', { on: false });
    const count = told.length;
    await nextSample();
    assert.equal(told.length, count);
  });

  test('failed sign-ins are counted', async () => {
    await nextSample();
    const wrong = { username: 'alice', authKey: randomB64(32) };
    assert.equal((await server.browser().request('POST', '/api/login', wrong)).status, 401);
    await nextSample();
    assert.equal((await alice.ask('admin:stats', {})).samples.at(-1)?.failedSignIns, 1);
  });

  test('who is online is listed with open connections', async () => {
    const { people, total } = await alice.ask('admin:online', {});
    assert.equal(total, 2);
    assert.deepEqual(
      people.map(({ username, role, connections }) => [username, role, connections]),
      [
        ['alice', 'owner', 1],
        ['bob', 'member', 1],
      ],
    );
  });

  test('the log is filtered by level, words and position', async () => {
    const idsOf = async (wish: object) => (await alice.ask('admin:log', wish)).lines.map(({ id }) => id);
    assert.deepEqual(await idsOf({}), [1, 2, 4]);
    assert.deepEqual(await idsOf({ level: 'warn' }), [2, 4]);
    assert.deepEqual(await idsOf({ query: 'GATEWAY slow' }), [2]);
    assert.deepEqual(await idsOf({ after: 2 }), [4]);
    assert.deepEqual(await idsOf({ limit: 1 }), [4]);
    const [first] = (await alice.ask('admin:log', {})).lines;
    assert.equal(first?.text, 'first port=5000');
  });

  test('a closed sign-up refuses new people at once and is written down', async () => {
    await alice.ask('admin:set-sign-up', { signUp: 'closed' });
    await assert.rejects(server.person('eve'), /SIGN_UP_CLOSED/);
    await alice.ask('admin:set-sign-up', { signUp: 'open' });
    await server.person('frank');
  });
});

describe('settings', () => {
  let server: TestServer;
  let alice: TestClient;
  before(async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'maru-settings-'));
    writeFileSync(path.join(dataDir, 'config.json'), '{ "port": 0 }');
    const origins = {
      port: { source: 'file', name: 'config.json' },
      logLevel: { source: 'environment', name: 'LOG_LEVEL' },
    } as const;
    server = await startTestServer({ dataDir, host: { origins } });
    alice = await server.connectAs('alice');
  });
  after(async () => {
    await server.stop();
    rmSync(server.dataDir, { recursive: true, force: true });
  });

  const change = async (changes: Record<string, string | number | null | string[]>) => {
    const answer = await alice.call('admin:change-settings', { changes });
    return answer.ok ? 'OK' : `${answer.code} ${answer.field ?? ''}`.trim();
  };

  test('what is written is read at the next start, and null brings the default back', async () => {
    assert.equal(await change({ sessionTimeoutHours: 24, trustProxy: ['10.0.0.0/8'] }), 'OK');
    const machine = { platform: process.platform, env: {}, homeDir: '/', codeDir: import.meta.dirname };
    const load = () => loadConfig(['--data-dir', server.dataDir], machine).config;
    assert.deepEqual([load().sessionTimeoutHours, load().trustProxy], [24, ['10.0.0.0/8']]);
    const { settings, isRestartNeeded } = await alice.ask('admin:settings', {});
    const row = settings.find(({ key }) => key === 'sessionTimeoutHours');
    assert.deepEqual([row?.value, row?.nextValue, row?.source, isRestartNeeded], [72, 24, 'file', true]);
    assert.equal(await change({ sessionTimeoutHours: null, trustProxy: null }), 'OK');
    assert.equal(load().sessionTimeoutHours, 72);
    assert.equal((await alice.ask('admin:settings', {})).isRestartNeeded, false);
  });

  test('what the environment decides is read-only', async () => {
    assert.equal(await change({ logLevel: 'debug' }), 'SETTING_OVERRIDDEN logLevel');
    const { settings } = await alice.ask('admin:settings', {});
    const row = settings.find(({ key }) => key === 'logLevel');
    assert.deepEqual([row?.isOverridden, row?.sourceName], [true, 'LOG_LEVEL']);
  });

  test('impossible values, unknown keys and missing features are refused, and nothing is written', async () => {
    const written = readFileSync(path.join(server.dataDir, 'config.json'), 'utf8');
    assert.equal(await change({ port: 70_000 }), 'INVALID_INPUT port');
    assert.equal(await change({ sessionTimeoutHours: 1, nonsense: 1 }), 'INVALID_INPUT nonsense');
    assert.equal(await change({ __proto__x: 1 }), 'INVALID_INPUT __proto__x');
    assert.equal(await change({ oidcIssuerUrl: 'https://x' }), 'INVALID_INPUT oidcIssuerUrl');
    assert.equal(await change({ dataDir: '/elsewhere' }), 'INVALID_INPUT dataDir');
    assert.equal(readFileSync(path.join(server.dataDir, 'config.json'), 'utf8'), written);
  });

  test('a port that somebody else has is refused before it locks everybody out', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const bound = other.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    assert.equal(await change({ port }), 'PORT_TAKEN port');
    other.close();
  });

  test('a secret is written, never shown', async () => {
    assert.equal(await change({ metricsToken: 'abcdefghijklmnop' }), 'OK');
    assert.ok(!JSON.stringify(await alice.ask('admin:settings', {})).includes('abcdefghijklmnop'));
  });

  test('a broken config.json is left alone', async () => {
    const file = path.join(server.dataDir, 'config.json');
    writeFileSync(file, '{ "port": ');
    assert.equal(await change({ sessionTimeoutHours: 5 }), 'SETTINGS_UNREADABLE');
    assert.equal(readFileSync(file, 'utf8'), '{ "port": ');
  });
});

describe('backup and restore', () => {
  const folders: string[] = [];
  const servers: TestServer[] = [];
  const folder = () => {
    const made = mkdtempSync(path.join(tmpdir(), 'maru-admin-'));
    folders.push(made);
    return made;
  };
  after(async () => {
    // those that a test has stopped refuse to do so again
    for (const server of servers) await server.stop().catch(() => undefined);
    for (const made of folders) rmSync(made, { recursive: true, force: true });
  });

  /** A server that stops when it is asked to start again; `restarted` resolves then. */
  async function start(dataDir: string) {
    let restart = (): void => undefined;
    const restarted = new Promise<void>((resolve) => (restart = resolve));
    const server = await startTestServer({ dataDir, host: { restart } });
    servers.push(server);
    return { server, restarted };
  }

  const infoOf = async (server: TestServer) =>
    Object((await server.browser().request('GET', '/api/server')).body) as { generation: string };

  test('a backup under load restores to everything that was acknowledged before it began', async () => {
    const dataDir = folder();
    const { server, restarted } = await start(dataDir);
    const alice = await server.connectAs('alice');
    const bob = await server.person('bob');
    const room = await createRoom(alice, [bob], '회의');
    const acked: string[] = [];
    const sending = { isOn: true };
    const load = async () => {
      while (sending.isOn) {
        const message = messageFor(room);
        await alice.ask('message:send', message);
        acked.push(message.clientId);
      }
    };
    const loads = [load(), load(), load()];
    while (acked.length < 30) await new Promise((resolve) => setImmediate(resolve));
    const certain = [...acked];
    const { backup } = await alice.ask('admin:backup', {});
    sending.isOn = false;
    await Promise.all(loads);
    assert.ok(acked.length > certain.length, 'messages were sent while the copy was made');
    assert.ok(backup.sizeBytes > 0);
    assert.deepEqual((await alice.ask('admin:backups', {})).backups, [backup]);
    const { generation } = await infoOf(server);
    const { authKey } = alice.person;

    // only the owner, and only with the password
    const refused = async (input: { name: string; authKey?: string }) => {
      const answer = await alice.call('admin:restore', input);
      return answer.ok ? 'OK' : answer.code;
    };
    assert.equal(await refused({ name: backup.name }), 'WRONG_PASSWORD');
    assert.equal(await refused({ name: backup.name, authKey: randomB64(32) }), 'WRONG_PASSWORD');
    assert.equal(await refused({ name: 'maru-none.db', authKey }), 'NOT_FOUND');

    await alice.ask('admin:restore', { name: backup.name, authKey });
    assert.equal((await alice.next('admin:restarting')).port, server.port);
    server.clock.advance(1_000);
    await restarted;
    const cookie = alice.browser.cookieHeader().replaceAll(`maru-${server.port}`, 'maru-PORT');
    await server.stop();

    const again = await start(dataDir);
    try {
      assert.notEqual((await infoOf(again.server)).generation, generation);
      const resumed = await again.server.browser().request('GET', '/api/session', undefined, {
        cookie: cookie.replaceAll('maru-PORT', `maru-${again.server.port}`),
      });
      assert.equal(resumed.status, 401);
      const back = await connectTestClient(again.server.port, alice.person);
      const kept = new Set<string>();
      for (let beforeSeq: number | undefined; ;) {
        const wish = { roomUid: room.roomUid, ...(beforeSeq === undefined ? {} : { before: beforeSeq }) };
        const { messages } = await back.ask('message:page', wish);
        for (const { clientId } of messages) kept.add(clientId);
        const lowest = Math.min(...messages.map(({ seq }) => seq));
        if (messages.length === 0 || lowest <= 1) break;
        beforeSeq = lowest;
      }
      assert.deepEqual(
        certain.filter((clientId) => !kept.has(clientId)),
        [],
      );
      const names = readdirSync(dataDir);
      assert.ok(
        names.some((name) => name.startsWith('maru.db.before-restore-')),
        names.join(' '),
      );
      assert.ok(!names.some((name) => name.startsWith('restore-')), names.join(' '));
      back.close();
    } finally {
      await again.server.stop();
    }
    await assertAuditOf(dataDir, ['restore-staged'], ['backup-restored']);
  });

  test('a backup alone brings a server back on another machine, secret included', async () => {
    const first = await start(folder());
    await first.server.person('alice');
    const answer = await first.server.server.askAsHost('admin:backup', {});
    assert.ok(answer.ok);
    const alice = await first.server.person('alice');
    const { name } = Object(answer.value).backup;
    const elsewhere = folder();
    const second = await start(elsewhere);
    copyFileSync(path.join(first.server.dataDir, 'backups', name), path.join(elsewhere, 'copied.db'));
    const listed = await second.server.server.askAsHost('admin:backups', {});
    assert.ok(listed.ok);
    copyFileSync(path.join(elsewhere, 'copied.db'), path.join(Object(listed.value).folder, 'copied.db'));
    assert.ok((await second.server.server.askAsHost('admin:restore', { name: 'copied.db' })).ok);
    await second.server.stop();
    const third = await start(elsewhere);
    try {
      const client = await connectTestClient(third.server.port, alice);
      client.close();
      const secretOf = (dataDir: string) => readFileSync(path.join(dataDir, 'secret.key')).toString('hex');
      assert.equal(secretOf(elsewhere), secretOf(first.server.dataDir));
    } finally {
      await third.server.stop();
      await first.server.stop();
    }
  });

  test('a damaged, a foreign and a newer copy are refused, and nothing is touched', async () => {
    const dataDir = folder();
    const { server } = await start(dataDir);
    const alice = await server.connectAs('alice');
    const { backup } = await alice.ask('admin:backup', {});
    const backups = path.join(dataDir, 'backups');
    const bytes = readFileSync(path.join(backups, backup.name));
    const torn = Buffer.from(bytes);
    torn.fill(0x5a, 8_192, 16_384);
    writeFileSync(path.join(backups, 'torn.db'), torn);
    writeFileSync(path.join(backups, 'short.db'), bytes.subarray(0, bytes.length - 20_000));
    writeFileSync(path.join(backups, 'text.db'), 'not a database at all');
    writeFileSync(path.join(backups, 'empty.db'), '');
    const { default: Sqlite } = await import('better-sqlite3');
    copyFileSync(path.join(backups, backup.name), path.join(backups, 'newer.db'));
    const newer = new Sqlite(path.join(backups, 'newer.db'));
    newer.exec("insert into maru_migrations values (999, 'future', 0, '9.9.9')");
    newer.close();
    const present = readdirSync(dataDir).sort();
    const { generation } = await infoOf(server);
    for (const [name, code] of [
      ['torn.db', 'BACKUP_DAMAGED'],
      ['short.db', 'BACKUP_DAMAGED'],
      ['text.db', 'BACKUP_DAMAGED'],
      ['empty.db', 'BACKUP_DAMAGED'],
      ['newer.db', 'BACKUP_TOO_NEW'],
    ] as const) {
      const answer = await server.server.askAsHost('admin:restore', { name });
      assert.equal(answer.ok ? 'OK' : answer.code, code, name);
      assert.deepEqual(readdirSync(dataDir).sort(), present, name);
    }
    assert.deepEqual(torn, readFileSync(path.join(backups, 'torn.db')));
    await server.stop();
    const again = await start(dataDir);
    assert.equal((await infoOf(again.server)).generation, generation);
    await again.server.stop();
  });

  test('a copy is deleted, and that is on record; the newest goes only with a word more', async () => {
    const { server } = await start(folder());
    const alice = await server.connectAs('alice');
    const bob = await server.connectAs('bob');
    const make = async (): Promise<string> => {
      server.clock.advance(1_000);
      return (await alice.ask('admin:backup', {})).backup.name;
    };
    const [older, newest] = [await make(), await make()];
    const backups = path.join(server.dataDir, 'backups');
    // made within one moment of the file system, perhaps
    utimesSync(path.join(backups, older), 1, 1);
    const listed = async () => (await alice.ask('admin:backups', {})).backups.map(({ name }) => name);
    const remove = async (who: TestClient, input: { name: string; mayBeNewest?: boolean }) => {
      const answer = await who.call('admin:delete-backup', input);
      return answer.ok ? 'OK' : answer.code;
    };
    assert.deepEqual(await listed(), [newest, older]);
    assert.equal(await remove(bob, { name: older }), 'FORBIDDEN');
    assert.equal(await remove(alice, { name: newest }), 'BACKUP_IS_NEWEST');
    assert.deepEqual(await listed(), [newest, older]);
    assert.equal(await remove(alice, { name: older }), 'OK');
    assert.equal(await remove(alice, { name: older }), 'NOT_FOUND');
    // what was not the newest when the page showed it is by now
    assert.equal(await remove(alice, { name: newest }), 'BACKUP_IS_NEWEST');
    const asHost = await server.server.askAsHost('admin:delete-backup', { name: newest, mayBeNewest: true });
    assert.ok(asHost.ok);
    assert.deepEqual(await listed(), []);
    await server.stop();
    const actors = await auditedActors(server.dataDir, 'backup-deleted');
    assert.deepEqual(actors, [
      [alice.person.userUid, { backup: older }],
      ['host', { backup: newest }],
    ]);
  });

  test('deleting reaches nothing beside the copies', async () => {
    const { server } = await start(folder());
    const alice = await server.connectAs('alice');
    const backups = path.join(server.dataDir, 'backups');
    mkdirSync(path.join(backups, 'folder.db'), { recursive: true });
    writeFileSync(path.join(backups, 'notes.txt'), 'mine');
    const present = readdirSync(server.dataDir).sort();
    for (const [name, code] of [
      ['../maru.db', 'INVALID_INPUT'],
      ['..\\maru.db', 'INVALID_INPUT'],
      ['notes.txt', 'INVALID_INPUT'],
      ['folder.db', 'NOT_FOUND'],
      ['maru.db', 'NOT_FOUND'],
    ] as const) {
      const answer = await alice.call('admin:delete-backup', { name, mayBeNewest: true });
      assert.equal(answer.ok ? 'OK' : answer.code, code, name);
    }
    assert.deepEqual(readdirSync(server.dataDir).sort(), present);
    assert.deepEqual(readdirSync(backups).sort(), ['folder.db', 'notes.txt']);
    await server.stop();
  });

  test('two backups at once: the second one is told to wait', async () => {
    const { server } = await start(folder());
    const answers = await Promise.all([
      server.server.askAsHost('admin:backup', {}),
      server.server.askAsHost('admin:backup', {}),
    ]);
    assert.deepEqual(
      answers.map((answer) => (answer.ok ? 'OK' : answer.code)),
      ['OK', 'BACKUP_UNDER_WAY'],
    );
    await server.stop();
  });

  /** Who did it, and to what. */
  async function auditedActors(dataDir: string, action: string): Promise<unknown[]> {
    const { default: Sqlite } = await import('better-sqlite3');
    const sqlite = new Sqlite(path.join(dataDir, 'maru.db'), { readonly: true });
    const rows = sqlite
      .prepare('select actor_uid, details from audit_log where action = ?')
      .raw()
      .all(action);
    sqlite.close();
    return rows.map((row) => {
      const [actor, details] = row as [string, string]; // the two columns that were asked for
      return [actor, JSON.parse(details)];
    });
  }

  /** The present chain has `now`, the database that went aside has `aside`; both are whole. */
  async function assertAuditOf(dataDir: string, aside: string[], now: string[]): Promise<void> {
    const { default: Sqlite } = await import('better-sqlite3');
    const actionsIn = (name: string): string[] => {
      const sqlite = new Sqlite(path.join(dataDir, name), { readonly: true });
      const actions = sqlite.prepare('select action from audit_log').pluck().all().map(String);
      sqlite.close();
      return actions;
    };
    const old = readdirSync(dataDir).find((name) => /^maru\.db\.before-restore-[0-9TZ-]+$/.test(name));
    for (const action of aside) assert.ok(actionsIn(old ?? '').includes(action), action);
    for (const action of now) assert.ok(actionsIn('maru.db').includes(action), action);
    const database = await openDatabase({
      folder: dataDir,
      appVersion: '0.0.0',
      onDurable: () => undefined,
      onFatal: () => undefined,
      onBug: () => undefined,
    });
    assert.equal((await verifyAudit(database.read)).isIntact, true);
    await database.close();
  }
});
