import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, it } from 'node:test';
import { CompiledQuery } from 'kysely';
import type { Writer } from './database-handles.ts';
import { addNote, createHeldDisk, listNotes, openTestDatabase } from './testing/test-database.ts';
import type { NoteTables } from './testing/test-database.ts';

/** Gives everything that could happen without the disk the chance to happen. */
const severalTurns = async (): Promise<void> => {
  for (let turn = 0; turn < 10; turn += 1) await nextTurn();
};

const pragma = (db: Writer<NoteTables>, text: string): Promise<unknown> =>
  db.executeQuery(CompiledQuery.raw(`pragma ${text}`));

describe('the write queue', () => {
  it('lets units that arrive together share one flush', async (t) => {
    const disk = createHeldDisk();
    const { database } = await openTestDatabase(t, disk);
    const writes = ['a', 'b', 'c'].map((text) => database.write(addNote(text)));
    await disk.whenStarted(1);
    await severalTurns();
    assert.equal(disk.started(), 1);
    disk.finish();
    assert.deepEqual(await Promise.all(writes), ['a', 'b', 'c']);
  });

  it('gathers what arrives during a flush for the next one', async (t) => {
    const disk = createHeldDisk();
    const { database } = await openTestDatabase(t, disk);
    const first = database.write(addNote('first'));
    await disk.whenStarted(1);
    const later = ['b', 'c', 'd'].map((text) => database.write(addNote(text)));
    await severalTurns();
    assert.deepEqual(await listNotes(database), ['first'], 'nothing is committed while a flush is under way');
    assert.equal(database.stats().pendingUnits, 4);
    disk.finish();
    assert.equal(await first, 'first');
    await disk.whenStarted(2);
    disk.finish();
    assert.deepEqual(await Promise.all(later), ['b', 'c', 'd']);
    assert.equal(disk.started(), 2);
    assert.equal(database.stats().pendingUnits, 0);
  });

  it('hands events over after the flush, in commit order, before any caller is answered', async (t) => {
    const disk = createHeldDisk();
    const { database, happened } = await openTestDatabase(t, disk);
    const writes = ['a', 'b', 'c'].map(async (text) =>
      happened.push(`answer ${await database.write(addNote(text))}`),
    );
    await disk.whenStarted(1);
    await severalTurns();
    assert.deepEqual(await listNotes(database), ['a', 'b', 'c'], 'it is committed');
    assert.deepEqual(happened, [], 'and nobody was told');
    disk.finish();
    await Promise.all(writes);
    assert.deepEqual(happened, ['event a', 'event b', 'event c', 'answer a', 'answer b', 'answer c']);
  });

  it('undoes a failing unit alone and rejects its caller alone', async (t) => {
    const { database, happened } = await openTestDatabase(t);
    const results = await Promise.allSettled([
      database.write(addNote('a')),
      database.write(async ({ db }) => {
        await db.insertInto('notes').values({ text: 'half' }).execute();
        throw new Error('changed my mind');
      }),
      database.write(addNote('a')),
      database.write(addNote('b')),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(await listNotes(database), ['a', 'b']);
    assert.deepEqual(happened, ['event a', 'event b']);
  });

  it('keeps a refusal back until the disk has what the refusal was built on', async (t) => {
    const disk = createHeldDisk();
    const { database, happened } = await openTestDatabase(t, disk);
    const first = database.write(addNote('taken'));
    const second = database.write(addNote('taken')).catch(() => happened.push('refused'));
    await disk.whenStarted(1);
    await severalTurns();
    assert.deepEqual(happened, []);
    disk.finish();
    await Promise.all([first, second]);
    assert.deepEqual(happened, ['event taken', 'refused']);
  });

  it('makes a reader wait for the flush of what it could have seen, and no longer', async (t) => {
    const disk = createHeldDisk();
    const { database, happened } = await openTestDatabase(t, disk);
    assert.equal(database.settled(), undefined);
    const writes = [database.write(addNote('a'))];
    await disk.whenStarted(1);
    assert.deepEqual(await listNotes(database), ['a'], 'the reader sees the commit');
    const answered = database.settled()?.then(() => happened.push('reader answered'));
    assert.ok(answered);
    writes.push(database.write(addNote('b')));
    await severalTurns();
    assert.deepEqual(happened, []);
    disk.finish();
    await answered;
    assert.deepEqual(happened, ['event a', 'reader answered'], 'a later unit does not hold it up');
    await disk.whenStarted(2);
    disk.finish();
    await Promise.all(writes);
    assert.equal(database.settled(), undefined);
  });

  it('never shows a reader the inside of an open unit', async (t) => {
    const { database } = await openTestDatabase(t);
    const written = Promise.withResolvers<void>();
    const seen: string[][] = [];
    const reader = written.promise.then(async () => seen.push(await listNotes(database)));
    await database.write(async ({ db }) => {
      await db.insertInto('notes').values({ text: 'secret' }).execute();
      written.resolve();
      // Several queries, so that the reader's own gets its turn between them.
      for (let i = 0; i < 20; i += 1) await db.selectFrom('notes').selectAll().execute();
      return { value: undefined, events: [] };
    });
    await reader;
    assert.deepEqual(seen, [[]]);
  });

  it('answers a unit that changed nothing without a flush', async (t) => {
    const disk = createHeldDisk();
    const { database } = await openTestDatabase(t, disk);
    const count = await database.write(async ({ db }) => ({
      value: (await db.selectFrom('notes').selectAll().execute()).length,
      events: [],
    }));
    assert.equal(count, 0);
    assert.equal(disk.started(), 0);
  });

  it('survives a listener that throws', async (t) => {
    const { database, bugs } = await openTestDatabase(t, {
      onDurable() {
        throw new Error('listener');
      },
    });
    assert.equal(await database.write(addNote('a')), 'a');
    assert.equal(bugs.length, 1);
  });

  it('finishes what it accepted before it closes, and refuses what comes later', async (t) => {
    const { database, happened } = await openTestDatabase(t);
    const accepted = database.write(addNote('a'));
    const closing = database.close();
    await assert.rejects(database.write(addNote('b')), { code: 'SHUTTING_DOWN' });
    assert.equal(await accepted, 'a');
    await closing;
    assert.deepEqual(happened, ['event a']);
  });

  it('refuses more waiting units than anybody could wait for', async (t) => {
    const { database } = await openTestDatabase(t);
    const results = await Promise.allSettled(
      Array.from({ length: 10_001 }, (_, i) => database.write(addNote(String(i)))),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    assert.equal(refused.length, 1);
    assert.equal(refused[0]?.reason.code, 'RATE_LIMITED');
  });

  it('lets the event loop turn during a long batch', async (t) => {
    const { database } = await openTestDatabase(t);
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 1);
    await Promise.all(Array.from({ length: 5000 }, (_, i) => database.write(addNote(String(i)))));
    clearInterval(counting);
    assert.ok(turns > 5, `${turns} turns`);
  });
});

describe('inside a unit', () => {
  const nothing = { value: undefined, events: [] };

  it('a second write is refused instead of waiting for itself', async (t) => {
    const { database } = await openTestDatabase(t);
    const nested = database.write(async () => {
      await database.write(addNote('inner'));
      return nothing;
    });
    await assert.rejects(nested, /database\.write inside a write unit/);
    assert.deepEqual(await listNotes(database), []);
  });

  it('the read handle is refused', async (t) => {
    const { database } = await openTestDatabase(t);
    const reading = database.write(async () => ({ value: await listNotes(database), events: [] }));
    await assert.rejects(reading, /database\.read inside a write unit/);
  });

  it('waiting for anything but its own queries ends it, and nobody else', async (t) => {
    const { database } = await openTestDatabase(t);
    const stray = database.write(async ({ db }) => {
      await db.insertInto('notes').values({ text: 'stray' }).execute();
      await new Promise(() => undefined);
      return nothing;
    });
    const other = database.write(addNote('other'));
    await assert.rejects(stray, /awaited something other than its own queries/);
    assert.equal(await other, 'other');
    assert.deepEqual(await listNotes(database), ['other']);
  });

  it('a query that was not awaited is refused once the unit has ended', async (t) => {
    const { database } = await openTestDatabase(t);
    let late: Promise<unknown> = Promise.resolve();
    await database.write(async ({ db }) => {
      late = nextTurn().then(() => db.insertInto('notes').values({ text: 'late' }).execute());
      return nothing;
    });
    await assert.rejects(late, /This unit has ended/);
    assert.deepEqual(await listNotes(database), []);
  });

  it('the unit’s handle is of no use outside', async (t) => {
    const { database } = await openTestDatabase(t);
    const db = await database.write(async (unit) => ({ value: unit.db, events: [] }));
    await assert.rejects(
      db.insertInto('notes').values({ text: 'outside' }).execute(),
      /A write needs a unit/,
    );
  });
});

describe('a full disk', () => {
  it('is a refusal that heals by itself', async (t) => {
    const { database, fatals, bugs } = await openTestDatabase(t);
    await database.write(async ({ db }) => ({ value: await pragma(db, 'max_page_count = 12'), events: [] }));
    const long = 'x'.repeat(100_000);
    await assert.rejects(database.write(addNote(long)), { code: 'DISK_FULL' });
    assert.equal(database.stats().isDiskFull, true);
    await database.write(async ({ db }) => ({
      value: await pragma(db, 'max_page_count = 1000000'),
      events: [],
    }));
    assert.equal(await database.write(addNote(long)), long);
    assert.equal(database.stats().isDiskFull, false);
    assert.deepEqual(await listNotes(database), [long]);
    assert.deepEqual([fatals, bugs], [[], []]);
  });

  it('refuses what shared the transaction that SQLite undid, and acknowledges nothing of it', async (t) => {
    const { database, happened } = await openTestDatabase(t);
    await database.write(async ({ db }) => ({ value: await pragma(db, 'max_page_count = 12'), events: [] }));
    const results = await Promise.allSettled([
      database.write(addNote('small')),
      database.write(addNote('x'.repeat(100_000))),
      database.write(addNote('after')),
    ]);
    const stored = await listNotes(database);
    const acknowledged = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    assert.deepEqual(acknowledged, stored);
    assert.deepEqual(
      happened,
      stored.map((text) => `event ${text}`),
    );
    for (const result of results) {
      if (result.status === 'rejected') assert.equal(result.reason.code, 'DISK_FULL');
    }
    assert.equal(results[1].status, 'rejected');
  });

  it('does not let a unit go on without its transaction', async (t) => {
    const { database } = await openTestDatabase(t);
    await database.write(async ({ db }) => ({ value: await pragma(db, 'max_page_count = 12'), events: [] }));
    const stubborn = database.write(async ({ db }) => {
      const insert = (text: string) => db.insertInto('notes').values({ text }).execute();
      await insert('before');
      await insert('x'.repeat(100_000)).catch(() => undefined);
      await insert('after').catch(() => undefined);
      return { value: undefined, events: ['event stubborn'] };
    });
    await stubborn.catch(() => undefined);
    const stored = await listNotes(database);
    assert.ok(
      !stored.includes('after') || stored.includes('before'),
      `half a unit was stored: ${stored.join()}`,
    );
  });
});

describe('a disk that fails a flush', () => {
  it('ends everything: no answer, no event, no later write, no reader', async (t) => {
    const disk = createHeldDisk();
    const { database, happened, fatals } = await openTestDatabase(t, disk);
    const covered = database.write(addNote('covered'));
    await disk.whenStarted(1);
    const waiting = database.write(addNote('waiting'));
    const reader = database.settled();
    const broken = new Error('EIO');
    disk.finish(broken);
    for (const promise of [covered, waiting, reader, database.write(addNote('later')), database.settled()]) {
      assert.ok(promise);
      await assert.rejects(promise, { code: 'SHUTTING_DOWN' });
    }
    assert.deepEqual(fatals, [broken]);
    assert.deepEqual(happened, []);
    assert.equal(database.stats().pendingUnits, 0);
  });
});
