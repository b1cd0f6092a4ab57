/** Live sessions: who is behind a token, and when a session is over. */
import type { Caller } from '../../gateway/handler.ts';
import { endSession } from '../../gateway/delivery.ts';
import type { Clock, FeatureDatabase } from '../feature-types.ts';
import { sha256 } from '../identity-statement.ts';
import { isSessionAlive } from './session-rules.ts';
import type { SessionLimits } from './session-rules.ts';
import { deleteExpiredSessions, findSession, updateLastUsed } from './session-store.ts';

export type Sessions = {
  /** The person behind a session token, or null. Counts as use. */
  find: (token: string) => Promise<Caller | null>;
  /** Says that a session was used, by a request on its socket for instance. Costs no write. */
  noteUse: (sessionUid: string) => void;
  lastUse: (sessionUid: string) => number;
  /** Writes down what was used and ends what is over. Runs by itself every few minutes once started. */
  sweep: () => Promise<void>;
  start: () => void;
  stop: () => Promise<void>;
};

type SessionsDeps = {
  database: FeatureDatabase;
  clock: Clock;
  limits: SessionLimits;
  onBug: (error: unknown) => void;
};

/**
 * `last_used_at` reaches the disk this often: one write for all sessions instead of one per request. After a crash a
 * session may end this much too early, never too late.
 */
const sweepEveryMs = 3 * 60_000;

export function createSessions({ database, clock, limits, onBug }: SessionsDeps): Sessions {
  const usedAtByUid = new Map<string, number>();
  let cancelSweep: (() => void) | undefined;

  const noteUse = (sessionUid: string): void => void usedAtByUid.set(sessionUid, clock.now());
  const lastUse = (sessionUid: string): number => usedAtByUid.get(sessionUid) ?? 0;

  async function sweep(): Promise<void> {
    const used = new Map(usedAtByUid);
    await database.write(async (unit) => {
      for (const [sessionUid, usedAt] of used) await updateLastUsed(unit, sessionUid, usedAt);
      const now = clock.now();
      const ended = await deleteExpiredSessions(unit, {
        lastUsedAt: now - limits.timeoutMs,
        createdAt: now - limits.maxAgeMs,
      });
      return { value: undefined, events: ended.map((uid) => endSession(uid, 'expired')) };
    });
    for (const [uid, usedAt] of used) if (usedAtByUid.get(uid) === usedAt) usedAtByUid.delete(uid);
  }

  function start(): void {
    cancelSweep = clock.after(sweepEveryMs, () => {
      start();
      sweep().catch(onBug);
    });
  }

  return {
    noteUse,
    lastUse,
    sweep,
    start,
    async find(token) {
      const row = await findSession(database.read, sha256(token));
      if (row === undefined) return null;
      const { sessionUid, userId, userUid, role } = row;
      if (!isSessionAlive(row, lastUse(sessionUid), limits, clock.now())) return null;
      noteUse(sessionUid);
      return { sessionUid, userId, userUid, role };
    },
    async stop() {
      cancelSweep?.();
      await sweep();
    },
  };
}
