/**
 * Which messages are polls, ballots and deadlines. The totals travel with the poll's message; what is here is only what a person's next vote and the
 * closing need: one ballot per person, and when an open poll closes.
 */
import type { Read, Unit } from '../feature-types.ts';

/** Where a poll's message is. */
export type PollPlace = { roomId: number; seq: number };

/** The room of the message with this name, whoever asks: access is checked by what reads the message. */
export async function findRoomUid(db: Read, name: string): Promise<string | undefined> {
  const [senderUid = '', clientId = ''] = name.split('.');
  const row = await db
    .selectFrom('messages')
    .innerJoin('users', 'users.id', 'messages.sender_id')
    .innerJoin('rooms', 'rooms.id', 'messages.room_id')
    .select('rooms.uid')
    .where('users.uid', '=', senderUid)
    .where('messages.client_id', '=', clientId)
    .executeTakeFirst();
  return row?.uid;
}

/** This person's choice; 0 for no vote. */
export async function findChoices(db: Read, { roomId, seq }: PollPlace, voterId: number): Promise<number> {
  const row = await db
    .selectFrom('poll_ballots')
    .select('choices')
    .where('room_id', '=', roomId)
    .where('seq', '=', seq)
    .where('voter_id', '=', voterId)
    .executeTakeFirst();
  return row?.choices ?? 0;
}

/** All ballots of a poll, by the voters' uids. */
export const listBallots = (db: Read, { roomId, seq }: PollPlace) =>
  db
    .selectFrom('poll_ballots')
    .innerJoin('users', 'users.id', 'poll_ballots.voter_id')
    .select(['users.uid', 'poll_ballots.choices'])
    .where('poll_ballots.room_id', '=', roomId)
    .where('poll_ballots.seq', '=', seq)
    .orderBy('users.uid')
    .execute();

/** Puts a person's ballot in the place of the one before; 0 takes it away. */
export async function putBallot(
  { db }: Unit,
  { roomId, seq }: PollPlace,
  voterId: number,
  choices: number,
): Promise<void> {
  if (choices === 0) {
    await db
      .deleteFrom('poll_ballots')
      .where('room_id', '=', roomId)
      .where('seq', '=', seq)
      .where('voter_id', '=', voterId)
      .execute();
    return;
  }
  await db
    .insertInto('poll_ballots')
    .values({ room_id: roomId, seq, voter_id: voterId, choices })
    .onConflict((conflict) => conflict.columns(['room_id', 'seq', 'voter_id']).doUpdateSet({ choices }))
    .execute();
}

/** Forgets who voted for what. */
export async function deleteBallots({ db }: Unit, { roomId, seq }: PollPlace): Promise<void> {
  await db.deleteFrom('poll_ballots').where('room_id', '=', roomId).where('seq', '=', seq).execute();
}

/** Forgets this person's ballots, everywhere. */
export async function deleteBallotsOf({ db }: Unit, voterId: number): Promise<void> {
  await db.deleteFrom('poll_ballots').where('voter_id', '=', voterId).execute();
}

/** This message is a poll; it closes then, if at any time by itself. */
export async function insertPoll({ db }: Unit, place: PollPlace, closesAt: number | null): Promise<void> {
  const { roomId, seq } = place;
  await db.insertInto('polls').values({ room_id: roomId, seq, closes_at: closesAt }).execute();
}

/** It does not close by itself any more: it is closed. */
export async function clearDeadline({ db }: Unit, { roomId, seq }: PollPlace): Promise<void> {
  await db
    .updateTable('polls')
    .set({ closes_at: null })
    .where('room_id', '=', roomId)
    .where('seq', '=', seq)
    .execute();
}

/** It was recalled; its ballots must be gone. */
export async function deletePoll({ db }: Unit, { roomId, seq }: PollPlace): Promise<void> {
  await db.deleteFrom('polls').where('room_id', '=', roomId).where('seq', '=', seq).execute();
}

/** Seqs of a room's polls from one seq to below another, the newest first. */
export async function listPollSeqs(
  db: Read,
  roomId: number,
  range: { from: number; before: number; limit: number },
): Promise<number[]> {
  const rows = await db
    .selectFrom('polls')
    .select('seq')
    .where('room_id', '=', roomId)
    .where('seq', '>=', range.from)
    .where('seq', '<', range.before)
    .orderBy('seq', 'desc')
    .limit(range.limit)
    .execute();
  return rows.map(({ seq }) => seq);
}

/** Open polls whose deadline has come, the earliest first. */
export async function listDue(db: Read, now: number, limit: number): Promise<PollPlace[]> {
  const rows = await db
    .selectFrom('polls')
    .select(['room_id', 'seq'])
    .where('closes_at', '<=', now)
    .orderBy('closes_at')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ roomId: row.room_id, seq: row.seq }));
}

/** The earliest deadline of any open poll. */
export async function nextDeadline(db: Read): Promise<number | null> {
  const row = await db
    .selectFrom('polls')
    .select('closes_at')
    .where('closes_at', 'is not', null)
    .orderBy('closes_at')
    .limit(1)
    .executeTakeFirst();
  return row?.closes_at ?? null;
}
