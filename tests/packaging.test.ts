/** The packages: what is in them, and that what is in them runs. Nothing here is fetched from anywhere. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, before, describe, test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { extractAll, listPackage } from '@electron/asar';
import { getCurrentFuseWire } from '@electron/fuses';
import Sqlite from 'better-sqlite3';
import { Arch, Platform, build } from 'electron-builder';
import { fuses } from '../build/release/after-pack.ts';
import { packageApp } from '../build/release/package-app.ts';
import { releaseTree, writeServerArchive } from '../build/release/server-archive.ts';
import { readProduct, serverTree } from '../build/release/server-tree.ts';
import { tarFile } from '../build/release/tar-file.ts';
import { findTarget, targets } from '../build/release/target.ts';
import { contentsOf, filesBelow } from '../build/release/tree.ts';
import type { TreeFile } from '../build/release/tree.ts';
import { zipFile } from '../build/release/zip-file.ts';
import { isLoopback, isNowhere, socketsOf, withDescendants } from './process-sockets.ts';
import { messagesOf, sendMessage, signUp, startPackaged } from './packaging/packaged-server.ts';
import { migrations } from '../server/database/migrations/index.ts';
import { openDatabase } from '../server/database/open-database.ts';
import { writeStandInElectron } from './packaging/stand-in-electron.ts';

const root = path.resolve(import.meta.dirname, '..');
const isLinux = process.platform === 'linux';
const onlyLinux = isLinux ? false : 'the packages of Linux are made and run on Linux';
const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
const scratch = mkdtempSync(path.join(tmpdir(), 'maru-packaging-'));
// a test of the launcher runs it as another user
chmodSync(scratch, 0o755);
after(() => rmSync(scratch, { recursive: true, force: true }));

const { version } = readProduct(root);
const names = (files: readonly TreeFile[]): string[] => files.map(({ name }) => name);
const nativeModules = (list: readonly string[]): string[] => list.filter((name) => name.endsWith('.node'));

describe('the desktop app', { skip: onlyLinux }, () => {
  const folder = path.join(scratch, 'app');
  const unpacked = path.join(folder, 'out', `linux${arch === 'x64' ? '' : '-arm64'}-unpacked`);
  const server = path.join(unpacked, 'resources', 'server');
  before(async () => {
    const electronVersion: { version: string } = JSON.parse(
      readFileSync(path.join(root, 'node_modules', 'electron', 'package.json'), 'utf8'),
    );
    const electronDist = writeStandInElectron(path.join(scratch, 'electron'), electronVersion.version);
    await packageApp({ root, platform: 'linux', arch, isUnpackedOnly: true, electronDist, folder });
  });

  test('holds the app in its archive, and nothing else there', () => {
    const archive = path.join(unpacked, 'resources', 'app.asar');
    const listed = listPackage(archive, { isPack: false });
    const strays = listed.filter((name) => !/^\/(package\.json|dist(\/(main|renderer)(\/.*)?)?)$/.test(name));
    assert.deepEqual(strays, []);
    for (const name of ['/dist/main/main.js', '/dist/main/preload.cjs', '/dist/renderer/index.html'])
      assert.ok(listed.includes(name), name);
    assert.ok(!listed.some((name) => name.endsWith('.map')));
    const inside = path.join(scratch, 'asar');
    extractAll(archive, inside);
    const described: unknown = JSON.parse(readFileSync(path.join(inside, 'package.json'), 'utf8'));
    assert.partialDeepStrictEqual(described, {
      name: 'maru',
      version,
      type: 'module',
      main: 'dist/main/main.js',
    });
  });

  test('holds the server beside it, with the one SQLite binary that it needs', () => {
    const packed = names(filesBelow(server, '')).sort();
    assert.deepEqual(packed, names(serverTree(root, { sqlite: `linux-${arch}` })).sort());
    assert.deepEqual(nativeModules(packed), [`node_modules/better-sqlite3/prebuilds/linux-${arch}.node`]);
  });

  test('keeps the languages that the product speaks', () => {
    assert.deepEqual(readdirSync(path.join(unpacked, 'locales')).sort(), ['en-US.pak', 'ko.pak']);
  });

  test('has every fuse as decided', async () => {
    const { resetAdHocDarwinSignature: _, version: _version, ...wanted } = fuses;
    const wire = await getCurrentFuseWire(path.join(unpacked, 'maru-desktop'));
    for (const [fuse, isOn] of Object.entries(wanted)) {
      // the wire holds characters: 49 is "1"
      assert.equal(Reflect.get(wire, fuse), isOn ? 49 : 48, `fuse ${fuse}`);
    }
    assert.equal(Object.keys(wanted).length, 8);
  });

  /** What the launcher hands to the binary, or to the server, as a user who is not root. */
  function launch(args: readonly string[], env: Record<string, string>): string[] {
    const isRoot = process.getuid?.() === 0;
    const run = spawnSync(path.join(unpacked, 'maru'), args, {
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin', ...env },
      ...(isRoot ? { uid: 65_534, gid: 65_534 } : {}),
    });
    assert.equal(run.status, 0, run.stderr);
    return run.stdout.trimEnd().split('\n');
  }

  test('its launcher tells Chromium to do without a display where there is none', () => {
    const cli = ['--cli', '--port', '5001'];
    assert.deepEqual(launch(cli, {}), ['--ozone-platform=headless', ...cli]);
    assert.deepEqual(launch(cli, { DISPLAY: ':0' }), cli);
    assert.deepEqual(launch(cli, { WAYLAND_DISPLAY: 'wayland-0' }), cli);
    assert.deepEqual(launch(['--hidden'], {}), ['--hidden']);
    assert.deepEqual(launch(['--data-dir', '/srv/my maru'], { DISPLAY: ':0' }), [
      '--data-dir',
      '/srv/my maru',
    ]);
  });

  test(
    'its launcher does without Chromium where that refuses to run: for root',
    {
      skip: process.getuid?.() === 0 ? false : 'this test is for root',
    },
    () => {
      const link = path.join(scratch, 'maru-link');
      symlinkSync(path.join(unpacked, 'maru'), link);
      const run = spawnSync(link, ['--no-sandbox', '--cli', '--version'], {
        encoding: 'utf8',
        env: { PATH: '/usr/bin:/bin' },
      });
      assert.deepEqual([run.status, run.stdout.trim()], [0, version], run.stderr);
    },
  );

  test('its server runs headless and is used', async () => {
    const packaged = await startPackaged({
      command: path.join(unpacked, 'maru-cli'),
      dataDir: path.join(scratch, 'app-data'),
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    });
    await signUp(packaged.port, 'alice');
    await packaged.stop();
  });

  test('its systemd unit runs that server', () => {
    const unit = readFileSync(path.join(folder, 'maru.service'), 'utf8');
    assert.match(unit, /^Environment=ELECTRON_RUN_AS_NODE=1$/m);
    assert.match(
      unit,
      /^ExecStart=\/opt\/Maru\/maru-desktop \/opt\/Maru\/resources\/server\/dist\/server\/cli\.js --cli$/m,
    );
    assert.doesNotMatch(unit, /@/);
  });

  test('a misspelled setting of a package that cannot be made here is refused all the same', async () => {
    const config = {
      extends: path.join(root, 'electron-builder.yml'),
      directories: { app: path.join(folder, 'app') },
      dmg: { titel: 'Maru' },
    };
    const options = { projectDir: root, targets: Platform.LINUX.createTarget('dir', Arch.x64), config };
    // the compiler would refuse it as well, which is not what is tested here
    await assert.rejects(build(options as Parameters<typeof build>[0]), /configuration\.dmg should be/);
  });
});

