import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTestDatabase } from '../../testing/test-database.ts';
import { purgeRooms, removeRoom } from './room-removal.ts';

const room = {
  uid: 'room',
  type: 'group',
  title: 'x',
  owner_id: 1,
  rev: 1,
  state_rev: 1,
  epoch: 1,
  epoch_hash: 'h',
  is_rekey_needed: 0,
  history: 0,
  direct_key: null,
  created_at: 1,
} as const;

test('a long room is out of everybody’s way at once and removed in slices', async () => {
  const { database, close } = await openTestDatabase();
  const count = 4_500;
  await database.write(async (unit) => {
    const { db } = unit;
    await db
      .insertInto('users')
      .values({
        uid: 'u',
        display_name: 'x',
        department: '',
        title: '',
        status_text: '',
        role: 'member',
        state: 'active',
        kdf_memory_kib: 0,
        kdf_iterations: 0,
        keys_changed_at: 0,
        identity_version: 1,
        directory_rev: 1,
        created_at: 1,
      })
      .execute();
    await db
      .insertInto('rooms')
      .values({ ...room, last_seq: count })
      .execute();
    const member = { room_id: 1, user_id: 1, joined_seq: 1, read_seq: 0, joined_at: 1, joined_rev: 1 };
    await db.insertInto('members').values(member).execute();
    for (let seq = 1; seq <= count; seq += 1) {
      await db
        .insertInto('messages')
        .values({
          room_id: 1,
          seq,
          sender_id: 1,
          client_id: String(seq),
          kind: 'text',
          n: 0,
          envelope: 'm1',
          sent_at: 1,
          rev: seq,
        })
        .execute();
    }
    for (const seq of [1, count]) {
      const reaction = { room_id: 1, seq, user_id: 1, token: 't', sealed: 'r1' };
      await db.insertInto('reactions').values(reaction).execute();
    }
    // a poll in it, with a vote and a deadline, must not hold its message
    await db.insertInto('polls').values({ room_id: 1, seq: 7, closes_at: 1 }).execute();
    await db.insertInto('pins').values({ room_id: 1, seq: 7, is_notice: 1, reminded_at: null }).execute();
    await db
      .insertInto('notice_acks')
      .values({ room_id: 1, seq: 7, user_id: 1, acknowledged_at: 1 })
      .execute();
    await db.insertInto('poll_ballots').values({ room_id: 1, seq: 7, voter_id: 1, choices: 1 }).execute();
    const { isDone } = await removeRoom(unit, { id: 1, last_seq: count });
    return { value: assert.equal(isDone, false), events: [] };
  });
  const countOf = async (table: 'rooms' | 'members' | 'messages' | 'reactions'): Promise<number> =>
    (await database.read.selectFrom(table).selectAll().execute()).length;
  assert.deepEqual([await countOf('members'), await countOf('messages')], [0, count]);
  await purgeRooms(database);
  assert.deepEqual([await countOf('rooms'), await countOf('messages')], [0, 0]);
  assert.equal(await countOf('reactions'), 0);
  await close();
});
