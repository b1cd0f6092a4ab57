import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { sql } from 'kysely';
import { StartupError } from '../startup-error.ts';
import type { Migration } from './migration.ts';
import { migrations as productMigrations } from './migrations/index.ts';
import { openReader } from './open-sqlite.ts';
import {
  addNote,
  createTestFolder,
  listNotes,
  noteMigration,
  openTestDatabase,
} from './testing/test-database.ts';

const addColumn: Migration = {
  number: 2,
  name: 'add-column',
  up: async (db) =>
    void (await sql`alter table notes add column pinned integer not null default 0`.execute(db)),
};

const breakDown: Migration = {
  number: 3,
  name: 'break-down',
  async up(db) {
    await sql`delete from notes`.execute(db);
    throw new Error('no such luck');
  },
};

/** A closed database with one note, written by version 1.0.0. */
async function createDatabase(t: TestContext): Promise<string> {
  const folder = createTestFolder(t);
  const { database } = await openTestDatabase(t, { folder });
  await database.write(addNote('kept'));
  await database.close();
  return folder;
}

async function refusalOf(opening: Promise<unknown>): Promise<StartupError> {
  const error: unknown = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof StartupError, String(error));
  return error;
}

async function notesIn(path: string): Promise<unknown[]> {
  const { sqlite } = await openReader(path);
  try {
    return sqlite.prepare('select text from notes').pluck().all();
  } finally {
    sqlite.close();
  }
}

describe('a migration', () => {
  it('of a new database needs no copy', async (t) => {
    const { folder } = await openTestDatabase(t, { migrations: [noteMigration, addColumn] });
    assert.equal(existsSync(join(folder, 'backups')), false);
  });

  it('keeps the newest three copies, removes half ones, and touches no backup', async (t) => {
    const folder = await createDatabase(t);
    const backups = join(folder, 'backups');
    mkdirSync(backups);
    const early = [1, 2, 3, 4].map((day) => `before-migration-0009-2020-01-0${day}T00-00-00-000Z.db`);
    const others = ['maru-2019-01-01T00-00-00-000Z.db', 'before-migration-0001-mine.db'];
    for (const name of [...early, ...others]) writeFileSync(join(backups, name), name);
    writeFileSync(join(backups, 'before-migration-0002-2020-01-05T00-00-00-000Z.db.part'), 'half');
    await openTestDatabase(t, {
      folder,
      migrations: [noteMigration, addColumn],
      now: () => Date.UTC(2030, 0, 2, 3, 4, 5, 6),
    });
    const newest = 'before-migration-0002-2030-01-02T03-04-05-006Z.db';
    assert.deepEqual(readdirSync(backups).sort(), [newest, ...early.slice(2), ...others].sort());
    assert.deepEqual(await notesIn(join(backups, newest)), ['kept']);
  });

  it('keeps the rows, and a copy from before', async (t) => {
    const folder = await createDatabase(t);
    const { database } = await openTestDatabase(t, {
      folder,
      migrations: [noteMigration, addColumn],
      now: () => Date.UTC(2030, 0, 2, 3, 4, 5, 6),
    });
    await database.write(addNote('later'));
    assert.deepEqual(await listNotes(database), ['kept', 'later']);
    const copies = readdirSync(join(folder, 'backups'));
    assert.deepEqual(copies, ['before-migration-0002-2030-01-02T03-04-05-006Z.db']);
    assert.deepEqual(await notesIn(join(folder, 'backups', copies[0] ?? '')), ['kept']);
  });

  it('that fails leaves everything as it was, earlier ones of the same start included, and names the copy', async (t) => {
    const folder = await createDatabase(t);
    const failing = openTestDatabase(t, { folder, migrations: [noteMigration, addColumn, breakDown] });
    const { code, facts } = await refusalOf(failing);
    assert.equal(code, 'MIGRATION_FAILED');
    assert.equal(facts['migration'], '0003-break-down');
    assert.match(String(facts['reason']), /no such luck/);
    assert.deepEqual(await notesIn(String(facts['backup'])), ['kept']);
    const { database } = await openTestDatabase(t, { folder });
    assert.deepEqual(await listNotes(database), ['kept'], 'the program from before still starts');
  });

  it('that leaves a reference to nothing fails', async (t) => {
    const folder = await createDatabase(t);
    const orphan: Migration = {
      number: 2,
      name: 'orphan',
      async up(db) {
        await sql`create table stars (note_id integer references notes (id)) strict`.execute(db);
        await sql`insert into stars values (99)`.execute(db);
      },
    };
    const { code } = await refusalOf(openTestDatabase(t, { folder, migrations: [noteMigration, orphan] }));
    assert.equal(code, 'MIGRATION_FAILED');
  });

  it('can rebuild a table that others refer to', async (t) => {
    const folder = await createDatabase(t);
    const refer: Migration = {
      number: 2,
      name: 'refer',
      async up(db) {
        await sql`create table stars (note_id integer references notes (id) on delete cascade) strict`.execute(
          db,
        );
        await sql`insert into stars select id from notes`.execute(db);
      },
    };
    const rebuild: Migration = {
      number: 3,
      name: 'rebuild',
      async up(db) {
        await sql`create table notes_new (id integer primary key, text text not null) strict`.execute(db);
        await sql`insert into notes_new select id, text from notes`.execute(db);
        await sql`drop table notes`.execute(db);
        await sql`alter table notes_new rename to notes`.execute(db);
      },
    };
    const { database } = await openTestDatabase(t, { folder, migrations: [noteMigration, refer, rebuild] });
    assert.deepEqual(await listNotes(database), ['kept']);
    const { sqlite } = await openReader(join(folder, 'maru.db'));
    assert.equal(sqlite.prepare('select count(*) from stars').pluck().get(), 1);
    sqlite.close();
  });

  it('of the product is numbered without gaps', () => {
    assert.deepEqual(
      productMigrations.map(({ number }) => number),
      productMigrations.map((_, i) => i + 1),
    );
  });
});

