import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, test } from 'node:test';
import { quitGracefully, watchPower } from './app-lifecycle.ts';
import { answer, contentPolicy } from './app-page.ts';
import { openPlace } from './folder-opening.ts';
import { openIpcGateway } from './ipc-gateway.ts';
import type { IpcHandlers } from './ipc-gateway.ts';
import { parseLaunch, serverArguments } from './launch-arguments.ts';
import { goOffline } from './offline-switches.ts';
import { createServerAddresses } from './server-addresses.ts';
import type { ServerStatus } from './server-process.ts';
import { iconName, menuTemplate } from './tray.ts';

describe('the command line', () => {
  test('of a clone has the app’s path in front, and switches of tools before that', () => {
    const launch = parseLaunch(
      [
        'electron',
        '--inspect=0',
        '--no-sandbox',
        '/src/maru',
        '--hidden',
        '--port',
        '5005',
        '--data-dir=/d e',
      ],
      false,
    );
    assert.deepEqual(launch.server, { '--port': '5005', '--data-dir': '/d e' });
    assert.equal(launch.isHidden, true);
    assert.equal(launch.isHeadless, false);
    assert.deepEqual(serverArguments(launch.server), ['--port=5005', '--data-dir=/d e']);
  });

  test('of an installed app begins at once', () => {
    const launch = parseLaunch(
      ['maru', '--cli', '--ozone-platform=headless', '--port=1', '--log-levle', 'x'],
      true,
    );
    assert.equal(launch.isHeadless, true);
    // the server refuses what it does not know, with a suggestion; what is not meant for it is taken out
    assert.deepEqual(launch.headlessArguments, ['--port=1', '--log-levle', 'x']);
  });

  test('with `--cli` is the server’s, whatever else the app was started with', () => {
    const args = ['--hidden', '--cli', '--user-data-dir', '/d', '--port', '1', '--hidden', '--unknown'];
    const launch = parseLaunch(['maru', ...args], true);
    assert.deepEqual([launch.isHeadless, launch.userDataDir], [true, '/d']);
    assert.deepEqual(launch.headlessArguments, ['--port', '1', '--unknown']);
  });

  test('that names an option without a value does not take the next one for it', () => {
    assert.deepEqual(parseLaunch(['maru', '--port', '--hidden'], true).server, {});
  });
});

describe('the tray', () => {
  const theme = { shouldUseDarkColors: true, shouldUseDarkColorsForSystemIntegratedUI: false };

  test('follows the panel it stands on, and macOS’ way of naming', () => {
    assert.equal(iconName({ phase: 'running', port: 1 }, theme, 'linux'), 'running-dark.png');
    assert.equal(iconName({ phase: 'running', port: 1 }, theme, 'win32'), 'running-light.png');
    assert.equal(iconName({ phase: 'stopping' }, theme, 'darwin'), 'startingTemplate.png');
  });

  test('has a picture for every state, panel and scale', () => {
    const folder = path.join(import.meta.dirname, '../build/icons/tray');
    for (const state of ['running', 'starting', 'stopped', 'problem']) {
      for (const name of [`${state}-light`, `${state}-dark`, `${state}Template`]) {
        for (const [ending, size] of [
          ['', 16],
          ['@2x', 32],
        ] as const) {
          const png = readFileSync(path.join(folder, `${name}${ending}.png`));
          assert.equal(png.readUInt32BE(16), size, name);
        }
      }
    }
  });

  test('offers what makes sense in each state', () => {
    const enabled = (state: Parameters<typeof iconName>[0]): string[] =>
      menuTemplate(
        { state, settings: { startAtLogin: false }, isLoginItemPossible: true, language: 'ko', url: null },
        { run: () => undefined, show: () => undefined, setStartAtLogin: () => undefined },
      ).flatMap(({ id, enabled: isEnabled }) => (id !== undefined && isEnabled ? [id] : []));
    const always = ['statistics', 'settings', 'openLogs', 'startAtLogin', 'quit'];
    const served = ['openMessenger', 'copyAddress', 'showQrCode'];
    assert.deepEqual(enabled({ phase: 'running', port: 1 }), [...served, 'stop', 'restart', ...always]);
    assert.deepEqual(enabled({ phase: 'starting' }), ['stop', ...always]);
    assert.deepEqual(enabled({ phase: 'stopping' }), always);
    assert.deepEqual(enabled({ phase: 'stopped' }), ['start', ...always]);
    const problem = { phase: 'problem', code: 'X', sentence: '', advice: '', actions: [] } as const;
    assert.deepEqual(enabled({ ...problem, actions: [] }), ['showProblem', 'start', ...always]);
  });
});

