/** Rows of messages. What every message runs through is compiled once. */
import { MessageParts } from '#contract/messages.ts';
import type { Message, MessageKind } from '#contract/messages.ts';
import { compiledSelect, compiledWrite } from '../../database/compiled-statement.ts';
import type { MessagesTable } from '../../database/tables.ts';
import type { Read, Unit } from '../feature-types.ts';

const selectAnswered = compiledSelect<{ senderId: number; clientId: string }>()((db, param) =>
  db
    .selectFrom('messages')
    .select(['seq', 'sent_at', 'rev'])
    .where('sender_id', '=', param('senderId'))
    .where('client_id', '=', param('clientId')),
);

/** What this sender's message was answered with, if it is stored already. */
export const findAnswered = async (db: Read, senderId: number, clientId: string) =>
  (await selectAnswered(db, { senderId, clientId }))[0];

const selectAbsentPeer = compiledSelect<{ roomId: number }>()((db, param) =>
  db
    .selectFrom('members')
    .innerJoin('users', 'users.id', 'members.user_id')
    .select('users.id')
    .where('members.room_id', '=', param('roomId'))
    .where('users.state', '!=', 'active'),
);

/** True if somebody in this direct room has no account in use any more. */
export const hasAbsentPeer = async (db: Read, roomId: number): Promise<boolean> =>
  (await selectAbsentPeer(db, { roomId })).length > 0;

const selectTarget = compiledSelect<{ roomId: number; senderUid: string; clientId: string }>()((db, param) =>
  db
    .selectFrom('messages')
    .innerJoin('users', 'users.id', 'messages.sender_id')
    .select('messages.seq')
    .where('users.uid', '=', param('senderUid'))
    .where('messages.client_id', '=', param('clientId'))
    .where('messages.room_id', '=', param('roomId')),
);

/** The seq of the message with this name in this room. */
export async function findTargetSeq(db: Read, roomId: number, name: string): Promise<number | undefined> {
  const [senderUid = '', clientId = ''] = name.split('.');
  return (await selectTarget(db, { roomId, senderUid, clientId }))[0]?.seq;
}

const advanceRoom = compiledWrite<{ roomId: number; before: number; seq: number; rev: number }>((db, param) =>
  db
    .updateTable('rooms')
    .set({ last_seq: param('seq'), rev: param('rev') })
    .where('id', '=', param('roomId'))
    .where('last_seq', '=', param('before')),
);

const insertRow = compiledWrite<{
  roomId: number;
  seq: number;
  senderId: number;
  clientId: string;
  kind: MessageKind;
  target: string | null;
  envelope: string;
  sentAt: number;
  rev: number;
  parts: string | null;
}>((db, param) =>
  db.insertInto('messages').values({
    room_id: param('roomId'),
    seq: param('seq'),
    sender_id: param('senderId'),
    client_id: param('clientId'),
    kind: param('kind'),
    target: param('target'),
    n: 0,
    envelope: param('envelope'),
    sent_at: param('sentAt'),
    rev: param('rev'),
    parts: param('parts'),
    recalled_at: null,
  }),
);

const moveCursor = compiledWrite<{ roomId: number; userId: number; seq: number }>((db, param) =>
  db
    .updateTable('members')
    .set({ read_seq: param('seq') })
    .where('room_id', '=', param('roomId'))
    .where('user_id', '=', param('userId'))
    .where('read_seq', '<', param('seq')),
);

/** A message that is being sent: nothing of it was recalled yet. */
export type NewMessage = Message & { envelope: string };

const partNames = Object.keys(MessageParts.shape);

/** The parts of a row as they are stored: null for none, which is most rows by far. */
export function partsText(parts: {
  [Name in keyof MessageParts]?: MessageParts[Name] | undefined;
}): string | null {
  const present = Object.entries(parts).filter(
    ([name, part]) => part !== undefined && partNames.includes(name),
  );
  return present.length === 0 ? null : JSON.stringify(Object.fromEntries(present));
}

/** Appends a message to its room; its sender has read up to it. */
export async function appendMessage(
  { db }: Unit,
  roomId: number,
  senderId: number,
  message: NewMessage,
): Promise<void> {
  const { seq, rev, clientId, kind, target, envelope, sentAt } = message;
  const advanced = await advanceRoom(db, { roomId, before: seq - 1, seq, rev });
  if (advanced !== 1) throw new Error('A room went on while a message was being appended.');
  const parts = partsText(message);
  await insertRow(db, { roomId, seq, senderId, clientId, kind, target, envelope, sentAt, rev, parts });
  await moveCursor(db, { roomId, userId: senderId, seq });
}

/** Moves a read cursor forward; it never goes back. */
export async function advanceCursor(
  { db }: Unit,
  at: { roomId: number; userId: number; seq: number },
): Promise<void> {
  await moveCursor(db, at);
}

