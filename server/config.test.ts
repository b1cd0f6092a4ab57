import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { cloneFolder, defaultDataFolder } from './cli/data-folder.ts';
import { configFilePath, changeConfigFile } from './config-file.ts';
import { configWith, describeConfig, isOverridden, loadConfig, rateLimitsOf } from './config.ts';
import type { Environment } from './config.ts';
import { StartupError } from './startup-error.ts';

const root = mkdtempSync(path.join(tmpdir(), 'maru-config-'));
after(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
function folderWith(file?: unknown): string {
  const folder = path.join(root, String((folders += 1)));
  mkdirSync(folder);
  const text = typeof file === 'string' ? file : JSON.stringify(file);
  if (file !== undefined) writeFileSync(configFilePath(folder), text);
  return folder;
}

function load(argv: string[], env: Environment = {}, file?: unknown) {
  const folder = folderWith(file);
  const machine = { platform: 'linux' as const, env, homeDir: root, codeDir: root };
  return loadConfig(['--data-dir', folder, ...argv], machine);
}

const refusal = (argv: string[], env: Environment = {}, file?: unknown): Record<string, unknown> => {
  try {
    load(argv, env, file);
  } catch (error) {
    if (error instanceof StartupError) {
      return { ...error.facts, code: error.code };
    }
    throw error;
  }
  return assert.fail('the configuration was accepted');
};

describe('precedence', () => {
  test('a default stands until the file, the environment or an argument says otherwise, in that order', () => {
    const env = { DEFAULT_PORT: '7002' };
    assert.equal(load([]).config.port, 5000);
    assert.equal(load([], {}, { port: 7001 }).config.port, 7001);
    assert.equal(load([], env, { port: 7001 }).config.port, 7002);
    assert.equal(load(['--port', '7003'], env, { port: 7001 }).config.port, 7003);
    assert.equal(load(['--port=7004'], env, { port: 7001 }).config.port, 7004);
  });

  test('each key says where it came from and whether the file is overridden', () => {
    const loaded = load(['--host', '127.0.0.1'], { LOG_LEVEL: 'debug' }, { port: 7001, host: '10.0.0.1' });
    assert.deepEqual(loaded.origins.host, { source: 'argument', name: '--host' });
    assert.deepEqual(loaded.origins.logLevel, { source: 'environment', name: 'LOG_LEVEL' });
    assert.equal(loaded.origins.port.source, 'file');
    assert.equal(loaded.origins.sessionTimeoutHours.source, 'default');
    assert.equal(isOverridden(loaded, 'host'), true);
    assert.equal(isOverridden(loaded, 'port'), false);
    assert.deepEqual(loaded.fileValues, { port: 7001, host: '10.0.0.1' });
  });

  test('an empty environment variable counts as not set', () => {
    assert.equal(load([], { DEFAULT_PORT: '' }, { port: 7001 }).config.port, 7001);
  });

  test('every limit can be raised, and the limits of the contract follow', () => {
    const { config } = load([], { SOCKET_SEND_MESSAGE_PER_MINUTE: '5000', LOGIN_PER_MINUTE: '77' });
    assert.equal(rateLimitsOf(config).socket_send_message, 5000);
    assert.equal(rateLimitsOf(config).login, 77);
    assert.equal(rateLimitsOf(configWith(root)).register, 5);
  });

  test('the same value means the same from every source', () => {
    const list = ['10.0.0.5', '192.168.0.0/16', 'loopback', 'fd00::/8'];
    assert.deepEqual(load([], { TRUST_PROXY: list.join(', ') }).config.trustProxy, list);
    assert.deepEqual(load([], {}, { trustProxy: list }).config.trustProxy, list);
    assert.equal(load(['--host', '*']).config.host, null);
  });
});

describe('refusals name the key and where it was set', () => {
  const cases: [string, string[], Environment, unknown, Record<string, unknown>][] = [
    ['a port that is no number', ['--port', 'eighty'], {}, undefined, { key: '--port', origin: 'argument' }],
    [
      'a port out of range',
      [],
      { DEFAULT_PORT: '70000' },
      undefined,
      { key: 'DEFAULT_PORT', maximum: 65535 },
    ],
    [
      'a wrong type in the file',
      [],
      {},
      { port: [] },
      { key: 'port', origin: 'file', problem: 'value-wrong' },
    ],
    ['an unknown argument', ['--prot', '1'], {}, undefined, { key: '--prot', suggestion: '--port' }],
    ['an unknown key in the file', [], {}, { prot: 1 }, { key: 'prot', origin: 'file', suggestion: 'port' }],
    ['a word without dashes', ['server'], {}, undefined, { key: 'server', problem: 'unknown' }],
    ['a missing value', ['--host', '--no-open'], {}, undefined, { key: '--host', problem: 'value-missing' }],
    ['a file that is not JSON', [], {}, '{"port": 5000', { problem: 'file-not-json' }],
    ['a list instead of an object', [], {}, '[]', { problem: 'file-not-json' }],
    [
      'the data folder inside its own file',
      [],
      {},
      { dataDir: '/x' },
      { key: 'dataDir', problem: 'unknown' },
    ],
    ['a proxy that is no address', [], { TRUST_PROXY: 'everyone' }, undefined, { key: 'TRUST_PROXY' }],
    ['a range that is too long', [], { TRUST_PROXY: '10.0.0.0/33' }, undefined, { key: 'TRUST_PROXY' }],
    ['an unknown level', ['--log-level', 'loud'], {}, undefined, { key: '--log-level', expected: 'choice' }],
    ['a secret as an argument', ['--metrics-token', 'x'], {}, undefined, { problem: 'unknown' }],
  ];
  for (const [name, argv, env, file, facts] of cases) {
    test(name, () => {
      const refused = refusal(argv, env, file);
      assert.deepEqual({ ...refused, ...facts }, refused);
      assert.equal(refused['code'], 'CONFIG_INVALID');
    });
  }

  test('a bad secret is not repeated', () => {
    assert.equal(refusal([], { METRICS_TOKEN: 'too short' })['value'], '********');
  });

  const later: [string, Environment][] = [
    ['OIDC', { FEATURE_OIDC_ENABLED: 'yes' }],
    ['ClamAV', { FEATURE_AV_SCAN_ENABLED: '1' }],
    ['Redis', { STATE_STORE_REDIS_URL: 'redis://10.0.0.9:6379' }],
    ['Redis', { RATE_LIMIT_STORAGE_URI: 'redis://10.0.0.9:6379' }],
    ['retention', { RETENTION_DAYS: '30' }],
  ];
  for (const [feature, env] of later) {
    test(`${feature} by ${Object.keys(env).join()} is refused instead of ignored`, () => {
      const refused = refusal([], env);
      assert.equal(refused['code'], 'FEATURE_NOT_AVAILABLE');
      assert.equal(refused['feature'], feature);
      assert.equal(refused['key'], Object.keys(env)[0]);
    });
  }

  test('settings of a feature that stays off are accepted', () => {
    const { config } = load([], { OIDC_CLIENT_ID: 'maru', AV_CLAMD_PORT: '3311', RETENTION_DAYS: '0' });
    assert.equal(config.oidcClientId, 'maru');
    assert.equal(config.avClamdPort, 3311);
  });
});

test('the description masks secrets, also those inside addresses', () => {
  const loaded = load([], {
    METRICS_TOKEN: 'abcdefghijklmnopqrst',
    OIDC_ISSUER_URL: 'https://u:hidden@id.lan/',
  });
  const text = JSON.stringify(describeConfig(loaded));
  assert.ok(!text.includes('abcdefghijklmnopqrst'));
  assert.ok(!text.includes('hidden'));
  assert.ok(text.includes('id.lan'));
});

test('changing the file keeps what it said and never leaves half a file', () => {
  const folder = folderWith({ host: '10.0.0.1' });
  changeConfigFile(configFilePath(folder), { port: 5003 });
  assert.deepEqual(JSON.parse(readFileSync(configFilePath(folder), 'utf8')), {
    host: '10.0.0.1',
    port: 5003,
  });
});

describe('the data folder', () => {
  const at = (platform: NodeJS.Platform, env: Environment, codeDir = '/nowhere/dist/server') =>
    defaultDataFolder({ platform, env, homeDir: '/home/kim', codeDir });

  test('follows the operating system in an installed copy', () => {
    assert.equal(at('win32', { ProgramData: 'D:\\ProgramData' }), 'D:\\ProgramData\\Maru');
    assert.equal(at('darwin', {}), '/home/kim/Library/Application Support/Maru');
    assert.equal(at('linux', { HOME: '/home/kim' }), '/home/kim/.local/share/maru');
    assert.equal(at('linux', { STATE_DIRECTORY: '/var/lib/maru' }), '/var/lib/maru');
    assert.equal(at('linux', { INVOCATION_ID: '0f' }), '/var/lib/maru');
  });

  test('is ./data in a clone, from the sources and from the bundle', () => {
    const clone = path.resolve(import.meta.dirname, '..');
    assert.equal(cloneFolder(import.meta.dirname), clone);
    assert.equal(at('linux', {}, path.join(clone, 'dist', 'server')), path.join(clone, 'data'));
  });
});
