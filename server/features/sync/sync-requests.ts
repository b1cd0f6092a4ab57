/** Catching up: everything a starting or reconnecting client needs, in one answer. */
import type { ValidInput } from '#contract/index.ts';
import type { Person } from '#contract/accounts.ts';
import type { ServerPolicies } from '#contract/policies.ts';
import type { NoticeReminder } from '#contract/pins.ts';
import type { MyChanges } from '#contract/my-items.ts';
import { AppError } from '../../app-error.ts';
import type { RequestHandlers, SessionContext } from '../../gateway/handler.ts';
import type { FeatureDatabase, Read } from '../feature-types.ts';
import { toMe, toPerson } from '../person-row.ts';
import { memberRoom, memberRooms } from '../rooms/room-access.ts';
import type { MemberRoom } from '../rooms/room-access.ts';
import { readChanges } from './room-changes.ts';
import type { RoomReaders } from './room-changes.ts';
import { compareRooms, isCacheStale } from './sync-rules.ts';
import type { Comparison } from './sync-rules.ts';
import { directoryRev as readDirectoryRev } from '../directory-revision.ts';
import { changedColleagues, findMe, newMembers, vaultCounters } from './sync-store.ts';

export type SyncDeps = {
  database: Pick<FeatureDatabase, 'read'>;
  generation: string;
  readers: RoomReaders;
  /** A person's own items after a revision. */
  listItems: (db: Read, userId: number, since: number | undefined) => Promise<MyChanges>;
  /** How many memos a person has not opened. */
  unreadMemos: (db: Read, userId: number) => Promise<number>;
  /** Notices that a person was reminded of and has not acknowledged. */
  listReminders: (db: Read, userId: number) => Promise<NoticeReminder[]>;
  /** People with a socket in one of these rooms, and who of them is away. */
  presentIn: (roomUids: readonly string[]) => { onlineUids: string[]; awayUids: string[] };
  policies: () => ServerPolicies;
};

/** People the client cannot know yet, or knows an older profile of. */
async function readPeople(
  db: Read,
  userId: number,
  peopleRev: number,
  { fresh, changed }: Comparison<MemberRoom>,
): Promise<Person[]> {
  const people = new Map<string, Person>();
  for (const row of await changedColleagues(db, userId, peopleRev)) people.set(row.uid, toPerson(row));
  // with nothing known of the directory, the query above has given everybody
  if (peopleRev === 0) return [...people.values()];
  const grown = changed
    .filter(({ room, since }) => room.state_rev > since)
    .map(({ room, since }) => ({ id: room.id, since }));
  const rooms = [...fresh.map(({ id }) => ({ id, since: 0 })), ...grown];
  for (const row of await newMembers(db, rooms)) people.set(row.uid, toPerson(row));
  return [...people.values()];
}

async function sync(
  {
    database: { read },
    generation,
    readers,
    listItems,
    unreadMemos,
    listReminders,
    presentIn,
    policies,
  }: SyncDeps,
  { caller, now }: SessionContext,
  input: ValidInput<'session:sync'>,
) {
  // first of all, so that a profile that changes while the rest is read is sent again next time
  const directoryRev = await readDirectoryRev(read);
  const rooms = await memberRooms(read, caller.userId);
  const known = input.rooms ?? [];
  const isStale = isCacheStale({
    generation: input.generation,
    serverGeneration: generation,
    peopleRev: input.peopleRev ?? 0,
    serverPeopleRev: directoryRev,
    known,
    rooms,
  });
  const hasCache = input.generation !== undefined && !isStale;
  const comparison = compareRooms(hasCache ? known : [], rooms);
  const peopleRev = hasCache ? (input.peopleRev ?? 0) : 0;
  const me = await findMe(read, caller.userId);
  if (me === undefined) throw new AppError('NOT_SIGNED_IN');
  const counters = await vaultCounters(read, caller.userId);
  return {
    generation,
    isCacheStale: isStale,
    serverTime: now,
    me: toMe(me),
    people: await readPeople(read, caller.userId, peopleRev, comparison),
    peopleRev: directoryRev,
    rooms: await readers.readRoomStates(read, comparison.fresh),
    changes: await readChanges(readers, read, comparison.changed),
    goneRoomUids: comparison.gone,
    myCursors: rooms.map((room) => ({ roomUid: room.uid, readSeq: room.read_seq })),
    my: await listItems(read, caller.userId, hasCache ? input.myRev : undefined),
    ...presentIn(rooms.map((room) => room.uid)),
    policies: policies(),
    unreadMemos: await unreadMemos(read, caller.userId),
    reminders: await listReminders(read, caller.userId),
    keysCounter: counters.keys,
    pinsCounter: counters.pins,
  };
}

export const createSyncRequests = (
  deps: SyncDeps,
): Pick<RequestHandlers, 'session:sync' | 'room:changes'> => ({
  'session:sync': (context, input) => sync(deps, context, input),

  async 'room:changes'({ caller }, { roomUid, rev }) {
    const { read } = deps.database;
    const room = await memberRoom(read, caller.userId, roomUid);
    // a revision that this database never had: the client takes the room as it is here
    const since = rev > room.rev ? null : rev;
    const [changes] = await readChanges(deps.readers, read, [{ room, since }]);
    if (changes === undefined) throw new Error('The changes of a room are missing.');
    return changes;
  },
});
