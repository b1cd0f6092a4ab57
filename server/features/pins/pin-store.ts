/** Which messages of a room are pinned, which of them are notices, and who has acknowledged those. */
import type { NoticeCount, NoticeReminder } from '#contract/pins.ts';
import type { CleanUpUser, Read, Unit } from '../feature-types.ts';

/** Where a message is. */
export type PinPlace = { roomId: number; seq: number };

export type PinRow = { seq: number; is_notice: 0 | 1; reminded_at: number | null };

/** The pins at or after a seq, ascending. */
export const listPins = (db: Read, roomId: number, fromSeq: number): Promise<PinRow[]> =>
  db
    .selectFrom('pins')
    .select(['seq', 'is_notice', 'reminded_at'])
    .where('room_id', '=', roomId)
    .where('seq', '>=', fromSeq)
    .orderBy('seq')
    .execute();

/** All pins of a room, also those that the asking member may not read. */
export async function countPins(db: Read, roomId: number): Promise<number> {
  const { count } = await db
    .selectFrom('pins')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('room_id', '=', roomId)
    .executeTakeFirstOrThrow();
  return count;
}

export async function countMembers(db: Read, roomId: number): Promise<number> {
  const { count } = await db
    .selectFrom('members')
    .select((select) => select.fn.countAll<number>().as('count'))
    .where('room_id', '=', roomId)
    .executeTakeFirstOrThrow();
  return count;
}

/** Pins a message, or changes whether its pin is a notice; reminders begin anew. */
export async function putPin({ db }: Unit, { roomId, seq }: PinPlace, isNotice: 0 | 1): Promise<void> {
  await db
    .insertInto('pins')
    .values({ room_id: roomId, seq, is_notice: isNotice, reminded_at: null })
    .onConflict((conflict) =>
      conflict.columns(['room_id', 'seq']).doUpdateSet({ is_notice: isNotice, reminded_at: null }),
    )
    .execute();
}

/** Forgets who has acknowledged. */
export async function deleteAcks({ db }: Unit, { roomId, seq }: PinPlace): Promise<void> {
  await db.deleteFrom('notice_acks').where('room_id', '=', roomId).where('seq', '=', seq).execute();
}

/** Unpins a message, and forgets who has acknowledged it; of one that is being recalled as well. */
export async function deletePin(unit: Unit, place: PinPlace): Promise<void> {
  await deleteAcks(unit, place);
  await unit.db.deleteFrom('pins').where('room_id', '=', place.roomId).where('seq', '=', place.seq).execute();
}

/** When this person acknowledged the notice; undefined if they have not. */
export async function findAck(db: Read, { roomId, seq }: PinPlace, userId: number) {
  const row = await db
    .selectFrom('notice_acks')
    .select('acknowledged_at')
    .where('room_id', '=', roomId)
    .where('seq', '=', seq)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row?.acknowledged_at;
}

/** The seqs of the notices in a room that this person has acknowledged. */
export async function acknowledgedSeqs(db: Read, roomId: number, userId: number): Promise<Set<number>> {
  const rows = await db
    .selectFrom('notice_acks')
    .select('seq')
    .where('room_id', '=', roomId)
    .where('user_id', '=', userId)
    .execute();
  return new Set(rows.map(({ seq }) => seq));
}

export async function insertAck(
  { db }: Unit,
  { roomId, seq }: PinPlace,
  ack: { userId: number; at: number },
): Promise<void> {
  await db
    .insertInto('notice_acks')
    .values({ room_id: roomId, seq, user_id: ack.userId, acknowledged_at: ack.at })
    .execute();
}

/** The members who may read a notice and did not write it, with when they acknowledged it. */
const readersOf = (db: Read, { roomId, seq }: PinPlace) =>
  db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .innerJoin('messages', (join) => join.onRef('messages.room_id', '=', 'members.room_id'))
    .leftJoin('notice_acks', (join) =>
      join
        .onRef('notice_acks.room_id', '=', 'messages.room_id')
        .onRef('notice_acks.seq', '=', 'messages.seq')
        .onRef('notice_acks.user_id', '=', 'members.user_id'),
    )
    .where('members.room_id', '=', roomId)
    .where('messages.seq', '=', seq)
    .whereRef('members.joined_seq', '<=', 'messages.seq')
    .whereRef('messages.sender_id', '!=', 'members.user_id')
    // nobody waits for somebody whose account is not in use
    .where((where) =>
      where.or([where('users.state', '=', 'active'), where('notice_acks.acknowledged_at', 'is not', null)]),
    );

