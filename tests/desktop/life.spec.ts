/** How the app starts, stays and ends, and what the tray offers. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, problem, running, startDesktopApp, stopped, test } from './desktop.ts';
import type { Desktop } from './desktop.ts';

const healthOf = async ({ port }: { port: number }): Promise<number> =>
  (await fetch(`http://127.0.0.1:${port}/healthz`)).status;

test('on the first run the window opens and the server runs', async ({ start }) => {
  const app = await start();
  await app.waitForTooltip(running);
  expect(await healthOf(app)).toBe(200);
  expect(await app.windowCount()).toBe(1);
  const page = await app.page();
  expect(new URL(page.url()).hash).toBe('#overview');
  expect(existsSync(path.join(app.dataDir, 'maru.db'))).toBe(true);
  const { menu, tray, isKeptAwake } = await app.probe();
  expect(menu.filter(({ type }) => type !== 'separator').map(({ id }) => id)).toEqual([
    'state',
    'openMessenger',
    'copyAddress',
    'showQrCode',
    'start',
    'stop',
    'restart',
    'statistics',
    'settings',
    'openLogs',
    'startAtLogin',
    'quit',
  ]);
  expect(tray.icon).toMatch(/running-(light|dark)\.png$/);
  expect(existsSync(tray.icon)).toBe(true);
  expect(isKeptAwake).toBe(true);
});

test('started hidden, the window waits for the tray', async ({ start }) => {
  const app = await start({ args: ['--hidden'] });
  await app.waitForTooltip(running);
  expect(await app.windowCount()).toBe(0);
  await app.choose('statistics');
  expect(new URL((await app.page()).url()).hash).toBe('#statistics');
  await app.choose('settings');
  await expect.poll(async () => new URL((await app.page()).url()).hash).toBe('#settings');
  expect(await app.windowCount()).toBe(1);
});

test('closing the window leaves the server running, and the next one is fresh', async ({ start }) => {
  const app = await start();
  await app.waitForTooltip(running);
  await (await app.page()).close();
  await expect.poll(() => app.windowCount()).toBe(0);
  expect(await healthOf(app)).toBe(200);
  await app.choose('showQrCode');
  expect(new URL((await app.page()).url()).hash).toBe('#addresses');
});

test('a second start brings the first one’s window to the front and ends', async ({ start, home }) => {
  const app = await start({ args: ['--hidden'] });
  await app.waitForTooltip(running);
  const quiet = await startDesktopApp(home, { args: ['--hidden'] });
  expect(await quiet.exited).toBe(0);
  expect(await app.windowCount()).toBe(0);
  const second = await startDesktopApp(home);
  expect(await second.exited).toBe(0);
  await expect.poll(() => app.windowCount()).toBe(1);
  expect(await healthOf(app)).toBe(200);
});

test('the tray stops, starts and restarts the server, and says so', async ({ start }) => {
  const app = await start({ args: ['--hidden'], locale: 'en-US' });
  await app.waitForTooltip(/Maru — running/);
  expect(await app.menuItem('start')).toMatchObject({ label: 'Start server', enabled: false });
  await app.choose('stop');
  await app.waitForTooltip(stopped);
  expect((await app.probe()).tray.icon).toMatch(/stopped-(light|dark)\.png$/);
  expect((await app.probe()).isKeptAwake).toBe(false);
  await expect(healthOf(app)).rejects.toThrow();
  await app.choose('start');
  await app.waitForTooltip(running);
  const before = app.serverPid();
  await app.choose('restart');
  // the file goes with the one process and comes with the other
  const present = (): number => {
    try {
      return app.serverPid() || before;
    } catch {
      return before;
    }
  };
  await expect.poll(present).not.toBe(before);
  await app.waitForTooltip(running);
  expect(await healthOf(app)).toBe(200);
});

test('the tray opens the messenger, copies its address and shows the logs', async ({ start }) => {
  const app = await start({ args: ['--hidden'] });
  await app.waitForTooltip(running);
  await app.choose('openMessenger');
  await expect
    .poll(async () => (await app.probe()).openedAddresses)
    .toEqual([`http://localhost:${app.port}`]);
  await app.choose('copyAddress');
  await expect.poll(async () => (await app.probe()).copied).toHaveLength(1);
  const [copied = ''] = (await app.probe()).copied;
  expect(new URL(copied).port).toBe(String(app.port));
  expect((await fetch(`${copied}/healthz`)).status).toBe(200);
  await app.choose('openLogs');
  await expect.poll(async () => (await app.probe()).openedFolders).toEqual([path.join(app.dataDir, 'logs')]);
});

test('a server that is killed comes back by itself, with what it had', async ({ start }) => {
  const app = await start({ args: ['--hidden'] });
  await app.waitForTooltip(running);
  const first = app.serverPid();
  const secret = readFileSync(path.join(app.dataDir, 'secret.key'));
  const { said } = (await app.probe()).tray;
  process.kill(first, 'SIGKILL');
  await expect
    .poll(async () => (await app.probe()).tray.said.slice(said.length).join())
    .toMatch(/시작하는 중/);
  await app.waitForTooltip(running);
  expect(app.serverPid()).not.toBe(first);
  expect(await healthOf(app)).toBe(200);
  expect(readFileSync(path.join(app.dataDir, 'secret.key'))).toEqual(secret);
});

test('quitting with clients connected ends the server in good order', async ({ start }) => {
  const app = await start({ args: ['--hidden'] });
  await app.waitForTooltip(running);
  const clients = [1, 2, 3].map(
    () => new WebSocket(`ws://127.0.0.1:${app.port}/socket.io/?EIO=4&transport=websocket`),
  );
  await Promise.all(clients.map((client) => once(client, 'message')));
  const closed = Promise.all(clients.map((client) => once(client, 'close')));
  const server = app.serverPid();
  await app.choose('quit');
  expect(await app.exited).toBe(0);
  await closed;
  expect(() => process.kill(server, 0)).toThrow();
  // the server itself let go of its folder; one that was killed leaves this file
  expect(existsSync(path.join(app.dataDir, 'maru.pid'))).toBe(false);
});

test('a signal to the app ends both in good order', async ({ start }) => {
  test.skip(process.platform === 'win32', 'Windows has no such signal');
  const app = await start({ args: ['--hidden'] });
  await app.waitForTooltip(running);
  process.kill(app.pid, 'SIGTERM');
  expect(await app.exited).toBe(0);
  expect(existsSync(path.join(app.dataDir, 'maru.pid'))).toBe(false);
});

test('after sleep the app asks for its addresses again and serves on', async ({ start }) => {
  const app = await start({ args: ['--hidden'] });
  await app.waitForTooltip(running);
  await app.evaluate(({ powerMonitor }) => {
    powerMonitor.emit('suspend');
    powerMonitor.emit('resume');
  }, null);
  await expect.poll(() => app.log()).toContain('woke up');
  await app.waitForTooltip(new RegExp(`:${app.port}`));
  expect(await healthOf(app)).toBe(200);
});

test('`--cli` runs the server alone: no window, no tray, and a signal ends it', async ({ home }) => {
  const app = await startDesktopCli(home);
  await expect.poll(() => app.output(), { timeout: 60_000 }).toContain('Press Ctrl+C');
  expect(await healthOf(home)).toBe(200);
  app.kill();
  expect(await app.exited).toBe(0);
  expect(existsSync(path.join(home.userDataDir, 'desktop.log'))).toBe(false);
  expect(existsSync(path.join(home.dataDir, 'maru.pid'))).toBe(false);
});

/** As a person would in a terminal. The stand-in's `electron` is loaded all the same; Electron is run as it is. */
async function startDesktopCli(home: Pick<Desktop, 'userDataDir' | 'dataDir' | 'port'>) {
  const { findElectron } = await import('./desktop.ts');
  const root = path.resolve(import.meta.dirname, '../..');
  const electron = findElectron();
  const register = path.join(import.meta.dirname, 'stand-in', 'register.ts');
  const args = [
    '--cli',
    `--user-data-dir=${home.userDataDir}`,
    `--port=${home.port}`,
    `--data-dir=${home.dataDir}`,
  ];
  const child =
    electron === null
      ? spawn(process.execPath, ['--import', register, path.join(root, 'dist/main/main.js'), ...args])
      : spawn(electron, [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root, ...args]);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exited = once(child, 'exit').then(([code]) => Number(code ?? -1));
  return { output: () => output, exited, kill: () => child.kill('SIGTERM') };
}

