/** Acknowledging notices, who has, and reminding those who have not. */
import { limits } from '#contract/limits.ts';
import { AppError } from '../../app-error.ts';
import { toUser, toUsers } from '../../gateway/delivery.ts';
import type { RequestHandlers, SessionContext } from '../../gateway/handler.ts';
import type { FeatureDatabase, Read } from '../feature-types.ts';
import type { FoundMessage, readableMessage } from '../messages/message-change.ts';
import { roleIn } from '../rooms/room-access.ts';
import type { NoticeCounts } from './notice-counts.ts';
import { placeOf } from './pin-requests.ts';
import { findAck, findRemindedAt, insertAck, listReaders, setReminded } from './pin-store.ts';
import type { PinPlace } from './pin-store.ts';

export type NoticeDeps = {
  database: FeatureDatabase;
  /** The only way to a message. */
  readableMessage: typeof readableMessage;
  counts: Pick<NoticeCounts, 'changed'>;
};

type NoticeRequestName = 'notice:acknowledge' | 'notice:readers' | 'notice:remind';
type Wish = { roomUid: string; message: string };

/** `changed`: the notice that one more person has acknowledged; null for a repeat. */
type Acknowledged = { at: number; changed: PinPlace | null };

const reminderPauseMs = limits.noticeReminderMinutes * 60_000;

export function createNoticeRequests(deps: NoticeDeps): Pick<RequestHandlers, NoticeRequestName> {
  const { database, counts } = deps;

  /** NOT_FOUND for a message that is no notice, too. */
  const findNotice = async (db: Read, { caller }: SessionContext, wish: Wish): Promise<FoundMessage> => {
    const found = await deps.readableMessage(db, caller.userId, wish);
    if (found.parts.pin?.notice === undefined) throw new AppError('NOT_FOUND', { field: 'message' });
    return found;
  };
  /** For its author and whoever looks after the room; nobody else is told who has acknowledged. */
  const findOwnNotice = async (db: Read, context: SessionContext, wish: Wish): Promise<FoundMessage> => {
    const found = await findNotice(db, context, wish);
    const { userId } = context.caller;
    if (found.senderId !== userId && roleIn(found.room, userId) === 'member') throw new AppError('FORBIDDEN');
    return found;
  };

  return {
    async 'notice:acknowledge'(context, wish) {
      const { caller, now } = context;
      const done = await database.write<Acknowledged>(async (unit) => {
        const found = await findNotice(unit.db, context, wish);
        if (found.senderId === caller.userId) throw new AppError('FORBIDDEN');
        const place = placeOf(found);
        const before = await findAck(unit.db, place, caller.userId);
        if (before !== undefined) return { value: { at: before, changed: null }, events: [] };
        await insertAck(unit, place, { userId: caller.userId, at: now });
        const event = toUser(caller.userUid, 'notice:acknowledged', wish);
        return { value: { at: now, changed: place }, events: [event] };
      });
      if (done.changed !== null) counts.changed({ ...done.changed, ...wish });
      return { at: done.at };
    },

    async 'notice:readers'(context, wish) {
      const place = placeOf(await findOwnNotice(database.read, context, wish));
      const readers = await listReaders(database.read, place);
      return {
        acknowledged: readers.flatMap(({ uid, acknowledged_at: at }) =>
          at === null ? [] : [{ userUid: uid, at }],
        ),
        waiting: readers.flatMap(({ uid, acknowledged_at: at }) => (at === null ? [uid] : [])),
        remindedAt: await findRemindedAt(database.read, place),
      };
    },

    'notice:remind': (context, wish) =>
      database.write(async (unit) => {
        const { now } = context;
        const place = placeOf(await findOwnNotice(unit.db, context, wish));
        const before = await findRemindedAt(unit.db, place);
        const retryAfterMs = before === null ? 0 : before + reminderPauseMs - now;
        if (retryAfterMs > 0) throw new AppError('RATE_LIMITED', { retryAfterMs });
        const readers = await listReaders(unit.db, place);
        const waiting = readers.flatMap(({ uid, acknowledged_at: at }) => (at === null ? [uid] : []));
        const value = { remindedAt: now, people: waiting.length };
        if (waiting.length === 0) return { value: { ...value, remindedAt: before ?? now }, events: [] };
        await setReminded(unit, place, now);
        const reminder = { ...wish, at: now };
        return { value, events: [toUsers(waiting, 'notice:reminded', { reminder })] };
      }),
  };
}
