/**
 * Who lacks a key that somebody else has. A room may have a thousand members and hundreds of epochs, so one look goes through a
 * bounded number of them and says where the next one begins; whatever nobody may share stands in nobody's way.
 */
import type { MissingWrap } from '#contract/room-key-sharing.ts';
import { limits } from '#contract/limits.ts';
import type { Read } from '../feature-types.ts';

/** A place in a room's keys, the newest epochs first: behind this person of this epoch, or behind the whole epoch. */
export type KeyPlace = { epoch: number; userUid: string | null };

type Search = {
  roomId: number;
  /** Who could share. */
  userId: number;
  /** From which epoch on newcomers may have keys; null where they see no history. */
  historyFrom: number | null;
  after: KeyPlace | null;
  limit: number;
  /** Members times epochs to look at. */
  effort: number;
};

type Found = { missing: MissingWrap[]; next: KeyPlace | null; effort: number };

/**
 * The next members without a wrap for their newest identity, of epochs that this person has a wrap of: whoever had one before
 * (for an older identity, or a bad one), and newcomers where they see the history. Left out: whose wraps by this person did not
 * open. At least one epoch is looked at.
 */
export async function findMissingWraps(db: Read, search: Search): Promise<Found> {
  const { roomId, userId, historyFrom, after, limit } = search;
  const members = await countMembers(db, roomId);
  const isAnybodySpecial = await hasRenewedOrBad(db, roomId, userId);
  if (historyFrom === null && !isAnybodySpecial) return { missing: [], next: null, effort: members };
  // without them only the newcomers of the history can lack anything
  const lowest = isAnybodySpecial ? 1 : (historyFrom ?? 1);
  const epochsMax = Math.max(1, Math.floor(search.effort / Math.max(1, members)));
  const epochs = await ownEpochs(db, { roomId, userId, lowest, after, limit: epochsMax + 1 });
  const window = epochs.slice(0, epochsMax);
  const [highest, last] = [window[0], window.at(-1)];
  if (highest === undefined || last === undefined) return { missing: [], next: null, effort: members };
  const effort = members * (window.length + 1);
  const rows = await missingBetween(db, search, { from: last, to: highest });
  const missing = rows.slice(0, limit);
  const end = missing.at(-1);
  if (rows.length > limit && end !== undefined) {
    return { missing, next: { epoch: end.epoch, userUid: end.userUid }, effort };
  }
  return { missing, next: epochs.length > epochsMax ? { epoch: last, userUid: null } : null, effort };
}

async function countMembers(db: Read, roomId: number): Promise<number> {
  const { count } = await db
    .selectFrom('members')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('room_id', '=', roomId)
    .executeTakeFirstOrThrow();
  return count;
}

