/** The directory behind people pickers, and people that are named somewhere but not known yet. */
import { limits } from '#contract/limits.ts';
import type { Call } from '../../connection/socket-connection.ts';
import type { Store } from '../../state/store.ts';
import { emptyDirectory, unknownPeople, withPeople } from './person-state.ts';
import type { DirectoryState, PeopleState } from './person-state.ts';

export type DirectoryActions = {
  /** Replaces `stores.directory` by the first page for this query; a later call wins over an earlier one. */
  search: (query: string) => Promise<void>;
  loadMore: () => Promise<void>;
  /** Fetches people that are not in `stores.people` yet. */
  ensurePeople: (userUids: readonly string[]) => Promise<void>;
};

const pageSize = 100;

export const createDirectoryActions = (deps: {
  call: Call;
  directory: Store<DirectoryState>;
  people: Store<PeopleState>;
}): DirectoryActions => {
  const { call, directory, people } = deps;

  const loadPage = async (query: string, after: string | null): Promise<void> => {
    const input = {
      limit: pageSize,
      ...(query === '' ? {} : { query }),
      ...(after === null ? {} : { after }),
    };
    const result = await call('people:list', input);
    // The user has typed on meanwhile: this answer is for another question.
    if (directory.get().query !== query) return;
    if (!result.ok) {
      directory.patch({ isLoading: false, failure: result.code });
      return;
    }
    const before = after === null ? [] : directory.get().people;
    directory.patch({
      people: [...before, ...result.value.people],
      hasMore: result.value.hasMore,
      isLoading: false,
      failure: null,
    });
    people.update((state) => withPeople(state, result.value.people));
  };

  return {
    search: async (typed) => {
      const query = typed.normalize('NFC').trim();
      const { query: shown, people: rows, isLoading } = directory.get();
      // The rows of the last query stay on screen until the new ones are there: a list that blinks cannot be aimed at.
      directory.set({ ...emptyDirectory(), query, people: rows, isLoading: true });
      if (isLoading && shown === query) return;
      await loadPage(query, null);
    },
    loadMore: async () => {
      const { query, people: rows, hasMore, isLoading } = directory.get();
      const last = rows[rows.length - 1];
      if (!hasMore || isLoading || last === undefined) return;
      directory.patch({ isLoading: true });
      await loadPage(query, last.username);
    },
    ensurePeople: async (userUids) => {
      const unknown = unknownPeople(people.get(), userUids);
      for (let start = 0; start < unknown.length; start += limits.roomMembersMax) {
        const batch = unknown.slice(start, start + limits.roomMembersMax);
        const result = await call('people:get', { userUids: batch });
        if (result.ok) people.update((state) => withPeople(state, result.value.people));
      }
    },
  };
};
