/** The browser's IndexedDB behind `ClientStorage`. One database for all people of this browser; keys begin with the uid. */
import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase } from 'idb';
import type { Person } from '#contract/accounts.ts';
import type { Message } from '#contract/messages.ts';
import type { Room } from '#contract/rooms.ts';
import { isLeaseValid } from './client-storage.ts';
import type { ClientStorage, StoredDraft, StoredOutboxItem } from './client-storage.ts';

/** Compound keys: the user's uid first, so that one range is one person. */
type Schema = DBSchema & {
  values: { key: string; value: string };
  sync: { key: string; value: { generation: string; peopleRev: number } };
  people: { key: [string, string]; value: Person };
  rooms: { key: [string, string]; value: Room };
  messages: { key: [string, string, number]; value: Message };
  outbox: { key: [string, string]; value: StoredOutboxItem };
  drafts: { key: [string, string]; value: StoredDraft };
  leases: { key: string; value: { owner: string; until: number } };
};

type Database = IDBPDatabase<Schema>;
type WithDatabase = <Value>(work: (database: Database) => Promise<Value>) => Promise<Value>;

const databaseVersion = 1;

/** Opens the database; rejects where the browser refuses (private windows, blocked site data, no space). */
export const openIndexedStorage = async (): Promise<ClientStorage> => {
  let opened: Promise<Database> | null = null;
  const open = (): Promise<Database> =>
    openDB<Schema>('maru', databaseVersion, {
      upgrade: (database) => createStores(database),
      // A newer tab wants to upgrade: let go at once, else it waits for ever.
      blocking: (_current, _next, event) => {
        opened = null;
        if (event.target instanceof IDBDatabase) event.target.close();
      },
      terminated: () => {
        opened = null;
      },
    });
  const withDatabase: WithDatabase = async (work) => {
    opened ??= reopened();
    try {
      return await work(await opened);
    } catch (error) {
      // A connection that the browser closed behind our back (memory pressure, cleared data) opens again once.
      if (!(error instanceof DOMException) || error.name !== 'InvalidStateError') throw error;
      opened = reopened();
      return work(await opened);
    }
  };
  /** An opening that failed is not kept: the next piece of work tries again. */
  const reopened = (): Promise<Database> => {
    const opening = open();
    opening.catch(() => {
      if (opened === opening) opened = null;
    });
    return opening;
  };
  await withDatabase((database) => database.count('values'));
  return {
    isDurable: true,
    ...createValues(withDatabase),
    ...createCacheRows(withDatabase),
    ...createOwnTexts(withDatabase),
    ...createLeases(withDatabase),
    wipe: (userUid) => withDatabase((database) => wipe(database, userUid)),
  };
};

const createStores = (database: Database): void => {
  for (const name of [
    'values',
    'sync',
    'people',
    'rooms',
    'messages',
    'outbox',
    'drafts',
    'leases',
  ] as const) {
    if (!database.objectStoreNames.contains(name)) database.createObjectStore(name);
  }
};

/** All keys of one person (and room): arrays sort after strings and numbers, so `[]` is above every last part. */
const keysOf = (...parts: string[]): IDBKeyRange => IDBKeyRange.bound(parts, [...parts, []]);

const createValues = (
  withDatabase: WithDatabase,
): Pick<ClientStorage, 'getValue' | 'putValue' | 'removeValue'> => ({
  getValue: async (key) => (await withDatabase((database) => database.get('values', key))) ?? null,
  putValue: async (key, value) => {
    await withDatabase((database) => database.put('values', value, key));
  },
  removeValue: (key) => withDatabase((database) => database.delete('values', key)),
});

type CacheRows = Pick<ClientStorage, 'loadCache' | 'saveRoom' | 'removeRooms' | 'savePeople' | 'dropCache'>;

