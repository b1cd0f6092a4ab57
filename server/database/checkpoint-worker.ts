/**
 * The worker thread's entry: checkpoints, the check for damage and backups, on connections of its own, so that their
 * reading, copying and fsyncs never stop the event loop. In a bundle it is `checkpoint-worker.js` beside `cli.js`.
 *
 * The anchor. When the log has been copied completely, the next commit begins it anew and forces its header to the disk,
 * on the event loop. A read transaction that began before the copying prevents exactly that, so one is held at all times,
 * and given up only while the write queue is paused: then this thread begins the log anew with a tiny write of its own.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { dirname } from 'node:path';
import { StartupError } from '../startup-error.ts';
import { writeBackup } from './backup-file.ts';
import type { BackupFacts } from './backup-file.ts';
import { copyDatabase } from './backup.ts';
import { migrations } from './migrations/index.ts';
import { openReader, openWriter } from './open-sqlite.ts';
import type { ReaderConnection, WriterConnection } from './open-sqlite.ts';
import { stageRestore } from './restore.ts';
import type { RestoreMark } from './restore.ts';
import { isCorrupt } from './sqlite-errors.ts';
import type { WorkerAnswer, WorkerJob, WorkerRequest, WorkerStart } from './worker-messages.ts';

/** 'MARU': marks the file as ours. Writing it again changes nothing, which makes it the tiny write. */
const applicationId = 0x4d415255;

type LogState = { busy: number; log: number; checkpointed: number };

type Anchors = { held: ReaderConnection | undefined; free: ReaderConnection[] };

type Connections = { writer: WriterConnection; anchors: Anchors };

function checkpoint({ writer }: Connections, mode: 'noop' | 'passive' | 'restart'): LogState {
  const [state] = writer.sqlite.pragma(`wal_checkpoint(${mode})`) as LogState[]; // the documented columns of this pragma
  if (state === undefined) throw new Error('wal_checkpoint gave no row');
  return state;
}

function dropAnchor({ anchors }: Connections): void {
  if (anchors.held === undefined) return;
  anchors.held.sqlite.exec('commit');
  anchors.free.push(anchors.held);
  anchors.held = undefined;
}

/** Takes the new anchor before it gives the old one up, so that there is no moment without one. */
function moveAnchor(connections: Connections): void {
  const next = connections.anchors.free.pop();
  if (next === undefined) throw new Error('no free anchor');
  next.sqlite.exec('begin');
  next.sqlite.prepare('select count(*) from sqlite_schema').get();
  dropAnchor(connections);
  connections.anchors.held = next;
}

function copyLog(connections: Connections): WorkerAnswer {
  const before = checkpoint(connections, 'noop');
  // A reader that finds everything copied reads the database alone and anchors nothing: keep the old one.
  if (before.log > before.checkpointed) {
    moveAnchor(connections);
    checkpoint(connections, 'passive');
  }
  return { ok: true };
}

function restartLog(connections: Connections, waitMs: number): WorkerAnswer {
  const { sqlite } = connections.writer;
  dropAnchor(connections);
  sqlite.pragma(`busy_timeout = ${waitMs}`);
  try {
    const { busy } = checkpoint(connections, 'restart');
    if (busy !== 0) return { ok: false, code: 'SQLITE_BUSY', message: 'a reader holds the log' };
    return { ok: true };
  } finally {
    sqlite.pragma(`application_id = ${applicationId}`);
    moveAnchor(connections);
  }
}

function quickCheck({ writer }: Connections): WorkerAnswer {
  try {
    const rows = writer.sqlite.prepare('pragma quick_check(20)').pluck().all().map(String);
    const isSound = rows.length === 1 && rows[0] === 'ok';
    return { ok: true, quickCheck: isSound ? { isSound } : { isSound, problems: rows } };
  } catch (error) {
    // Damage of some kinds ends the check instead of being listed.
    if (isCorrupt(error)) return { ok: true, quickCheck: { isSound: false, problems: [String(error)] } };
    throw error;
  }
}

async function backup(
  { anchors }: Connections,
  path: string,
  facts: BackupFacts | undefined,
): Promise<WorkerAnswer> {
  const [reader] = anchors.free;
  if (reader === undefined) throw new Error('no free reader');
  if (facts === undefined) copyDatabase(reader, path);
  else await writeBackup(reader, path, facts, migrations);
  return { ok: true };
}

async function stage(source: string, mark: RestoreMark): Promise<WorkerAnswer> {
  await stageRestore({ source, folder: dirname(start.databasePath), mark, migrations });
  return { ok: true };
}

function run(connections: Connections, job: WorkerJob): WorkerAnswer | Promise<WorkerAnswer> {
  switch (job.kind) {
    case 'copy-log':
      return copyLog(connections);
    case 'restart-log':
      return restartLog(connections, job.waitMs);
    case 'quick-check':
      return quickCheck(connections);
    case 'backup':
      return backup(connections, job.path, job.facts);
    case 'stage-restore':
      return stage(job.source, job.mark);
    default:
      return job satisfies never;
  }
}

function failure(error: unknown): WorkerAnswer {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN';
  if (error instanceof StartupError) {
    return { ok: false, code, message: String(error.facts['reason'] ?? error.message) };
  }
  return { ok: false, code, message: String(error) };
}

async function openConnections({ databasePath }: WorkerStart): Promise<Connections> {
  const writer = await openWriter(databasePath);
  const anchors: Anchors = {
    held: undefined,
    free: [await openReader(databasePath), await openReader(databasePath)],
  };
  for (const { sqlite } of [writer, ...anchors.free]) sqlite.pragma('cache_size = -1000');
  return { writer, anchors };
}

function closeConnections(connections: Connections): void {
  dropAnchor(connections);
  for (const { sqlite } of [...connections.anchors.free, connections.writer]) sqlite.close();
}

const port = parentPort;
if (port === null) throw new Error('checkpoint-worker is started as a worker thread only');
const start = workerData as WorkerStart; // set by database-worker.ts, which starts this file
let connections: Connections | undefined;

async function answer(job: WorkerJob): Promise<void> {
  let result: WorkerAnswer;
  try {
    connections ??= await openConnections(start);
    result = await run(connections, job);
  } catch (error) {
    result = failure(error);
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port has no origin
  port?.postMessage(result);
}

// The main thread sends one request at a time.
port.on('message', (request: WorkerRequest) => {
  if (request.kind === 'job') {
    void answer(request.job);
    return;
  }
  if (connections !== undefined) closeConnections(connections);
  port.close();
});