describe('the server release', { skip: onlyLinux }, () => {
  const target = findTarget(`linux-${arch}`);
  const name = `maru-server-${version}-${target.name}`;
  const empty = path.join(scratch, 'release');
  const program = path.join(empty, name);
  const dataDir = path.join(scratch, 'release-data');
  // what a shell script needs, and neither npm nor a Node
  const bin = path.join(scratch, 'bin');
  const env = { PATH: bin, LC_ALL: 'C' };
  let archive: string;

  before(async () => {
    archive = await writeServerArchive({
      root,
      target,
      output: scratch,
      cache: path.join(scratch, 'cache'),
      level: 1,
    });
    mkdirSync(empty);
    mkdirSync(bin);
    for (const tool of ['dirname', 'readlink'])
      symlinkSync(
        execFileSync('/bin/sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(),
        path.join(bin, tool),
      );
    unpack();
  });
  const unpack = (): void => void execFileSync('tar', ['-xzf', archive, '-C', empty]);

  test('is one folder with everything that it takes, for this platform only', () => {
    assert.deepEqual(readdirSync(empty), [name]);
    const packed = names(filesBelow(program, ''));
    assert.deepEqual(nativeModules(packed), [
      `app/node_modules/better-sqlite3/prebuilds/${target.sqlite}.node`,
    ]);
    for (const file of [
      'maru',
      'README.txt',
      'LICENSE',
      'runtime/node',
      'runtime/LICENSE',
      'app/THIRD-PARTY-NOTICES.md',
    ])
      assert.ok(packed.includes(file), file);
    const readme = readFileSync(path.join(program, 'README.txt'), 'utf8');
    assert.match(readme, /마루 서버/);
    assert.match(readme, /Maru server/);
    assert.ok(readme.includes(version) && !readme.includes('@'));
  });

  test('starts in an empty folder without npm, is used, stops, is upgraded in place, moves to another machine', async () => {
    const command = path.join(program, 'maru');
    const first = await startPackaged({ command, args: ['--cli'], dataDir, env });
    const alice = await signUp(first.port, 'alice');
    const bob = await signUp(first.port, 'bob');
    const { roomUid, clientId } = await sendMessage(first.port, alice, bob);
    await first.stop();

    // the next version, unpacked over this one
    unpack();
    const described = path.join(program, 'app', 'package.json');
    writeFileSync(described, readFileSync(described, 'utf8').replace(`"${version}"`, '"99.0.0"'));
    const second = await startPackaged({ command, args: ['--cli'], dataDir, env });
    assert.match(second.output(), /Maru is running \(99\.0\.0\)/);
    assert.deepEqual(await messagesOf(second.port, bob, roomUid), [clientId]);
    await second.stop();

    const run = (args: string[]): string => {
      const done = spawnSync(command, args, { encoding: 'utf8', env });
      assert.equal(done.status, 0, done.stderr);
      return done.stdout;
    };
    assert.match(run(['--help']), /^Usage: maru \[options\]$/m);
    const file = path.join(scratch, 'copy.db');
    assert.match(run(['backup', file, '--data-dir', dataDir]), /The backup is made and checked/);
    // one file, and a data folder that does not exist yet
    const moved = path.join(scratch, 'moved-data');
    assert.match(run(['restore', file, '--data-dir', moved]), /The backup is in place/);
    const third = await startPackaged({ command, args: ['--cli'], dataDir: moved, env });
    assert.deepEqual(await messagesOf(third.port, bob, roomUid), [clientId]);
    await third.stop();
  });

  test('opens its listener and nothing else, and calls nobody, with people signed in', async () => {
    const packaged = await startPackaged({
      command: path.join(program, 'maru'),
      args: ['--cli'],
      dataDir: path.join(scratch, 'quiet-data'),
      env,
    });
    const alice = await signUp(packaged.port, 'alice');
    await sendMessage(packaged.port, alice, await signUp(packaged.port, 'bob'));
    const sockets = socketsOf(withDescendants(packaged.pid));
    const port = `:${packaged.port.toString(16).toUpperCase().padStart(4, '0')}`;
    assert.deepEqual(
      sockets.filter(({ local, kind }) => !local.endsWith(port) || kind.startsWith('udp')),
      [],
    );
    assert.equal(sockets.filter(({ isListening }) => isListening).length, 1);
    assert.deepEqual(
      sockets.filter(({ remote }) => !isNowhere(remote) && !isLoopback(remote)),
      [],
    );
    await packaged.stop();
  });

  test('takes over the data of an older version: first a copy, then the change, then people talk', async () => {
    const older = path.join(scratch, 'older-data');
    mkdirSync(older);
    writeFileSync(path.join(older, 'secret.key'), Buffer.alloc(64, 7), { mode: 0o600 });
    const first = migrations.slice(0, 1);
    const database = await openDatabase({
      folder: older,
      appVersion: '0.0.1',
      migrations: first,
      onDurable: () => undefined,
      onFatal: (error) => assert.fail(String(error)),
      onBug: (error) => assert.fail(String(error)),
    });
    await database.write(async ({ db }) => {
      await db.insertInto('server_state').values({ name: 'witness', value: 'of 0.0.1' }).execute();
      return { value: undefined, events: [] };
    });
    await database.close();

    const command = path.join(program, 'maru');
    const packaged = await startPackaged({ command, args: ['--cli'], dataDir: older, env });
    const alice = await signUp(packaged.port, 'alice');
    const bob = await signUp(packaged.port, 'bob');
    const { roomUid, clientId } = await sendMessage(packaged.port, alice, bob);
    assert.deepEqual(await messagesOf(packaged.port, bob, roomUid), [clientId]);
    await packaged.stop();

    const copies = readdirSync(path.join(older, 'backups'));
    assert.equal(copies.length, 1);
    assert.match(copies[0] ?? '', /^before-migration-0002-[0-9TZ-]+\.db$/);
    const factsOf = (file: string) => {
      const sqlite = new Sqlite(path.join(older, file), { readonly: true });
      const one = (query: string): unknown => sqlite.prepare(query).pluck().get();
      const facts = {
        sound: one('pragma integrity_check'),
        migration: one('select max(number) from maru_migrations'),
        witness: one("select value from server_state where name = 'witness'"),
        people: one('select count(*) from users'),
      };
      sqlite.close();
      return facts;
    };
    const kept = { sound: 'ok', witness: 'of 0.0.1' };
    assert.deepEqual(factsOf(`backups/${copies[0] ?? ''}`), { ...kept, migration: 1, people: 0 });
    assert.deepEqual(factsOf('maru.db'), { ...kept, migration: migrations.at(-1)?.number, people: 2 });

    // and back: the copy is a backup like any other
    const run = spawnSync(
      command,
      ['restore', path.join(older, 'backups', copies[0] ?? ''), '--data-dir', older],
      {
        encoding: 'utf8',
        env,
      },
    );
    assert.equal(run.status, 0, run.stderr);
    assert.deepEqual(factsOf('maru.db'), { ...kept, migration: 1, people: 0 });
  });

  test('installs versions side by side, and goes back to an earlier one', () => {
    const destination = path.join(scratch, 'destination');
    const install = (folder: string): void =>
      void execFileSync('/bin/sh', [path.join(folder, 'service', 'install.sh')], {
        env: { PATH: '/usr/bin:/bin', DESTDIR: destination },
      });
    // without the runtime, which is large and of no interest here
    const older = path.join(scratch, 'older');
    for (const version_ of ['0.0.1', '0.0.2']) {
      const folder = path.join(older, version_);
      mkdirSync(path.join(folder, 'service'), { recursive: true });
      for (const file of ['service/install.sh', 'service/maru.service', 'maru']) {
        const text = readFileSync(path.join(program, file), 'utf8').replace(
          `version=${version}`,
          `version=${version_}`,
        );
        writeFileSync(path.join(folder, file), text, { mode: 0o755 });
      }
      install(folder);
    }
    const programs = path.join(destination, 'opt', 'maru');
    assert.deepEqual(readdirSync(programs).sort(), ['0.0.1', '0.0.2', 'current']);
    assert.equal(readlinkSync(path.join(programs, 'current')), '0.0.2');
    const unit = readFileSync(path.join(destination, 'etc', 'systemd', 'system', 'maru.service'), 'utf8');
    assert.match(
      unit,
      /^ExecStart=\/opt\/maru\/current\/runtime\/node \/opt\/maru\/current\/app\/dist\/server\/cli\.js --cli$/m,
    );
    assert.equal(
      readlinkSync(path.join(destination, 'usr', 'local', 'bin', 'maru')),
      '/opt/maru/current/maru',
    );
    // from where it was installed to: nothing is copied onto itself
    install(path.join(programs, '0.0.1'));
    assert.equal(readlinkSync(path.join(programs, 'current')), '0.0.1');
    assert.ok(lstatSync(path.join(programs, '0.0.2')).isDirectory());
  });
});

describe('the archives', () => {
  const files: TreeFile[] = [
    { name: 'maru/maru', source: Buffer.from('#!/bin/sh\n'), isExecutable: true },
    {
      name: `maru/${'deep/'.repeat(24)}마루.txt`,
      source: Buffer.from('가나다'.repeat(500)),
      isExecutable: false,
    },
    { name: 'maru/empty', source: Buffer.alloc(0), isExecutable: false },
  ];
  const moment = new Date('2026-01-01T00:00:00Z');
  const whole = (parts: Iterable<Uint8Array>): Buffer => Buffer.concat([...parts]);

  test('are the same bytes for the same files', () => {
    assert.ok(whole(tarFile(files, 1_767_225_600)).equals(whole(tarFile(files, 1_767_225_600))));
    assert.ok(whole(zipFile(files, moment)).equals(whole(zipFile(files, moment))));
  });

  test('a tar archive is read by tar', { skip: onlyLinux }, () => {
    const folder = path.join(scratch, 'tar');
    mkdirSync(folder);
    execFileSync('tar', ['-x', '-C', folder], { input: whole(tarFile(files, moment.getTime() / 1000)) });
    for (const { name, source, isExecutable } of files) {
      assert.ok(readFileSync(path.join(folder, name)).equals(Buffer.from(source)), name);
      assert.equal((lstatSync(path.join(folder, name)).mode & 0o111) !== 0, isExecutable);
    }
  });

  test('a zip archive says of each file where it is, what it is called and what is in it', () => {
    const zip = whole(zipFile(files, moment));
    const end = zip.length - 22;
    assert.equal(zip.readUInt32LE(end), 0x06054b50);
    assert.equal(zip.readUInt16LE(end + 10), files.length);
    let at = zip.readUInt32LE(end + 16);
    for (const { name, source, isExecutable } of files) {
      assert.equal(zip.readUInt32LE(at), 0x02014b50);
      const nameBytes = zip.readUInt16LE(at + 28);
      assert.equal(zip.toString('utf8', at + 46, at + 46 + nameBytes), name);
      assert.equal((zip.readUInt32LE(at + 38) >>> 16) & 0o777, isExecutable ? 0o755 : 0o644);
      const local = zip.readUInt32LE(at + 42);
      assert.equal(zip.readUInt32LE(local), 0x04034b50);
      const begin = local + 30 + zip.readUInt16LE(local + 26);
      const packed = zip.subarray(begin, begin + zip.readUInt32LE(at + 20));
      assert.ok(inflateRawSync(packed).equals(Buffer.from(source)), name);
      at += 46 + nameBytes;
    }
    assert.equal(at, end);
  });

  test('every platform gets its own SQLite binary, its scripts and its line ends', () => {
    const { optionalDependencies }: { optionalDependencies: Record<string, string> } = JSON.parse(
      readFileSync(path.join(root, 'package.json'), 'utf8'),
    );
    for (const target of targets) {
      assert.deepEqual(nativeModules(names(serverTree(root, target))), [
        `node_modules/better-sqlite3/prebuilds/${target.sqlite}.node`,
      ]);
      assert.match(optionalDependencies[target.runtimePackage] ?? '', /^24\.\d+\.\d+$/);
      if (!existsSync(path.join(root, 'node_modules', target.runtimePackage))) continue;
      const tree = releaseTree(root, target, path.join(scratch, 'cache'));
      assert.ok(names(tree).includes(target.platform === 'win32' ? 'maru.cmd' : 'maru'));
    }
  });

  test('what Windows reads line by line has its line ends and says the same in both languages', () => {
    const cmds = ['build/nsis', 'build/release/files', 'build/release/files/startup-task'].flatMap((folder) =>
      readdirSync(path.join(root, folder))
        .filter((name) => name.endsWith('.cmd'))
        .map((name) => path.join(root, folder, name)),
    );
    assert.equal(cmds.length, 5);
    for (const file of cmds) {
      const text = Buffer.from(contentsOf({ name: file, source: file, isExecutable: false })).toString(
        'utf8',
      );
      assert.doesNotMatch(text, /[^\r]\n/, file);
      if (/[가-힣]/.test(text)) assert.match(text, /chcp 65001/, file);
      const said = text.split('\r\n').filter((line) => /^\s*echo [^o]/.test(line) && !line.includes('^|'));
      const korean = said.filter((line) => /[가-힣]/.test(line));
      assert.equal(korean.length * 2, said.length, file);
    }
  });
});

describe('the Windows installer', () => {
  const makensis = spawnSync('makensis', ['-VERSION']).status === 0;
  const harness = path.join(root, 'tests', 'packaging', 'installer-harness.nsi');

  for (const [what, defines] of [
    ['installer', []],
    ['uninstaller', ['-DBUILD_UNINSTALLER']],
  ] as const) {
    test(
      `its ${what} compiles without a warning`,
      {
        skip: makensis ? false : 'skipped: NSIS (makensis) is not installed on this machine',
      },
      () => {
        const { status, stdout } = spawnSync(
          'makensis',
          [
            '-WX',
            '-V2',
            '-INPUTCHARSET',
            'UTF8',
            ...defines,
            `-DINCLUDE_FILE=${path.join(root, 'build', 'nsis', 'installer.nsh')}`,
            `-DOUT_FILE=${path.join(scratch, `${what}.exe`)}`,
            harness,
          ],
          { encoding: 'utf8' },
        );
        assert.equal(status, 0, stdout);
      },
    );
  }

  test('every text is there in Korean and in English', () => {
    const text = readFileSync(path.join(root, 'build', 'nsis', 'installer.nsh'), 'utf8');
    const strings = [...text.matchAll(/^LangString (\w+) (1042|1033) "(.*)"$/gm)];
    const asked = new Set([...text.matchAll(/\$\((maru\w+)\)/g)].map(([, key]) => key));
    assert.ok(asked.size >= 6);
    for (const key of asked) {
      const forms = strings.filter(([, candidate]) => candidate === key);
      assert.deepEqual(new Set(forms.map(([, , language]) => language)), new Set(['1033', '1042']), key);
      assert.match(forms.find(([, , language]) => language === '1042')?.[3] ?? '', /[가-힣]/, key);
    }
  });

  test('its login entry is the one that the app reads and writes', () => {
    const configuration = readFileSync(path.join(root, 'electron-builder.yml'), 'utf8');
    const desktop = readFileSync(path.join(root, 'main', 'desktop-app.ts'), 'utf8');
    const id = /appUserModelId = '([^']+)'/.exec(desktop)?.[1] ?? assert.fail('the app has no id');
    assert.match(configuration, new RegExp(`^appId: ${id}$`, 'm'));
  });
});
