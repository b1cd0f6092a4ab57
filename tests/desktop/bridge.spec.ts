/** What the window and the server say to each other through the main process. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, freePort, running, stopped, test } from './desktop.ts';

test('the window asks the server as its host: set-up code, addresses, settings', async ({ start }) => {
  const app = await start();
  await app.waitForTooltip(running);
  const page = await app.page();
  const overview = await page.evaluate(() => window.desktop.call('admin:overview', {}));
  expect(overview).toMatchObject({
    ok: true,
    value: { port: app.port, dataDir: app.dataDir, isSetUpNeeded: true },
  });
  expect(overview.ok && overview.value.setUpCode).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}/);
  const refused = await page.evaluate(() => window.desktop.call('admin:log', { limit: 100_000 }));
  expect(refused).toMatchObject({ ok: false, code: 'INVALID_INPUT' });
  const unknown = await page.evaluate(() => window.desktop.call('admin:nonsense' as 'admin:overview', {}));
  expect(unknown.ok).toBe(false);
});

test('numbers arrive while they are watched, and end with the window', async ({ start }) => {
  const app = await start();
  await app.waitForTooltip(running);
  const page = await app.page();
  const samples = await page.evaluate(
    () =>
      new Promise<number[]>((resolve) => {
        const times: number[] = [];
        const off = window.desktop.on('admin:sampled', ({ sample }) => {
          times.push(sample.at);
          if (times.length < 2) return;
          off();
          resolve(times);
        });
        void window.desktop.call('admin:watch', { on: true });
      }),
  );
  // one after the other; how far apart is the sampler's own test
  expect(samples[1]).toBeGreaterThan(samples[0] ?? Infinity);
  await page.close();
  await expect.poll(() => app.windowCount()).toBe(0);
  expect((await fetch(`http://127.0.0.1:${app.port}/healthz`)).status).toBe(200);
});

test('the window follows the server’s state, and is refused while there is none', async ({ start }) => {
  const app = await start();
  await app.waitForTooltip(running);
  const page = await app.page();
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    window.desktop.host.onState(({ phase }) => seen.push(phase));
  });
  await app.choose('stop');
  await app.waitForTooltip(stopped);
  const refused = await page.evaluate(() => window.desktop.call('admin:overview', {}));
  expect(refused).toMatchObject({ ok: false, code: 'SHUTTING_DOWN' });
  await app.choose('start');
  await app.waitForTooltip(running);
  process.kill(app.serverPid(), 'SIGKILL');
  // the first "running" is on its way to the page when the tooltip shows it: it may come before or after the listener
  const seen = () =>
    page.evaluate(() => {
      const phases = 'seen' in window ? (window.seen as string[]) : [];
      return phases.slice(Math.max(0, phases.indexOf('stopping')));
    });
  await expect
    .poll(seen, { timeout: 60_000 })
    .toEqual(['stopping', 'stopped', 'starting', 'running', 'starting', 'starting', 'running']);
});

test('a restart that the window asks for keeps the process and comes back at a new port', async ({
  start,
}) => {
  const app = await start({ isPortInFile: true });
  await app.waitForTooltip(running);
  const page = await app.page();
  for (const port of [await freePort(), await freePort()]) {
    const changed = await page.evaluate(
      (wanted) => window.desktop.call('admin:change-settings', { changes: { port: wanted } }),
      port,
    );
    expect(changed.ok).toBe(true);
    const server = app.serverPid();
    expect((await page.evaluate(() => window.desktop.call('admin:restart', {}))).ok).toBe(true);
    await expect
      .poll(() => page.evaluate(() => window.desktop.host.state()))
      .toEqual({ phase: 'running', port });
    expect(app.serverPid()).toBe(server);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  }
});

test('a backup made from the window is there, and its folder opens', async ({ start }) => {
  const app = await start();
  await app.waitForTooltip(running);
  const page = await app.page();
  const made = await page.evaluate(() => window.desktop.call('admin:backup', {}));
  expect(made).toMatchObject({ ok: true, value: { backup: { kind: 'backup' } } });
  const name = made.ok ? made.value.backup.name : '';
  expect(existsSync(path.join(app.dataDir, 'backups', name))).toBe(true);
  await page.evaluate(() => window.desktop.host.run('open-backups-folder'));
  expect((await app.probe()).openedFolders).toEqual([path.join(app.dataDir, 'backups')]);
});
