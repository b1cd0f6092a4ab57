/**
 * Queries that are compiled once: building and compiling one with Kysely costs several times what SQLite needs to run it,
 * which matters for what every message runs through.
 */
import type { Compilable, CompiledQuery, QueryResult } from 'kysely';
import type { Reader, Writer } from './database-handles.ts';
import type { Tables } from './tables.ts';

type Values = Record<string, string | number | null>;

/** Stands in for a value while the query is built; `run` puts the value in its place. */
type Placeholder = { readonly placeholder: string };

type Parameter<Params extends Values> = <Name extends keyof Params & string>(name: Name) => Params[Name];

const isPlaceholder = (value: unknown): value is Placeholder =>
  typeof value === 'object' && value !== null && 'placeholder' in value;

type Template = { query: CompiledQuery; names: (string | null)[] };

function compileTemplate<Params extends Values>(build: (param: Parameter<Params>) => Compilable): Template {
  const query = build(
    // Kysely binds any object as it is, so the placeholder travels where the value will be
    (name) => ({ placeholder: name }) as unknown as Params[typeof name],
  ).compile();
  const names = query.parameters.map((value) => (isPlaceholder(value) ? value.placeholder : null));
  return { query, names };
}

function fill({ query, names }: Template, params: Values): CompiledQuery {
  const parameters = names.map((name, index) => (name === null ? query.parameters[index] : params[name]));
  return { ...query, parameters };
}

/**
 * A statement over handles of kind `Handle`. `build` is called once per handle, with `param('name')` where values go;
 * the result runs it with the values and gives Kysely's query result.
 */
function createStatement<Handle extends Reader<Tables>, Params extends Values, Row>(
  build: (db: Handle, param: Parameter<Params>) => Compilable<Row>,
): (db: Handle, params: Params) => Promise<QueryResult<Row>> {
  const templates = new WeakMap<Handle, Template>();
  return (db, params) => {
    let template = templates.get(db);
    if (template === undefined) {
      template = compileTemplate<Params>((param) => build(db, param));
      templates.set(db, template);
    }
    return db.executeQuery(fill(template, params)) as Promise<QueryResult<Row>>; // the row type is `build`'s
  };
}

/** A select that is compiled once; runs on `database.read` and inside units. */
export const compiledSelect =
  <Params extends Values>() =>
  <Row>(
    build: (db: Reader<Tables>, param: Parameter<Params>) => Compilable<Row>,
  ): ((db: Reader<Tables>, params: Params) => Promise<Row[]>) => {
    const run = createStatement<Reader<Tables>, Params, Row>(build);
    return async (db, params) => (await run(db, params)).rows;
  };

/** An insert, update or delete that is compiled once; gives the number of rows that it changed. */
export const compiledWrite = <Params extends Values>(
  build: (db: Writer<Tables>, param: Parameter<Params>) => Compilable,
): ((db: Writer<Tables>, params: Params) => Promise<number>) => {
  const run = createStatement<Writer<Tables>, Params, unknown>(build);
  return async (db, params) => Number((await run(db, params)).numAffectedRows ?? 0n);
};
