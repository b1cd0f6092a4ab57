/**
 * Fills a data folder with people, rooms, sessions and messages, through the product's own database layer. Keys, records
 * and envelopes have the right form and no content: the server can open none of them, so it cannot tell, and deriving a
 * thousand passwords would take longer than the measurements.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Insertable } from 'kysely';
import { openDatabase } from '../../server/database/open-database.ts';
import type { Tables } from '../../server/database/tables.ts';
import type { Unit } from '../../server/database/write-queue.ts';
import { loadServerSecret } from '../../server/server-secret.ts';

export type SeedPlan = {
  rooms: number;
  peoplePerRoom: number;
  roomsPerPerson: number;
  messagesPerRoom: number;
};

/** `rooms` are indexes into `Seeded.rooms`. */
export type SeededPerson = { userUid: string; token: string; rooms: number[] };
export type SeededRoom = { roomUid: string; lastSeq: number; rev: number };
export type Seeded = { people: SeededPerson[]; rooms: SeededRoom[] };

const startedAt = Date.now() - 86_400_000;
const rowsAtOnce = 500;

const b64 = (sizeBytes: number): string => randomBytes(sizeBytes).toString('base64url');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** Everyone's rooms: person `i` is in `roomsPerPerson` neighbouring rooms, and all rooms are equally full. */
function planPeople(plan: SeedPlan): SeededPerson[] {
  const count = (plan.rooms * plan.peoplePerRoom) / plan.roomsPerPerson;
  return Array.from({ length: count }, (_, person) => ({
    userUid: b64(16),
    token: b64(32),
    rooms: Array.from(
      { length: plan.roomsPerPerson },
      (__, step) => (person * plan.roomsPerPerson + step) % plan.rooms,
    ),
  }));
}

/** Fills the database of `folder`, which is made if it does not exist. The server must not be running on it. */
export async function seedDatabase(folder: string, plan: SeedPlan): Promise<Seeded> {
  const people = planPeople(plan);
  const rooms = Array.from({ length: plan.rooms }, (): SeededRoom => ({
    roomUid: b64(16),
    lastSeq: plan.messagesPerRoom,
    rev: plan.messagesPerRoom + 1,
  }));
  // a database without its secret is refused
  loadServerSecret({ dataDir: folder, hasDatabase: false, randomBytes });
  const database = await openSeedDatabase(folder);
  const insert = <Table extends keyof Tables>(
    table: Table,
    rows: Insertable<Tables[Table]>[],
  ): Promise<void> =>
    database.write(async (unit) => ({ value: await insertRows(unit, table, rows), events: [] }));
  await insert('users', people.map(userRow));
  await insert('sessions', people.map(sessionRow));
  await insert('server_state', [{ name: 'directory_rev', value: String(people.length) }]);
  await insert('rooms', rooms.map(roomRow));
  await insert('epochs', rooms.map(epochRow));
  await insert('members', people.flatMap(memberRows));
  await insert('wraps', people.flatMap(wrapRows));
  for (const [index, room] of rooms.entries()) {
    const senders = people.flatMap((person, id) => (person.rooms.includes(index) ? [id + 1] : []));
    await insert('messages', messageRows(index + 1, room, senders));
  }
  await database.close();
  return { people, rooms };
}

function openSeedDatabase(folder: string) {
  const fail = (error: unknown): void => {
    throw error;
  };
  return openDatabase({
    folder,
    appVersion: 'bench',
    onDurable: () => undefined,
    onFatal: fail,
    onBug: fail,
  });
}

async function insertRows<Table extends keyof Tables>(
  { db }: Unit<Tables>,
  table: Table,
  rows: Insertable<Tables[Table]>[],
): Promise<void> {
  for (let at = 0; at < rows.length; at += rowsAtOnce) {
    await db
      .insertInto(table)
      .values(rows.slice(at, at + rowsAtOnce))
      .execute();
  }
}

/**
 * Adds `count` messages of one person to a room that real clients made. Nobody can open them: they are there so that the
 * room is long. The server must not be running on the folder.
 */
