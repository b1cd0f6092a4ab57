/** Sending at a time: kept sealed, sent by the server exactly once when the time has come. */
import { limits } from '#contract/limits.ts';
import type { ValidInput } from '#contract/index.ts';
import { AppError } from '../../app-error.ts';
import { toUser } from '../../gateway/delivery.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import type { RequestHandlers, SessionContext } from '../../gateway/handler.ts';
import { createDueWork } from '../due-work.ts';
import type { DueWork } from '../due-work.ts';
import type { Clock, FeatureDatabase, Unit } from '../feature-types.ts';
import { mayCallAll, mayPost, memberRoom } from '../rooms/room-access.ts';
import {
  deleteScheduled,
  findScheduled,
  listDue,
  listScheduled,
  nextDue,
  putScheduled,
  setState,
  toScheduled,
} from './scheduled-store.ts';
import type { ScheduledRow } from './scheduled-store.ts';

/** Sends as the author would, inside this unit; throws what a send is refused with. */
export type SendNow = (
  unit: Unit,
  author: { userId: number; userUid: string },
  input: ValidInput<'message:send'>,
  now: number,
) => Promise<Delivery[]>;

export type ScheduledDeps = {
  database: FeatureDatabase;
  clock: Clock;
  send: SendNow;
  /** Whether this message was sent already. */
  wasSent: (unit: Unit, userId: number, clientId: string) => Promise<boolean>;
  onBug: (error: unknown) => void;
};

/** Sent in one unit; the rest waits for the next one. */
const sliceSize = 20;
const dayMs = 86_400_000;
/** A client's clock may be a little behind. */
const lateMs = 60_000;

type ScheduledName = 'scheduled:list' | 'scheduled:put' | 'scheduled:cancel';

const changed = (row: ScheduledRow): Delivery =>
  toUser(row.userUid, 'scheduled:changed', { clientId: row.client_id, message: toScheduled(row) });
const gone = (userUid: string, clientId: string): Delivery =>
  toUser(userUid, 'scheduled:changed', { clientId, message: null });

export function createScheduled(deps: ScheduledDeps): {
  handlers: Pick<RequestHandlers, ScheduledName>;
  work: Pick<DueWork, 'start' | 'stop'>;
} {
  const { database, clock } = deps;
  const work = createDueWork({
    clock,
    onBug: deps.onBug,
    next: () => nextDue(database.read),
    doSome: async (now) => {
      // asked first: most looks find nothing, and cost no write then
      if ((await listDue(database.read, now, 1)).length === 0) return false;
      return database.write(async (unit) => {
        const due = await listDue(unit.db, now, sliceSize);
        const events: Delivery[] = [];
        for (const row of due) events.push(...(await sendDue(deps, unit, row, now)));
        return { value: due.length === sliceSize, events };
      });
    },
  });

  const put = async (
    { caller, now }: SessionContext,
    { roomUid, clientId, target, envelope, mentions, deliverAt }: ValidInput<'scheduled:put'>,
  ): Promise<Record<string, never>> => {
    await database.write(async (unit) => {
      // its answer was lost: it has gone out
      if (await deps.wasSent(unit, caller.userId, clientId)) return { value: undefined, events: [] };
      const room = await memberRoom(unit.db, caller.userId, roomUid);
      // said now, not when its time has come and nobody is there to hear it
      if (!mayPost(room, caller.userId)) throw new AppError('POSTING_RESTRICTED');
      if (mentions?.isAll === true && !mayCallAll(room, caller.userId)) {
        throw new AppError('CALLING_ALL_RESTRICTED');
      }
      const present = await findScheduled(unit.db, caller.userId, clientId);
      if (present === undefined) await refuseNew(unit, caller.userId, deliverAt, now);
      if (deliverAt > now + limits.scheduledDaysMax * dayMs) throw new AppError('TIME_TOO_FAR');
      await putScheduled(unit, {
        user_id: caller.userId,
        client_id: clientId,
        room_id: room.id,
        target: target ?? null,
        envelope,
        mentions: mentions === undefined ? null : JSON.stringify(mentions),
        deliver_at: deliverAt,
        state: 'waiting',
        reason: null,
      });
      const row = await findScheduled(unit.db, caller.userId, clientId);
      return { value: undefined, events: row === undefined ? [] : [changed(row)] };
    });
    if (deliverAt <= clock.now()) await work.look();
    else work.expect(deliverAt);
    return {};
  };

  return {
    work,
    handlers: {
      'scheduled:put': put,

      async 'scheduled:list'({ caller }) {
        return { messages: (await listScheduled(database.read, caller.userId)).map(toScheduled) };
      },

      'scheduled:cancel': ({ caller }, { clientId }) =>
        database.write(async (unit) => {
          const wasThere = await deleteScheduled(unit, caller.userId, clientId);
          return { value: {}, events: wasThere ? [gone(caller.userUid, clientId)] : [] };
        }),
    },
  };
}

async function refuseNew(unit: Unit, userId: number, deliverAt: number, now: number): Promise<void> {
  if (deliverAt < now - lateMs) throw new AppError('TIME_PASSED');
  const present = await listScheduled(unit.db, userId);
  if (present.length >= limits.scheduledMax) throw new AppError('LIST_FULL');
}

/** Sends what is due. What cannot be sent stays with its author, who is told why. */
async function sendDue(deps: ScheduledDeps, unit: Unit, row: ScheduledRow, now: number): Promise<Delivery[]> {
  const { roomUid, client_id: clientId, envelope, target, user_id: userId, userUid } = row;
  const { mentions } = toScheduled(row);
  const calls = mentions === undefined ? {} : { mentions };
  const input = { roomUid, clientId, kind: 'text' as const, target, envelope, ...calls };
  try {
    const events = await deps.send(unit, { userId, userUid }, input, now);
    await deleteScheduled(unit, userId, clientId);
    return [...events, gone(userUid, clientId)];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const isStale = error.code === 'STALE_EPOCH' || error.code === 'REKEY_NEEDED';
    const state = isStale ? 'needs-reseal' : 'failed';
    const reason = isStale ? null : error.code;
    await setState(unit, row, state, reason);
    return [changed({ ...row, state, reason })];
  }
}