describe('a database from the future', () => {
  it('is refused, names the version that wrote it, and is not touched', async (t) => {
    const folder = await createDatabase(t);
    const newer = await openTestDatabase(t, {
      folder,
      appVersion: '9.9.9',
      migrations: [noteMigration, addColumn],
    });
    await newer.database.close();
    const before = readFileSync(join(folder, 'maru.db'));
    const { code, facts } = await refusalOf(openTestDatabase(t, { folder }));
    assert.equal(code, 'DATABASE_FROM_FUTURE');
    assert.equal(facts['version'], '9.9.9');
    assert.deepEqual(readFileSync(join(folder, 'maru.db')), before);
  });
});

describe('a corrupt database', () => {
  const garbage = Buffer.from('this is not a database at all, '.repeat(500));

  it('is refused and kept as it is', async (t) => {
    const folder = createTestFolder(t);
    writeFileSync(join(folder, 'maru.db'), garbage);
    const { code } = await refusalOf(openTestDatabase(t, { folder }));
    assert.equal(code, 'DATABASE_CORRUPT');
    assert.deepEqual(readFileSync(join(folder, 'maru.db')), garbage);
  });

  it('is moved aside with its log, whole, when asked to start empty', async (t) => {
    const folder = createTestFolder(t);
    writeFileSync(join(folder, 'maru.db'), garbage);
    writeFileSync(join(folder, 'maru.db-wal'), 'its log');
    const { database } = await openTestDatabase(t, {
      folder,
      startEmpty: true,
      now: () => Date.UTC(2030, 0, 1),
    });
    assert.deepEqual(await listNotes(database), []);
    const aside = join(folder, 'maru.db.corrupt-2030-01-01T00-00-00-000Z');
    assert.deepEqual(readFileSync(aside), garbage);
    assert.equal(readFileSync(`${aside}-wal`, 'utf8'), 'its log');
  });

  it('is also one whose log is there without it', async (t) => {
    const folder = createTestFolder(t);
    writeFileSync(join(folder, 'maru.db'), '');
    writeFileSync(join(folder, 'maru.db-wal'), 'what was acknowledged last');
    const { code } = await refusalOf(openTestDatabase(t, { folder }));
    assert.equal(code, 'DATABASE_CORRUPT');
    assert.equal(readFileSync(join(folder, 'maru.db-wal'), 'utf8'), 'what was acknowledged last');
  });

  it('is found before a migration would touch it', async (t) => {
    const folder = createTestFolder(t);
    const { database } = await openTestDatabase(t, { folder });
    for (let i = 0; i < 50; i += 1) await database.write(addNote(i + 'x'.repeat(2000)));
    await database.close();
    const path = join(folder, 'maru.db');
    const damaged = readFileSync(path);
    damaged.fill(0xff, 12 * 4096, 13 * 4096);
    writeFileSync(path, damaged);
    const opening = openTestDatabase(t, { folder, migrations: [noteMigration, addColumn] });
    assert.equal((await refusalOf(opening)).code, 'DATABASE_CORRUPT');
    assert.deepEqual(readFileSync(path), damaged);
  });

  it('is not what a sound one is taken for, even when asked to start empty', async (t) => {
    const folder = await createDatabase(t);
    const { database } = await openTestDatabase(t, { folder, startEmpty: true });
    assert.deepEqual(await listNotes(database), ['kept']);
  });
});
