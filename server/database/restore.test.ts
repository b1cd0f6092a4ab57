/** A restore that is cut off at any point, and files that are no backups of ours. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import Sqlite from 'better-sqlite3';
import { StartupError } from '../startup-error.ts';
import { writeBackup } from './backup-file.ts';
import { migrations } from './migrations/index.ts';
import { openDatabase } from './open-database.ts';
import { openReader } from './open-sqlite.ts';
import { dropStagedRestore, setRestoreInPlace, stageRestore } from './restore.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'maru-restore-'));
after(() => rmSync(scratch, { recursive: true, force: true }));

const oldSecret = Buffer.alloc(64, 1);
const newSecret = Buffer.alloc(64, 2);
/** A data folder whose database says "old", and a backup that says "new". */
const template = path.join(scratch, 'template');
const backup = path.join(scratch, 'backup.db');

async function makeDatabase(folder: string, word: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const database = await openDatabase({
    folder,
    appVersion: '1.0.0',
    onDurable: () => undefined,
    onFatal: (error) => assert.fail(String(error)),
    onBug: (error) => assert.fail(String(error)),
  });
  await database.write(async ({ db }) => {
    await db.insertInto('server_state').values({ name: 'word', value: word }).execute();
    return { value: undefined, events: [] };
  });
  await database.close();
}

before(async () => {
  await makeDatabase(template, 'old');
  writeFileSync(path.join(template, 'secret.key'), oldSecret);
  const other = path.join(scratch, 'other');
  await makeDatabase(other, 'new');
  const reader = await openReader(path.join(other, 'maru.db'));
  await writeBackup(reader, backup, { madeAt: 1, appVersion: '1.0.0', secret: newSecret }, migrations);
  reader.sqlite.close();
});

let folders = 0;
function freshFolder(): string {
  const folder = path.join(scratch, String((folders += 1)));
  mkdirSync(folder);
  for (const name of ['maru.db', 'secret.key'])
    copyFileSync(path.join(template, name), path.join(folder, name));
  // a log that a crash left behind goes with its database; SQLite reads an empty one as none
  writeFileSync(path.join(folder, 'maru.db-wal'), '');
  return folder;
}

const stage = (folder: string, source = backup, at = Date.UTC(2026, 10, 20)) =>
  stageRestore({ source, folder, migrations, mark: { backup: 'backup.db', at, by: 'host' } });
const setInPlace = (folder: string) =>
  setRestoreInPlace({ folder, secretFile: path.join(folder, 'secret.key') });

const changing = ['renameSync', 'rmSync', 'copyFileSync', 'writeFileSync'] as const;

/**
 * Runs `work` as a process does that dies before its change number `step`: from there on nothing reaches the disk any more.
 * Gives true if it got to its end.
 */
async function cutAt(step: number, work: () => unknown): Promise<boolean> {
  const originals = changing.map((name) => [name, fs[name]] as const);
  let done = 0;
  for (const [name, original] of originals) {
    Reflect.set(fs, name, (...args: unknown[]) => {
      if (done >= step) throw new Error('cut off');
      done += 1;
      return Reflect.apply(original, fs, args);
    });
  }
  syncBuiltinESMExports();
  try {
    await work();
    return true;
  } catch (error) {
    assert.match(String(error), /cut off/);
    return false;
  } finally {
    for (const [name, original] of originals) Reflect.set(fs, name, original);
    syncBuiltinESMExports();
  }
}

function wordIn(file: string): unknown {
  const sqlite = new Sqlite(file, { readonly: true });
  assert.equal(sqlite.pragma('integrity_check', { simple: true }), 'ok');
  const word = sqlite.prepare("select value from server_state where name = 'word'").pluck().get();
  sqlite.close();
  return word;
}

/** One of the two is in its place, whole and with its own secret; the other one is not lost; nothing lies about. */
function assertWhole(folder: string, what: string): unknown {
  setInPlace(folder);
  const names = readdirSync(folder);
  assert.deepEqual(
    names.filter((name) => name.startsWith('restore-')),
    [],
    what,
  );
  const word = wordIn(path.join(folder, 'maru.db'));
  const secret = readFileSync(path.join(folder, 'secret.key'));
  assert.deepEqual(secret, word === 'old' ? oldSecret : newSecret, what);
  const aside = names.find((name) => /^maru\.db\.before-restore-[0-9TZ-]+$/.test(name));
  if (word === 'old') assert.equal(aside, undefined, what);
  else assert.equal(wordIn(path.join(folder, aside ?? assert.fail(what))), 'old', what);
  return word;
}

