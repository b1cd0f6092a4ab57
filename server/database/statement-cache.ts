/** Prepared statements by their text, the most recently used ones kept: preparing costs more than running most of them. */

/** Lists of placeholders make many texts out of one query, so the number kept has a bound. */
const defaultCapacity = 300;

/** Puts a cache in front of `prepare`. */
export function createStatementCache<Statement>(
  prepare: (sql: string) => Statement,
  capacity = defaultCapacity,
): (sql: string) => Statement {
  // A Map iterates in the order of insertion: its first key is the one used least recently.
  const statementsBySql = new Map<string, Statement>();
  return (sql) => {
    const known = statementsBySql.get(sql);
    if (known !== undefined) {
      statementsBySql.delete(sql);
      statementsBySql.set(sql, known);
      return known;
    }
    const statement = prepare(sql);
    if (statementsBySql.size >= capacity) {
      const oldest = statementsBySql.keys().next();
      if (!oldest.done) statementsBySql.delete(oldest.value);
    }
    statementsBySql.set(sql, statement);
    return statement;
  };
}
