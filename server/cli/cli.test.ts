import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:net';
import { test, describe } from 'node:test';
import { bestLanAddress, serverAddresses } from './addresses.ts';
import { knownArguments, parseArguments } from './arguments.ts';
import { isBrowserWanted } from './browser-opening.ts';
import { helpText } from './help-text.ts';
import { terminalLanguage } from './language.ts';
import { explainListenFailure } from './listen-failure.ts';
import { openHostChannel } from './host-channel.ts';
import { checkNodeVersion } from './node-version.ts';
import { findPortOwner, parseLsof, parseNetstat } from './port-owner.ts';
import { startScreen } from './start-screen.ts';
import { listenForStop } from './stop-requests.ts';
import { StartupError } from '../startup-error.ts';

const adapter = (address: string, family: 'IPv4' | 'IPv6' = 'IPv4', internal = false) => ({
  address,
  family,
  internal,
  netmask: '',
  mac: '',
  cidr: null,
  scopeid: 0,
});

describe('addresses', () => {
  const interfaces = {
    lo: [adapter('127.0.0.1', 'IPv4', true)],
    docker0: [adapter('172.17.0.1')],
    eth0: [adapter('10.1.2.3'), adapter('fe80::1', 'IPv6'), adapter('fd00::7', 'IPv6')],
    wlan0: [adapter('192.168.0.12')],
    eth1: [adapter('169.254.3.4')],
  };
  const at = (host: string | null) =>
    serverAddresses({ host, port: 5000, interfaces, hostName: 'Office-PC' }).map(({ url }) => url);

  test('this machine comes first, then what colleagues can reach, containers last, unreachable ones never', () => {
    assert.deepEqual(at(null), [
      'http://localhost:5000',
      'http://192.168.0.12:5000',
      'http://10.1.2.3:5000',
      'http://[fd00::7]:5000',
      'http://172.17.0.1:5000',
      'http://office-pc:5000',
    ]);
  });

  test('a chosen host is the only address', () => {
    assert.deepEqual(at('192.168.0.12'), ['http://192.168.0.12:5000']);
    assert.deepEqual(at('::1'), ['http://[::1]:5000']);
  });

  test('0.0.0.0 leaves IPv6 out', () => {
    assert.ok(!at('0.0.0.0').some((url) => url.includes('[')));
  });

  test('the QR code takes the office Wi-Fi address', () => {
    const addresses = serverAddresses({ host: null, port: 80, interfaces, hostName: '사무실' });
    assert.equal(bestLanAddress(addresses)?.url, 'http://192.168.0.12');
    assert.ok(addresses.every(({ kind }) => kind !== 'name'));
  });
});

describe('who listens on a port', () => {
  test('lsof names process and program', () => {
    assert.deepEqual(parseLsof('p812\ncpostgres\nf5\n'), { pid: 812, program: 'postgres' });
    assert.equal(parseLsof(''), null);
  });

  test('netstat of a German Windows is understood', () => {
    const output = [
      '  Proto  Lokale Adresse         Remoteadresse          Status           PID',
      '  TCP    0.0.0.0:50001          0.0.0.0:0              ABHÖREN         44',
      '  TCP    192.168.0.2:5000       192.168.0.9:51000      HERGESTELLT     55',
      '  TCP    0.0.0.0:5000           0.0.0.0:0              ABHÖREN         4711',
    ].join('\r\n');
    assert.equal(parseNetstat(output, 5000), 4711);
    assert.equal(parseNetstat(output, 5001), null);
  });

  test(
    'a taken port is explained with its owner and a free one',
    { skip: process.platform !== 'linux' },
    async () => {
      const other = createServer().listen(0);
      await once(other, 'listening');
      const bound = other.address();
      const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
      try {
        assert.deepEqual(findPortOwner(port), { pid: process.pid, program: 'node' });
        const error = Object.assign(new Error('in use'), { code: 'EADDRINUSE', syscall: 'listen' });
        const explained = await explainListenFailure(error, null, port);
        assert.ok(explained instanceof StartupError);
        assert.equal(explained.code, 'PORT_TAKEN');
        assert.equal(explained.facts['pid'], process.pid);
        assert.ok(Number(explained.facts['freePort']) > port);
      } finally {
        other.close();
      }
    },
  );

  test('other failures of listening are told apart, and foreign errors stay as they are', async () => {
    const failure = (code: string) => Object.assign(new Error(code), { code, syscall: 'listen' });
    const codeFor = async (code: string, host: string | null) => {
      const explained = await explainListenFailure(failure(code), host, 81);
      return explained instanceof StartupError ? explained.code : null;
    };
    assert.equal(await codeFor('EACCES', null), 'PORT_NOT_ALLOWED');
    assert.equal(await codeFor('EADDRNOTAVAIL', '10.9.9.9'), 'HOST_NOT_HERE');
    assert.equal(await codeFor('ENOTFOUND', 'no-such-host'), 'HOST_NOT_HERE');
    assert.equal(await codeFor('EIO', null), null);
  });
});

