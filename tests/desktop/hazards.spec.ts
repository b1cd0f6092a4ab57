/** Moments at which things meet that were not meant to: quitting, sleeping, starting twice, files that cannot be written. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { adminKo } from '../../static/locales/admin-ko.ts';
import { expect, findElectron, running, startDesktopApp, test } from './desktop.ts';
import type { Desktop } from './desktop.ts';

const healthOf = async ({ port }: { port: number }): Promise<number> =>
  (await fetch(`http://127.0.0.1:${port}/healthz`)).status;

/** The server has gone in good order: one that was killed leaves its file. */
async function expectNothingLeft(app: Desktop): Promise<void> {
  expect(await app.exited).toBe(0);
  expect(existsSync(path.join(app.dataDir, 'maru.pid'))).toBe(false);
  await expect(healthOf(app)).rejects.toThrow();
}

test('quitting in the middle of a restart ends everything', async ({ start }) => {
  const app = await start({ args: ['--hidden'] });
  await app.waitForTooltip(running);
  await app.choose('restart');
  await app.choose('quit');
  await expectNothingLeft(app);
});

test('quitting while the server restarts within itself ends everything', async ({ start }) => {
  const app = await start();
  await app.waitForTooltip(running);
  const page = await app.page();
  await page.evaluate(() => window.desktop.call('admin:restart', {}));
  await expect.poll(() => app.log(), { intervals: [20] }).toMatch(/running[^]*"phase":"starting"/);
  await app.choose('quit');
  await expectNothingLeft(app);
});

test('quitting while the server starts, or waits to be started again, ends everything', async ({ start }) => {
  const early = await start({ args: ['--hidden'] });
  await early.choose('quit');
  await expectNothingLeft(early);

  const app = await start({ args: ['--hidden'] });
  await app.waitForTooltip(running);
  process.kill(app.serverPid(), 'SIGKILL');
  // the tray says it for half a second only; the log keeps it
  await expect.poll(() => app.log(), { intervals: [20] }).toMatch(/running[^]*"phase":"starting"/);
  await app.choose('quit');
  expect(await app.exited).toBe(0);
  await expect(healthOf(app)).rejects.toThrow();
});

test('sleeping and waking in the middle of a restart ends in a server that runs', async ({ start }) => {
  const app = await start({ args: ['--hidden'] });
  await app.waitForTooltip(running);
  await app.choose('restart');
  await app.evaluate(({ powerMonitor }) => {
    for (const what of ['suspend', 'resume', 'unlock-screen', 'suspend', 'resume'] as const) {
      powerMonitor.emit(what);
    }
  }, null);
  await app.waitForTooltip(/시작하는 중|실행 중/);
  await app.waitForTooltip(new RegExp(`:${app.port}`));
  expect(await healthOf(app)).toBe(200);
});

test('of two that are started at one moment one stays, with one server', async ({ home }) => {
  const [one, other] = await Promise.all([
    startDesktopApp(home, { args: ['--hidden'] }),
    startDesktopApp(home, { args: ['--hidden'] }),
  ]);
  const first = await Promise.race([one.exited.then(() => one), other.exited.then(() => other)]);
  const stayed = first === one ? other : one;
  try {
    await stayed.waitForTooltip(running);
    expect(await healthOf(home)).toBe(200);
    expect(await first.exited).toBe(0);
  } finally {
    expect(await stayed.quit()).toBe(0);
  }
});

test('settings that cannot be written are said to be so, and the rest works', async ({ start, home }) => {
  // a folder where the file should be: nobody may write that, root included
  mkdirSync(path.join(home.userDataDir, 'settings.json', 'in-the-way'), { recursive: true });
  mkdirSync(path.join(path.dirname(home.userDataDir), 'config'), { recursive: true });
  writeFileSync(path.join(path.dirname(home.userDataDir), 'config', 'autostart'), '');
  const app = await start({ args: ['--hidden'] });
  await app.waitForTooltip(running);
  const aside = readdirSync(home.userDataDir).filter((name) => name.startsWith('settings.json.damaged'));
  expect(aside).toHaveLength(1);
  await app.choose('settings');
  const page = await app.page();
  await page.evaluate(() => window.desktop.host.changeSettings({ isSetUpDone: true }));
  await page.reload();
  rmSync(path.join(home.userDataDir, 'settings.json'));
  mkdirSync(path.join(home.userDataDir, 'settings.json', 'again'), { recursive: true });
  const before = await page.evaluate(() => window.desktop.host.settings());
  expect(await page.evaluate(() => window.desktop.host.changeSettings({ keepAwake: false }))).toEqual(before);
  const refusals = async () =>
    (await app.probe()).notifications.filter((text) => text.includes('저장하지 못했습니다')).length;
  await expect.poll(refusals).toBe(1);
  // in the window, what was clicked goes back to what is true
  const keepAwake = page.getByLabel(adminKo['desktop.keepAwake']);
  await keepAwake.click();
  await expect.poll(refusals).toBe(2);
  await expect(keepAwake).toBeChecked();
  if (process.platform === 'linux') {
    await app.choose('startAtLogin');
    await expect.poll(refusals).toBe(3);
    expect((await app.menuItem('startAtLogin'))?.checked).toBe(false);
  }
  expect(await healthOf(app)).toBe(200);
});

test('`--cli --hidden` is the server alone, and what it does not know it refuses', ({ home }) => {
  const root = path.resolve(import.meta.dirname, '../..');
  const register = path.join(import.meta.dirname, 'stand-in', 'register.ts');
  const electron = findElectron();
  const program =
    electron === null
      ? [process.execPath, '--import', register, path.join(root, 'dist/main/main.js')]
      : [electron, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), root];
  const [command = '', ...rest] = program;
  const run = (...args: string[]) =>
    spawnSync(command, [...rest, '--cli', '--hidden', '--user-data-dir', home.userDataDir, ...args], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    });
  const unknown = run('--prot', '5000', '--data-dir', home.dataDir);
  expect(unknown.status).toBe(2);
  expect(unknown.stderr).toContain('--port');
  expect(existsSync(home.dataDir)).toBe(false);
});
