/** Whose messages somebody has just read. */
import { compiledSelect } from '../../database/compiled-statement.ts';
import type { Read } from '../feature-types.ts';

export type ReadSender = { senderUid: string; seq: number };

/** From here on it is quicker to ask for each member's newest message than to look at all that were read. */
const longRange = 500;

const selectSenders = compiledSelect<{ roomId: number; from: number; to: number }>()((db, param) =>
  db
    .selectFrom('messages')
    .innerJoin('users', 'users.id', 'messages.sender_id')
    // whoever was removed is told nothing of the room any more, not even of what they wrote
    .innerJoin('members', (join) =>
      join
        .onRef('members.room_id', '=', 'messages.room_id')
        .onRef('members.user_id', '=', 'messages.sender_id'),
    )
    .select((select) => ['users.uid as senderUid', select.fn.max('messages.seq').as('seq')])
    .where('messages.room_id', '=', param('roomId'))
    .where('messages.seq', '>', param('from'))
    .where('messages.seq', '<=', param('to'))
    .groupBy('users.uid'),
);

const selectMembersNewest = compiledSelect<{ roomId: number; to: number }>()((db, param) =>
  db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select('users.uid as senderUid')
    .select((select) =>
      select
        .selectFrom('messages')
        .select((own) => own.fn.max('messages.seq').as('seq'))
        .whereRef('messages.room_id', '=', 'members.room_id')
        .whereRef('messages.sender_id', '=', 'members.user_id')
        .where('messages.seq', '<=', param('to'))
        .as('seq'),
    )
    .where('members.room_id', '=', param('roomId')),
);

/** Members who sent a message above `from` and up to `to`, each with the newest of theirs. */
export async function sendersOfRead(
  db: Read,
  { roomId, from, to }: { roomId: number; from: number; to: number },
): Promise<ReadSender[]> {
  const rows =
    to - from <= longRange
      ? await selectSenders(db, { roomId, from, to })
      : await selectMembersNewest(db, { roomId, to });
  return rows.flatMap(({ senderUid, seq }) => (seq !== null && seq > from ? [{ senderUid, seq }] : []));
}
