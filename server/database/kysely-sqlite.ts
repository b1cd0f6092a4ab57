/**
 * Kysely on SQLite: everything that another database would do differently is in this file and in `migrate.ts`. Queries run
 * synchronously on a connection whose statements are cached; Kysely's own dialect would prepare each one anew.
 */
import { Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import type { CompiledQuery, DatabaseConnection, Dialect, Driver, QueryResult } from 'kysely';
import type Sqlite from 'better-sqlite3';
import type { Reader, Writer } from './database-handles.ts';
import type { ColumnTypes } from './migration.ts';
import type { ReaderConnection, WriterConnection } from './open-sqlite.ts';
import { createStatementCache } from './statement-cache.ts';
import type { UnitScope } from './unit-scope.ts';
import type { Transactions } from './write-queue.ts';

/** How SQLite spells a migration's columns. `autoincrement`: an id of a deleted row is not given out again. */
export const sqliteColumnTypes: ColumnTypes = {
  id: 'integer primary key autoincrement',
  int: 'integer',
  strict: 'strict',
};

const refuse = (what: string) => async (): Promise<never> => {
  throw new Error(`${what} is not available on this handle: see server/database/database-handles.ts.`);
};

function createConnection(sqlite: Sqlite.Database, guard: () => void): DatabaseConnection {
  const prepare = createStatementCache((sql) => sqlite.prepare(sql));
  return {
    async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
      guard();
      const statement = prepare(sql);
      if (statement.reader) {
        const rows = statement.all(...parameters) as Row[]; // Kysely derives Row from the query; SQLite knows no types
        return { rows };
      }
      return { rows: [], numAffectedRows: BigInt(statement.run(...parameters).changes) };
    },
    async *streamQuery() {
      yield await refuse('Streaming')();
    },
  };
}

function createDialect(sqlite: Sqlite.Database, guard: () => void): Dialect {
  const connection = createConnection(sqlite, guard);
  const driver: Driver = {
    init: async () => undefined,
    acquireConnection: async () => connection,
    releaseConnection: async () => undefined,
    beginTransaction: refuse('A transaction'),
    commitTransaction: refuse('A transaction'),
    rollbackTransaction: refuse('A transaction'),
    destroy: async () => undefined,
  };
  // Kysely serialises queries on a dialect with a single connection; here each runs to its end at once, so that lock
  // would only cost time.
  const adapter = new SqliteAdapter();
  Object.defineProperty(adapter, 'supportsMultipleConnections', { value: true });
  return {
    createDriver: () => driver,
    createAdapter: () => adapter,
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  };
}

/** The handle of write units: works inside an open unit only. */
export function createWriter<Schema>({ sqlite }: WriterConnection, scope: UnitScope): Writer<Schema> {
  const guard = (): void => {
    scope.assertInside();
    // On a full disk SQLite undoes the whole transaction; a unit that caught the error must not go on without one.
    if (!sqlite.inTransaction) throw new Error('The unit’s transaction was undone.');
  };
  return new Kysely<Schema>({ dialect: createDialect(sqlite, guard) });
}

/** The read handle: refuses inside a unit, where it would not see what the unit wrote. */
export function createReader<Schema>({ sqlite }: ReaderConnection, scope: UnitScope): Reader<Schema> {
  return new Kysely<Schema>({ dialect: createDialect(sqlite, () => scope.assertOutside('database.read')) });
}

/** An unguarded handle with schema and raw SQL, for migrations. */
export function createMigrationHandle({ sqlite }: WriterConnection): Kysely<unknown> {
  return new Kysely<unknown>({ dialect: createDialect(sqlite, () => undefined) });
}

/** The writing connection's transaction control. `begin` takes the write lock at once, so that no unit can lose it half-way. */
export function createTransactions({ sqlite }: WriterConnection): Transactions {
  const statement = (sql: string) => sqlite.prepare(sql);
  const begin = statement('begin immediate');
  const savepoint = statement('savepoint unit');
  const release = statement('release unit');
  const rollbackTo = statement('rollback to unit');
  const commit = statement('commit');
  const rollback = statement('rollback');
  const changes = statement('select total_changes()').pluck();
  return {
    begin: () => void begin.run(),
    savepoint: () => void savepoint.run(),
    release: () => void release.run(),
    undoSavepoint() {
      if (!sqlite.inTransaction) return;
      rollbackTo.run();
      release.run();
    },
    commit: () => void commit.run(),
    undo() {
      if (sqlite.inTransaction) rollback.run();
    },
    isOpen: () => sqlite.inTransaction,
    changes: () => Number(changes.get()),
  };
}