/** Whether somebody else has another identity than their first one, or reported a wrap. */
async function hasRenewedOrBad(db: Read, roomId: number, userId: number): Promise<boolean> {
  const row = await db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select('users.id')
    .where('members.room_id', '=', roomId)
    .where('members.user_id', '!=', userId)
    .where((q) =>
      q.or([
        q.eb('users.identity_version', '>', 1),
        q.exists(
          q
            .selectFrom('wraps_put_aside')
            .select('wraps_put_aside.id')
            .whereRef('wraps_put_aside.room_id', '=', 'members.room_id')
            .whereRef('wraps_put_aside.user_id', '=', 'members.user_id'),
        ),
      ]),
    )
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

type OwnEpochs = Pick<Search, 'roomId' | 'userId' | 'after' | 'limit'> & { lowest: number };

/** Epochs that this person has a wrap of, the newest first; that of the place itself only if people behind it are left. */
async function ownEpochs(db: Read, { roomId, userId, lowest, after, limit }: OwnEpochs): Promise<number[]> {
  let query = db
    .selectFrom('wraps')
    .select('epoch')
    .distinct()
    .where('room_id', '=', roomId)
    .where('user_id', '=', userId)
    .where('epoch', '>=', lowest);
  if (after !== null) query = query.where('epoch', after.userUid === null ? '<' : '<=', after.epoch);
  const rows = await query.orderBy('epoch', 'desc').limit(limit).execute();
  return rows.map(({ epoch }) => epoch);
}

/** One more than the limit, so that it shows whether there are more. */
function missingBetween(
  db: Read,
  { roomId, userId, historyFrom, after, limit }: Search,
  { from, to }: { from: number; to: number },
): Promise<MissingWrap[]> {
  let query = db
    .selectFrom('epochs')
    .innerJoin('members', 'members.room_id', 'epochs.room_id')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select(['users.uid as userUid', 'users.identity_version as version', 'epochs.epoch'])
    .where('epochs.room_id', '=', roomId)
    .where('epochs.epoch', '>=', from)
    .where('epochs.epoch', '<=', to)
    .where('members.user_id', '!=', userId)
    .where('users.state', '=', 'active')
    .where('users.identity_version', '>', 0)
    .where((q) => {
      const mine = q
        .selectFrom('wraps as mine')
        .select('mine.version')
        .whereRef('mine.room_id', '=', 'epochs.room_id')
        .whereRef('mine.epoch', '=', 'epochs.epoch')
        .where('mine.user_id', '=', userId);
      const theirs = q
        .selectFrom('wraps as theirs')
        .select('theirs.version')
        .whereRef('theirs.room_id', '=', 'epochs.room_id')
        .whereRef('theirs.epoch', '=', 'epochs.epoch')
        .whereRef('theirs.user_id', '=', 'members.user_id');
      const current = theirs.whereRef('theirs.version', '=', 'users.identity_version');
      const bad = q
        .selectFrom('wraps_put_aside as bad')
        .select('bad.id')
        .whereRef('bad.room_id', '=', 'epochs.room_id')
        .whereRef('bad.epoch', '=', 'epochs.epoch')
        .whereRef('bad.user_id', '=', 'members.user_id');
      // there is one that makes it too many
      const mistaken = bad
        .whereRef('bad.version', '=', 'users.identity_version')
        .where('bad.giver_id', '=', userId)
        .limit(1)
        .offset(limits.badWrapsPerGiver - 1);
      const history = historyFrom === null ? [] : [q.eb('epochs.epoch', '>=', historyFrom)];
      // the few who have a second identity, before their wraps are looked at one by one
      const had = q.and([q.eb('users.identity_version', '>', 1), q.exists(theirs)]);
      const mayHave = q.or([...history, had, q.exists(bad)]);
      return q.and([q.not(q.exists(current)), q.exists(mine), mayHave, q.not(q.exists(mistaken))]);
    });
  if (after?.userUid) {
    const { epoch, userUid } = after;
    query = query.where((q) => q.or([q.eb('epochs.epoch', '<', epoch), q.eb('users.uid', '>', userUid)]));
  }
  return query
    .orderBy('epochs.epoch', 'desc')
    .orderBy('users.uid')
    .limit(limit + 1)
    .execute();
}

/** Rooms of this person behind one of them, in which somebody else has a second identity or reported a wrap. */
export const roomsToHeal = (
  db: Read,
  userId: number,
  { from, after, limit }: { from: string; after: string; limit: number },
): Promise<{ uid: string }[]> =>
  db
    .selectFrom('members as mine')
    .innerJoin('rooms', 'rooms.id', 'mine.room_id')
    .select('rooms.uid')
    .where('mine.user_id', '=', userId)
    .where('rooms.uid', '>=', from)
    .where('rooms.uid', '>', after)
    .where((q) =>
      q.or([
        q.exists(
          q
            .selectFrom('members as others')
            .innerJoin('users', 'users.id', 'others.user_id')
            .select('users.id')
            .whereRef('others.room_id', '=', 'rooms.id')
            .where('others.user_id', '!=', userId)
            .where('users.identity_version', '>', 1),
        ),
        q.exists(
          q
            .selectFrom('wraps_put_aside')
            .select('wraps_put_aside.id')
            .whereRef('wraps_put_aside.room_id', '=', 'rooms.id')
            .where('wraps_put_aside.user_id', '!=', userId),
        ),
      ]),
    )
    .orderBy('rooms.uid')
    .limit(limit)
    .execute();
