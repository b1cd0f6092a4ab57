/** Every start-up failure through the real command line: exit code, code, sentence, and nothing destroyed. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import Sqlite from 'better-sqlite3';

const root = path.resolve(import.meta.dirname, '..');
const bundle = path.join(root, 'dist');
const scratch = mkdtempSync(path.join(tmpdir(), 'maru-start-'));
after(() => rmSync(scratch, { recursive: true, force: true }));
before(() => assert.ok(existsSync(path.join(bundle, 'server', 'cli.js')), 'npm run bundle comes first'));

let folders = 0;
const freshFolder = (): string => path.join(scratch, String((folders += 1)));

type Launch = { args?: string[]; env?: Record<string, string>; entry?: string; nodeArgs?: string[] };

function launch(dataDir: string, { args = [], env = {}, entry, nodeArgs = [] }: Launch = {}) {
  const cli = entry ?? path.join(bundle, 'server', 'cli.js');
  const all = [...nodeArgs, cli, '--cli', '--data-dir', dataDir, ...args];
  const child = spawn(process.execPath, all, {
    env: { ...process.env, LC_ALL: 'C', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const output = { text: '' };
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => (output.text += String(chunk)));
  return { child, output };
}

/** A server that must start; gives its port, and a way to end it. */
async function start(dataDir: string, options: Launch = {}) {
  const { child, output } = launch(dataDir, options);
  const port = await new Promise<number>((resolve, reject) => {
    child.on('message', (message) => {
      if (typeof message === 'object' && 'type' in message && message.type === 'ready')
        resolve(Number(Reflect.get(message, 'port')));
    });
    child.once('close', () => reject(new Error(`did not start:\n${output.text}`)));
  });
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    const [exitCode] = await once(child, 'close');
    return exitCode;
  };
  return { port, output, end, pid: child.pid };
}

const onAnyPort = { args: ['--port', '0'] };

/** A start that must be refused. */
async function refusal(dataDir: string, options: Launch = onAnyPort) {
  const { child, output } = launch(dataDir, options);
  const [exitCode] = await once(child, 'close');
  const code = /\[([A-Z_]+)\]/.exec(output.text)?.[1];
  assert.equal(exitCode, 2, output.text);
  assert.doesNotMatch(output.text, /\n\s+at .*:\d+:\d+/, 'a refusal is a sentence, not a stack');
  assert.match(output.text, /→ /, 'a refusal says what to do');
  return { code, text: output.text };
}

async function usedFolder(): Promise<string> {
  const folder = freshFolder();
  const server = await start(folder, onAnyPort);
  assert.equal(await server.end('SIGTERM'), 0, server.output.text);
  return folder;
}

/** What must survive a refusal: the database with its log, and the secret. */
function fingerprint(folder: string): Record<string, string> {
  const isKept = (name: string): boolean => /^maru\.db(-wal)?$|^secret\.key$/.test(name);
  // looking at a database leaves an empty log beside it
  const names = readdirSync(folder).filter(
    (name) => isKept(name) && statSync(path.join(folder, name)).size > 0,
  );
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(path.join(folder, name)))
        .digest('hex'),
    ]),
  );
}

async function refusedUnchanged(folder: string, code: string): Promise<string> {
  const untouched = fingerprint(folder);
  const refused = await refusal(folder);
  assert.equal(refused.code, code, refused.text);
  assert.deepEqual(fingerprint(folder), untouched);
  return refused.text;
}

async function occupy(port: number): Promise<{ port: number; server: Server }> {
  const server = createServer().listen({ port });
  await once(server, 'listening');
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return { port: address.port, server };
}

describe('the port', () => {
  test('a chosen port that is taken is refused, with the program that has it and a free one', async () => {
    const { port, server } = await occupy(0);
    try {
      const { code, text } = await refusal(freshFolder(), { args: ['--port', String(port)] });
      assert.equal(code, 'PORT_TAKEN');
      assert.match(text, new RegExp(`Port ${port} is already in use`));
      if (process.platform === 'linux') assert.match(text, new RegExp(`by node \\(PID ${process.pid}\\)`));
      assert.match(text, /npm start -- --port \d+/);
      const korean = await refusal(freshFolder(), {
        args: ['--port', String(port)],
        env: { LC_ALL: 'ko_KR.UTF-8' },
      });
      assert.match(korean.text, new RegExp(`${port}번 포트를 이미`));
    } finally {
      server.close();
    }
  });

  test('on the first run, unchosen, the next free one stands in and is remembered; from then on it is chosen', async () => {
    const occupied = await occupy(5000).catch(() => null); // somebody else may have it: as good
    const folder = freshFolder();
    try {
      const first = await start(folder, {});
      assert.ok(first.port > 5000 && first.port <= 5010, String(first.port));
      assert.equal(await first.end('SIGTERM'), 0);
      assert.deepEqual(JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8')), {
        port: first.port,
      });
      const again = await occupy(first.port);
      const refused = await refusal(folder, {});
      again.server.close();
      assert.equal(refused.code, 'PORT_TAKEN');
    } finally {
      occupied?.server.close();
    }
  });

  test('a host that this machine does not have is refused', async () => {
    const { code, text } = await refusal(freshFolder(), { args: ['--port', '0', '--host', '203.0.113.7'] });
    assert.equal(code, 'HOST_NOT_HERE');
    assert.match(text, /203\.0\.113\.7/);
  });

  test('a host name that does not exist is refused', async () => {
    const { code } = await refusal(freshFolder(), {
      args: ['--port', '0', '--host', 'no-such-host.invalid'],
    });
    assert.equal(code, 'HOST_NOT_HERE');
  });
});

