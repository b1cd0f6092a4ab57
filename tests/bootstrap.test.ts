/** The commands of package.json before anything is installed: in a small tree with a made-up npm, bundler and server. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { isBundleFresh, sourceHash } from '../scripts/bundle.mjs';
import { installState } from '../scripts/dependencies.mjs';
import { withLock } from '../scripts/lock.mjs';
import { findRuntime, isNewEnough } from '../scripts/runtime.mjs';

const scratch = mkdtempSync(path.join(tmpdir(), 'maru-bootstrap-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

let trees = 0;

const lockOf = (version: string): string =>
  JSON.stringify({
    lockfileVersion: 3,
    packages: { '': {}, 'node_modules/a': { version, integrity: 'sha512-a' } },
  });

// installs what the lockfile says, as npm does: everything away first, its own record last
const fakeNpm = `
import { appendFileSync, copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
appendFileSync('npm.log', process.argv.slice(2).join(' ') + '\\n');
if (existsSync('npm.busy')) { appendFileSync('npm.log', 'two at once\\n'); }
if (process.env.FAKE_NPM === 'offline') { console.error('npm error code ENOTFOUND'); process.exit(1); }
if (process.env.FAKE_NPM === 'broken') { console.error('npm error lock file out of sync'); process.exit(7); }
mkdirSync('npm.busy');
rmSync('node_modules', { recursive: true, force: true });
await new Promise((resolve) => setTimeout(resolve, 100));
mkdirSync('node_modules/a', { recursive: true });
copyFileSync('package-lock.json', 'node_modules/.package-lock.json');
rmSync('npm.busy', { recursive: true });
`;

const fakeBundle = `
import { appendFileSync, copyFileSync, mkdirSync } from 'node:fs';
appendFileSync('bundle.log', 'bundled\\n');
if (process.env.FAKE_BUNDLE === 'broken') process.exit(3);
mkdirSync('dist/server', { recursive: true });
copyFileSync('server/cli.js', 'dist/server/cli.js');
`;

const fakeServer = `
const say = (text) => process.stdout.write(text + '\\n');
const args = process.argv.slice(2);
say('args ' + JSON.stringify(args));
say('pid ' + process.pid);
const exit = args.indexOf('--exit');
if (exit >= 0) process.exit(Number(args[exit + 1]));
if (args.includes('--wait')) {
  const timer = setInterval(() => {}, 1000);
  const stop = (reason) => { say('stopped by ' + reason); clearInterval(timer); process.exit(5); };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('disconnect', () => stop('disconnect'));
  say('ready');
} else process.disconnect?.();
`;

function makeTree(): string {
  const root = path.join(scratch, String((trees += 1)));
  const files = {
    'package.json': JSON.stringify({ name: 'maru', type: 'module' }),
    'package-lock.json': lockOf('1.0.0'),
    'npm/npm-cli.mjs': fakeNpm,
    'build/bundle.ts': fakeBundle,
    'server/cli.js': fakeServer,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  cpSync(path.join(import.meta.dirname, '..', 'scripts'), path.join(root, 'scripts'), { recursive: true });
  return root;
}

function launch(root: string, script: string, args: string[] = [], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [path.join(root, 'scripts', script), ...args], {
    cwd: root,
    env: {
      ...process.env,
      LC_ALL: 'C',
      npm_execpath: path.join(root, 'npm', 'npm-cli.mjs'),
      npm_node_execpath: process.execPath,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { child, output: collect(child) };
}

function collect(child: ChildProcess): {
  text: string;
  until: (pattern: RegExp) => Promise<RegExpExecArray>;
} {
  const waiting = new Set<() => void>();
  const output = {
    text: '',
    until: (pattern: RegExp) =>
      new Promise<RegExpExecArray>((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(output.text);
          if (match) resolve(match);
        };
        waiting.add(look);
        child.once('close', () => reject(new Error(`ended without ${pattern}:\n${output.text}`)));
        look();
      }),
  };
  const add = (chunk: Buffer): void => {
    output.text += chunk.toString();
    for (const look of waiting) look();
  };
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  return output;
}

async function run(root: string, script: string, args: string[] = [], env: Record<string, string> = {}) {
  const { child, output } = launch(root, script, args, env);
  const [exitCode] = await once(child, 'close');
  return { exitCode: Number(exitCode), text: output.text };
}

const linesOf = (root: string, file: string): string[] =>
  existsSync(path.join(root, file)) ? readFileSync(path.join(root, file), 'utf8').trim().split('\n') : [];

describe('npm start', () => {
  test('installs, bundles and runs, passing options and the exit code on', async () => {
    const root = makeTree();
    const { exitCode, text } = await run(root, 'start.mjs', ['--port', '5005', '--cli', '--exit', '9']);
    assert.equal(exitCode, 9, text);
    assert.match(text, /args \["--port","5005","--cli","--exit","9"\]/);
    assert.equal(linesOf(root, 'npm.log').length, 1);
    assert.match(linesOf(root, 'npm.log')[0] ?? '', /^ci --include=dev --ignore-scripts/);
  });

  test('does neither again until a lockfile or a source says something else, whatever the clocks say', async () => {
    const root = makeTree();
    const runs = async (): Promise<[number, number]> => {
      await run(root, 'start.mjs');
      return [linesOf(root, 'npm.log').length, linesOf(root, 'bundle.log').length];
    };
    assert.deepEqual(await runs(), [1, 1]);
    const future = new Date(Date.now() + 1e9);
    for (const name of ['package-lock.json', 'server/cli.js'])
      utimesSync(path.join(root, name), future, future);
    assert.deepEqual(await runs(), [1, 1]);
    writeFileSync(path.join(root, 'server', 'added.ts'), 'export {};');
    assert.deepEqual(await runs(), [1, 2]);
    writeFileSync(path.join(root, 'server', 'added.test.ts'), 'export {};');
    assert.deepEqual(await runs(), [1, 2]);
    writeFileSync(path.join(root, 'package-lock.json'), lockOf('1.0.1'));
    utimesSync(path.join(root, 'package-lock.json'), new Date(0), new Date(0));
    assert.deepEqual(await runs(), [2, 3]);
  });

  test('two at once install and bundle once, one after the other', async () => {
    const root = makeTree();
    const both = await Promise.all([run(root, 'start.mjs'), run(root, 'start.mjs')]);
    assert.deepEqual(
      both.map(({ exitCode }) => exitCode),
      [0, 0],
      both.map(({ text }) => text).join('\n'),
    );
    assert.equal(linesOf(root, 'npm.log').length, 1);
    assert.equal(linesOf(root, 'bundle.log').length, 1);
  });

  test('an unreachable registry is a sentence, and the next start tries again', async () => {
    const root = makeTree();
    const offline = await run(root, 'start.mjs', [], { FAKE_NPM: 'offline' });
    assert.equal(offline.exitCode, 2);
    assert.match(offline.text, /\[REGISTRY_UNREACHABLE\] The package registry cannot be reached.*ENOTFOUND/s);
    assert.doesNotMatch(offline.text, /\n\s+at /);
    assert.equal((await run(root, 'start.mjs')).exitCode, 0);
  });

  test('a linked node_modules is used if it fits and never installed into, because npm would empty it', async () => {
    const owner = makeTree();
    assert.equal((await run(owner, 'start.mjs')).exitCode, 0);
    const root = makeTree();
    const target = path.join(owner, 'node_modules');
    symlinkSync(target, path.join(root, 'node_modules'), 'junction');
    const before = readdirSync(target);
    assert.equal((await run(root, 'start.mjs')).exitCode, 0);
    assert.deepEqual(linesOf(root, 'npm.log'), []);

    writeFileSync(path.join(root, 'package-lock.json'), lockOf('1.0.1'));
    const refused = await run(root, 'start.mjs');
    assert.equal(refused.exitCode, 2);
    assert.match(refused.text, /\[MODULES_LINKED\] node_modules is a link to another folder/);
    assert.ok(refused.text.includes(target), refused.text);
    assert.doesNotMatch(refused.text, /\n\s+at /);
    assert.deepEqual(linesOf(root, 'npm.log'), []);
    assert.deepEqual(readdirSync(target), before);
    assert.equal(installState(owner), 'fresh');
  });

  test('another failure of npm keeps its own words and is not called a missing network', async () => {
    const broken = await run(makeTree(), 'start.mjs', [], { FAKE_NPM: 'broken' });
    assert.equal(broken.exitCode, 2);
    assert.match(broken.text, /lock file out of sync[^]*\[INSTALL_FAILED\].*exit code 7/);
  });

  test('a bundle that fails is not taken for fresh', async () => {
    const root = makeTree();
    const broken = await run(root, 'start.mjs', [], { FAKE_BUNDLE: 'broken' });
    assert.equal(broken.exitCode, 2);
    assert.match(broken.text, /\[BUNDLE_FAILED\]/);
    assert.equal(isBundleFresh(root), false);
    assert.equal((await run(root, 'start.mjs')).exitCode, 0);
  });

  test('speaks Korean to a Korean terminal', async () => {
    const offline = await run(makeTree(), 'start.mjs', [], { FAKE_NPM: 'offline', LC_ALL: 'ko_KR.UTF-8' });
    assert.match(offline.text, /패키지 저장소/);
  });
});

describe('stopping', { skip: process.platform === 'win32' }, () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`${signal} reaches the server, and its exit code comes back`, async () => {
      const root = makeTree();
      const { child, output } = launch(root, 'start.mjs', ['--wait']);
      await output.until(/ready/);
      child.kill(signal);
      const [exitCode] = await once(child, 'close');
      assert.match(output.text, new RegExp(`stopped by ${signal}`));
      assert.equal(exitCode, 5);
    });
  }

  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    test(`npm, or its shell, ended by ${signal} leaves no server behind`, async () => {
      const root = makeTree();
      await run(root, 'start.mjs');
      // as npm does it: a shell that stays between, which a signal kills without passing it on
      const script = `"${process.execPath}" scripts/start.mjs --wait; exit $?`;
      const env = { ...process.env, npm_lifecycle_event: 'start' };
      const shell = spawn('sh', ['-c', script], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
      const output = collect(shell);
      await output.until(/ready/);
      shell.kill(signal);
      await once(shell, 'close');
      assert.match(output.text, /stopped by SIGTERM/);
    });
  }

  test('a starter that is killed outright leaves no server behind', async () => {
    const root = makeTree();
    const { child, output } = launch(root, 'start.mjs', ['--wait']);
    await output.until(/ready/);
    child.kill('SIGKILL');
    // the server holds the output open: it closes when the server is gone
    await once(child, 'close');
    assert.match(output.text, /stopped by disconnect/);
  });
});

describe('npm run serve', () => {
  test('installs and bundles nothing, and says what to run where there is no bundle', async () => {
    const root = makeTree();
    const { exitCode, text } = await run(root, 'serve.mjs');
    assert.equal(exitCode, 2);
    assert.match(text, /\[BUNDLE_MISSING\][^]*npm run bundle/);
    assert.deepEqual(linesOf(root, 'npm.log'), []);
  });

  test('runs the bundle that is there, headless', async () => {
    const root = makeTree();
    await run(root, 'start.mjs');
    writeFileSync(path.join(root, 'server', 'added.ts'), 'export {};');
    const { text } = await run(root, 'serve.mjs', ['--port', '1']);
    assert.match(text, /args \["--cli","--port","1"\]/);
    assert.equal(linesOf(root, 'bundle.log').length, 1);
  });
});

describe('what is installed', () => {
  function installed(root: string, packages: object): void {
    mkdirSync(path.join(root, 'node_modules'), { recursive: true });
    writeFileSync(path.join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));
  }
  const a = { version: '1.0.0', integrity: 'sha512-a' };

  test('nothing is stale; a complete npm ci by hand is adopted', () => {
    const root = makeTree();
    assert.equal(installState(root), 'stale');
    installed(root, { 'node_modules/a': a });
    assert.equal(installState(root), 'adoptable');
  });

  test('an incomplete, older or different tree is not adopted', () => {
    const root = makeTree();
    for (const packages of [
      {},
      { 'node_modules/a': { ...a, version: '0.9.0' } },
      { 'node_modules/a': { ...a, integrity: 'sha512-b' } },
      { 'node_modules/a': a, 'node_modules/b': a },
    ]) {
      installed(root, packages);
      assert.equal(installState(root), 'stale', JSON.stringify(packages));
    }
  });

  test('optional packages of other systems may be absent, those of this one may not', () => {
    const root = makeTree();
    const lock = (os: string): string =>
      JSON.stringify({
        packages: { 'node_modules/a': a, 'node_modules/o': { ...a, optional: true, os: [os] } },
      });
    installed(root, { 'node_modules/a': a });
    writeFileSync(path.join(root, 'package-lock.json'), lock('sunos'));
    assert.equal(installState(root), 'adoptable');
    writeFileSync(path.join(root, 'package-lock.json'), lock(process.platform));
    assert.equal(installState(root), 'stale');
  });
});

test('the hash of the sources follows names and contents', () => {
  const root = makeTree();
  const file = path.join(root, 'server', 'a.ts');
  const before = sourceHash(root);
  writeFileSync(file, 'one');
  const one = sourceHash(root);
  writeFileSync(file, 'two');
  const two = sourceHash(root);
  rmSync(file);
  assert.equal(new Set([before, one, two]).size, 3);
  assert.equal(sourceHash(root), before);
});

describe('the lock', () => {
  test('of a process that died is taken over', async () => {
    const file = path.join(scratch, 'stale.lock');
    const dead = spawn(process.execPath, ['-e', '']);
    await once(dead, 'close');
    writeFileSync(file, String(dead.pid));
    assert.equal(
      await withLock(
        file,
        () => assert.fail('waited'),
        () => Promise.resolve('mine'),
      ),
      'mine',
    );
    assert.equal(existsSync(file), false);
  });

  test('stands while a child of its dead holder still works', async () => {
    const file = path.join(scratch, 'child.lock');
    const dead = spawn(process.execPath, ['-e', '']);
    await once(dead, 'close');
    const worker = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    writeFileSync(file, `${dead.pid} ${worker.pid}`);
    const order: string[] = [];
    const waited = withLock(
      file,
      () => {
        order.push('waiting');
        worker.once('exit', () => order.push('worker gone'));
        worker.kill();
      },
      () => Promise.resolve(order.push('mine')),
    );
    await waited;
    assert.deepEqual(order, ['waiting', 'worker gone', 'mine']);
  });

  test('goes when the work fails', async () => {
    const file = path.join(scratch, 'failing.lock');
    const fail = (): Promise<never> => Promise.reject(new Error('no'));
    await assert.rejects(
      withLock(file, () => undefined, fail),
      /no/,
    );
    assert.equal(existsSync(file), false);
  });
});

describe('the runtime', { skip: process.platform === 'win32' }, () => {
  function fakeNode(folder: string, version: string): string {
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, 'node');
    writeFileSync(file, version === '' ? '#!/bin/sh\nexit 1\n' : `#!/bin/sh\necho v${version}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  function machine(pinned: string | null, current: string, onPath: string) {
    const root = path.join(scratch, `runtime-${(trees += 1)}`);
    const name = `node-${process.platform}-${process.arch}`;
    const own = pinned === null ? '' : fakeNode(path.join(root, 'node_modules', name, 'bin'), pinned);
    const now = fakeNode(path.join(root, 'now'), current);
    const found = fakeNode(path.join(root, 'path'), onPath);
    const surroundings = { path: path.dirname(found), current: now };
    return { own, now, found, pick: () => findRuntime(root, surroundings) };
  }

  test('is the pinned one before any other', () => {
    const { own, pick } = machine('24.21.0', '26.0.0', '24.0.0');
    assert.equal(pick(), own);
  });

  test('is the present one, then one on PATH, where none is pinned or the pinned one does not run here', () => {
    const present = machine(null, '24.1.0', '24.2.0');
    assert.equal(present.pick(), present.now);
    const older = machine('', '20.0.0', '22.18.0');
    assert.equal(older.pick(), older.found);
  });

  test('is refused with what was found if none is new enough', () => {
    assert.throws(machine(null, '20.19.0', '22.17.1').pick, /v20\.19\.0, v22\.17\.1/);
  });

  test('must be 22.18 or later; 23 only from 23.6', () => {
    const answers = ['v20.20.2', 'v22.17.9', 'v22.18.0', 'v23.5.0', 'v23.6.0', 'v24.0.0'].map(isNewEnough);
    assert.deepEqual(answers, [false, false, true, false, true, true]);
  });
});
