/** What the database's worker is asked and what it answers. Plain values, since they cross a thread. */
import type { BackupFacts } from './backup-file.ts';
import type { RestoreMark } from './restore.ts';

export type WorkerJob =
  /** Copies what it can of the log into the database, without getting in anybody's way. */
  | { kind: 'copy-log' }
  /** With the write queue paused: copies the rest and begins the log anew. */
  | { kind: 'restart-log'; waitMs: number }
  | { kind: 'quick-check' }
  /** A bare copy, or with facts a checked backup. */
  | { kind: 'backup'; path: string; facts?: BackupFacts }
  | { kind: 'stage-restore'; source: string; mark: RestoreMark };

export type WorkerRequest = { kind: 'job'; job: WorkerJob } | { kind: 'close' };

/** `problems` are SQLite's own words, for the log. */
export type QuickCheckResult = { isSound: true } | { isSound: false; problems: readonly string[] };

export type WorkerAnswer =
  | { ok: true; quickCheck?: QuickCheckResult }
  | { ok: false; code: string; message: string };

export type WorkerStart = { databasePath: string };
