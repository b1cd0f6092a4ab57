/** What every feature is built on. Types only. */
import type { Reader } from '../database/database-handles.ts';
import type { Database } from '../database/open-database.ts';
import type { Tables } from '../database/tables.ts';
import type { Unit as WriteUnit } from '../database/write-queue.ts';
import type { Delivery } from '../gateway/delivery.ts';

export type Read = Reader<Tables>;
export type Unit = WriteUnit<Tables>;
export type FeatureDatabase = Pick<Database<Delivery>, 'read' | 'write'>;

/** The account that is being deleted. */
export type DepartingUser = { userId: number; userUid: string; now: number };

export type CleanUp = {
  events: Delivery[];
  /** Work outside the database, once the deletion is durable. */
  afterwards?: () => void;
};

/** Removes what a feature keeps of a person, inside the unit that deletes the account. */
export type CleanUpUser = (unit: Unit, user: DepartingUser) => Promise<CleanUp>;

/** Time, so that tests control it. */
export type Clock = {
  now: () => number;
  /** Runs `work` once after `delayMs`, unless the returned function is called before. */
  after: (delayMs: number, work: () => void) => () => void;
};

/** Who has at least one open socket. */
export type OnlinePeople = {
  isOnline: (userUid: string) => boolean;
};

/** Hands events that no write unit made (presence, cursors, requests to one client) to the audience. */
export type Deliver = (events: readonly Delivery[]) => void;
