/** Rows of epochs: records, signatures and wraps, verbatim as they came. */
import type { EpochRow, OtherWrap } from '#contract/sealed.ts';
import { compiledWrite } from '../../database/compiled-statement.ts';
import type { Read, Unit } from '../feature-types.ts';

/** What is known of the people whom a record names. */
export type NamedPerson = {
  id: number;
  uid: string;
  state: 'active' | 'disabled' | 'deleted';
  identity_version: number;
};

export const findNamedPeople = (db: Read, userUids: readonly string[]): Promise<NamedPerson[]> =>
  db
    .selectFrom('users')
    .select(['id', 'uid', 'state', 'identity_version'])
    .where('uid', 'in', userUids)
    .execute();

/** Every statement that these people published themselves. */
export const statementsOf = (db: Read, userIds: readonly number[]) =>
  db
    .selectFrom('identities')
    .innerJoin('users', 'users.id', 'identities.user_id')
    .select(['users.uid as userUid', 'identities.version', 'identities.statement'])
    .where('identities.user_id', 'in', userIds)
    .execute();

/** Statements of these people that members gave back after a restore: as good as the records that name them. */
export const returnedStatementsOf = (db: Read, userIds: readonly number[]) =>
  db
    .selectFrom('returned_statements')
    .innerJoin('users', 'users.id', 'returned_statements.user_id')
    .select(['users.uid as userUid', 'returned_statements.version', 'returned_statements.statement'])
    .where('returned_statements.user_id', 'in', userIds)
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

type NewWrap = { userId: number; version: number; wrap: string };

const insertWrap = compiledWrite<NewWrap & { roomId: number; epoch: number }>((db, param) =>
  db.insertInto('wraps').values({
    room_id: param('roomId'),
    user_id: param('userId'),
    epoch: param('epoch'),
    version: param('version'),
    wrap: param('wrap'),
  }),
);

export async function insertEpoch({ db }: Unit, row: NewEpochRow, wraps: readonly NewWrap[]): Promise<void> {
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
  for (const wrap of wraps) await insertWrap(db, { roomId: row.roomId, epoch: row.epoch, ...wrap });
}

type Range = { roomId: number; roomUid: string; userId: number; from: number; to: number };

/** Records from one epoch to another with this person's own wraps, that of the newest version before the others; ascending. */
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
      'wraps.version',
    ])
    .where('epochs.room_id', '=', roomId)
    .where('epochs.epoch', '>=', from)
    .where('epochs.epoch', '<=', to)
    .orderBy('epochs.epoch')
    .orderBy('wraps.version', 'desc')
    .execute();
  const reported = await reportedWraps(db, range);
  const byEpoch = new Map<number, typeof rows>();
  for (const row of rows) byEpoch.set(row.epoch, [...(byEpoch.get(row.epoch) ?? []), row]);
  return [...byEpoch.values()].flatMap(([row, ...older]) => {
    if (row === undefined) return [];
    const own = older.map(({ version, wrap }) => ({ version, wrap }));
    const others = [...own, ...reported.filter(({ epoch }) => epoch === row.epoch)].flatMap(toOtherWrap);
    return [
      {
        roomUid,
        epoch: row.epoch,
        hash: row.hash,
        record: row.record,
        signature: row.signature,
        wrap: row.wrap,
        ...(row.version === null ? {} : { wrapVersion: row.version }),
        ...(others.length === 0 ? {} : { otherWraps: others }),
        afterSeq: row.after_seq,
        madeAt: row.made_at,
      },
    ];
  });
}

const toOtherWrap = ({ version, wrap }: { version: number | null; wrap: string | null }): OtherWrap[] =>
  version === null || wrap === null ? [] : [{ version, wrap }];

/** What this person reported and may have been wrong about, the earliest first. */
const reportedWraps = (db: Read, { roomId, userId, from, to }: Range) =>
  db
    .selectFrom('wraps_put_aside')
    .select(['epoch', 'version', 'wrap'])
    .where('room_id', '=', roomId)
    .where('user_id', '=', userId)
    .where('epoch', '>=', from)
    .where('epoch', '<=', to)
    .orderBy('id')
    .execute();