describe('the data folder', () => {
  test('of a running server is refused, and the running one goes on', async () => {
    const folder = freshFolder();
    const first = await start(folder, onAnyPort);
    const { code, text } = await refusal(folder);
    assert.equal(code, 'DATA_DIR_IN_USE');
    assert.match(text, new RegExp(`PID ${first.pid}`));
    assert.equal((await fetch(`http://127.0.0.1:${first.port}/healthz`)).status, 200);
    assert.equal(await first.end('SIGTERM'), 0);
  });

  test('of a server that was killed is free at once', async () => {
    const folder = freshFolder();
    const killed = await start(folder, onAnyPort);
    await killed.end('SIGKILL');
    const next = await start(folder, onAnyPort);
    assert.equal(await next.end('SIGTERM'), 0);
  });

  test('that cannot be made is refused', async () => {
    mkdirSync(scratch, { recursive: true });
    const file = path.join(scratch, 'a-file');
    writeFileSync(file, '');
    assert.equal((await refusal(path.join(file, 'data'))).code, 'DATA_DIR_NOT_WRITABLE');
  });

  test('inside a synchronised folder is refused, and nothing is made there', async () => {
    const cloud = path.join(freshFolder(), 'OneDrive - 회사');
    mkdirSync(cloud, { recursive: true });
    const { code, text } = await refusal(path.join(cloud, 'maru'));
    assert.equal(code, 'DATA_DIR_SYNCED');
    assert.match(text, /OneDrive/);
    assert.deepEqual(readdirSync(cloud), []);
  });

  test(
    'on a full disk is refused',
    { skip: process.platform !== 'linux' || process.getuid?.() !== 0 },
    async (t) => {
      const folder = freshFolder();
      mkdirSync(folder);
      const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder]);
      if (mounted.status !== 0) return t.skip('this machine allows no mounts');
      try {
        assert.equal((await refusal(folder)).code, 'DISK_FULL');
      } finally {
        spawnSync('umount', [folder]);
      }
    },
  );
});

describe('the database', () => {
  test('that is damaged is refused and kept; --start-empty puts it aside whole', async () => {
    const folder = await usedFolder();
    const file = path.join(folder, 'maru.db');
    const damaged = Buffer.from('this was a database once '.repeat(1000));
    writeFileSync(file, damaged);
    const text = await refusedUnchanged(folder, 'DATABASE_CORRUPT');
    assert.match(text, /--start-empty/);
    const empty = await start(folder, { args: ['--port', '0', '--start-empty'] });
    assert.equal(await empty.end('SIGTERM'), 0);
    assert.match(empty.output.text, /Set-up code/);
    const kept = readdirSync(folder).find((name) => name.startsWith('maru.db.corrupt'));
    assert.deepEqual(readFileSync(path.join(folder, kept ?? '')), damaged);
  });

  test('of a newer version is refused', async () => {
    const folder = await usedFolder();
    change(folder, `insert into maru_migrations values (9999, 'later', 1, '9.1.0')`);
    assert.match(await refusedUnchanged(folder, 'DATABASE_FROM_FUTURE'), /9\.1\.0/);
  });

  test('that cannot be migrated is left as it was', async () => {
    const folder = await usedFolder();
    // as if the first migration had never been applied: its tables are in the way
    change(folder, 'delete from maru_migrations');
    const refused = await refusal(folder);
    assert.equal(refused.code, 'MIGRATION_FAILED', refused.text);
    const database = new Sqlite(path.join(folder, 'maru.db'));
    assert.equal(database.pragma('quick_check', { simple: true }), 'ok');
    assert.equal(database.prepare('select count(*) from maru_migrations').pluck().get(), 0);
    database.close();
  });

  function change(folder: string, sql: string): void {
    const database = new Sqlite(path.join(folder, 'maru.db'));
    database.exec(sql);
    database.pragma('wal_checkpoint(truncate)');
    database.close();
  }
});