describe('messages of the window', () => {
  function arrange() {
    const channels = new Map<
      string,
      (event: { sender: object; senderFrame: null }, input: unknown) => Promise<unknown>
    >();
    const ran: unknown[] = [];
    const own = {};
    const handlers: Partial<IpcHandlers> = {
      'host:run': ({ command }) => ({ isDone: ran.push(command) > 0 }),
      'host:state': () => {
        throw new Error('a bug');
      },
    };
    openIpcGateway({
      ipcMain: { handle: (channel, listener) => void channels.set(channel, listener) },
      handlers: handlers as IpcHandlers, // the others are not asked for here
      isOwnFrame: (sender) => sender === own,
      log: () => undefined,
    });
    const ask = (channel: string, input: unknown, sender: object = own): Promise<unknown> | undefined =>
      channels.get(channel)?.({ sender, senderFrame: null }, input);
    return { ask, ran };
  }

  test('are carried out if they are ours and well-formed', async () => {
    const { ask, ran } = arrange();
    assert.deepEqual(await ask('host:run', { command: 'stop' }), { ok: true, value: { isDone: true } });
    assert.deepEqual(await ask('host:run', { command: 'fix:use-port' }), {
      ok: true,
      value: { isDone: true },
    });
    assert.deepEqual(ran, ['stop', 'fix:use-port']);
  });

  test('of anybody else are refused before they are read', async () => {
    const { ask, ran } = arrange();
    assert.deepEqual(await ask('host:run', { command: 'stop' }, {}), { ok: false, code: 'FORBIDDEN' });
    assert.deepEqual(ran, []);
  });

  test('that are malformed are refused', async () => {
    const { ask, ran } = arrange();
    for (const input of [
      undefined,
      null,
      'stop',
      {},
      { command: 'rm' },
      { command: 'stop', x: 1 },
      { command: 'fix:' + 'x'.repeat(41) },
    ]) {
      assert.deepEqual(
        await ask('host:run', input),
        { ok: false, code: 'INVALID_INPUT' },
        JSON.stringify(input),
      );
    }
    assert.deepEqual(await ask('host:state', {}), { ok: false, code: 'INVALID_INPUT' });
    assert.deepEqual(ran, []);
  });

  test('that meet a bug say nothing of its inside', async () => {
    assert.deepEqual(await arrange().ask('host:state', undefined), { ok: false, code: 'INTERNAL' });
  });
});

describe('the window’s page', () => {
  function folder(t: { after(task: () => void): void }): string {
    const place = mkdtempSync(path.join(tmpdir(), 'maru-page-'));
    t.after(() => rmSync(place, { recursive: true, force: true }));
    mkdirSync(path.join(place, 'page'));
    writeFileSync(path.join(place, 'page', 'index.html'), '<h1>마루</h1>');
    writeFileSync(path.join(place, 'page', 'secret.key'), 'x');
    writeFileSync(path.join(place, 'outside.js'), 'x');
    return path.join(place, 'page');
  }

  test('is a file of the folder with a policy that lets nothing else in', async (t) => {
    const found = await answer(folder(t), { url: 'maru://app/index.html', method: 'GET' });
    assert.equal(await found?.text(), '<h1>마루</h1>');
    assert.equal(found?.headers.get('content-security-policy'), contentPolicy);
    assert.doesNotMatch(contentPolicy, /unsafe|https?:|\*/);
  });

  test('is nothing outside the folder, of another origin, of another kind or by another method', async (t) => {
    const place = folder(t);
    for (const url of [
      'maru://app/../outside.js',
      'maru://app/%2e%2e/outside.js',
      'maru://app/..%2foutside.js',
      'maru://app/%00index.html',
      'maru://app/%',
      'maru://other/index.html',
      'maru://app/secret.key',
      'maru://app/missing.html',
      'maru://app/',
    ]) {
      assert.equal(await answer(place, { url, method: 'GET' }), null, url);
    }
    assert.equal(await answer(place, { url: 'maru://app/index.html', method: 'POST' }), null);
  });
});

