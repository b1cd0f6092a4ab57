/** What a migration is. Released ones are never edited; each has a test on a filled database. */
import type { Kysely } from 'kysely';

/** What differs between the databases in a table's definition. */
export type ColumnTypes = {
  /** An integer primary key that the database hands out and never gives twice. */
  id: string;
  /** Whole numbers up to 2^53 (milliseconds, revisions). */
  int: string;
  /** Appended to `create table`. */
  strict: string;
};

export type Migration = {
  /** Counts from 1 without gaps. */
  number: number;
  name: string;
  up: (db: Kysely<unknown>, types: ColumnTypes) => Promise<void>;
};