describe('the secret', () => {
  test('missing beside a database is refused and not replaced', async () => {
    const folder = await usedFolder();
    rmSync(path.join(folder, 'secret.key'));
    await refusedUnchanged(folder, 'SECRET_MISSING');
    assert.equal(existsSync(path.join(folder, 'secret.key')), false);
  });

  test('malformed is refused and kept', async () => {
    const folder = await usedFolder();
    writeFileSync(path.join(folder, 'secret.key'), 'short');
    await refusedUnchanged(folder, 'SECRET_UNREADABLE');
  });

  test('stays the same over restarts', async () => {
    const folder = await usedFolder();
    const secret = readFileSync(path.join(folder, 'secret.key'));
    assert.equal(secret.length, 64);
    const again = await start(folder, onAnyPort);
    assert.equal(await again.end('SIGINT'), 0);
    assert.deepEqual(readFileSync(path.join(folder, 'secret.key')), secret);
  });
});

describe('the configuration', () => {
  const cases: [string, Launch, string, RegExp][] = [
    ['an unknown argument', { args: ['--prot', '5000'] }, 'CONFIG_INVALID', /--prot.*Did you mean --port\?/],
    [
      'a bad variable',
      { env: { SESSION_TIMEOUT_HOURS: 'soon' } },
      'CONFIG_INVALID',
      /SESSION_TIMEOUT_HOURS.*"soon"/,
    ],
    ['a later feature', { env: { FEATURE_OIDC_ENABLED: '1' } }, 'FEATURE_NOT_AVAILABLE', /OIDC/],
  ];
  for (const [name, options, code, text] of cases) {
    test(`${name} is refused before anything is made`, async () => {
      const folder = freshFolder();
      const refused = await refusal(folder, options);
      assert.equal(refused.code, code);
      assert.match(refused.text, text);
      assert.equal(existsSync(folder), false);
    });
  }

  test('a bad key in config.json is refused with the file and the nearest key', async () => {
    const folder = freshFolder();
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'config.json'), '{ "sessionTimeoutHour": 5 }');
    const { code, text } = await refusal(folder);
    assert.equal(code, 'CONFIG_INVALID');
    assert.match(text, /sessionTimeoutHour in .*config\.json.*Did you mean sessionTimeoutHours\?/);
  });
});

describe('the program', () => {
  test('on an old Node is refused before the database driver could crash it', async () => {
    const pretence = path.join(scratch, 'old-node.cjs');
    const code = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.19.0' } });`;
    writeFileSync(pretence, code);
    const refused = await refusal(freshFolder(), { ...onAnyPort, nodeArgs: ['--require', pretence] });
    assert.equal(refused.code, 'WRONG_NODE');
    assert.match(refused.text, /20\.19\.0.*22\.18\.0/);
  });

  test('without the web client is refused', async () => {
    const copy = freshFolder();
    cpSync(path.join(bundle, 'server'), path.join(copy, 'dist', 'server'), { recursive: true });
    symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'), 'junction');
    const entry = path.join(copy, 'dist', 'server', 'cli.js');
    assert.equal((await refusal(freshFolder(), { ...onAnyPort, entry })).code, 'BUNDLE_MISSING');
  });

  test('prints its help and its version without making anything', async () => {
    for (const [argument, pattern] of [
      ['--help', /--data-dir/],
      ['--version', /^\d+\.\d+\.\d+\n$/],
    ] as const) {
      const folder = freshFolder();
      const { child, output } = launch(folder, { args: [argument] });
      const [exitCode] = await once(child, 'close');
      assert.equal(exitCode, 0);
      assert.match(output.text, pattern);
      assert.equal(existsSync(folder), false);
    }
  });

  test('tells addresses, set-up code and data folder, and writes a log that holds the configuration, but no secret', async () => {
    const folder = freshFolder();
    const metricsToken = 'a-token-that-nobody-may-read';
    const server = await start(folder, { ...onAnyPort, env: { METRICS_TOKEN: metricsToken } });
    // what it prints comes by another way than its word that it is ready; at the end all of it is there
    assert.equal(await server.end('SIGTERM'), 0);
    const { text } = server.output;
    assert.match(text, new RegExp(`http://localhost:${server.port}`));
    assert.ok(text.includes(folder));
    const setUpCode = /Set-up code[^\n]*\n\s+(\S+)/.exec(text)?.[1] ?? assert.fail(text);
    const logs = path.join(folder, 'logs');
    const logged = readdirSync(logs).map((name) => readFileSync(path.join(logs, name), 'utf8'));
    assert.match(logged.join(''), /"msg":"listening"/);
    assert.ok(!logged.join('').includes(setUpCode));
    assert.match(logged.join(''), /"metricsToken":"\*+ \(environment\)"/);
    assert.ok(!logged.join('').includes(metricsToken));
    if (process.platform !== 'win32') assert.equal(statSync(folder).mode & 0o077, 0);
  });

  test('stops when its parent is gone', async () => {
    const folder = freshFolder();
    const { child, output } = launch(folder, onAnyPort);
    await once(child, 'message');
    child.disconnect();
    // not 'close': Node does not announce it for a channel that was closed from this side
    const [exitCode] = await once(child, 'exit');
    assert.equal(exitCode, 0, output.text);
  });
});