describe('quitting', () => {
  test('waits for the server, once, however often it is asked for', async () => {
    const stopping = Promise.withResolvers<void>();
    const events = new EventEmitter();
    const steps: string[] = [];
    const quit = (): void => {
      let isPrevented = false;
      events.emit('before-quit', { preventDefault: () => (isPrevented = true) });
      steps.push(isPrevented ? 'prevented' : 'quit');
    };
    quitGracefully({
      app: { on: (name: string, listener: unknown) => events.on(name, listener as () => void), quit },
      server: { close: () => (steps.push('stop'), stopping.promise) },
      onQuitting: () => void steps.push('window closed'),
      onQuit: () => void steps.push('tray gone'),
    });
    quit();
    quit();
    assert.deepEqual(steps, ['window closed', 'stop', 'prevented', 'prevented']);
    stopping.resolve();
    await stopping.promise;
    await Promise.resolve();
    assert.deepEqual(steps.slice(4), ['tray gone', 'quit']);
  });
});

describe('the computer’s sleep', () => {
  test('ends with another look at the addresses, and another try where one was missing', () => {
    const powerMonitor = new EventEmitter();
    const done: string[] = [];
    let status: ServerStatus = { phase: 'running', port: 1 };
    watchPower({
      powerMonitor,
      app: { quit: () => void done.push('quit') },
      server: { status: () => status, start: () => void done.push('start') },
      refresh: () => void done.push('refresh'),
      log: () => undefined,
    });
    powerMonitor.emit('resume');
    status = { phase: 'problem', code: 'HOST_NOT_HERE', facts: {} };
    powerMonitor.emit('resume');
    status = { phase: 'stopped' };
    powerMonitor.emit('resume');
    powerMonitor.emit('shutdown');
    assert.deepEqual(done, ['refresh', 'start', 'refresh', 'refresh', 'quit']);
  });

  test('may end in another network: the server is asked again, and again when a cable is moved', async () => {
    let bestUrl: string | null = 'http://192.168.0.5:5000';
    let tick: () => void = () => assert.fail('no timer');
    let adapters: Record<string, never[]> = {};
    let changes = 0;
    const timer = { unref: () => timer };
    const addresses = createServerAddresses({
      server: {
        status: () => ({ phase: 'running', port: 5000 }),
        call: () =>
          Promise.resolve({ ok: true, value: { bestUrl, addresses: [{ url: 'http://localhost:5000' }] } }),
      },
      interfaces: () => adapters,
      timers: {
        setTimeout: (task) => ((tick = task), timer as unknown as NodeJS.Timeout), // only unref is used
        clearTimeout: () => undefined,
      },
      pollMs: 15_000,
      onChange: () => (changes += 1),
    });
    await addresses.refresh();
    assert.equal(addresses.known(), bestUrl);
    bestUrl = 'http://10.0.0.7:5000';
    tick();
    await new Promise(setImmediate);
    // the machine's own addresses are as they were: the server was not bothered
    assert.equal(addresses.known(), 'http://192.168.0.5:5000');
    adapters = { eth1: [] };
    tick();
    await new Promise(setImmediate);
    assert.equal(addresses.known(), bestUrl);
    assert.equal(changes, 2);
    bestUrl = null;
    assert.equal(await addresses.best(), 'http://localhost:5000');
    // whatever the answer says, no other program is opened
    bestUrl = 'file:///etc/passwd';
    assert.equal(await addresses.best(), 'http://localhost:5000');
    assert.equal(await addresses.own(), 'http://localhost:5000');
  });
});

test('Chromium is told not to call anybody before the app is ready', () => {
  const switches = new Map<string, string | undefined>();
  goOffline({ commandLine: { appendSwitch: (name, value) => void switches.set(name, value) } });
  assert.equal(switches.get('host-resolver-rules'), 'MAP * ~NOTFOUND');
  for (const name of [
    'disable-background-networking',
    'disable-component-update',
    'disable-breakpad',
    'dns-prefetch-disable',
    'no-proxy-server',
    'no-pings',
  ]) {
    assert.ok(switches.has(name), name);
  }
});

test('a folder is opened, never a file, which would run whatever takes its ending', async () => {
  const opened: string[] = [];
  const shell = { openPath: (place: string) => Promise.resolve(opened.push(place) > 0 ? '' : 'x') };
  const here = import.meta.dirname;
  await openPlace(shell, here);
  await openPlace(shell, path.join(here, 'main.ts'));
  await openPlace(shell, path.join(here, 'not-there'));
  assert.deepEqual(opened, [here, here, here]);
});
