/** The people this client knows: those it shares a room with, and directory pages it asked for. No DOM. */
import type { Person } from '#contract/accounts.ts';
import type { FailureCode } from '../../state/failure.ts';

export type PeopleState = { byUid: ReadonlyMap<string, Person> };

/** The directory behind a people picker. */
export type DirectoryState = {
  query: string;
  people: readonly Person[];
  hasMore: boolean;
  isLoading: boolean;
  failure: FailureCode | null;
};

export const emptyPeople = (): PeopleState => ({ byUid: new Map() });

export const emptyDirectory = (): DirectoryState => ({
  query: '',
  people: [],
  hasMore: false,
  isLoading: false,
  failure: null,
});

/** Takes newer rows; an older revision of a known person is ignored. */
export const withPeople = (state: PeopleState, people: readonly Person[]): PeopleState => {
  const fresh = people.filter((person) => (state.byUid.get(person.userUid)?.rev ?? -1) < person.rev);
  if (fresh.length === 0) return state;
  const byUid = new Map(state.byUid);
  for (const person of fresh) byUid.set(person.userUid, person);
  return { byUid };
};

export const unknownPeople = (state: PeopleState, userUids: Iterable<string>): string[] =>
  [...new Set(userUids)].filter((userUid) => !state.byUid.has(userUid));
