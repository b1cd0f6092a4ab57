import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { prepareDataFolder } from './data-folder.ts';
import { innermostType, isUncPath, networkDrive, parseMacMounts, parseMountinfo } from './network-drive.ts';
import { syncProgram } from './synced-folder.ts';
import { createTestFolder } from './testing/test-database.ts';

const now = 0;

describe('preparing the data folder', () => {
  it('creates it for its owner only and leaves nothing of its checks behind', async (t) => {
    const path = join(createTestFolder(t), 'deep', '데이터');
    const lock = await prepareDataFolder({ path, now });
    t.after(() => lock.release());
    if (process.platform !== 'win32') assert.equal(statSync(path).mode & 0o777, 0o700);
    await assert.rejects(prepareDataFolder({ path, now }), { code: 'DATA_DIR_IN_USE' });
  });

  it('refuses a place where no folder can be', async (t) => {
    const folder = createTestFolder(t);
    writeFileSync(join(folder, 'file'), '');
    await assert.rejects(prepareDataFolder({ path: join(folder, 'file'), now }), {
      code: 'DATA_DIR_NOT_WRITABLE',
    });
    await assert.rejects(prepareDataFolder({ path: join(folder, 'file', 'below'), now }), {
      code: 'DATA_DIR_NOT_WRITABLE',
    });
  });

  it(
    'refuses a folder that may only be read',
    {
      skip:
        process.platform === 'win32' || process.getuid?.() === 0
          ? 'permissions do not stop this user'
          : false,
    },
    async (t) => {
      const folder = createTestFolder(t);
      chmodSync(folder, 0o500);
      try {
        await assert.rejects(prepareDataFolder({ path: folder, now }), { code: 'DATA_DIR_NOT_WRITABLE' });
      } finally {
        chmodSync(folder, 0o700);
      }
    },
  );

  it('refuses a disk without space', async (t) => {
    const path = createTestFolder(t);
    await assert.rejects(prepareDataFolder({ path, now, leastFreeBytes: Number.MAX_SAFE_INTEGER }), {
      code: 'DISK_FULL',
    });
  });

  it('refuses a synced folder without creating anything in it', async (t) => {
    const cloud = join(createTestFolder(t), 'OneDrive - 회사');
    mkdirSync(cloud);
    const path = join(cloud, 'maru');
    await assert.rejects(prepareDataFolder({ path, now }), {
      code: 'DATA_DIR_SYNCED',
      facts: { path, program: 'OneDrive' },
    });
    assert.equal(existsSync(path), false);
  });
});

describe('synced folders', () => {
  const synced: [string, string][] = [
    ['C:\\Users\\김민수\\OneDrive\\Maru', 'OneDrive'],
    ['C:\\Users\\kim\\OneDrive - Contoso\\data', 'OneDrive'],
    ['/home/kim/Dropbox/maru', 'Dropbox'],
    ['/home/kim/Dropbox (Team)/maru', 'Dropbox'],
    ['G:\\내 드라이브\\maru', 'Google Drive'],
    ['G:\\내 드라이브\\maru'.normalize('NFD'), 'Google Drive'],
    ['/Users/kim/Library/CloudStorage/GoogleDrive-kim/maru', 'CloudStorage'],
    ['/Users/kim/Library/Mobile Documents/com~apple~CloudDocs/maru', 'iCloud Drive'],
    ['C:\\Users\\kim\\iCloudDrive\\maru', 'iCloud Drive'],
    ['D:\\Naver MYBOX\\maru', 'Naver MYBOX'],
    ['D:\\네이버 MYBOX\\maru', 'Naver MYBOX'],
    ['D:\\MYBOX\\maru', 'Naver MYBOX'],
  ];
  for (const [path, program] of synced) {
    it(`${path} is ${program}`, () => assert.equal(syncProgram(path), program));
  }

  const local = ['/var/lib/maru', 'C:\\ProgramData\\Maru', '/home/onedriver/data', '/srv/mydropboxes/maru'];
  for (const path of local) it(`${path} is local`, () => assert.equal(syncProgram(path), undefined));

  it('are known by what their program leaves in them, whatever their name', (t) => {
    const folder = createTestFolder(t);
    const path = join(folder, 'work', 'maru');
    assert.equal(syncProgram(path), undefined);
    mkdirSync(join(folder, '.dropbox.cache'));
    assert.equal(syncProgram(path), 'Dropbox');
  });
});

describe('network drives', () => {
  it('a folder of this machine is none', (t) => {
    assert.equal(networkDrive(createTestFolder(t)), undefined);
  });

  it('are known on Windows by the share behind them', () => {
    for (const path of ['\\\\server\\share\\maru', '//server/share', '\\\\?\\UNC\\server\\share']) {
      assert.equal(isUncPath(path), true, path);
    }
    for (const path of ['C:\\maru', '\\\\?\\C:\\maru', '\\\\.\\C:\\maru', '/home/kim', '\\maru']) {
      assert.equal(isUncPath(path), false, path);
    }
  });

  it('are found in the tables of mounts, the innermost one counts', () => {
    const linux = parseMountinfo(
      [
        '22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw',
        '40 22 0:35 / /mnt/on\\040air rw,nosuid shared:20 - fuse.sshfs kim@server:/ rw',
        '41 40 8:1 / /mnt/on\\040air/local rw - xfs /dev/sda1 rw',
      ].join('\n'),
    );
    assert.equal(innermostType('/mnt/on air/maru', linux), 'fuse.sshfs');
    assert.equal(innermostType('/mnt/on air/local/maru', linux), 'xfs');
    assert.equal(innermostType('/mnt/on airplane', linux), 'ext4');
    const mac = parseMacMounts(
      [
        '/dev/disk3s1s1 on / (apfs, sealed, local, read-only)',
        '//kim@nas/공용 on /Volumes/공용 (smbfs, nodev, nosuid)',
      ].join('\n'),
    );
    assert.equal(innermostType('/Volumes/공용/maru', mac), 'smbfs');
    assert.equal(innermostType('/Users/kim', mac), 'apfs');
  });
});
