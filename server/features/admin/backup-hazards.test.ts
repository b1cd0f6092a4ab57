/** What can come in the way of a backup, a restore or a restart: broken settings, a full disk, impatience. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { AdminInput, AdminRequestName } from '#contract/admin.ts';
import { connectTestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

describe('an administrator who asks for', () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'maru-hazards-'));
  const configFile = path.join(dataDir, 'config.json');
  const backups = path.join(dataDir, 'backups');
  let restarts = 0;
  let server: TestServer;
  before(async () => {
    const origins = { port: { source: 'file', name: 'config.json' } } as const;
    writeFileSync(configFile, '{ "port": 0 }');
    server = await startTestServer({ dataDir, host: { origins, restart: () => void (restarts += 1) } });
    await server.person('alice');
  });
  beforeEach(() => writeFileSync(configFile, '{ "port": 0 }'));
  after(async () => {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function ask<Name extends AdminRequestName>(name: Name, input: AdminInput<Name>) {
    const answer = await server.server.askAsHost(name, input);
    return { code: answer.ok ? 'OK' : answer.code, value: Object(answer.ok ? answer.value : {}) };
  }
  const codeOf = async <Name extends AdminRequestName>(name: Name, input: AdminInput<Name>) =>
    (await ask(name, input)).code;
  const staged = () => readdirSync(dataDir).filter((name) => name.startsWith('restore-'));

  test('a restart or a restore is refused while the next start would not understand its settings', async () => {
    const { name } = (await ask('admin:backup', {})).value.backup;
    for (const text of ['{ "port": ', '[]', '{ "port": "many" }', '{ "prot": 5000 }']) {
      writeFileSync(configFile, text);
      assert.equal(await codeOf('admin:restart', {}), 'SETTINGS_UNREADABLE', text);
      assert.equal(await codeOf('admin:restore', { name }), 'SETTINGS_UNREADABLE', text);
      assert.deepEqual(staged(), [], text);
      const { code, value } = await ask('admin:overview', {});
      assert.deepEqual([code, value.problems], ['OK', ['SETTINGS_UNREADABLE']], text);
    }
    server.clock.advance(10_000);
    assert.equal(restarts, 0);
  });

  test('two settings at one moment gets both', async () => {
    const codes = await Promise.all([
      codeOf('admin:change-settings', { changes: { connectionsPerUser: 50 } }),
      codeOf('admin:change-settings', { changes: { sessionTimeoutHours: 24 } }),
      codeOf('admin:change-settings', { changes: { logLevel: 'debug' } }),
    ]);
    assert.deepEqual(codes, ['OK', 'OK', 'OK']);
    const written: unknown = JSON.parse(readFileSync(configFile, 'utf8'));
    assert.deepEqual(written, {
      port: 0,
      connectionsPerUser: 50,
      sessionTimeoutHours: 24,
      logLevel: 'debug',
    });
  });

  test('a backup gets rid of what earlier ones left half-way, but not of one under way', async () => {
    mkdirSync(backups, { recursive: true });
    const [old = '', young = ''] = ['2019', '2020'].map((year) => `maru-${year}-01-01T00-00-00-000Z.db.part`);
    for (const name of [old, young]) writeFileSync(path.join(backups, name), 'half');
    utimesSync(path.join(backups, old), new Date(0), new Date(0));
    const now = new Date(server.clock.now());
    utimesSync(path.join(backups, young), now, now);
    assert.equal(await codeOf('admin:backup', {}), 'OK');
    assert.deepEqual(
      readdirSync(backups).filter((name) => name.endsWith('.part')),
      [young],
    );
  });

  test('a name that leads elsewhere gets nothing', async () => {
    writeFileSync(path.join(dataDir, 'outside.db'), 'x');
    mkdirSync(path.join(backups, 'folder.db'), { recursive: true });
    for (const name of ['outside.db', 'folder.db', 'secret.key', 'Maru.db']) {
      const code = await codeOf('admin:restore', { name });
      assert.ok(code === 'NOT_FOUND' || code === 'INVALID_INPUT', `${name}: ${code}`);
    }
    for (const name of ['../maru.db', '..\\maru.db', '/etc/passwd', 'a/b.db', 'a\0.db', '.db', '..db', '']) {
      assert.equal(await codeOf('admin:restore', { name }), 'INVALID_INPUT', name);
    }
  });

  test('a backup is told so when a file is in the place of the folder, and gets it when that is put right', async () => {
    rmSync(backups, { recursive: true, force: true });
    writeFileSync(backups, 'a file');
    try {
      assert.equal(await codeOf('admin:backups', {}), 'BACKUP_FOLDER_UNUSABLE');
      assert.equal(await codeOf('admin:backup', {}), 'BACKUP_FOLDER_UNUSABLE');
      assert.equal(await codeOf('admin:delete-backup', { name: 'one.db' }), 'BACKUP_FOLDER_UNUSABLE');
      assert.equal(await codeOf('admin:restore', { name: 'one.db' }), 'BACKUP_FOLDER_UNUSABLE');
      assert.equal(readFileSync(backups, 'utf8'), 'a file');
    } finally {
      rmSync(backups);
    }
    assert.equal(await codeOf('admin:backup', {}), 'OK');
  });

  // the last one: after it this server only waits for its end
  test('two restores gets the first; nothing else is begun until the start that carries it out', async () => {
    const { name } = (await ask('admin:backup', {})).value.backup;
    const codes = await Promise.all([codeOf('admin:restore', { name }), codeOf('admin:restore', { name })]);
    assert.deepEqual(codes, ['OK', 'BACKUP_UNDER_WAY']);
    assert.equal(await codeOf('admin:restore', { name }), 'BACKUP_UNDER_WAY');
    assert.equal(await codeOf('admin:backup', {}), 'BACKUP_UNDER_WAY');
    assert.equal(staged().filter((file) => file.endsWith('.db')).length, 1);
    server.clock.advance(1_000);
    assert.equal(restarts, 1);
  });
});

const onlyWhereMounting = { skip: process.platform !== 'linux' || process.getuid?.() !== 0 };

test(
  'on a full disk a backup is refused, leaves nothing behind, and works again when there is space',
  onlyWhereMounting,
  (t) =>
    onMountedBackups(t, 'size=64k', async ({ server, backups }) => {
      const alice = await server.person('alice');
      const refused = await server.server.askAsHost('admin:backup', {});
      assert.equal(refused.ok ? 'OK' : refused.code, 'DISK_FULL');
      assert.deepEqual(readdirSync(backups), []);
      // the disk of the database itself is fine
      const client = await connectTestClient(server.port, alice);
      assert.deepEqual((await client.ask('admin:overview', {})).problems, []);
      spawnSync('mount', ['-o', 'remount,size=16m', backups]);
      assert.equal((await server.server.askAsHost('admin:backup', {})).ok, true);
      client.close();
    }),
);

test(
  'in a folder that may only be read, copies are listed, and a new one is refused with the reason',
  onlyWhereMounting,
  (t) =>
    onMountedBackups(t, 'size=16m', async ({ server, backups }) => {
      const ask = async (name: AdminRequestName, input: object) => {
        const answer = await server.server.askAsHost(name, input);
        return answer.ok ? 'OK' : answer.code;
      };
      assert.equal(await ask('admin:backup', {}), 'OK');
      const present = readdirSync(backups);
      spawnSync('mount', ['-o', 'remount,ro', backups]);
      assert.equal(await ask('admin:backups', {}), 'OK');
      assert.equal(await ask('admin:backup', {}), 'BACKUP_FOLDER_UNUSABLE');
      const [name = ''] = present;
      assert.equal(await ask('admin:delete-backup', { name, mayBeNewest: true }), 'BACKUP_IN_USE');
      assert.deepEqual(readdirSync(backups), present);
    }),
);

/** A server whose backups folder is a file system of its own, with these mount options. */
async function onMountedBackups(
  t: TestContext,
  options: string,
  work: (place: { server: TestServer; backups: string }) => Promise<void>,
): Promise<void> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'maru-mounted-'));
  const backups = path.join(dataDir, 'backups');
  mkdirSync(backups);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', backups]);
  if (mounted.status !== 0) {
    rmSync(dataDir, { recursive: true, force: true });
    return t.skip('this machine allows no mounts');
  }
  const server = await startTestServer({ dataDir, host: {} });
  try {
    await work({ server, backups });
  } finally {
    await server.stop();
    spawnSync('umount', [backups]);
    rmSync(dataDir, { recursive: true, force: true });
  }
}