describe('opening a browser', () => {
  const desktop = { platform: 'linux' as const, env: { DISPLAY: ':0' }, isTerminal: true };
  const wanted = (argv: string[], change: object = {}) =>
    isBrowserWanted(parseArguments(argv), { ...desktop, ...change });

  test('happens by hand on a desktop only', () => {
    assert.equal(wanted([]), true);
    assert.equal(wanted(['--no-open']), false);
    assert.equal(wanted(['--cli']), false);
    assert.equal(wanted([], { isTerminal: false }), false);
    assert.equal(wanted([], { env: {} }), false);
    assert.equal(wanted([], { env: { DISPLAY: ':0', CI: 'true' } }), false);
    assert.equal(wanted([], { env: { DISPLAY: ':10', SSH_CONNECTION: 'x' } }), false);
    assert.equal(wanted([], { env: {}, platform: 'win32' }), true);
    assert.equal(wanted(['--open', '--cli'], { env: {} }), true);
  });
});

describe('what a person reads', () => {
  test('the language follows the locale variables in their order, then the system', () => {
    assert.equal(terminalLanguage({ LC_ALL: 'en_US.UTF-8', LANG: 'ko_KR.UTF-8' }, 'ko-KR'), 'en');
    assert.equal(terminalLanguage({ LANG: 'ko_KR.UTF-8' }, 'en-US'), 'ko');
    assert.equal(terminalLanguage({ LANG: 'C.UTF-8' }, 'ko-KR'), 'en');
    assert.equal(terminalLanguage({}, 'ko-KR'), 'ko');
  });

  test('the help names every argument in both languages', () => {
    for (const language of ['ko', 'en'] as const) {
      const missing = knownArguments.filter(
        (name) => name.startsWith('--') && !helpText(language).includes(name),
      );
      assert.deepEqual(missing, []);
    }
  });

  test('the start screen has every address, and the set-up code while there is one', () => {
    const addresses = [
      { url: 'http://localhost:5000', kind: 'loopback' as const },
      { url: 'http://192.168.0.12:5000', kind: 'IPv4' as const },
    ];
    const base = { version: '0.1.0', dataDir: '/d', addresses, qrCode: '' };
    for (const language of ['ko', 'en'] as const) {
      const first = startScreen({ ...base, setupCode: 'ABCD-2345' }, language, false);
      for (const part of ['http://localhost:5000', 'http://192.168.0.12:5000', 'ABCD-2345', '/d']) {
        assert.ok(first.includes(part), `${part} in\n${first}`);
      }
      assert.ok(!startScreen({ ...base, setupCode: null }, language, false).includes('ABCD'));
    }
  });
});

test('a Node that would crash the database driver is refused, later ones are not', () => {
  assert.throws(() => checkNodeVersion('20.20.2'), { code: 'WRONG_NODE' });
  assert.throws(() => checkNodeVersion('22.17.9'), { code: 'WRONG_NODE' });
  checkNodeVersion('22.18.0');
  checkNodeVersion('24.0.0');
});

describe('requests to stop', () => {
  const listen = (platform: NodeJS.Platform) => {
    const asked: string[] = [];
    const fake = Object.assign(new EventEmitter(), { platform, connected: true, send: () => true });
    const own = fake as unknown as NodeJS.Process; // only its events, platform and channel are read
    listenForStop({
      process: own,
      host: openHostChannel(own),
      onFirst: (reason) => asked.push(reason),
      onSecond: () => asked.push('at once'),
    });
    return { fake, asked };
  };

  test('one Ctrl+C that arrives three times asks once', () => {
    const { fake, asked } = listen('linux');
    for (let copy = 0; copy < 3; copy += 1) fake.emit('SIGINT');
    assert.deepEqual(asked, ['SIGINT']);
  });

  test('a second one later stops at once', (t) => {
    let now = 0;
    t.mock.method(performance, 'now', () => now);
    const { fake, asked } = listen('linux');
    fake.emit('SIGTERM');
    now = 1000;
    fake.emit('SIGTERM');
    assert.deepEqual(asked, ['SIGTERM', 'at once']);
  });

  test('the parent can ask, and its death asks too', () => {
    const told = listen('linux');
    told.fake.emit('message', { type: 'other' });
    told.fake.emit('message', { type: 'stop' });
    assert.deepEqual(told.asked, ['stop']);
    const orphan = listen('linux');
    orphan.fake.emit('disconnect');
    assert.deepEqual(orphan.asked, ['parent gone']);
  });

  test('in a utility process the parent asks and is told over its port', () => {
    const parentPort = Object.assign(new EventEmitter(), { told: [] as unknown[], postMessage: () => {} });
    parentPort.postMessage = (...message: unknown[]) => void parentPort.told.push(...message);
    const fake = Object.assign(new EventEmitter(), { platform: 'linux', parentPort });
    const own = fake as unknown as NodeJS.Process; // as above
    const host = openHostChannel(own);
    const asked: string[] = [];
    listenForStop({ process: own, host, onFirst: (reason) => asked.push(reason), onSecond: () => {} });
    host?.tell({ type: 'ready', port: 5000 });
    parentPort.emit('message', { data: { type: 'stop' } });
    assert.deepEqual(asked, ['stop']);
    assert.deepEqual(parentPort.told, [{ type: 'ready', port: 5000 }]);
  });

  test('closing a console asks on Windows and is left alone elsewhere', () => {
    const windows = listen('win32');
    windows.fake.emit('SIGHUP');
    assert.deepEqual(windows.asked, ['SIGHUP']);
    assert.equal(listen('linux').fake.listenerCount('SIGHUP'), 0);
  });
});