test('settings survive; a damaged file is kept aside and said', async ({ start, home }) => {
  const first = await start();
  await first.waitForTooltip(running);
  const page = await first.page();
  await page.evaluate(() =>
    window.desktop.host.changeSettings({
      startHidden: true,
      keepAwake: false,
      language: 'en',
      isSetUpDone: true,
    }),
  );
  await first.waitForTooltip(/Maru — running/);
  expect((await first.probe()).isKeptAwake).toBe(false);
  expect(await first.quit()).toBe(0);

  const second = await start();
  await second.waitForTooltip(/Maru — running/);
  expect(await second.windowCount()).toBe(0);
  expect((await second.probe()).isKeptAwake).toBe(false);
  expect(await second.quit()).toBe(0);

  const file = path.join(home.userDataDir, 'settings.json');
  writeFileSync(file, '{"language":"klingon"');
  const third = await start();
  await third.waitForTooltip(running);
  expect(await third.windowCount()).toBe(1);
  const kept = readdirSync(home.userDataDir).filter((name) => name.startsWith('settings.json.damaged-'));
  expect(kept).toHaveLength(1);
  expect((await third.probe()).notifications.join()).toContain(kept[0]);
});

test('starting at login is set where the system looks, and starts hidden', async ({ start, home }) => {
  test.skip(process.platform !== 'linux', 'Windows and macOS keep it in their own lists');
  const app = await start({ args: ['--hidden'] });
  const file = path.join(path.dirname(home.userDataDir), 'config', 'autostart', 'maru.desktop');
  await app.choose('startAtLogin');
  await expect.poll(async () => (await app.menuItem('startAtLogin'))?.checked).toBe(true);
  expect(readFileSync(file, 'utf8')).toMatch(/^Exec=.*--hidden"$/m);
  await app.choose('startAtLogin');
  await expect.poll(() => existsSync(file)).toBe(false);
});

test('a taken port is diagnosed; “use another” moves the server there for good', async ({ start, home }) => {
  const { createServer } = await import('node:http');
  const blocker = createServer().listen(home.port);
  await once(blocker, 'listening');
  const app = await start();
  await app.waitForTooltip(problem);
  expect((await app.probe()).tray.icon).toMatch(/problem-(light|dark)\.png$/);
  const page = await app.page();
  const state = await page.evaluate(() => window.desktop.host.state());
  expect(state).toMatchObject({ phase: 'problem', code: 'PORT_TAKEN' });
  expect(JSON.stringify(state)).toContain(`PID ${process.pid}`);
  await page.evaluate(() => window.desktop.host.run('fix:use-port'));
  await app.waitForTooltip(running);
  const moved = await page.evaluate(() => window.desktop.host.state());
  const port = moved.phase === 'running' ? moved.port : 0;
  expect(port).toBeGreaterThan(home.port);
  expect(await healthOf({ port })).toBe(200);
  const config: unknown = JSON.parse(readFileSync(path.join(home.dataDir, 'config.json'), 'utf8'));
  expect(config).toMatchObject({ port });
  blocker.close();
});

test('a damaged database is kept; an empty one is begun only after a question', async ({ start, home }) => {
  const before = await start({ args: ['--hidden'] });
  await before.waitForTooltip(running);
  await before.quit();
  writeFileSync(path.join(home.dataDir, 'maru.db'), 'not a database at all'.repeat(500));
  const app = await start();
  await app.waitForTooltip(problem);
  const page = await app.page();
  const state = await page.evaluate(() => window.desktop.host.state());
  expect(state).toMatchObject({ phase: 'problem', code: 'DATABASE_CORRUPT' });

  await app.answer({ button: 0 });
  const cancelled = await page.evaluate(() => window.desktop.host.run('fix:start-empty'));
  expect(cancelled.isDone).toBe(false);
  expect((await app.probe()).asked).toHaveLength(1);
  expect(readFileSync(path.join(home.dataDir, 'maru.db'), 'utf8')).toContain('not a database');
  // only what the present problem offers is done
  expect((await page.evaluate(() => window.desktop.host.run('fix:use-port'))).isDone).toBe(false);

  await app.answer({ button: 1 });
  await page.evaluate(() => window.desktop.host.run('fix:start-empty'));
  await app.waitForTooltip(running);
  const kept = readdirSync(home.dataDir).filter((name) => name.startsWith('maru.db') && name !== 'maru.db');
  expect(
    kept.some((name) => readFileSync(path.join(home.dataDir, name), 'utf8').includes('not a database')),
  ).toBe(true);
});

test('another data folder is chosen in the system’s own dialog and remembered', async ({ start, home }) => {
  const other = path.join(path.dirname(home.userDataDir), '다른 폴더');
  mkdirSync(other);
  const app = await start({ args: ['--hidden'] });
  await app.waitForTooltip(running);
  await app.choose('settings');
  const page = await app.page();
  await app.answer({ folder: null });
  expect((await page.evaluate(() => window.desktop.host.run('choose-data-folder'))).isDone).toBe(false);
  await app.answer({ folder: other });
  await page.evaluate(() => window.desktop.host.run('choose-data-folder'));
  await expect.poll(() => existsSync(path.join(other, 'maru.db'))).toBe(true);
  await app.waitForTooltip(running);
  const settings: unknown = JSON.parse(readFileSync(path.join(home.userDataDir, 'settings.json'), 'utf8'));
  expect(settings).toMatchObject({ dataDir: other });
});
