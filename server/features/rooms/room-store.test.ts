import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestDatabase } from '../../testing/test-database.ts';
import type { TestDatabase } from '../../testing/test-database.ts';
import { directKeyOf, insertMembers, insertRoom, membersOfRooms, peopleWithManyRooms } from './room-store.ts';

let opened: TestDatabase;
before(async () => {
  opened = await openTestDatabase();
  await opened.database.write(async (unit) => {
    const user = {
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
    } as const;
    for (const uid of ['a', 'b', 'c']) {
      await unit.db
        .insertInto('users')
        .values({ ...user, uid, display_name: uid })
        .execute();
    }
    for (const [uid, people] of [
      ['first', [2, 1]],
      ['second', [1, 3]],
    ] as const) {
      const id = await insertRoom(unit, {
        uid,
        type: 'group',
        title: '',
        owner_id: null,
        last_seq: 7,
        rev: 1,
        state_rev: 1,
        epoch: 1,
        epoch_hash: 'h',
        is_rekey_needed: 0,
        history: 0,
        direct_key: null,
        created_at: 1,
      });
      for (const [at, userId] of people.entries()) {
        await insertMembers(unit, { id, lastSeq: 7, rev: 1 }, [userId], at);
      }
    }
    return { value: undefined, events: [] };
  });
});
after(() => opened.close());

test('a pair has one key in either order', () => {
  assert.equal(directKeyOf(12, 3), '3:12');
  assert.equal(directKeyOf(3, 12), '3:12');
});

test('members come by room, the longest-standing first, and read what comes after they joined', async () => {
  const members = await membersOfRooms(opened.database.read, [1, 2]);
  assert.deepEqual(
    [1, 2].map((roomId) => members.get(roomId)?.map((member) => member.userUid)),
    [
      ['b', 'a'],
      ['a', 'c'],
    ],
  );
  assert.deepEqual([members.get(1)?.[0]?.joined_seq, members.get(1)?.[0]?.read_seq], [8, 7]);
});

test('people who are in as many rooms as the limit allows are found', async () => {
  const full = (limit: number) => peopleWithManyRooms(opened.database.read, [1, 2, 3], limit);
  assert.deepEqual(await full(2), [1]);
  assert.deepEqual(await full(3), []);
});
