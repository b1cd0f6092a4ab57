import type { StatementRow } from '#contract/sealed.ts';
import type { PersonVersion, RoomPerson } from './engine-types.ts';
import { parseStatement, type PublicIdentity, verifyStatement } from './identity.ts';
import type { Pins } from './pins.ts';
import { entryText } from './room-record.ts';

/** The public keys behind `P.v.fp`, fetched and checked once each. */
export type IdentityDirectory = {
  /** The identities of these entries; `missing` were not delivered, `bad` do not match their fingerprint or signature. */
  load(people: RoomPerson[]): Promise<LoadedIdentities>;
  /** What the server publishes for these versions, each checked as one that is seen for the first time. */
  loadVersions(people: PersonVersion[]): Promise<(PublicIdentity | 'missing' | 'bad')[]>;
  /** The identity of an entry that is loaded already. */
  get(entry: string): PublicIdentity | undefined;
  /** The statement of an entry that was fetched or offered, as it came. */
  rowOf(entry: string): StatementRow | undefined;
  /** Statements from elsewhere; those of these people that check are taken as if they had been fetched. */
  offer(people: RoomPerson[], rows: StatementRow[]): void;
};

export type LoadedIdentities = { missing: RoomPerson[]; bad: RoomPerson[] };

const statementsPerRequest = 500;

export function createIdentityDirectory(deps: {
  fetchStatements(people: PersonVersion[]): Promise<StatementRow[]>;
  pins: Pins;
  own: PublicIdentity[];
}): IdentityDirectory {
  const identityByEntry = new Map(deps.own.map((identity) => [identity.entry, identity]));

  const rowByEntry = new Map<string, StatementRow>();

  // A pinned fingerprint was verified when it was pinned, and it is a hash of the whole statement.
  const isPinned = (person: RoomPerson): boolean =>
    (deps.pins.peopleByUid.get(person.userUid)?.versions ?? []).some(
      (pin) => pin.version === person.version && pin.fingerprint === person.fingerprint,
    );

  const takeRow = (person: RoomPerson, row: StatementRow): boolean => {
    const identity = isPinned(person) ? parseStatement(row) : verifyStatement(row);
    if (identity === null || identity.entry !== entryText(person)) return false;
    identityByEntry.set(identity.entry, identity);
    rowByEntry.set(identity.entry, row);
    return true;
  };

  /** After a restore more than one for a version: the published one first, then what colleagues gave back. */
  const fetchRows = async (people: PersonVersion[]): Promise<Map<string, StatementRow[]>> => {
    const rowsByName = new Map<string, StatementRow[]>();
    for (let start = 0; start < people.length; start += statementsPerRequest) {
      const batch = people.slice(start, start + statementsPerRequest);
      const rows = await deps.fetchStatements(batch.map(({ userUid, version }) => ({ userUid, version })));
      for (const row of rows) rowsByName.set(nameOf(row), [...(rowsByName.get(nameOf(row)) ?? []), row]);
    }
    return rowsByName;
  };

  const takeFirstSeen = (row: StatementRow): PublicIdentity | 'bad' => {
    const identity = verifyStatement(row);
    if (identity === null) return 'bad';
    identityByEntry.set(identity.entry, identity);
    rowByEntry.set(identity.entry, row);
    return identity;
  };

  return {
    get: (entry) => identityByEntry.get(entry),
    rowOf: (entry) => rowByEntry.get(entry),
    offer(people, rows) {
      for (const person of people) {
        const named = rows.filter((row) => nameOf(row) === nameOf(person));
        if (!identityByEntry.has(entryText(person))) named.some((row) => takeRow(person, row));
      }
    },
    async load(people) {
      const result: LoadedIdentities = { missing: [], bad: [] };
      const wanted = people.filter((person) => !identityByEntry.has(entryText(person)));
      const rowsByName = await fetchRows(wanted);
      for (const person of wanted) {
        const rows = rowsByName.get(nameOf(person)) ?? [];
        if (rows.length === 0) result.missing.push(person);
        else if (!rows.some((row) => takeRow(person, row))) result.bad.push(person);
      }
      return result;
    },
    async loadVersions(people) {
      const rowsByName = await fetchRows(people);
      return people.map((person) => {
        const row = rowsByName.get(nameOf(person))?.[0];
        return row === undefined ? 'missing' : takeFirstSeen(row);
      });
    },
  };
}

const nameOf = (person: PersonVersion): string => `${person.userUid}.${String(person.version)}`;
