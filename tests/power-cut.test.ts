/**
 * What a power cut leaves behind. The guarantee of the disk is only this: the log up to the length of the last flush. The
 * rest of the log may be there, in pieces or not at all, and of the database's pages any mixture of old and new may be,
 * since the last time the log was begun anew. Out of every such state the database must come back whole, with everything
 * that was acknowledged or answered.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { openDatabase } from '../server/database/open-database.ts';
import type { Database, DatabaseOptions } from '../server/database/open-database.ts';
import { openReader } from '../server/database/open-sqlite.ts';
import { noteMigration } from '../server/database/testing/test-database.ts';
import type { NoteTables } from '../server/database/testing/test-database.ts';

type Random = (below: number) => number;

/** Whole numbers from a seed (a linear congruential generator; the high bits are the good ones). */
function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** What the page cache held at one moment, and what must be in it after a power cut. */
type Image = {
  wal: Buffer;
  oldDatabase: Buffer;
  newDatabase: Buffer;
  /** Nothing up to here may be lost. */
  flushedBytes: number;
  /** Up to here the log was forced to the disk by the checkpoint that has copied it. */
  copiedBytes: number;
  isAfterRestart: boolean;
  /** Acknowledged or answered before the next flush ended. */
  known: Set<string>;
};

const pageBytes = 4096;
const frameBytes = pageBytes + 24;

/** Small enough for many checkpoints in a short run. */
const logBounds = {
  copyEveryBytes: 64 * 1024,
  restartAboveBytes: 384 * 1024,
  holdAboveBytes: 4 * 1024 * 1024,
};

const openNotes = (
  options: Partial<DatabaseOptions<never>> & { folder: string },
): Promise<Database<never, NoteTables>> =>
  openDatabase<never, NoteTables>({
    appVersion: '1.0.0',
    migrations: [noteMigration],
    onDurable: () => undefined,
    onFatal: (error) => assert.fail(String(error)),
    onBug: (error) => assert.fail(String(error)),
    logBounds,
    ...options,
  });

/**
 * Copies the files in another process, since closing them in this one would drop SQLite's locks. The log first: a
 * checkpoint that goes on meanwhile only writes pages that are in the log.
 */
function copyFiles(from: string, to: string): void {
  const copy = `for (const suffix of ['-wal', '', '-shm'])
    require('node:fs').copyFileSync(process.argv[1] + suffix, process.argv[2] + suffix)`;
  const { status, stderr } = spawnSync(process.execPath, [
    '-e',
    copy,
    join(from, 'maru.db'),
    join(to, 'maru.db'),
  ]);
  assert.equal(status, 0, String(stderr));
}

/** How many frames a checkpoint has begun to copy: `nBackfillAttempted` of the shared memory (SQLite's wal.c). */
const attemptedFrames = (shm: Buffer): number => shm.readUInt32LE(128);

/** Watches a database's flushes and takes images at some of them. */
function createCamera(folder: string, target: string, random: Random) {
  const images: Image[] = [];
  const known = new Set<string>();
  let oldDatabase: Buffer | undefined;
  let isAfterRestart = false;
  let latest: Image | undefined;

  const copies = () => {
    copyFiles(folder, target);
    const [wal, database, shm] = ['-wal', '', '-shm'].map((suffix) =>
      readFileSync(join(target, `maru.db${suffix}`)),
    );
    assert.ok(wal && database && shm);
    return { wal, database, shm };
  };

  return {
    images,
    known,
    begin: () => {
      oldDatabase = copies().database;
    },
    /** Called at the end of each flush, before anybody is told about it. */
    onFlushed: (flushedBytes: number) => {
      // What became known since that image was taken rests on the flush that it shows.
      if (latest !== undefined) latest.known = new Set(known);
      latest = undefined;
      if (flushedBytes === 0) {
        // Begun anew: everything is in the database and forced to the disk there.
        oldDatabase = copies().database;
        isAfterRestart = true;
      } else if (random(16) === 0 && oldDatabase !== undefined) {
        const { wal, database, shm } = copies();
        const copiedBytes = 32 + attemptedFrames(shm) * frameBytes;
        latest = {
          wal,
          oldDatabase,
          newDatabase: database,
          flushedBytes,
          copiedBytes,
          isAfterRestart,
          known: new Set(),
        };
        images.push(latest);
      }
    },
    end: () => {
      if (latest !== undefined) latest.known = new Set(known);
    },
    /** How many flushes and checkpoints a talk has depends on disk and processor: it goes on until each kind was seen. */
    hasSeenEnough: () =>
      images.length >= 4 &&
      images.some((image) => image.isAfterRestart) &&
      images.some((image) => image.copiedBytes > 32),
  };
}

const unitsAtLeast = 300;
const unitsAtMost = 10_000;

/** Several people write and read at once. Each unit writes two notes, which must never be seen apart. */
async function talk(
  database: Database<never, NoteTables>,
  { known, hasSeenEnough }: ReturnType<typeof createCamera>,
  random: Random,
): Promise<void> {
  const progress = { units: 0 };
  const goesOn = (): boolean =>
    progress.units < unitsAtLeast || (progress.units < unitsAtMost && !hasSeenEnough());
  const write = async (): Promise<void> => {
    while (goesOn()) {
      progress.units += 1;
      const text = `${progress.units}:${'x'.repeat(random(3000))}`;
      await database.write(async ({ db }) => {
        await db
          .insertInto('notes')
          .values({ text: `a${text}` })
          .execute();
        await db
          .insertInto('notes')
          .values({ text: `b${text}` })
          .execute();
        return { value: undefined, events: [] };
      });
      known.add(`a${text}`).add(`b${text}`);
      for (let turns = random(4); turns > 0; turns -= 1) await nextTurn();
    }
  };
  const read = async (): Promise<void> => {
    while (goesOn()) {
      const rows = await database.read
        .selectFrom('notes')
        .select('text')
        .orderBy('id', 'desc')
        .limit(10)
        .execute();
      await database.settled();
      for (const { text } of rows) known.add(text);
      await nextTurn();
    }
  };
  await Promise.all([write(), write(), write(), write(), read()]);
}

