import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { openTestDatabase } from '../../testing/test-database.ts';
import type { TestDatabase } from '../../testing/test-database.ts';
import { findMissingWraps } from './missing-wraps.ts';
import type { KeyPlace } from './missing-wraps.ts';
import { wantedOfAllRooms } from './wanted-keys.ts';

const people = 5;
const epochs = 8;
const uidOf = (id: number): string => `${'x'.repeat(20)}${id}A`;
const roomUidOf = (id: number): string => `${'r'.repeat(20)}${id}A`;

let opened: TestDatabase;
beforeEach(async () => {
  opened = await openTestDatabase();
});
afterEach(() => opened.close());

type Filling = {
  rooms?: number;
  /** Whose identity is another one by now, and how it is numbered. */
  renewed?: readonly number[];
  /** Keys that are there for it all the same. */
  filled?: (userId: number, epoch: number) => boolean;
};

const fill = ({ rooms = 1, renewed = [], filled = () => false }: Filling) =>
  opened.database.write(async ({ db }) => {
    const ids = Array.from({ length: people }, (_, index) => index + 1);
    const blank = { department: '', title: '', status_text: '', kdf_memory_kib: 0, kdf_iterations: 0 };
    const user = { ...blank, display_name: '', role: 'member', state: 'active', created_at: 1 } as const;
    const rev = { keys_changed_at: 0, directory_rev: 1 };
    const rowOf = (id: number) => ({ id, uid: uidOf(id), identity_version: renewed.includes(id) ? 2 : 1 });
    await db
      .insertInto('users')
      .values(ids.map((id) => ({ ...user, ...rev, ...rowOf(id) })))
      .execute();
    for (let roomId = 1; roomId <= rooms; roomId += 1) {
      const room = { id: roomId, uid: roomUidOf(roomId), type: 'group', title: '', epoch: epochs } as const;
      const state = {
        last_seq: 1,
        rev: 1,
        state_rev: 1,
        epoch_hash: '',
        is_rekey_needed: 0,
        history: 0,
      } as const;
      await db
        .insertInto('rooms')
        .values({ ...room, ...state, owner_id: 1, direct_key: null, picture_hash: null, created_at: 1 })
        .execute();
      const member = { room_id: roomId, joined_seq: 1, read_seq: 0, joined_at: 1, joined_rev: 1 };
      await db
        .insertInto('members')
        .values(ids.map((id) => ({ ...member, user_id: id })))
        .execute();
      for (let epoch = 1; epoch <= epochs; epoch += 1) {
        const row = { room_id: roomId, epoch };
        const text = { hash: '', record: '', signature: '', creator_id: 1, after_seq: 0, made_at: 1 };
        await db
          .insertInto('epochs')
          .values({ ...row, ...text })
          .execute();
        const first = ids.map((id) => ({ ...row, user_id: id, version: 1, wrap: '' }));
        const second = renewed
          .filter((id) => filled(id, epoch))
          .map((id) => ({ ...row, user_id: id, version: 2, wrap: '' }));
        await db
          .insertInto('wraps')
          .values([...first, ...second])
          .execute();
      }
    }
    return { value: undefined, events: [] };
  });

/** Every page of a room, one after another. */
async function allPages(limit: number, effort: number) {
  const found: string[] = [];
  let after: KeyPlace | null = null;
  let pages = 0;
  let dearest = 0;
  do {
    const search = { roomId: 1, userId: 1, historyFrom: null, after, limit, effort };
    const page = await findMissingWraps(opened.database.read, search);
    found.push(...page.missing.map(({ userUid, epoch }) => `${epoch}.${userUid}`));
    after = page.next;
    pages += 1;
    dearest = Math.max(dearest, page.effort);
  } while (after !== null);
  return { found, pages, dearest };
}

const everything = (renewed: readonly number[], filled: Filling['filled'] = () => false): string[] =>
  Array.from({ length: epochs }, (_, index) => epochs - index).flatMap((epoch) =>
    renewed.filter((id) => !filled(id, epoch)).map((id) => `${epoch}.${uidOf(id)}`),
  );

test('rows that nobody takes care of stand in nobody’s way: the pages go on behind them', async () => {
  await fill({ renewed: [2, 4, 5] });
  for (const limit of [1, 2, 3, 4, 7, 500]) {
    const { found } = await allPages(limit, 1_000);
    assert.deepEqual(found, everything([2, 4, 5]), `pages of ${limit}`);
  }
});

test('one page looks at a bounded number of keys, whether or not it finds any', async () => {
  const filled = (_id: number, epoch: number): boolean => epoch > 1;
  await fill({ renewed: [3], filled });
  const { found, pages, dearest } = await allPages(500, 2 * people);
  assert.deepEqual(found, everything([3], filled));
  assert.deepEqual({ pages, dearest }, { pages: epochs / 2, dearest: 3 * people });
  const { found: again } = await allPages(500, 1);
  assert.deepEqual(again, found, 'an epoch at least');
});

test('where nobody lacks anything the first page says so', async () => {
  await fill({});
  assert.deepEqual(await allPages(500, 1), { found: [], pages: 1, dearest: people });
});

test('of all rooms, each that lacks keys is named once, and one that lacks none hides no other', async () => {
  await fill({ rooms: 9, renewed: [3], filled: (_id, epoch) => epoch > 1 });
  const { missing, next } = await wantedOfAllRooms(opened.database.read, 1, undefined);
  assert.deepEqual(
    missing.map(({ roomUid }) => roomUid),
    Array.from({ length: 9 }, (_, index) => roomUidOf(index + 1)),
  );
  assert.equal(next, null);
  const within = await wantedOfAllRooms(opened.database.read, 1, `${roomUidOf(7)}.2`);
  assert.deepEqual(
    within.missing.map(({ roomUid, epoch }) => [roomUid, epoch]),
    [7, 8, 9].map((id) => [roomUidOf(id), 1]),
  );
  const behind = await wantedOfAllRooms(opened.database.read, 1, `${roomUidOf(7)}.1`);
  assert.deepEqual(
    behind.missing.map(({ roomUid }) => roomUid),
    [roomUidOf(8), roomUidOf(9)],
  );
  const after = await wantedOfAllRooms(opened.database.read, 1, roomUidOf(8));
  assert.deepEqual(
    after.missing.map(({ roomUid }) => roomUid),
    [roomUidOf(9)],
  );
});
