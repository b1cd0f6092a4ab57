/**
 * When people were last connected, to the minute. Written a while after somebody went, many at once: who comes and goes all
 * day costs a row at most every few seconds, and nobody waits for it.
 */
import type { LastSeen } from '#contract/presence.ts';
import { compiledWrite } from '../../database/compiled-statement.ts';
import type { Clock, FeatureDatabase } from '../feature-types.ts';
import { listLastSeen } from './presence-store.ts';

const writeDelayMs = 10_000;
const minuteMs = 60_000;

const writeRow = compiledWrite<{ userUid: string; at: number }>((db, param) =>
  db
    .updateTable('users')
    .set({ last_seen_at: param('at') })
    .where('uid', '=', param('userUid'))
    // somebody who deleted their account goes as well, and leaves nothing
    .where('state', '!=', 'deleted'),
);

export type LastSeenTimes = {
  /** This person's last connection ended just now. */
  gone: (userUid: string) => void;
  /** Of these people, those who share a room with the caller. */
  list: (userId: number, userUids: readonly string[]) => Promise<LastSeen[]>;
  /** Writes what waits; those who are connected now are seen off by it. */
  stop: (onlineUids: readonly string[]) => Promise<void>;
};

export function createLastSeen(deps: {
  database: FeatureDatabase;
  clock: Clock;
  onBug: (error: unknown) => void;
}): LastSeenTimes {
  const { database, clock } = deps;
  let waiting = new Map<string, number>();
  let cancel: (() => void) | undefined;
  let isStopped = false;

  const minute = (): number => Math.floor(clock.now() / minuteMs) * minuteMs;

  async function write(): Promise<void> {
    cancel?.();
    cancel = undefined;
    const rows = waiting;
    waiting = new Map();
    if (rows.size === 0) return;
    try {
      await database.write(async ({ db }) => {
        for (const [userUid, at] of rows) await writeRow(db, { userUid, at });
        return { value: undefined, events: [] };
      });
    } catch (error) {
      // a full disk: it stays until there is room, unless something newer came
      waiting = new Map([...rows, ...waiting]);
      throw error;
    }
  }

  return {
    gone(userUid) {
      // sockets close after the database, and their people were seen off already
      if (isStopped) return;
      waiting.set(userUid, minute());
      cancel ??= clock.after(writeDelayMs, () => void write().catch(deps.onBug));
    },
    async list(userId, userUids) {
      const stored = await listLastSeen(database.read, userId, userUids);
      return stored.flatMap(({ userUid, at }) => {
        const known = waiting.get(userUid) ?? at;
        return known === null ? [] : [{ userUid, at: known }];
      });
    },
    async stop(onlineUids) {
      isStopped = true;
      for (const userUid of onlineUids) waiting.set(userUid, minute());
      await write();
    },
  };
}
