/** Rows of epochs: records, signatures and wraps, verbatim as they came. */
import type { EpochRow } from '#contract/sealed.ts';
import { compiledWrite } from '../../database/compiled-statement.ts';
import type { Read, Unit } from '../feature-types.ts';

/** What is known of the people whom a record names. */
export type NamedPerson = { id: number; uid: string; state: 'active' | 'disabled' | 'deleted' };

export const findNamedPeople = (db: Read, userUids: readonly string[]): Promise<NamedPerson[]> =>
  db.selectFrom('users').select(['id', 'uid', 'state']).where('uid', 'in', userUids).execute();

/** Every published statement of these people. */
export const statementsOf = (db: Read, userIds: readonly number[]) =>
  db
    .selectFrom('identities')
    .innerJoin('users', 'users.id', 'identities.user_id')
    .select(['users.uid as userUid', 'identities.version', 'identities.statement'])
    .where('identities.user_id', 'in', userIds)
    .execute();

/** One record of a room. */
export const findEpoch = (db: Read, roomId: number, epoch: number) =>
  db
    .selectFrom('epochs')
    .select(['hash', 'record', 'creator_id', 'after_seq'])
    .where('room_id', '=', roomId)
    .where('epoch', '=', epoch)
    .executeTakeFirst();

type NewEpochRow = {
  roomId: number;
  epoch: number;
  hash: string;
  record: string;
  signature: string;
  creatorId: number;
  afterSeq: number;
  madeAt: number;
};

const insertWrap = compiledWrite<{ roomId: number; userId: number; epoch: number; wrap: string }>(
  (db, param) =>
    db.insertInto('wraps').values({
      room_id: param('roomId'),
      user_id: param('userId'),
      epoch: param('epoch'),
      wrap: param('wrap'),
    }),
);

export async function insertEpoch(
  { db }: Unit,
  row: NewEpochRow,
  wraps: readonly { userId: number; wrap: string }[],
): Promise<void> {
  await db
    .insertInto('epochs')
    .values({
      room_id: row.roomId,
      epoch: row.epoch,
      hash: row.hash,
      record: row.record,
      signature: row.signature,
      creator_id: row.creatorId,
      after_seq: row.afterSeq,
      made_at: row.madeAt,
    })
    .execute();
  for (const { userId, wrap } of wraps) {
    await insertWrap(db, { roomId: row.roomId, userId, epoch: row.epoch, wrap });
  }
}

type Range = { roomId: number; roomUid: string; userId: number; from: number; to: number };

/** Records from one epoch to another with this person's own wraps, ascending. */
export async function listEpochs(db: Read, range: Range): Promise<EpochRow[]> {
  const { roomId, roomUid, userId, from, to } = range;
  const rows = await db
    .selectFrom('epochs')
    .leftJoin('wraps', (join) =>
      join
        .onRef('wraps.room_id', '=', 'epochs.room_id')
        .onRef('wraps.epoch', '=', 'epochs.epoch')
        .on('wraps.user_id', '=', userId),
    )
    .select([
      'epochs.epoch',
      'epochs.hash',
      'epochs.record',
      'epochs.signature',
      'epochs.after_seq',
      'epochs.made_at',
      'wraps.wrap',
    ])
    .where('epochs.room_id', '=', roomId)
    .where('epochs.epoch', '>=', from)
    .where('epochs.epoch', '<=', to)
    .orderBy('epochs.epoch')
    .execute();
  return rows.map((row) => ({
    roomUid,
    epoch: row.epoch,
    hash: row.hash,
    record: row.record,
    signature: row.signature,
    wrap: row.wrap,
    afterSeq: row.after_seq,
    madeAt: row.made_at,
  }));
}

/** Removes a person's wraps everywhere. */
export async function deleteWrapsOf({ db }: Unit, userId: number): Promise<void> {
  await db.deleteFrom('wraps').where('user_id', '=', userId).execute();
}

type MissingRange = { roomId: number; userId: number; from: number; to: number; limit: number };

/** Members without a wrap of an epoch that this person has one of, the newest epochs first. */
export const missingWraps = (db: Read, { roomId, userId, from, to, limit }: MissingRange) =>
  db
    .selectFrom('wraps as mine')
    .innerJoin('members', 'members.room_id', 'mine.room_id')
    .innerJoin('users', 'users.id', 'members.user_id')
    .leftJoin('wraps as theirs', (join) =>
      join
        .onRef('theirs.room_id', '=', 'mine.room_id')
        .onRef('theirs.epoch', '=', 'mine.epoch')
        .onRef('theirs.user_id', '=', 'members.user_id'),
    )
    .select(['users.uid as userUid', 'mine.epoch'])
    .where('mine.room_id', '=', roomId)
    .where('mine.user_id', '=', userId)
    .where('mine.epoch', '>=', from)
    .where('mine.epoch', '<=', to)
    .where('theirs.wrap', 'is', null)
    .orderBy('mine.epoch', 'desc')
    .orderBy('users.id')
    .limit(limit)
    .execute();

/** Stores a wrap where there is none; false if there was one, which stays as it is. */
export async function addWrap(
  { db }: Unit,
  row: { roomId: number; userId: number; epoch: number; wrap: string },
): Promise<boolean> {
  const result = await db
    .insertInto('wraps')
    .values({ room_id: row.roomId, user_id: row.userId, epoch: row.epoch, wrap: row.wrap })
    .onConflict((conflict) => conflict.columns(['room_id', 'user_id', 'epoch']).doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}
