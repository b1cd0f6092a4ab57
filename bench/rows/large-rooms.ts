/** What rooms of a thousand people and people in hundreds of rooms cost the server, on the database layer alone. */
import { appendAudit } from '../../server/features/audit/audit-log.ts';
import { createLeaveAhead, createLeaveEveryGroup } from '../../server/features/rooms/leave-every-group.ts';
import { wantedOfRoom } from '../../server/features/rooms/wanted-keys.ts';
import { memberRoom } from '../../server/features/rooms/room-access.ts';
import type { Unit } from '../../server/features/feature-types.ts';
import { openTestDatabase } from '../../server/testing/test-database.ts';
import type { TestDatabase } from '../../server/testing/test-database.ts';
import { verdictOf } from '../row.ts';
import type { Measurement, Row } from '../row.ts';
import { median } from '../statistics.ts';

const people = 1_000;
const epochs = 300;
const groups = 500;
const groupSize = 30;
const budgetMs = 20;

const uidOf = (kind: string, id: number): string => `${kind}${String(id).padStart(20, '0')}A`;
const wrap = 'w'.repeat(214);

async function addPeople({ db }: Unit): Promise<void> {
  const blank = { display_name: '', department: '', title: '', status_text: '', created_at: 1 };
  const user = { ...blank, role: 'member', state: 'active', kdf_memory_kib: 0, kdf_iterations: 0 } as const;
  for (let id = 1; id <= people; id += 1) {
    const own = { id, uid: uidOf('u', id), identity_version: 1, directory_rev: id, keys_changed_at: 0 };
    await db
      .insertInto('users')
      .values({ ...user, ...own })
      .execute();
  }
}

async function addRoom({ db }: Unit, id: number, userIds: readonly number[], epochCount: number) {
  const room = { id, uid: uidOf('r', id), type: 'group', title: '', epoch: epochCount, owner_id: 2 } as const;
  const state = {
    last_seq: 1,
    rev: 1,
    state_rev: 1,
    epoch_hash: '',
    is_rekey_needed: 0,
    history: 1,
  } as const;
  const rest = { direct_key: null, picture_hash: null, created_at: 1, history_epoch: 1 };
  await db
    .insertInto('rooms')
    .values({ ...room, ...state, ...rest })
    .execute();
  const member = { room_id: id, joined_seq: 1, read_seq: 0, joined_at: 1, joined_rev: 1 };
  for (const userId of userIds) {
    await db
      .insertInto('members')
      .values({ ...member, user_id: userId })
      .execute();
  }
  for (let epoch = 1; epoch <= epochCount; epoch += 1) {
    const text = { hash: '', record: '', signature: '', creator_id: 2, after_seq: 0, made_at: 1 };
    await db
      .insertInto('epochs')
      .values({ room_id: id, epoch, ...text })
      .execute();
    for (let from = 0; from < userIds.length; from += 200) {
      const rows = userIds.slice(from, from + 200);
      await db
        .insertInto('wraps')
        .values(rows.map((userId) => ({ room_id: id, user_id: userId, epoch, version: 1, wrap })))
        .execute();
    }
  }
}

/** One room of everybody, and many in which the first person is with others. */
const fill = ({ database }: TestDatabase): Promise<void> =>
  database.write(async (unit) => {
    await addPeople(unit);
    const everybody = Array.from({ length: people }, (_, index) => index + 1);
    await addRoom(unit, 1, everybody, epochs);
    for (let id = 2; id <= groups + 1; id += 1) {
      const others = Array.from({ length: groupSize - 1 }, (_, index) => 2 + ((id * 7 + index * 31) % 998));
      await addRoom(unit, id, [...new Set([1, 2, ...others])], 2);
    }
    return { value: undefined, events: [] };
  });

/** Milliseconds of processor time: the clock says little on a machine that does other things. */
function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Every page of the keys that the others of the largest room lack. */
async function measurePages({ database: { read } }: TestDatabase): Promise<number[]> {
  const room = await memberRoom(read, 1, uidOf('r', 1));
  const pagesMs: number[] = [];
  for (let after: string | undefined, isLast = false; !isLast;) {
    const before = process.cpuUsage();
    const { next } = await wantedOfRoom(read, room, 1, after);
    pagesMs.push(cpuSince(before));
    isLast = next === null;
    after = next ?? undefined;
  }
  return pagesMs;
}

/** The units in which somebody in many groups leaves them. */
async function measureUnits({ database }: TestDatabase): Promise<number[]> {
  const rekeySearch = { start: () => undefined, end: () => undefined };
  const leaveAhead = createLeaveAhead({ rekeySearch, appendAudit });
  const leaveEveryGroup = createLeaveEveryGroup({ rekeySearch, appendAudit });
  const person = { userId: 1, userUid: uidOf('u', 1), now: 1 };
  const unitsMs: number[] = [];
  const inUnit = (work: (unit: Unit) => Promise<boolean>): Promise<boolean> =>
    database.write(async (unit) => {
      const before = process.cpuUsage();
      const value = await work(unit);
      unitsMs.push(cpuSince(before));
      return { value, events: [] };
    });
  while (!(await inUnit(async (unit) => (await leaveAhead(unit, person)).isDone)));
  await inUnit(async (unit) => (await leaveEveryGroup(unit, person)).roomUids.length > 0);
  return unitsMs;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

function measurementOf(what: string, partsMs: readonly number[], parts: string): Measurement {
  const [typical, longest] = [median([...partsMs]), Math.max(...partsMs)];
  return {
    what,
    budget: `≤ ${budgetMs} ms of CPU at a stretch`,
    measured: `${typical.toFixed(1)} ms (longest ${longest.toFixed(1)})`,
    reference: '-',
    verdict: verdictOf(typical <= budgetMs),
    notes: [`${partsMs.length} ${parts}, ${sum(partsMs).toFixed(0)} ms in all`],
  };
}

export const largeRooms: Row = {
  name: 'large-rooms',
  async measure() {
    const opened = await openTestDatabase();
    try {
      await fill(opened);
      // the first round reads the pages of the file
      await measurePages(opened);
      const pagesMs = await measurePages(opened);
      const unitsMs = await measureUnits(opened);
      return [
        measurementOf(
          `who lacks keys of a room of ${people} members and ${epochs} epochs with its history`,
          pagesMs,
          'pages',
        ),
        measurementOf(`somebody in ${groups} groups of ${groupSize} is disabled`, unitsMs, 'units'),
      ];
    } finally {
      await opened.close();
    }
  },
};
