/**
 * Changing a message that is stored already: the one way for edits, recalls, reactions, votes and whatever else travels with
 * a row. The row's and the room's revision go up together, and those who may read the row are told what it is now.
 */
import type { Message, MessageParts } from '#contract/messages.ts';
import { AppError } from '../../app-error.ts';
import { compiledSelect } from '../../database/compiled-statement.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import { toRoom, toUsers } from '../../gateway/delivery.ts';
import type { Read, Unit } from '../feature-types.ts';
import { memberRoom, visibleFrom } from '../rooms/room-access.ts';
import type { MemberRoom } from '../rooms/room-access.ts';
import { messageColumns, partsText, readParts, toMessage } from './message-store.ts';

const selectByName = compiledSelect<{ roomId: number; senderUid: string; clientId: string }>()((db, param) =>
  db
    .selectFrom('messages')
    .innerJoin('users', 'users.id', 'messages.sender_id')
    .select([...messageColumns, 'messages.id', 'messages.sender_id'])
    .where('users.uid', '=', param('senderUid'))
    .where('messages.client_id', '=', param('clientId'))
    .where('messages.room_id', '=', param('roomId')),
);

/** A message that this person may read now, with its room. */
export type FoundMessage = {
  id: number;
  senderId: number;
  room: MemberRoom;
  message: Message;
  parts: MessageParts;
};

/**
 * The message `senderUid.clientId` of a room, for a member who may read it; NOT_FOUND otherwise, whatever the reason. Inside
 * a unit, ask with the unit's handle.
 */
export async function readableMessage(
  db: Read,
  userId: number,
  at: { roomUid: string; message: string },
): Promise<FoundMessage> {
  const room = await memberRoom(db, userId, at.roomUid);
  const [senderUid = '', clientId = ''] = at.message.split('.');
  const [row] = await selectByName(db, { roomId: room.id, senderUid, clientId });
  if (row === undefined || row.seq < visibleFrom(room)) throw new AppError('NOT_FOUND', { field: 'message' });
  const message = toMessage(row, at.roomUid);
  return { id: row.id, senderId: row.sender_id, room, message, parts: readParts(row.parts) };
}

/** A message with what a change needs of its room, whoever asks. */
export type ChangeableMessage = Omit<FoundMessage, 'room'> & {
  room: Pick<MemberRoom, 'id' | 'uid' | 'rev'>;
};

/** The message at this place for what the server does by itself; undefined if there is none. */
export async function storedMessage(
  db: Read,
  at: { roomId: number; seq: number },
): Promise<ChangeableMessage | undefined> {
  const row = await db
    .selectFrom('messages')
    .innerJoin('users', 'users.id', 'messages.sender_id')
    .innerJoin('rooms', 'rooms.id', 'messages.room_id')
    .select([...messageColumns, 'messages.id', 'messages.sender_id', 'rooms.uid', 'rooms.rev as roomRev'])
    .where('messages.room_id', '=', at.roomId)
    .where('messages.seq', '=', at.seq)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const room = { id: at.roomId, uid: row.uid, rev: row.roomRev };
  const message = toMessage(row, row.uid);
  return { id: row.id, senderId: row.sender_id, room, message, parts: readParts(row.parts) };
}

/** What changes. A part that is `undefined` is taken away; parts that are not named stay. */
export type MessageChange = {
  envelope?: string;
  n?: number;
  recalledAt?: number;
  parts?: { [Name in keyof MessageParts]?: MessageParts[Name] | undefined };
};

/** Writes a change and gives the row as it is now, with the event for those who may read it. */
export async function changeMessage(
  unit: Unit,
  found: ChangeableMessage,
  change: MessageChange,
): Promise<{ message: Message; events: Delivery[] }> {
  const { db } = unit;
  const { room } = found;
  const rev = room.rev + 1;
  const advanced = await db
    .updateTable('rooms')
    .set({ rev })
    .where('id', '=', room.id)
    .where('rev', '=', room.rev)
    .executeTakeFirst();
  if (advanced.numUpdatedRows !== 1n) throw new Error('A room went on while one of its messages changed.');
  const parts = { ...found.parts, ...change.parts };
  const { envelope, n, recalledAt } = change;
  const updated = await db
    .updateTable('messages')
    .set({
      rev,
      parts: partsText(parts),
      ...(envelope === undefined ? {} : { envelope }),
      ...(n === undefined ? {} : { n }),
      ...(recalledAt === undefined ? {} : { recalled_at: recalledAt }),
    })
    .where('id', '=', found.id)
    .executeTakeFirst();
  if (updated.numUpdatedRows !== 1n) throw new Error('A message to be changed was not there.');
  const message = await readAgain(unit, found);
  return { message, events: [await changedEvent(unit, room, message)] };
}

async function readAgain({ db }: Unit, found: ChangeableMessage): Promise<Message> {
  const { senderUid, clientId, roomUid } = found.message;
  const [row] = await selectByName(db, { roomId: found.room.id, senderUid, clientId });
  if (row === undefined) throw new Error('A message that changed is not there.');
  return toMessage(row, roomUid);
}

const selectLateMembers = compiledSelect<{ roomId: number; seq: number }>()((db, param) =>
  db
    .selectFrom('members')
    .select('user_id')
    .where('room_id', '=', param('roomId'))
    .where('joined_seq', '>', param('seq'))
    .limit(1),
);

/** To the room, unless somebody in it joined after the message and may not read what was before. */
async function changedEvent(
  { db }: Unit,
  room: ChangeableMessage['room'],
  message: Message,
): Promise<Delivery> {
  const { seq } = message;
  const hasOutsiders = (await selectLateMembers(db, { roomId: room.id, seq })).length > 0;
  if (!hasOutsiders) return toRoom(room.uid, 'message:changed', { message });
  const readers = await db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select('users.uid')
    .where('members.room_id', '=', room.id)
    .where('members.joined_seq', '<=', seq)
    .execute();
  return toUsers(
    readers.map(({ uid }) => uid),
    'message:changed',
    { message },
  );
}
