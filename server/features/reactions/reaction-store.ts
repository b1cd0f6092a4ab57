/** Who reacted to what. The message's row carries the same as a part; what is only here is what each person sealed. */
import type { Read, Unit } from '../feature-types.ts';
import type { ReactionRow } from './reaction-rules.ts';

/** Where a message is. */
export type ReactionPlace = { roomId: number; seq: number };

/** All reactions to a message, in the order of reacting. */
export const listReactions = (db: Read, { roomId, seq }: ReactionPlace): Promise<ReactionRow[]> =>
  db
    .selectFrom('reactions')
    .innerJoin('users', 'users.id', 'reactions.user_id')
    .select(['reactions.token', 'reactions.sealed', 'users.uid'])
    .where('reactions.room_id', '=', roomId)
    .where('reactions.seq', '=', seq)
    .orderBy('reactions.id')
    .execute();

/** This person reacts; one that is there already stays as it is. Gives whether it is new. */
export async function insertReaction(
  { db }: Unit,
  { roomId, seq }: ReactionPlace,
  reaction: { userId: number; token: string; sealed: string },
): Promise<boolean> {
  const { userId, token, sealed } = reaction;
  const result = await db
    .insertInto('reactions')
    .values({ room_id: roomId, seq, user_id: userId, token, sealed })
    .onConflict((conflict) => conflict.columns(['room_id', 'seq', 'token', 'user_id']).doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** Takes this person's reaction back. Gives whether there was one. */
export async function deleteReaction(
  { db }: Unit,
  { roomId, seq }: ReactionPlace,
  reaction: { userId: number; token: string },
): Promise<boolean> {
  const result = await db
    .deleteFrom('reactions')
    .where('room_id', '=', roomId)
    .where('seq', '=', seq)
    .where('user_id', '=', reaction.userId)
    .where('token', '=', reaction.token)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}

/** Forgets what anybody reacted to a message that is being recalled; its part goes with the row's other parts. */
export async function deleteReactionsTo({ db }: Unit, { roomId, seq }: ReactionPlace): Promise<void> {
  await db.deleteFrom('reactions').where('room_id', '=', roomId).where('seq', '=', seq).execute();
}
