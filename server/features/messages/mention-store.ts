/** Who is called by name in which message. The message's row carries the same as a part; this is for those who are called. */
import type { MentionPlace, Mentions } from '#contract/mentions.ts';
import type { CleanUpUser, Read, Unit } from '../feature-types.ts';

type Place = { roomId: number; seq: number };

/** The active members of a room among these people; who is not one is not called. */
export async function calledMembers(
  db: Read,
  roomId: number,
  userUids: readonly string[],
): Promise<{ id: number; uid: string }[]> {
  if (userUids.length === 0) return [];
  return db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select(['users.id', 'users.uid'])
    .where('members.room_id', '=', roomId)
    .where('users.uid', 'in', userUids)
    .where('users.state', '=', 'active')
    .execute();
}

/** Writes who is called in a message, in the place of whoever was before. Gives the part of its row. */
export async function putMentions(
  unit: Unit,
  { roomId, seq }: Place,
  wish: Mentions,
  sentAt: number,
): Promise<Mentions | undefined> {
  const { db } = unit;
  await deleteMentions(unit, { roomId, seq });
  const people = await calledMembers(db, roomId, wish.userUids);
  const isAll = wish.isAll === true;
  const ids: (number | null)[] = people.map(({ id }) => id);
  if (isAll) ids.push(null);
  for (const userId of ids) {
    await db
      .insertInto('mentions')
      .values({ room_id: roomId, seq, user_id: userId, sent_at: sentAt })
      .execute();
  }
  if (ids.length === 0) return undefined;
  return { userUids: people.map(({ uid }) => uid), ...(isAll ? { isAll } : {}) };
}

/** Nobody is called in this message any more. */
export async function deleteMentions({ db }: Unit, { roomId, seq }: Place): Promise<void> {
  await db.deleteFrom('mentions').where('room_id', '=', roomId).where('seq', '=', seq).execute();
}

export type MentionPage = { mentions: MentionPlace[]; hasMore: boolean };

/**
 * Messages of others that call a person, the newest first, in rooms they are in and where they may read them. A page goes on
 * to the end of a moment: the next one begins below the time of its last message.
 */
export async function listMentions(
  db: Read,
  userId: number,
  { before, limit }: { before: number; limit: number },
): Promise<MentionPage> {
  const found = await mentionsBetween(db, userId, { from: 0, before, limit: limit + 1 });
  const mentions = found.slice(0, limit);
  const [last] = mentions.slice(-1);
  if (last === undefined || found.length <= limit) return { mentions, hasMore: false };
  const { sentAt } = last;
  const [next] = found.slice(limit);
  if (next?.sentAt !== sentAt) return { mentions, hasMore: true };
  // several of one moment: scheduled messages go out together
  const moment = { from: sentAt, before: sentAt + 1, limit: momentMax };
  const older = await mentionsBetween(db, userId, { from: 0, before: sentAt, limit: 1 });
  return {
    mentions: [
      ...mentions.filter((place) => place.sentAt > sentAt),
      ...(await mentionsBetween(db, userId, moment)),
    ],
    hasMore: older.length > 0,
  };
}

/** Of one moment: far more than can be sent to one person within a millisecond. */
const momentMax = 1_000;

type Span = { from: number; before: number; limit: number };

/** Calls by name and calls of everybody are asked for apart, so that each is read in its order from the index. */
async function mentionsBetween(db: Read, userId: number, span: Span): Promise<MentionPlace[]> {
  const named = await selectMentions(db, userId, 'by-name', span);
  const names = new Set(named.map(({ message }) => message));
  const ofAll = await selectMentions(db, userId, 'all', span);
  return [...named, ...ofAll.filter(({ message }) => !names.has(message))]
    .sort((left, right) => right.sentAt - left.sentAt)
    .slice(0, span.limit);
}

async function selectMentions(
  db: Read,
  userId: number,
  who: 'by-name' | 'all',
  { from, before, limit }: Span,
): Promise<MentionPlace[]> {
  const rows = await db
    .selectFrom('mentions')
    .innerJoin('members', (join) =>
      join.onRef('members.room_id', '=', 'mentions.room_id').on('members.user_id', '=', userId),
    )
    .innerJoin('rooms', 'rooms.id', 'mentions.room_id')
    .innerJoin('messages', (join) =>
      join.onRef('messages.room_id', '=', 'mentions.room_id').onRef('messages.seq', '=', 'mentions.seq'),
    )
    .innerJoin('users', 'users.id', 'messages.sender_id')
    .select([
      'rooms.uid as roomUid',
      'users.uid as senderUid',
      'messages.client_id as clientId',
      'mentions.seq',
      'mentions.sent_at as sentAt',
    ])
    .where((where) =>
      who === 'all' ? where('mentions.user_id', 'is', null) : where('mentions.user_id', '=', userId),
    )
    // whoever joined later was not among everybody, whatever they may read
    .$if(who === 'all', (query) => query.whereRef('mentions.sent_at', '>=', 'members.joined_at'))
    .where('mentions.sent_at', '>=', from)
    .where('mentions.sent_at', '<', before)
    .whereRef('mentions.seq', '>=', 'members.joined_seq')
    .where('messages.sender_id', '!=', userId)
    .orderBy('mentions.sent_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map(({ roomUid, senderUid, clientId, seq, sentAt }) => ({
    roomUid,
    message: `${senderUid}.${clientId}`,
    seq,
    sentAt,
    isAll: who === 'all',
  }));
}

/** A deleted account is called nowhere. */
export const cleanUpMentions: CleanUpUser = async ({ db }, { userId }) => {
  await db.deleteFrom('mentions').where('user_id', '=', userId).execute();
  return { events: [] };
};
