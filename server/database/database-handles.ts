/**
 * What stores get to run queries on. `Reader` is `database.read`; a unit's `Writer` fits wherever a `Reader` is asked
 * for, so a store function that only selects works in both places. Neither can begin a transaction, hand out a
 * connection or stream rows: the write queue owns transactions, and a held cursor would hold up checkpoints.
 */
import type { Kysely } from 'kysely';

/** Selects only. Schema is the table map, `Tables` in the product. `executeQuery` takes a query compiled once. */
export type Reader<Schema> = Pick<
  Kysely<Schema>,
  'selectFrom' | 'selectNoFrom' | 'case' | 'fn' | 'dynamic' | 'executeQuery'
>;

/** Selects and writes, inside the write unit that it was handed to and nowhere else. */
export type Writer<Schema> = Reader<Schema> &
  Pick<Kysely<Schema>, 'insertInto' | 'updateTable' | 'deleteFrom' | 'with' | 'withRecursive'>;
