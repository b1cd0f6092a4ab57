/** The server as its host process and its administrator at a terminal meet it: requests over the channel, `backup`, `restore`. */
import assert from 'node:assert/strict';
import { fork, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { ServerMessage } from '#contract/process-messages.ts';

const root = path.resolve(import.meta.dirname, '..');
const cli = path.join(root, 'dist', 'server', 'cli.js');
const scratch = mkdtempSync(path.join(tmpdir(), 'maru-host-'));
const children: ChildProcess[] = [];

before(() => assert.ok(existsSync(cli), 'npm run bundle comes first'));
after(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  rmSync(scratch, { recursive: true, force: true });
});

type Answer = { ok: boolean; code?: string; value?: Record<string, unknown> };

/** A server with a host that keeps what it is told, and can wait for it. */
async function startHosted(dataDir: string, ...args: string[]) {
  const child = fork(cli, ['--cli', '--data-dir', dataDir, ...args], {
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  children.push(child);
  const told: ServerMessage[] = [];
  const waiting = new Set<() => void>();
  child.on('message', (raw) => {
    told.push(ServerMessage.parse(raw));
    for (const look of waiting) look();
  });
  const next = (fits: (message: ServerMessage) => boolean): Promise<ServerMessage> =>
    new Promise((resolve) => {
      const look = (): void => {
        const at = told.findIndex(fits);
        if (at < 0) return;
        waiting.delete(look);
        for (const message of told.splice(at, 1)) resolve(message);
      };
      waiting.add(look);
      look();
    });
  let lastId = 0;
  const ask = async (name: string, input: unknown = {}): Promise<Answer> => {
    lastId += 1;
    const id = lastId;
    child.send({ type: 'request', id, name, input });
    const message = await next((candidate) => candidate.type === 'answer' && candidate.id === id);
    return message.type === 'answer' ? (message.answer as Answer) : { ok: false }; // the contract's own shape
  };
  const ready = async (): Promise<number> => {
    const message = await next(({ type }) => type === 'ready');
    return message.type === 'ready' ? message.port : 0;
  };
  const stop = async (): Promise<number | null> => {
    const gone = once(child, 'exit');
    child.send({ type: 'stop' });
    const [code] = await gone;
    return code;
  };
  return { ask, next, ready, stop };
}

const run = (dataDir: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [cli, '--cli', ...args, '--data-dir', dataDir],
    {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    },
  );
  return { status, text: stdout + stderr };
};

const generationAt = async (port: number): Promise<unknown> =>
  Object(await (await fetch(`http://127.0.0.1:${port}/api/server`)).json()).generation;

test('the host asks without a session, watches, changes a setting and has the server start again', async () => {
  const dataDir = path.join(scratch, 'hosted');
  // any port: the folder's own file says so, and a page may change it
  mkdirSync(dataDir);
  writeFileSync(path.join(dataDir, 'config.json'), '{ "port": 0 }');
  const server = await startHosted(dataDir);
  assert.ok((await server.ready()) > 0);
  const overview = await server.ask('admin:overview');
  assert.match(String(overview.value?.['setUpCode']), /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  assert.equal((await server.ask('room:list')).code, 'NOT_FOUND');
  assert.equal((await server.ask('admin:log', 7)).code, 'INVALID_INPUT');

  const log = await server.ask('admin:log', { query: 'listening' });
  assert.equal(Array.isArray(log.value?.['lines']) && log.value['lines'].length, 1);
  assert.ok(String((await server.ask('admin:about')).value?.['licences']).includes('better-sqlite3'));

  await server.ask('admin:watch', { on: true });
  const sampled = await server.next(({ type }) => type === 'event');
  assert.equal(sampled.type === 'event' && sampled.name, 'admin:sampled');

  assert.ok((await server.ask('admin:change-settings', { changes: { sessionTimeoutHours: 24 } })).ok);
  assert.ok((await server.ask('admin:restart')).ok);
  await server.next(({ type }) => type === 'restarting');
  await server.ready();
  const settings = await server.ask('admin:settings');
  assert.equal(settings.value?.['isRestartNeeded'], false);
  assert.match(JSON.stringify(settings.value), /"sessionTimeoutHours","value":24/);
  assert.equal(await server.stop(), 0);
});

test('a restart that is asked for twice happens once, and the server answers again', async () => {
  const server = await startHosted(path.join(scratch, 'twice'), '--port', '0');
  await server.ready();
  const answers = await Promise.all([server.ask('admin:restart'), server.ask('admin:restart')]);
  assert.deepEqual(
    answers.map(({ ok }) => ok),
    [true, true],
  );
  const port = await server.ready();
  assert.equal((await fetch(`http://127.0.0.1:${port}/healthz`)).status, 200);
  assert.equal((await server.ask('admin:overview')).ok, true);
  assert.equal(await server.stop(), 0);
});

test('a stop in the middle of a restart ends in good order and gives the folder free', async () => {
  const dataDir = path.join(scratch, 'midway');
  // the two meet at whatever point the machine happens to be at
  for (let turn = 0; turn < 3; turn += 1) {
    const server = await startHosted(dataDir, '--port', '0');
    await server.ready();
    await server.ask('admin:restart');
    await server.next(({ type }) => type === 'restarting');
    assert.equal(await server.stop(), 0);
    assert.ok(!readdirSync(dataDir).includes('maru.pid'));
  }
});

test('admin at a terminal reaches the running server, and the data once it is stopped', async () => {
  const dataDir = path.join(scratch, 'admin');
  assert.equal(run(dataDir, 'admin', 'overview').status, 2);
  const server = await startHosted(dataDir, '--port', '0');
  await server.ready();
  assert.equal(run(dataDir, 'admin', 'sign-up', 'closed').status, 0);
  assert.equal((await server.ask('admin:overview')).value?.['signUp'], 'closed');
  const unsure = run(dataDir, 'admin', 'restart');
  assert.equal(unsure.status, 3);
  assert.match(unsure.text, /--yes/);
  assert.equal(run(dataDir, 'admin', 'restart', '--yes').status, 0);
  await server.next(({ type }) => type === 'restarting');
  await server.ready();
  assert.equal(run(dataDir, 'admin', 'sign-up', 'approval').status, 0);
  assert.equal(await server.stop(), 0);
  const offline = run(dataDir, 'admin', 'overview', '--json');
  const { value } = JSON.parse(offline.text) as { value: { signUp: string; isRunning: boolean } };
  assert.deepEqual([value.signUp, value.isRunning], ['approval', false]);
  assert.equal(run(dataDir, 'admin', 'role', 'nobody', 'admin', '--yes').status, 2);
});

test('backup works beside a running server; restore waits until it is stopped', async () => {
  const dataDir = path.join(scratch, 'terminal');
  const file = path.join(scratch, 'kept.db');
  const server = await startHosted(dataDir, '--port', '0');
  const port = await server.ready();
  const generation = await generationAt(port);
  const made = run(dataDir, 'backup', file);
  assert.equal(made.status, 0, made.text);
  assert.match(made.text, /kept\.db/);
  const again = run(dataDir, 'backup', file);
  assert.equal(again.status, 2);
  assert.match(again.text, /BACKUP_EXISTS/);
  const early = run(dataDir, 'restore', file);
  assert.equal(early.status, 2);
  assert.match(early.text, /DATA_DIR_IN_USE/);
  assert.equal(await generationAt(port), generation);
  await server.stop();

  const names = (): string[] => readdirSync(dataDir).sort();
  const present = names();
  writeFileSync(path.join(scratch, 'torn.db'), readFileSync(file).fill(7, 5_000, 12_000));
  for (const [bad, code] of [
    ['torn.db', 'BACKUP_DAMAGED'],
    ['none.db', 'BACKUP_NOT_FOUND'],
  ] as const) {
    const refused = run(dataDir, 'restore', path.join(scratch, bad));
    assert.equal(refused.status, 2, refused.text);
    assert.match(refused.text, new RegExp(code));
    assert.deepEqual(names(), present);
  }
  assert.equal(run(dataDir, 'restore').status, 2);

  const restored = run(dataDir, 'restore', file);
  assert.equal(restored.status, 0, restored.text);
  assert.match(restored.text, /before-restore/);
  const later = await startHosted(dataDir, '--port', '0');
  assert.notEqual(await generationAt(await later.ready()), generation);
  await later.stop();
});
