/** The stand-in where the browser refuses storage, and the storage of tests. Two tabs of a test share one. */
import type { Person } from '#contract/accounts.ts';
import type { Message } from '#contract/messages.ts';
import type { Room } from '#contract/rooms.ts';
import { isLeaseValid } from './client-storage.ts';
import type { ClientStorage, StoredDraft, StoredOutboxItem } from './client-storage.ts';

type UserRows = {
  generation: string | null;
  peopleRev: number;
  people: Map<string, Person>;
  rooms: Map<string, { room: Room; rows: Map<number, Message> }>;
  outbox: Map<string, StoredOutboxItem>;
  drafts: Map<string, StoredDraft>;
};

const emptyRows = (): UserRows => ({
  generation: null,
  peopleRev: 0,
  people: new Map(),
  rooms: new Map(),
  outbox: new Map(),
  drafts: new Map(),
});

export const createMemoryStorage = (): ClientStorage => {
  const values = new Map<string, string>();
  const rowsByUser = new Map<string, UserRows>();
  const leases = new Map<string, { owner: string; until: number }>();

  const rowsOf = (userUid: string): UserRows => {
    const rows = rowsByUser.get(userUid) ?? emptyRows();
    rowsByUser.set(userUid, rows);
    return rows;
  };

  return {
    isDurable: false,
    getValue: async (key) => values.get(key) ?? null,
    putValue: async (key, value) => void values.set(key, value),
    removeValue: async (key) => void values.delete(key),

    ...createCacheRows(rowsOf),
    ...createOwnTexts(rowsOf),

    takeLease: async (name, owner, now, lastsMs) => {
      const held = leases.get(name);
      if (held !== undefined && held.owner !== owner && isLeaseValid(held.until, now, lastsMs)) return false;
      leases.set(name, { owner, until: now + lastsMs });
      return true;
    },
    releaseLease: async (name, owner) => {
      if (leases.get(name)?.owner === owner) leases.delete(name);
    },
    wipe: async (userUid) => {
      rowsByUser.delete(userUid);
      for (const key of values.keys()) if (key.startsWith(userUid)) values.delete(key);
    },
  };
};

type CacheRows = Pick<ClientStorage, 'loadCache' | 'saveRoom' | 'removeRooms' | 'savePeople' | 'dropCache'>;

const createCacheRows = (rowsOf: (userUid: string) => UserRows): CacheRows => ({
  loadCache: async (userUid) => {
    const { generation, peopleRev, people, rooms } = rowsOf(userUid);
    return {
      generation,
      peopleRev,
      people: [...people.values()],
      rooms: [...rooms.values()].map(({ room, rows }) => ({
        room,
        rows: [...rows.values()].sort((left, right) => left.seq - right.seq),
      })),
    };
  },
  saveRoom: async (userUid, save) => {
    const { rooms } = rowsOf(userUid);
    const stored = rooms.get(save.room.roomUid);
    if (stored !== undefined && stored.room.rev > save.room.rev) return;
    const rows = save.isReset || stored === undefined ? new Map<number, Message>() : stored.rows;
    for (const row of save.rows) rows.set(row.seq, row);
    for (const seq of rows.keys()) if (seq < save.keepFromSeq) rows.delete(seq);
    rooms.set(save.room.roomUid, { room: save.room, rows });
  },
  removeRooms: async (userUid, roomUids) => {
    for (const roomUid of roomUids) rowsOf(userUid).rooms.delete(roomUid);
  },
  savePeople: async (userUid, people, sync) => {
    const rows = rowsOf(userUid);
    for (const person of people) rows.people.set(person.userUid, person);
    rows.generation = sync.generation;
    rows.peopleRev = sync.peopleRev;
  },
  dropCache: async (userUid) => {
    const rows = rowsOf(userUid);
    rows.generation = null;
    rows.peopleRev = 0;
    rows.people.clear();
    rows.rooms.clear();
  },
});

type OwnTexts = Pick<
  ClientStorage,
  'listOutbox' | 'putOutboxItem' | 'markOutboxItem' | 'removeOutboxItem' | 'listDrafts' | 'putDraft'
>;

const createOwnTexts = (rowsOf: (userUid: string) => UserRows): OwnTexts => ({
  listOutbox: async (userUid) => [...rowsOf(userUid).outbox.values()],
  putOutboxItem: async (userUid, item) => void rowsOf(userUid).outbox.set(item.clientId, item),
  markOutboxItem: async (userUid, clientId, failure) => {
    const { outbox } = rowsOf(userUid);
    const item = outbox.get(clientId);
    if (item !== undefined) outbox.set(clientId, { ...item, failure });
    return item !== undefined;
  },
  removeOutboxItem: async (userUid, clientId) => rowsOf(userUid).outbox.delete(clientId),
  listDrafts: async (userUid) => [...rowsOf(userUid).drafts.values()],
  putDraft: async (userUid, roomUid, sealed) => {
    if (sealed === null) rowsOf(userUid).drafts.delete(roomUid);
    else rowsOf(userUid).drafts.set(roomUid, { roomUid, sealed });
  },
});