describe('a restore that is cut off', () => {
  test('at any change to the disk leaves the old database or the new one, whole', async () => {
    const words: unknown[] = [];
    for (let step = 0, isDone = false; !isDone; step += 1) {
      const folder = freshFolder();
      isDone = await cutAt(step, async () => {
        await stage(folder);
        setInPlace(folder);
      });
      words.push(assertWhole(folder, `cut before change ${step}`));
    }
    // until the copy has its name nothing has happened; from then on it is carried out
    const turn = words.indexOf('new');
    assert.ok(turn > 2 && words.length - turn > 4, words.join(' '));
    assert.deepEqual(new Set(words.slice(turn)), new Set(['new']));
  });

  test('and cut off again while it is carried out is carried out by the start after that', async () => {
    for (let first = 0, isFirst = false; !isFirst; first += 1) {
      for (let second = 0, isSecond = false; !isSecond; second += 1) {
        const folder = freshFolder();
        await stage(folder);
        isFirst = await cutAt(first, () => setInPlace(folder));
        isSecond = await cutAt(second, () => setInPlace(folder));
        assert.equal(assertWhole(folder, `cut before ${first}, then before ${second}`), 'new');
      }
    }
  });

  test('asked for twice sets the last one in place, and no start after it another one', async () => {
    const folder = freshFolder();
    await stage(folder);
    const [first = ''] = readdirSync(folder).filter((name) => /^restore-.*\.db$/.test(name));
    copyFileSync(path.join(folder, first), path.join(folder, 'restore-2020-01-01T00-00-00-000Z.db'));
    setInPlace(folder);
    assert.equal(wordIn(path.join(folder, 'maru.db')), 'new');
    assert.equal(setInPlace(folder), undefined);
  });

  test('given up before the start leaves everything as it is', async () => {
    const folder = freshFolder();
    const present = readdirSync(folder);
    await stage(folder);
    dropStagedRestore(folder);
    assert.deepEqual(readdirSync(folder), present);
    assert.equal(setInPlace(folder), undefined);
  });
});

describe('a file that is no backup', () => {
  async function refusalOf(source: string): Promise<string> {
    const folder = freshFolder();
    const present = readdirSync(folder);
    const error: unknown = await stage(folder, source).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof StartupError, String(error));
    assert.deepEqual(readdirSync(folder), present);
    return error.code;
  }

  const changed = (name: string, sql: string): string => {
    const file = path.join(scratch, name);
    copyFileSync(backup, file);
    const sqlite = new Sqlite(file);
    sqlite.pragma('foreign_keys = off');
    sqlite.exec(sql);
    sqlite.close();
    return file;
  };

  test('of ours is refused before anything is touched, whatever it is instead', async () => {
    const cases: [string, string][] = [
      ['a table is gone', 'drop table audit_log'],
      ['the table of the mark is gone', 'drop table server_state'],
      ['a column is gone', 'alter table server_state rename column value to other'],
      [
        'the record of migrations is another table',
        'drop table maru_migrations; create table maru_migrations (x)',
      ],
      ['the record of migrations is empty', 'delete from maru_migrations'],
      ['a trigger would act', 'create trigger t after insert on server_state begin delete from users; end'],
      [
        'a view has the name of its facts',
        'drop table maru_backup; create view maru_backup as select 1 as secret',
      ],
      ['its secret is half', "update maru_backup set secret = x'00'"],
    ];
    for (const [what, sql] of cases) {
      assert.equal(
        await refusalOf(changed(`${cases.findIndex((each) => each[0] === what)}.db`, sql)),
        'BACKUP_DAMAGED',
        what,
      );
    }
    assert.equal(
      await refusalOf(changed('newer.db', "insert into maru_migrations values (9999, 'x', 0, '9.0.0')")),
      'DATABASE_FROM_FUTURE',
    );
  });

  test('but of another program, a folder or nothing is refused as such', async () => {
    const foreign = path.join(scratch, 'foreign.db');
    new Sqlite(foreign).exec('create table bookmarks (url text)').close();
    assert.equal(await refusalOf(foreign), 'BACKUP_DAMAGED');
    assert.equal(await refusalOf(scratch), 'BACKUP_NOT_FOUND');
    assert.equal(await refusalOf(path.join(scratch, 'none.db')), 'BACKUP_NOT_FOUND');
  });

  test(
    'but a way to the present database is refused: reading it would drop its locks',
    { skip: process.platform === 'win32' },
    async () => {
      const folder = freshFolder();
      const link = path.join(scratch, 'link.db');
      symlinkSync(path.join(folder, 'maru.db'), link);
      await assert.rejects(stage(folder, link), /BACKUP_DAMAGED/);
      assert.ok(existsSync(path.join(folder, 'maru.db')));
    },
  );
});
