import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { loadServerSecret, secretPath } from './server-secret.ts';

const root = mkdtempSync(path.join(tmpdir(), 'maru-secret-'));
after(() => rmSync(root, { recursive: true, force: true }));

let folders = 0;
function freshFolder(): string {
  const folder = path.join(root, String((folders += 1)));
  mkdirSync(folder);
  return folder;
}

const load = (dataDir: string, hasDatabase: boolean): Uint8Array =>
  loadServerSecret({ dataDir, hasDatabase, randomBytes });

test('the first start makes a secret of 64 bytes that only its owner can read, and leaves nothing else', () => {
  const folder = freshFolder();
  const secret = load(folder, false);
  assert.equal(secret.length, 64);
  assert.deepEqual(readdirSync(folder), ['secret.key']);
  if (process.platform !== 'win32') assert.equal(statSync(secretPath(folder)).mode & 0o777, 0o600);
});

test('every later start reads the same secret, with a database or before there is one', () => {
  const folder = freshFolder();
  const first = load(folder, false);
  assert.deepEqual(load(folder, false), first);
  assert.deepEqual(load(folder, true), first);
});

test('a missing secret beside a database refuses the start and makes nothing', () => {
  const folder = freshFolder();
  assert.throws(() => load(folder, true), { code: 'SECRET_MISSING' });
  assert.deepEqual(readdirSync(folder), []);
});

for (const length of [0, 63, 65]) {
  test(`a file of ${length} bytes refuses the start and stays as it is, even without a database`, () => {
    const folder = freshFolder();
    const bytes = randomBytes(length);
    writeFileSync(secretPath(folder), bytes);
    for (const hasDatabase of [true, false]) {
      assert.throws(() => load(folder, hasDatabase), { code: 'SECRET_UNREADABLE' });
    }
    assert.deepEqual(readFileSync(secretPath(folder)), bytes);
  });
}

test('something that is not a file in its place refuses the start', () => {
  const folder = freshFolder();
  mkdirSync(secretPath(folder));
  assert.throws(() => load(folder, false), { code: 'SECRET_UNREADABLE' });
});

test('a data folder that cannot be written is named', () => {
  const folder = path.join(freshFolder(), 'gone');
  assert.throws(() => load(folder, false), { code: 'DATA_DIR_NOT_WRITABLE' });
});
