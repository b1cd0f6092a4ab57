/** Earlier texts of edited messages, sealed as they came. */
import type { MessageVersion } from '#contract/message-changes.ts';
import type { Read, Unit } from '../feature-types.ts';

type Place = { roomId: number; seq: number };

export async function insertVersion(
  { db }: Unit,
  { roomId, seq }: Place,
  { n, envelope, at }: MessageVersion,
): Promise<void> {
  await db
    .insertInto('message_versions')
    .values({ room_id: roomId, seq, n, envelope, made_at: at })
    .execute();
}

/** Ascending, without the present one. */
export async function listVersions(db: Read, { roomId, seq }: Place): Promise<MessageVersion[]> {
  const rows = await db
    .selectFrom('message_versions')
    .select(['n', 'envelope', 'made_at'])
    .where('room_id', '=', roomId)
    .where('seq', '=', seq)
    .orderBy('n')
    .execute();
  return rows.map(({ n, envelope, made_at: at }) => ({ n, envelope, at }));
}

export async function deleteVersions({ db }: Unit, { roomId, seq }: Place): Promise<void> {
  await db.deleteFrom('message_versions').where('room_id', '=', roomId).where('seq', '=', seq).execute();
}