/** Runs a talk and gives the images that were taken of it. */
async function record(seed: number): Promise<Image[]> {
  const random = createRandom(seed);
  const folder = mkdtempSync(join(tmpdir(), 'maru-cut-'));
  const target = mkdtempSync(join(tmpdir(), 'maru-cut-copy-'));
  const camera = createCamera(folder, target, random);
  const database = await openNotes({ folder, onFlushed: camera.onFlushed });
  try {
    camera.begin();
    await talk(database, camera, random);
    camera.end();
  } finally {
    await database.close();
    for (const path of [folder, target]) rmSync(path, { recursive: true });
  }
  return camera.images;
}

type Remains = { wal: Buffer; database: Buffer };

/** Opens what a power cut left and gives the notes; throws if it is damaged. */
async function recover(t: TestContext, { wal, database: pages }: Remains): Promise<Set<string>> {
  const folder = mkdtempSync(join(tmpdir(), 'maru-cut-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'maru.db'), pages);
  writeFileSync(join(folder, 'maru.db-wal'), wal);
  const database = await openNotes({ folder });
  try {
    const { sqlite } = await openReader(join(folder, 'maru.db'));
    assert.equal(sqlite.pragma('quick_check', { simple: true }), 'ok');
    sqlite.close();
    const rows = await database.read.selectFrom('notes').select('text').execute();
    return new Set(rows.map(({ text }) => text));
  } finally {
    await database.close();
  }
}

/** The log's first `kept` bytes; of the rest some sectors made it to the disk, some did not, some are torn. */
function tear(wal: Buffer, kept: number, random: Random): Buffer {
  const torn = Buffer.from(wal.subarray(0, kept + random(wal.length - kept + 1)));
  for (let at = Math.ceil(kept / 512) * 512; at < torn.length; at += 512) {
    const fate = random(3);
    const end = Math.min(at + 512, torn.length);
    if (fate === 1) torn.fill(0, at, end);
    if (fate === 2) torn.fill(0xa5, Math.min(at + random(512), end), end);
  }
  return torn;
}

/** Any page may have reached the disk since the log was begun anew, or not. */
function mixPages(older: Buffer, newer: Buffer, random: Random): Buffer {
  const mixed = Buffer.from(newer);
  for (let at = 0; at < older.length; at += pageBytes) {
    if (random(2) === 0) older.copy(mixed, at, at, at + pageBytes);
  }
  return mixed;
}

function remainsOf(image: Image, random: Random): Record<string, Remains> {
  const { wal, oldDatabase, newDatabase, flushedBytes, copiedBytes } = image;
  const forced = Math.max(flushedBytes, copiedBytes);
  return {
    'the log cut exactly, no page written': { wal: wal.subarray(0, flushedBytes), database: oldDatabase },
    'the log torn, no page written': { wal: tear(wal, flushedBytes, random), database: oldDatabase },
    'the log cut exactly, all pages written': { wal: wal.subarray(0, forced), database: newDatabase },
    'the log torn, some pages written': {
      wal: tear(wal, forced, random),
      database: mixPages(oldDatabase, newDatabase, random),
    },
  };
}

function assertHolds(stored: Set<string>, known: Set<string>, what: string): void {
  const lost = [...known].filter((text) => !stored.has(text));
  assert.equal(
    lost.length,
    0,
    `${what}: lost ${lost.length} of ${known.size}, first ${lost[0]?.slice(0, 10)}`,
  );
  for (const text of stored) {
    const twin = (text.startsWith('a') ? 'b' : 'a') + text.slice(1);
    assert.ok(stored.has(twin), `${what}: half a unit, ${text.slice(0, 10)}`);
  }
}

describe('after a power cut', () => {
  for (const seed of [1, 2, 3]) {
    it(`everything acknowledged or answered is there (seed ${seed})`, async (t) => {
      const images = await record(seed);
      assert.ok(images.length >= 2, `${images.length} images`);
      assert.ok(
        images.some(({ isAfterRestart }) => isAfterRestart),
        'one is from after the log was begun anew',
      );
      assert.ok(
        images.some(({ copiedBytes }) => copiedBytes > 32),
        'one is from the middle of a checkpoint',
      );
      const random = createRandom(seed + 1000);
      for (const [index, image] of images.entries()) {
        for (const [what, remains] of Object.entries(remainsOf(image, random))) {
          assertHolds(await recover(t, remains), image.known, `image ${index} of ${images.length}, ${what}`);
        }
      }
    });
  }

  it('less than the flushed length would not be enough, so this test can fail', async (t) => {
    const images = await record(7);
    const losses: boolean[] = [];
    for (const { wal, oldDatabase, flushedBytes, known } of images) {
      const stored = await recover(t, {
        wal: wal.subarray(0, flushedBytes - frameBytes),
        database: oldDatabase,
      });
      losses.push([...known].some((text) => !stored.has(text)));
    }
    assert.ok(losses.includes(true));
  });
});