const createCacheRows = (withDatabase: WithDatabase): CacheRows => ({
  loadCache: (userUid) =>
    withDatabase(async (database) => {
      const transaction = database.transaction(['sync', 'people', 'rooms', 'messages']);
      const [sync, people, rooms, rows] = await Promise.all([
        transaction.objectStore('sync').get(userUid),
        transaction.objectStore('people').getAll(keysOf(userUid)),
        transaction.objectStore('rooms').getAll(keysOf(userUid)),
        transaction.objectStore('messages').getAll(keysOf(userUid)),
      ]);
      const rowsByRoom = new Map<string, Message[]>(rooms.map((room) => [room.roomUid, []]));
      for (const row of rows) rowsByRoom.get(row.roomUid)?.push(row);
      return {
        generation: sync?.generation ?? null,
        peopleRev: sync?.peopleRev ?? 0,
        people,
        rooms: rooms.map((room) => ({ room, rows: rowsByRoom.get(room.roomUid) ?? [] })),
      };
    }),
  saveRoom: (userUid, save) =>
    withDatabase(async (database) => {
      const transaction = database.transaction(['rooms', 'messages'], 'readwrite');
      const rooms = transaction.objectStore('rooms');
      const messages = transaction.objectStore('messages');
      const { roomUid } = save.room;
      const stored = await rooms.get([userUid, roomUid]);
      if (stored === undefined || stored.rev <= save.room.rev) {
        const writes: Promise<unknown>[] = [rooms.put(save.room, [userUid, roomUid])];
        const dropped = save.isReset
          ? keysOf(userUid, roomUid)
          : IDBKeyRange.bound(
              [userUid, roomUid, 0],
              [userUid, roomUid, Math.max(1, save.keepFromSeq)],
              false,
              true,
            );
        writes.push(messages.delete(dropped));
        for (const row of save.rows) writes.push(messages.put(row, [userUid, roomUid, row.seq]));
        await Promise.all(writes);
      }
      await transaction.done;
    }),
  removeRooms: (userUid, roomUids) =>
    withDatabase(async (database) => {
      const transaction = database.transaction(['rooms', 'messages'], 'readwrite');
      for (const roomUid of roomUids) {
        await transaction.objectStore('rooms').delete([userUid, roomUid]);
        await transaction.objectStore('messages').delete(keysOf(userUid, roomUid));
      }
      await transaction.done;
    }),
  savePeople: (userUid, people, sync) =>
    withDatabase(async (database) => {
      const transaction = database.transaction(['sync', 'people'], 'readwrite');
      const store = transaction.objectStore('people');
      await Promise.all([
        ...people.map((person) => store.put(person, [userUid, person.userUid])),
        transaction.objectStore('sync').put(sync, userUid),
        transaction.done,
      ]);
    }),
  dropCache: (userUid) => withDatabase((database) => dropCache(database, userUid)),
});

const dropCache = async (database: Database, userUid: string): Promise<void> => {
  const transaction = database.transaction(['sync', 'people', 'rooms', 'messages'], 'readwrite');
  await Promise.all([
    transaction.objectStore('sync').delete(userUid),
    transaction.objectStore('people').delete(keysOf(userUid)),
    transaction.objectStore('rooms').delete(keysOf(userUid)),
    transaction.objectStore('messages').delete(keysOf(userUid)),
    transaction.done,
  ]);
};

type OwnTexts = Pick<
  ClientStorage,
  'listOutbox' | 'putOutboxItem' | 'markOutboxItem' | 'removeOutboxItem' | 'listDrafts' | 'putDraft'
>;

const createOwnTexts = (withDatabase: WithDatabase): OwnTexts => ({
  listOutbox: (userUid) => withDatabase((database) => database.getAll('outbox', keysOf(userUid))),
  putOutboxItem: async (userUid, item) => {
    await withDatabase((database) => database.put('outbox', item, [userUid, item.clientId]));
  },
  markOutboxItem: (userUid, clientId, failure) =>
    withDatabase(async (database) => {
      const transaction = database.transaction('outbox', 'readwrite');
      const item = await transaction.store.get([userUid, clientId]);
      if (item !== undefined) await transaction.store.put({ ...item, failure }, [userUid, clientId]);
      await transaction.done;
      return item !== undefined;
    }),
  removeOutboxItem: (userUid, clientId) =>
    withDatabase(async (database) => {
      const transaction = database.transaction('outbox', 'readwrite');
      const key = await transaction.store.getKey([userUid, clientId]);
      await transaction.store.delete([userUid, clientId]);
      await transaction.done;
      return key !== undefined;
    }),
  listDrafts: (userUid) => withDatabase((database) => database.getAll('drafts', keysOf(userUid))),
  putDraft: async (userUid, roomUid, sealed) => {
    await withDatabase((database): Promise<unknown> => {
      if (sealed === null) return database.delete('drafts', [userUid, roomUid]);
      return database.put('drafts', { roomUid, sealed }, [userUid, roomUid]);
    });
  },
});

const createLeases = (withDatabase: WithDatabase): Pick<ClientStorage, 'takeLease' | 'releaseLease'> => ({
  takeLease: (name, owner, now, lastsMs) =>
    withDatabase(async (database) => {
      const transaction = database.transaction('leases', 'readwrite');
      const held = await transaction.store.get(name);
      const isFree = held === undefined || held.owner === owner || !isLeaseValid(held.until, now, lastsMs);
      if (isFree) await transaction.store.put({ owner, until: now + lastsMs }, name);
      await transaction.done;
      return isFree;
    }),
  releaseLease: (name, owner) =>
    withDatabase(async (database) => {
      const transaction = database.transaction('leases', 'readwrite');
      const held = await transaction.store.get(name);
      if (held?.owner === owner) await transaction.store.delete(name);
      await transaction.done;
    }),
});

const wipe = async (database: Database, userUid: string): Promise<void> => {
  await dropCache(database, userUid);
  const transaction = database.transaction(['values', 'outbox', 'drafts'], 'readwrite');
  await Promise.all([
    transaction.objectStore('values').delete(IDBKeyRange.bound(userUid, `${userUid}\uffff`)),
    transaction.objectStore('outbox').delete(keysOf(userUid)),
    transaction.objectStore('drafts').delete(keysOf(userUid)),
    transaction.done,
  ]);
};