export type NoticeReader = { uid: string; acknowledged_at: number | null };

/** Those who have acknowledged first, in the order in which they did. */
export const listReaders = (db: Read, place: PinPlace): Promise<NoticeReader[]> =>
  readersOf(db, place)
    .select(['users.uid', 'notice_acks.acknowledged_at'])
    .orderBy('notice_acks.acknowledged_at')
    .orderBy('users.uid')
    .execute();

/** How many of them there are, and how many have acknowledged. */
export const countReaders = (db: Read, place: PinPlace): Promise<NoticeCount> =>
  readersOf(db, place)
    .select((select) => [
      select.fn.count<number>('notice_acks.acknowledged_at').as('acknowledged'),
      select.fn.count<number>('members.user_id').as('people'),
    ])
    .executeTakeFirstOrThrow();

/** Uids of the members who may read it; null if that is everybody in the room. */
export async function listAudience(db: Read, { roomId, seq }: PinPlace): Promise<string[] | null> {
  const late = await db
    .selectFrom('members')
    .select('user_id')
    .where('room_id', '=', roomId)
    .where('joined_seq', '>', seq)
    .limit(1)
    .execute();
  if (late.length === 0) return null;
  const rows = await db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select('users.uid')
    .where('members.room_id', '=', roomId)
    .where('members.joined_seq', '<=', seq)
    .execute();
  return rows.map(({ uid }) => uid);
}

export async function findRemindedAt(db: Read, { roomId, seq }: PinPlace): Promise<number | null> {
  const row = await db
    .selectFrom('pins')
    .select('reminded_at')
    .where('room_id', '=', roomId)
    .where('seq', '=', seq)
    .executeTakeFirst();
  return row?.reminded_at ?? null;
}

export async function setReminded({ db }: Unit, { roomId, seq }: PinPlace, at: number): Promise<void> {
  const result = await db
    .updateTable('pins')
    .set({ reminded_at: at })
    .where('room_id', '=', roomId)
    .where('seq', '=', seq)
    .executeTakeFirst();
  if (result.numUpdatedRows !== 1n) throw new Error('A notice to remind of was not there.');
}

/**
 * The notices that this person was reminded of and has not acknowledged. Whoever joined after the reminder was not meant by
 * it, whatever they may read.
 */
export async function listReminders(db: Read, userId: number): Promise<NoticeReminder[]> {
  const rows = await db
    .selectFrom('members')
    .innerJoin('pins', 'pins.room_id', 'members.room_id')
    .innerJoin('messages', (join) =>
      join.onRef('messages.room_id', '=', 'pins.room_id').onRef('messages.seq', '=', 'pins.seq'),
    )
    .innerJoin('users', 'users.id', 'messages.sender_id')
    .innerJoin('rooms', 'rooms.id', 'members.room_id')
    .leftJoin('notice_acks', (join) =>
      join
        .onRef('notice_acks.room_id', '=', 'pins.room_id')
        .onRef('notice_acks.seq', '=', 'pins.seq')
        .onRef('notice_acks.user_id', '=', 'members.user_id'),
    )
    .select(['rooms.uid as roomUid', 'users.uid as senderUid', 'messages.client_id', 'pins.reminded_at'])
    .where('members.user_id', '=', userId)
    .whereRef('pins.seq', '>=', 'members.joined_seq')
    .whereRef('pins.reminded_at', '>=', 'members.joined_at')
    .whereRef('messages.sender_id', '!=', 'members.user_id')
    .where('notice_acks.user_id', 'is', null)
    .orderBy('pins.reminded_at')
    .execute();
  return rows.map(({ roomUid, senderUid, client_id, reminded_at }) => ({
    roomUid,
    message: `${senderUid}.${client_id}`,
    at: reminded_at ?? 0,
  }));
}

/** A deleted person’s acknowledgements are forgotten. */
export const cleanUpAcks: CleanUpUser = async ({ db }, { userId }) => {
  await db.deleteFrom('notice_acks').where('user_id', '=', userId).execute();
  return { events: [] };
};
