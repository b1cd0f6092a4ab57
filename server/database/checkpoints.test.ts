import assert from 'node:assert/strict';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabaseWorker } from './database-worker.ts';
import { openReader } from './open-sqlite.ts';
import type { ReaderConnection } from './open-sqlite.ts';
import { addNote, createTestFolder, listNotes, openTestDatabase } from './testing/test-database.ts';

const kibibyte = 1024;

/** A reader that began and does not end. */
async function holdReader(folder: string): Promise<ReaderConnection> {
  const reader = await openReader(join(folder, 'maru.db'));
  reader.sqlite.exec('begin');
  reader.sqlite.prepare('select count(*) from notes').get();
  return reader;
}

describe('the log', () => {
  it('stays bounded under steady writes while a reader is held, and writes go on when it leaves', async (t) => {
    const logBounds = {
      copyEveryBytes: 128 * kibibyte,
      restartAboveBytes: 512 * kibibyte,
      holdAboveBytes: 1024 * kibibyte,
    };
    const folder = createTestFolder(t);
    const isHeld = Promise.withResolvers<void>();
    let longestBytes = 0;
    const { database, bugs } = await openTestDatabase(t, {
      folder,
      logBounds,
      onFlushed(walBytes) {
        longestBytes = Math.max(longestBytes, walBytes);
        if (walBytes > logBounds.holdAboveBytes) isHeld.resolve();
      },
    });
    const reader = await holdReader(folder);
    const text = 'x'.repeat(20 * kibibyte);
    // A transaction is as long as the machine manages in its time: with one unit of each writer, it is half a megabyte at most.
    const writers = 20;
    const writeOn = async (writer: number): Promise<void> => {
      for (let i = writer; i < 400; i += writers) await database.write(addNote(i + text));
    };
    const writes = Promise.all(Array.from({ length: writers }, (_, writer) => writeOn(writer)));
    await isHeld.promise;
    // Long enough for the rest of the writes, 8 MB, if anything let them through.
    await sleep(500);
    assert.equal(database.stats().pendingUnits, writers, 'writes wait');
    reader.sqlite.close();
    await writes;
    assert.ok(longestBytes < 2 * logBounds.holdAboveBytes, `${longestBytes} bytes of 8 MB`);
    assert.equal((await listNotes(database)).length, 400);
    assert.deepEqual(bugs, []);
  });

  it('is begun anew again and again without losing anything', async (t) => {
    const restarts: number[] = [];
    const { database } = await openTestDatabase(t, {
      logBounds: {
        copyEveryBytes: 64 * kibibyte,
        restartAboveBytes: 256 * kibibyte,
        holdAboveBytes: 8192 * kibibyte,
      },
      onFlushed(walBytes) {
        if (walBytes === 0) restarts.push(walBytes);
      },
    });
    for (let i = 0; restarts.length < 5; i += 1) {
      assert.ok(i < 20_000, 'the log was never begun anew');
      await database.write(addNote(String(i)));
    }
    const texts = await listNotes(database);
    assert.deepEqual(
      texts,
      texts.map((_, i) => String(i)),
    );
  });

  it('is not begun anew by a commit, which would wait for the disk', async (t) => {
    const { database, folder } = await openTestDatabase(t);
    const worker = createDatabaseWorker(join(folder, 'maru.db'));
    t.after(() => worker.close());
    for (const text of ['a', 'b', 'c']) {
      await database.write(addNote(text));
      const before = database.stats().walBytes;
      await worker.run({ kind: 'copy-log' });
      await worker.run({ kind: 'copy-log' });
      await database.write(addNote(`${text} after a complete copy`));
      assert.ok(database.stats().walBytes > before, 'the commit was appended');
    }
    await worker.run({ kind: 'restart-log', waitMs: 0 });
    assert.equal(database.stats().walBytes, 32 + 4096 + 24, 'one tiny write');
    await database.write(addNote('d'));
    assert.equal((await listNotes(database)).length, 7);
  });

  it('can be moved into the database at once, unless a reader is in the way', async (t) => {
    const { database, folder } = await openTestDatabase(t);
    await database.write(addNote('x'.repeat(100_000)));
    const reader = await holdReader(folder);
    await assert.rejects(database.checkpointNow(), { code: 'SQLITE_BUSY' });
    reader.sqlite.close();
    await database.checkpointNow();
    assert.ok(database.stats().walBytes < 10_000);
    assert.ok(database.stats().databaseBytes > 100_000);
  });

  it('goes on growing while the worker cannot run, and that is reported', async (t) => {
    const { database, bugs } = await openTestDatabase(t, {
      workerEntry: new URL('file:///there/is/no/such/worker.js'),
      logBounds: { copyEveryBytes: 1, restartAboveBytes: 1024 * kibibyte, holdAboveBytes: 2048 * kibibyte },
    });
    await database.write(addNote('a'));
    await assert.rejects(database.quickCheck());
    await database.write(addNote('b'));
    assert.deepEqual(await listNotes(database), ['a', 'b']);
    await database.close();
    assert.ok(bugs.length > 0);
  });
});

describe('the check for damage', () => {
  it('finds nothing in a sound database and says what it finds in a damaged one', async (t) => {
    const folder = createTestFolder(t);
    const first = await openTestDatabase(t, { folder });
    for (let i = 0; i < 50; i += 1) await first.database.write(addNote(i + 'x'.repeat(2000)));
    assert.deepEqual(await first.database.quickCheck(), { isSound: true });
    await first.database.close();
    const file = openSync(join(folder, 'maru.db'), 'r+');
    writeSync(file, Buffer.alloc(4096, 0xff), 0, 4096, 12 * 4096);
    closeSync(file);
    const second = await openTestDatabase(t, { folder });
    const result = await second.database.quickCheck();
    assert.equal(result.isSound, false);
  });
});

describe('a backup while people write', () => {
  it('is one consistent state', async (t) => {
    const { database, folder } = await openTestDatabase(t);
    const pair = (i: number) =>
      database.write(async ({ db }) => {
        await db
          .insertInto('notes')
          .values({ text: `a${i}` })
          .execute();
        await db
          .insertInto('notes')
          .values({ text: `b${i}` })
          .execute();
        return { value: undefined, events: [] };
      });
    for (let i = 0; i < 100; i += 1) await pair(i);
    const path = join(folder, 'copy.db');
    const copying = database.backupTo(path);
    const writes = Promise.all(Array.from({ length: 500 }, (_, i) => pair(i + 100)));
    await Promise.all([copying, writes]);
    const copy = await openReader(path);
    t.after(() => copy.sqlite.close());
    const texts = new Set(copy.sqlite.prepare('select text from notes').pluck().all());
    assert.ok(texts.size >= 200);
    for (let i = 0; i < 600; i += 1) assert.equal(texts.has(`a${i}`), texts.has(`b${i}`), `pair ${i}`);
    assert.equal(copy.sqlite.pragma('quick_check', { simple: true }), 'ok');
  });

  it('never overwrites a file', async (t) => {
    const { database, folder } = await openTestDatabase(t);
    const path = join(folder, 'copy.db');
    await database.backupTo(path);
    await assert.rejects(database.backupTo(path), /exists already/);
  });
});