export async function lengthenRoom(
  folder: string,
  roomUid: string,
  senderUid: string,
  count: number,
): Promise<void> {
  const database = await openSeedDatabase(folder);
  await database.write(async (unit) => {
    const { db } = unit;
    const room = await db
      .selectFrom('rooms')
      .selectAll()
      .where('uid', '=', roomUid)
      .executeTakeFirstOrThrow();
    const sender = await db
      .selectFrom('users')
      .select('id')
      .where('uid', '=', senderUid)
      .executeTakeFirstOrThrow();
    await insertRows(
      unit,
      'messages',
      messageRows(room.id, { roomUid, lastSeq: count, rev: room.rev + count }, [sender.id]),
    );
    await db
      .updateTable('rooms')
      .set({ last_seq: count, rev: room.rev + count })
      .where('id', '=', room.id)
      .execute();
    return { value: undefined, events: [] };
  });
  await database.close();
}

const userRow = (person: SeededPerson, index: number): Insertable<Tables['users']> => ({
  id: index + 1,
  uid: person.userUid,
  username: `person-${index + 1}`,
  display_name: `사람 ${index + 1}`,
  department: '부하 시험',
  title: '',
  status_text: '',
  role: index === 0 ? 'owner' : 'member',
  state: 'active',
  auth_hash: `$2b$10$${'x'.repeat(53)}`,
  salt: b64(16),
  kdf_memory_kib: 65_536,
  kdf_iterations: 3,
  password_wrap: b64(128),
  recovery_wrap: b64(160),
  recovery_auth_hash: b64(32),
  keys_changed_at: startedAt,
  identity_version: 1,
  directory_rev: index + 1,
  created_at: startedAt,
});

const sessionRow = (person: SeededPerson, index: number): Insertable<Tables['sessions']> => ({
  uid: b64(16),
  user_id: index + 1,
  token_hash: sha256(person.token),
  user_agent: 'bench',
  address: '127.0.0.1',
  created_at: Date.now(),
  last_used_at: Date.now(),
});

const roomRow = (room: SeededRoom, index: number): Insertable<Tables['rooms']> => ({
  id: index + 1,
  uid: room.roomUid,
  type: 'group',
  title: `방 ${index + 1}`,
  owner_id: 1,
  last_seq: room.lastSeq,
  rev: room.rev,
  state_rev: 1,
  epoch: 1,
  epoch_hash: sha256(room.roomUid),
  is_rekey_needed: 0,
  history: 0,
  direct_key: null,
  created_at: startedAt,
});

const epochRow = (room: SeededRoom, index: number): Insertable<Tables['epochs']> => ({
  room_id: index + 1,
  epoch: 1,
  hash: sha256(room.roomUid),
  record: `maru/1|epoch|${room.roomUid}|g|1|${b64(32)}|-|0|bench|bench`,
  signature: b64(64),
  creator_id: 1,
  after_seq: 0,
  made_at: startedAt,
});

const memberRows = (person: SeededPerson, index: number): Insertable<Tables['members']>[] =>
  person.rooms.map((room) => ({
    room_id: room + 1,
    user_id: index + 1,
    joined_seq: 1,
    read_seq: 0,
    joined_at: startedAt,
    joined_rev: 1,
  }));

const wrapRows = (person: SeededPerson, index: number): Insertable<Tables['wraps']>[] =>
  person.rooms.map((room) => ({ room_id: room + 1, user_id: index + 1, epoch: 1, wrap: b64(160) }));

const messageRows = (
  roomId: number,
  room: SeededRoom,
  senderIds: readonly number[],
): Insertable<Tables['messages']>[] =>
  Array.from({ length: room.lastSeq }, (_, index) => ({
    room_id: roomId,
    seq: index + 1,
    sender_id: senderIds[index % senderIds.length] ?? 1,
    client_id: b64(16),
    kind: 'text',
    target: null,
    n: 0,
    envelope: `m1.1.${b64(160)}`,
    sent_at: startedAt + index * 1000,
    rev: room.rev - room.lastSeq + index + 1,
  }));
