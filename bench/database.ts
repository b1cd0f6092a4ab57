/**
 * The database's own numbers: what a message costs through Kysely, with and without the statement cache, and how long the
 * event loop stands still while messages are written and the log is copied and begun anew.
 * `node bench/database.ts [seconds]`
 */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { Kysely, SqliteDialect, sql } from 'kysely';
import { compiledWrite } from '../server/database/compiled-statement.ts';
import type { Writer } from '../server/database/database-handles.ts';
import type { Migration } from '../server/database/migration.ts';
import { openDatabase } from '../server/database/open-database.ts';
import type { Database } from '../server/database/open-database.ts';
import type { Tables } from '../server/database/tables.ts';

type Message = {
  room_id: number;
  seq: number;
  sender_id: number;
  client_id: string;
  kind: 'text';
  target: null;
  n: number;
  envelope: string;
  sent_at: number;
  rev: number;
};

const envelope = 'm1.1.' + 'x'.repeat(600);
let seq = 0;

const nextMessage = (): Message => {
  seq += 1;
  const clientId = seq.toString(36).padStart(22, '0');
  return {
    room_id: 1,
    seq,
    sender_id: 1,
    client_id: clientId,
    kind: 'text',
    target: null,
    n: 0,
    envelope,
    sent_at: Date.now(),
    rev: seq,
  };
};

const insertCompiled = compiledWrite<Message>((db, param) =>
  db.insertInto('messages').values({
    room_id: param('room_id'),
    seq: param('seq'),
    sender_id: param('sender_id'),
    client_id: param('client_id'),
    kind: param('kind'),
    target: param('target'),
    n: param('n'),
    envelope: param('envelope'),
    sent_at: param('sent_at'),
    rev: param('rev'),
  }),
);

/** The messages of the product with their indexes, and nothing that they refer to. */
const migration: Migration = {
  number: 1,
  name: 'bench',
  async up(db) {
    const columns =
      'seq integer, sender_id integer, client_id text, kind text, target text, n integer, envelope text';
    const keys = 'unique (room_id, seq), unique (sender_id, client_id)';
    await sql
      .raw(`create table messages (id integer primary key autoincrement, room_id integer, ${columns},
        sent_at integer, rev integer, ${keys}) strict`)
      .execute(db);
    await sql.raw('create index messages_rev on messages (room_id, rev)').execute(db);
  },
};

/** Time per message, in one transaction, so that neither commit nor disk is in it. */
async function microsecondsPer(count: number, insert: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  for (let i = 0; i < count; i += 1) await insert();
  return ((performance.now() - startedAt) / count) * 1000;
}

async function measureInserts(database: Database<never>, path: string): Promise<void> {
  const count = 20_000;
  const measure = (insert: (db: Writer<Tables>) => Promise<unknown>): Promise<number> =>
    database.write(async ({ db }) => ({
      value: await microsecondsPer(count, () => insert(db)),
      events: [],
    }));
  const built = (db: Writer<Tables>) => db.insertInto('messages').values(nextMessage()).execute();
  await measure(built);
  const cached = await measure(built);
  const compiled = await measure((db) => insertCompiled(db, nextMessage()));
  const plain = new Sqlite(path);
  const uncached = new Kysely<Tables>({ dialect: new SqliteDialect({ database: plain }) });
  const uncachedUs = await uncached
    .transaction()
    .execute((db) => microsecondsPer(count, () => db.insertInto('messages').values(nextMessage()).execute()));
  await uncached.destroy();
  console.log(`insert of a message: Kysely's own dialect    ${uncachedUs.toFixed(1)} µs`);
  console.log(
    `                     with cached statements  ${cached.toFixed(1)} µs (${(uncachedUs / cached).toFixed(1)} × faster)`,
  );
  console.log(
    `                     compiled once           ${compiled.toFixed(1)} µs (${(uncachedUs / compiled).toFixed(1)} × faster)`,
  );
}

type Stalls = { longestMs: number };

/** Looks at the clock every millisecond. Not in every turn of the loop: that would take the core that it measures. */
function watchLoop(): { stop: () => Stalls } {
  let last = performance.now();
  let longestMs = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    longestMs = Math.max(longestMs, now - last - 1);
    last = now;
  }, 1);
  return {
    stop() {
      clearInterval(timer);
      return { longestMs };
    },
  };
}

async function measureSteadyWrites(database: Database<never>, seconds: number): Promise<void> {
  const endsAt = performance.now() + seconds * 1000;
  let written = 0;
  let longestAnswerMs = 0;
  let mostWalBytes = 0;
  let restarts = 0;
  let lastWalBytes = 0;
  const writer = async (): Promise<void> => {
    while (performance.now() < endsAt) {
      const startedAt = performance.now();
      await database.write(async ({ db }) => {
        await insertCompiled(db, nextMessage());
        return { value: undefined, events: [] };
      });
      longestAnswerMs = Math.max(longestAnswerMs, performance.now() - startedAt);
      written += 1;
      // An even load: a load that never pauses measures the load generator.
      await sleep(4);
    }
  };
  const loop = watchLoop();
  const size = setInterval(() => {
    const { walBytes } = database.stats();
    mostWalBytes = Math.max(mostWalBytes, walBytes);
    if (walBytes < lastWalBytes) restarts += 1;
    lastWalBytes = walBytes;
  }, 20);
  await Promise.all(Array.from({ length: 16 }, writer));
  clearInterval(size);
  const { longestMs } = loop.stop();
  const { flush } = database.stats();
  console.log(
    `${written} messages in ${seconds} s, ${flush.count} flushes of ${(flush.sumMs / flush.count).toFixed(2)} ms ` +
      `(longest ${flush.maxMs.toFixed(0)} ms), the log begun anew ${restarts} ×`,
  );
  console.log(
    `longest event-loop stall ${longestMs.toFixed(1)} ms (budget 10 ms): ${longestMs <= 10 ? 'kept' : 'BROKEN'}`,
  );
  const megabytes = mostWalBytes / 1024 / 1024;
  console.log(
    `longest log ${megabytes.toFixed(1)} MB (budget 128 MB): ${megabytes <= 128 ? 'kept' : 'BROKEN'}`,
  );
  console.log(`longest answer ${longestAnswerMs.toFixed(1)} ms`);
}

/** What the machine does to a loop that only turns: stalls up to this length are not the database's. */
async function measureIdleLoop(seconds: number): Promise<number> {
  const idle = new Worker(new URL(import.meta.url), { workerData: { idleSeconds: seconds } });
  const [longestMs] = await once(idle, 'message');
  return Number(longestMs);
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'maru-bench-'));
  const open = () =>
    openDatabase<never>({
      folder,
      appVersion: 'bench',
      migrations: [migration],
      onDurable: () => undefined,
      onFatal: (error) => console.error(error),
      onBug: (error) => console.error(error),
    });
  const database = await open();
  await measureInserts(database, join(folder, 'maru.db'));
  await database.close();
  const steady = await open();
  const seconds = Number(process.argv[2] ?? 20);
  const [idleMs] = await Promise.all([measureIdleLoop(seconds), measureSteadyWrites(steady, seconds)]);
  console.log(`longest stall of an idle loop at the same time ${idleMs.toFixed(1)} ms`);
  await steady.close();
  rmSync(folder, { recursive: true });
}

if (isMainThread) await main();
else {
  const { idleSeconds } = workerData as { idleSeconds: number }; // set above
  const loop = watchLoop();
  await sleep(idleSeconds * 1000);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
  parentPort?.postMessage(loop.stop().longestMs);
}
