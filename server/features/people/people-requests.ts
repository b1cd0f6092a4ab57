/** The directory: who there is, and the identity statements they published. */
import { limits } from '#contract/limits.ts';
import type { RequestHandlers } from '../../gateway/handler.ts';
import type { FeatureDatabase } from '../feature-types.ts';
import { toPerson } from '../person-row.ts';
import { searchWords } from '../search-words.ts';
import { chooseStatements } from './people-rules.ts';
import { findPeople, listPeople, listStatements } from './people-store.ts';

type PeopleRequestName = 'people:list' | 'people:get' | 'identity:get';

export function createPeopleRequests({
  database: { read },
}: {
  database: FeatureDatabase;
}): Pick<RequestHandlers, PeopleRequestName> {
  return {
    async 'people:list'(_context, input) {
      const limit = input.limit ?? limits.peoplePageSize;
      const words = searchWords(input.query);
      const rows = await listPeople(read, { words, after: input.after ?? '', limit: limit + 1 });
      return { people: rows.slice(0, limit).map(toPerson), hasMore: rows.length > limit };
    },

    async 'people:get'(_context, { userUids }) {
      if (userUids.length === 0) return { people: [] };
      return { people: (await findPeople(read, userUids)).map(toPerson) };
    },

    async 'identity:get'(_context, { people }) {
      const uids = people.map((name) => name.userUid);
      const published = await listStatements(read, 'identities', uids);
      const returned = await listStatements(read, 'returned_statements', uids);
      return { statements: chooseStatements(people, published, returned) };
    },
  };
}
