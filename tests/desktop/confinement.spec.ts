/** What the window, whatever runs in it, cannot do; and what the app as a whole does not do on the network. */
import { isLoopback, isNowhere, socketsOf, withDescendants } from '../process-sockets.ts';
import { expect, running, test } from './desktop.ts';
import type { Desktop } from './desktop.ts';

const state = (app: Desktop) =>
  app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    return { url: window?.webContents.getURL() ?? '', count: BrowserWindow.getAllWindows().length };
  }, null);

test('the page has the bridge and nothing else of Electron or Node', async ({ start }) => {
  const page = await (await start()).page();
  const found = await page.evaluate(() => ({
    keys: Object.keys(window.desktop).sort(),
    host: Object.keys(window.desktop.host).sort(),
    leaks: ['require', 'process', 'module', 'ipcRenderer', 'electron', 'Buffer', 'global'].filter(
      (name) => name in window,
    ),
    isFrozen: Object.isFrozen(window.desktop) && Object.isFrozen(window.desktop.host),
  }));
  expect(found).toEqual({
    keys: ['call', 'host', 'on'],
    host: ['abilities', 'changeSettings', 'onSettings', 'onState', 'run', 'settings', 'state'],
    leaks: [],
    isFrozen: true,
  });
});

test('malformed messages are refused before anything is done', async ({ start }) => {
  const app = await start();
  await app.waitForTooltip(running);
  const page = await app.page();
  const outcomes = await page.evaluate(async () => {
    const { host, call } = window.desktop as unknown as {
      host: Record<string, (...args: unknown[]) => Promise<unknown>>;
      call: (...args: unknown[]) => Promise<unknown>;
    };
    const tries: (() => Promise<unknown> | undefined)[] = [
      () => host['run']?.('format-disk'),
      () => host['run']?.({ toString: 'quit' }),
      () => host['run']?.('fix:' + 'x'.repeat(100)),
      () => host['changeSettings']?.({ keepAwake: 'yes' }),
      () => host['changeSettings']?.({ dataDir: '/tmp' }),
      () => host['changeSettings']?.(null),
      () => call('message:send', {}),
      () => call('admin:overview', 'text'),
      () => call('admin:../../x', {}),
      () => call(['admin:overview'], {}),
    ];
    return Promise.all(
      tries.map(async (attempt) => {
        try {
          return await attempt();
        } catch (error) {
          return error instanceof Error ? error.message : String(error);
        }
      }),
    );
  });
  expect(outcomes.map(String).filter((text) => !text.includes('INVALID_INPUT'))).toEqual([]);
  expect(app.log()).toContain('malformed');
  expect((await state(app)).count).toBe(1);
});

test('a frame that is not the window’s own page is refused', async ({ start }) => {
  const app = await start();
  await app.waitForTooltip(running);
  const page = await app.page();
  // as a page would that had taken over its process
  await page.evaluate(() => document.body.append(document.createElement('iframe')));
  const found = await app.evaluate(async ({ BrowserWindow, ipcMain }) => {
    const [window] = BrowserWindow.getAllWindows();
    const channels = ['host:state', 'host:run', 'admin:call'];
    // Electron's own windows have no such thing
    if (window !== undefined && typeof window.invokeInSubframe === 'function') {
      return Promise.all(channels.map((channel) => window.invokeInSubframe(channel, { command: 'stop' })));
    }
    // Electron gives child frames no preload at all: its table of handlers is asked with such a frame as the sender
    const contents = window?.webContents as unknown as { mainFrame: { frames: unknown[] } };
    const { _invokeHandlers: handlers } = ipcMain as unknown as {
      _invokeHandlers: Map<string, (event: object, input: unknown) => Promise<unknown>>;
    };
    const event = { sender: contents, senderFrame: contents.mainFrame.frames[0] };
    const answers: unknown[] = [];
    for (const channel of channels) answers.push(await handlers.get(channel)?.(event, { command: 'stop' }));
    return answers;
  }, null);
  const refused = { ok: false, code: 'FORBIDDEN' };
  expect(found).toEqual([refused, refused, refused]);
  expect(app.log()).toContain('a foreign frame');
  expect(await page.evaluate(() => window.desktop.host.state())).toMatchObject({ phase: 'running' });
});

