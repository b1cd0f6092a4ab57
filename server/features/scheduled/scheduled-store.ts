/** Rows of messages that wait for their time. */
import type { ScheduledMessage } from '#contract/scheduled.ts';
import type { ScheduledMessagesTable } from '../../database/tables.ts';
import type { CleanUpUser, Read, Unit } from '../feature-types.ts';

const columns = [
  'scheduled_messages.user_id',
  'scheduled_messages.client_id',
  'scheduled_messages.target',
  'scheduled_messages.envelope',
  'scheduled_messages.mentions',
  'scheduled_messages.deliver_at',
  'scheduled_messages.state',
  'scheduled_messages.reason',
  'rooms.uid as roomUid',
  'users.uid as userUid',
] as const;

export type ScheduledRow = Omit<ScheduledMessagesTable, 'room_id'> & { roomUid: string; userUid: string };

const select = (db: Read) =>
  db
    .selectFrom('scheduled_messages')
    .innerJoin('rooms', 'rooms.id', 'scheduled_messages.room_id')
    .innerJoin('users', 'users.id', 'scheduled_messages.user_id')
    .select(columns);

export const toScheduled = (row: ScheduledRow): ScheduledMessage => ({
  roomUid: row.roomUid,
  clientId: row.client_id,
  target: row.target,
  envelope: row.envelope,
  // written from what the contract's schema let in
  ...(row.mentions === null ? {} : { mentions: JSON.parse(row.mentions) }),
  deliverAt: row.deliver_at,
  state: row.state,
  reason: row.reason,
});

/** One person's, the next one first. */
export const listScheduled = (db: Read, userId: number): Promise<ScheduledRow[]> =>
  select(db)
    .where('scheduled_messages.user_id', '=', userId)
    .orderBy('scheduled_messages.deliver_at')
    .orderBy('scheduled_messages.client_id')
    .execute();

export const findScheduled = (
  db: Read,
  userId: number,
  clientId: string,
): Promise<ScheduledRow | undefined> =>
  select(db)
    .where('scheduled_messages.user_id', '=', userId)
    .where('scheduled_messages.client_id', '=', clientId)
    .executeTakeFirst();

/** What is due, the oldest first. */
export const listDue = (db: Read, now: number, limit: number): Promise<ScheduledRow[]> =>
  select(db)
    .where('scheduled_messages.state', '=', 'waiting')
    .where('scheduled_messages.deliver_at', '<=', now)
    .orderBy('scheduled_messages.deliver_at')
    .orderBy('scheduled_messages.client_id')
    .limit(limit)
    .execute();

export async function nextDue(db: Read): Promise<number | null> {
  const row = await db
    .selectFrom('scheduled_messages')
    .select('deliver_at')
    .where('state', '=', 'waiting')
    .orderBy('deliver_at')
    .limit(1)
    .executeTakeFirst();
  return row?.deliver_at ?? null;
}

export async function putScheduled({ db }: Unit, row: ScheduledMessagesTable): Promise<void> {
  const { user_id: _user, client_id: _client, ...changed } = row;
  await db
    .insertInto('scheduled_messages')
    .values(row)
    .onConflict((conflict) => conflict.columns(['user_id', 'client_id']).doUpdateSet(changed))
    .execute();
}

export async function setState(
  { db }: Unit,
  { user_id: userId, client_id: clientId }: ScheduledRow,
  state: ScheduledRow['state'],
  reason: string | null,
): Promise<void> {
  await db
    .updateTable('scheduled_messages')
    .set({ state, reason })
    .where('user_id', '=', userId)
    .where('client_id', '=', clientId)
    .execute();
}

/** True if there was one. */
export async function deleteScheduled({ db }: Unit, userId: number, clientId: string): Promise<boolean> {
  const result = await db
    .deleteFrom('scheduled_messages')
    .where('user_id', '=', userId)
    .where('client_id', '=', clientId)
    .executeTakeFirst();
  return result.numDeletedRows === 1n;
}

/** Nothing of a departed author is sent. */
export const cleanUpScheduled: CleanUpUser = async ({ db }, { userId }) => {
  await db.deleteFrom('scheduled_messages').where('user_id', '=', userId).execute();
  return { events: [] };
};

/** Nothing is sent in the name of an account that is not in use. The texts stay: the author may be back, and sees why. */
export const stopScheduled: CleanUpUser = async ({ db }, { userId }) => {
  await db
    .updateTable('scheduled_messages')
    .set({ state: 'failed', reason: 'ACCOUNT_DISABLED' })
    .where('user_id', '=', userId)
    .execute();
  return { events: [] };
};
