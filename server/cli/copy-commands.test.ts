import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { configWith } from '../config.ts';
import { startTestServer } from '../testing/test-server.ts';
import { runCopyCommand } from './copy-commands.ts';

let folder: string;
before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'maru-copies-'));
  const server = await startTestServer({ dataDir: folder });
  await server.person('alice');
  await server.stop();
});
after(() => rmSync(folder, { recursive: true, force: true }));

const backUpTo = (file: string): Promise<string> =>
  runCopyCommand({
    command: { name: 'backup', file },
    config: configWith(folder),
    version: '0.0.0',
    language: 'en',
    now: 0,
  });

test('a backup never overwrites a file, and says that it is the name', async () => {
  const file = path.join(folder, 'kept.db');
  writeFileSync(file, 'somebody’s own file');
  await assert.rejects(backUpTo(file), { code: 'BACKUP_EXISTS', facts: { path: file } });
  assert.equal(readFileSync(file, 'utf8'), 'somebody’s own file');
  assert.ok(!readdirSync(folder).some((name) => name.startsWith('kept.db.')));
});

test('under a free name the backup is written, and its place is told', async () => {
  const file = path.join(folder, 'new', 'free.db');
  assert.ok((await backUpTo(file)).includes(file));
  assert.ok(existsSync(file));
});

test('a place that cannot be written, a lost secret and a damaged database have codes of their own', async () => {
  const file = path.join(folder, 'a-file');
  writeFileSync(file, '');
  await assert.rejects(backUpTo(path.join(file, 'x.db')), { code: 'DATA_DIR_NOT_WRITABLE' });
  const other = path.join(folder, 'other');
  cpSync(path.join(folder, 'maru.db'), path.join(other, 'maru.db'));
  const backUpOther = (): Promise<string> =>
    runCopyCommand({
      command: { name: 'backup', file: path.join(folder, 'other.db') },
      config: configWith(other),
      version: '0.0.0',
      language: 'en',
      now: 0,
    });
  await assert.rejects(backUpOther(), { code: 'SECRET_MISSING' });
  assert.ok(!existsSync(path.join(other, 'secret.key')));
  cpSync(path.join(folder, 'secret.key'), path.join(other, 'secret.key'));
  writeFileSync(path.join(other, 'maru.db'), 'no database at all '.repeat(1_000));
  await assert.rejects(backUpOther(), { code: 'DATABASE_CORRUPT' });
  assert.ok(!readdirSync(folder).some((name) => name.startsWith('other.db')));
});