test('the window never leaves its page and opens no other', async ({ start }) => {
  const app = await start();
  await app.waitForTooltip(running);
  const page = await app.page();
  const before = await state(app);
  const places = [`http://127.0.0.1:${app.port}/`, 'https://example.com/', 'file:///etc/passwd'];
  for (const place of places) {
    await page.evaluate((target) => {
      window.open(target);
      const link = document.createElement('a');
      link.href = target;
      link.target = '_blank';
      document.body.append(link);
      link.click();
      link.target = '_self';
      link.click();
      location.assign(target);
    }, place);
  }
  // a round trip through page and main process: what was asked for before it has been decided
  expect(await page.evaluate(() => window.desktop.host.state())).toMatchObject({ phase: 'running' });
  await expect.poll(() => app.log()).toContain('kept from leaving');
  expect(await state(app)).toEqual(before);
  expect(before.url).toMatch(/^maru:\/\/app\/index\.html/);
});

test('the page can neither run foreign code nor fetch anything', async ({ start }) => {
  const app = await start();
  await app.waitForTooltip(running);
  const page = await app.page();
  const results = await page.evaluate(async (port) => {
    const script = document.createElement('script');
    let isScriptMade = true;
    try {
      script.textContent = 'window.hasRunInline = true';
      document.body.append(script);
    } catch {
      isScriptMade = false;
    }
    const image = document.createElement('img');
    image.src = `http://127.0.0.1:${port}/icons/favicon.svg`;
    const isImageLoaded = await new Promise((resolve) => {
      image.addEventListener('load', () => resolve(true));
      image.addEventListener('error', () => resolve(false));
    });
    const isFetched = await fetch(`http://127.0.0.1:${port}/healthz`, { mode: 'no-cors' }).then(
      () => true,
      () => false,
    );
    return { isScriptMade, hasRun: 'hasRunInline' in window, isImageLoaded, isFetched };
  }, app.port);
  expect(results).toEqual({ isScriptMade: false, hasRun: false, isImageLoaded: false, isFetched: false });
});

/** A process and, on Electron, all that it started; the stand-in's Chromium is a tool of the test, driven over a socket. */
function appProcesses(app: Desktop): number[] {
  return app.kind === 'Electron' ? withDescendants(app.pid) : [app.pid, app.serverPid()];
}

test('nothing is open but the server’s listener, and nobody is called', async ({ start }) => {
  test.skip(process.platform !== 'linux', 'read from /proc');
  const app = await start();
  await app.waitForTooltip(running);
  await app.page();
  const suffix = `:${app.port.toString(16).toUpperCase().padStart(4, '0')}`;
  // over some seconds, because what reaches out does so a while after the start
  const until = Date.now() + 4_000;
  let looks = 0;
  await expect
    .poll(
      () => {
        const sockets = socketsOf(appProcesses(app));
        const calls = sockets.filter(({ remote }) => !isNowhere(remote) && !isLoopback(remote));
        const listeners = sockets.filter(
          ({ isListening, kind, local }) => (isListening || kind.startsWith('udp')) && !isLoopback(local),
        );
        expect(calls).toEqual([]);
        expect(listeners.filter(({ local }) => !local.endsWith(suffix))).toEqual([]);
        expect(listeners).toHaveLength(1);
        looks += 1;
        return Date.now() > until && looks > 5;
      },
      { timeout: 120_000, intervals: [200] },
    )
    .toBe(true);
  const escaped = await app.evaluate(({ session }) => {
    const present = session.fromPartition('persist:desktop');
    return 'escaped' in present ? present.escaped : [];
  }, null);
  expect(escaped).toEqual([]);
});
