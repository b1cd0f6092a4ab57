/**
 * What the client keeps in this browser. Rows of messages are stored as they came (sealed), own texts sealed under the
 * device key; nothing readable, and no key. Per person: one browser may be used by several.
 */
import type { Person } from '#contract/accounts.ts';
import type { Message } from '#contract/messages.ts';
import type { Room } from '#contract/rooms.ts';

/** A room with the newest rows that were kept; `room.rev` is the revision all of it has. */
export type StoredRoom = { room: Room; rows: Message[] };

export type StoredCache = {
  /** The server's generation that all of it came from; null: nothing is stored. */
  generation: string | null;
  peopleRev: number;
  people: Person[];
  rooms: StoredRoom[];
};

export type RoomSave = {
  room: Room;
  /** Rows that changed since this tab's last save. */
  rows: readonly Message[];
  /** Everything stored of the room before is dropped. */
  isReset: boolean;
  /** Rows below are dropped: only the newest are kept. */
  keepFromSeq: number;
};

/** A message before it is acknowledged: JSON sealed under the device key (label `outbox`, id `clientId`). */
export type StoredOutboxItem = {
  clientId: string;
  roomUid: string;
  order: number;
  sealed: Uint8Array;
  /** Set when it will not go by itself any more. */
  failure: { code: string; subject: string | null } | null;
};

/** A draft sealed under the device key (label `draft`, id `roomUid`). */
export type StoredDraft = { roomUid: string; sealed: Uint8Array };

export type ClientStorage = {
  /** False: in memory only, gone with the page. */
  isDurable: boolean;

  /** Small facts about this browser: device id, sealed vault keys. */
  getValue: (key: string) => Promise<string | null>;
  putValue: (key: string, value: string) => Promise<void>;
  removeValue: (key: string) => Promise<void>;

  loadCache: (userUid: string) => Promise<StoredCache>;
  /** Skipped if another tab stored a newer revision already: that tab's rows include these. */
  saveRoom: (userUid: string, save: RoomSave) => Promise<void>;
  removeRooms: (userUid: string, roomUids: readonly string[]) => Promise<void>;
  savePeople: (
    userUid: string,
    people: readonly Person[],
    sync: { generation: string; peopleRev: number },
  ) => Promise<void>;
  /** Rooms, rows and people; not outbox and drafts. */
  dropCache: (userUid: string) => Promise<void>;

  listOutbox: (userUid: string) => Promise<StoredOutboxItem[]>;
  putOutboxItem: (userUid: string, item: StoredOutboxItem) => Promise<void>;
  /** Changes `failure` of an item that is still there; false if it has gone. */
  markOutboxItem: (
    userUid: string,
    clientId: string,
    failure: StoredOutboxItem['failure'],
  ) => Promise<boolean>;
  /** True if it was still there. */
  removeOutboxItem: (userUid: string, clientId: string) => Promise<boolean>;

  listDrafts: (userUid: string) => Promise<StoredDraft[]>;
  /** `null` removes the draft. */
  putDraft: (userUid: string, roomUid: string, sealed: Uint8Array | null) => Promise<void>;

  /**
   * Takes or renews a lease that only one tab holds at a time; false while another tab's has not run out. Atomic across
   * tabs, which is what `navigator.locks` would be for where it exists. A lease that ends later than one taken now would
   * was taken by a clock that has been set back since, and counts for nothing.
   */
  takeLease: (name: string, owner: string, now: number, lastsMs: number) => Promise<boolean>;
  releaseLease: (name: string, owner: string) => Promise<void>;

  /** Everything of this person, drafts and outbox included. Values whose key begins with the uid go, too. */
  wipe: (userUid: string) => Promise<void>;
};

/** Whether a lease that ends at `until` still counts for a tab that would take one of `lastsMs` now. */
export const isLeaseValid = (until: number, now: number, lastsMs: number): boolean =>
  until > now && until - now <= lastsMs;