/** What a row of `toMessage` takes; join `users` for the sender. */
export const messageColumns = [
  'messages.room_id',
  'messages.seq',
  'users.uid as senderUid',
  'messages.client_id',
  'messages.kind',
  'messages.target',
  'messages.n',
  'messages.envelope',
  'messages.sent_at',
  'messages.rev',
  'messages.parts',
  'messages.recalled_at',
] as const;

type MessageRow = Pick<
  MessagesTable,
  | 'room_id'
  | 'seq'
  | 'client_id'
  | 'kind'
  | 'target'
  | 'n'
  | 'envelope'
  | 'sent_at'
  | 'rev'
  | 'parts'
  | 'recalled_at'
> & { senderUid: string };

/** The stored parts of a row. */
export const readParts = (stored: string | null): MessageParts =>
  // written by `partsText`, from what the contract's schema let in
  stored === null ? {} : (JSON.parse(stored) as MessageParts);

/** A row as clients get it. */
export const toMessage = (row: MessageRow, roomUid: string): Message => ({
  roomUid,
  seq: row.seq,
  senderUid: row.senderUid,
  clientId: row.client_id,
  kind: row.kind,
  target: row.target,
  n: row.n,
  envelope: row.envelope === '' ? null : row.envelope,
  sentAt: row.sent_at,
  rev: row.rev,
  ...(row.recalled_at === null ? {} : { recalledAt: row.recalled_at }),
  ...readParts(row.parts),
});

const selectRange = compiledSelect<{ roomId: number; from: number; to: number }>()((db, param) =>
  db
    .selectFrom('messages')
    .innerJoin('users', 'users.id', 'messages.sender_id')
    .select(messageColumns)
    .where('messages.room_id', '=', param('roomId'))
    .where('messages.seq', '>=', param('from'))
    .where('messages.seq', '<=', param('to'))
    .orderBy('messages.seq'),
);

export type Room = { id: number; uid: string };

/** Messages from one seq to another, both included, ascending. */
export async function listMessages(db: Read, room: Room, from: number, to: number): Promise<Message[]> {
  if (to < from) return [];
  const rows = await selectRange(db, { roomId: room.id, from, to });
  return rows.map((row) => toMessage(row, room.uid));
}

/** Messages at these seqs, ascending. */
export async function listMessagesAt(db: Read, room: Room, seqs: readonly number[]): Promise<Message[]> {
  if (seqs.length === 0) return [];
  const rows = await db
    .selectFrom('messages')
    .innerJoin('users', 'users.id', 'messages.sender_id')
    .select(messageColumns)
    .where('messages.room_id', '=', room.id)
    .where('messages.seq', 'in', seqs)
    .orderBy('messages.seq')
    .execute();
  return rows.map((row) => toMessage(row, room.uid));
}

/** Part of a room: from a seq on, or what changed after a revision. */
export type MessageWish = Room & ({ fromSeq: number } | { sinceRev: number });

/**
 * Messages of several rooms, by room id, ascending by seq. Each wish has one bound, so that each is answered from the index
 * of that bound.
 */
export async function listWishedMessages(
  db: Read,
  wishes: readonly MessageWish[],
): Promise<Map<number, Message[]>> {
  if (wishes.length === 0) return new Map();
  const uidsById = new Map(wishes.map(({ id, uid }) => [id, uid]));
  const rows = await db
    .selectFrom('messages')
    .innerJoin('users', 'users.id', 'messages.sender_id')
    .select(messageColumns)
    .where((where) =>
      where.or(
        wishes.map((wish) =>
          where.and([
            where('messages.room_id', '=', wish.id),
            'fromSeq' in wish
              ? where('messages.seq', '>=', wish.fromSeq)
              : where('messages.rev', '>', wish.sinceRev),
          ]),
        ),
      ),
    )
    .execute();
  const messages = Map.groupBy(rows, (row) => row.room_id);
  return new Map(
    [...messages].map(([id, found]) => [
      id,
      found.sort((left, right) => left.seq - right.seq).map((row) => toMessage(row, uidsById.get(id) ?? '')),
    ]),
  );
}

/** The newest message of each room, by room id. */
export async function newestMessages(db: Read, rooms: readonly Room[]): Promise<Map<number, Message>> {
  if (rooms.length === 0) return new Map();
  const uidsById = new Map(rooms.map(({ id, uid }) => [id, uid]));
  const rows = await db
    .selectFrom('rooms')
    .innerJoin('messages', (join) =>
      join.onRef('messages.room_id', '=', 'rooms.id').onRef('messages.seq', '=', 'rooms.last_seq'),
    )
    .innerJoin('users', 'users.id', 'messages.sender_id')
    .select(messageColumns)
    .where('rooms.id', 'in', [...uidsById.keys()])
    .execute();
  return new Map(rows.map((row) => [row.room_id, toMessage(row, uidsById.get(row.room_id) ?? '')]));
}
