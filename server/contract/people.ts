import * as z from 'zod/mini';
import { defineRequests } from './request.ts';
import { IdentityVersion, UserUid, wholeNumber } from './ids.ts';
import { limits } from './limits.ts';
import { Person } from './accounts.ts';
import { StatementRow } from './sealed.ts';

/** Names one version of one person's identity; without `version` the newest. */
export const IdentityName = z.object({ userUid: UserUid, version: z.optional(IdentityVersion) });

export const peopleRequests = defineRequests({
  'people:list': {
    input: z.object({
      /** Part of a name, user name, department or title; everybody if left out. */
      query: z.optional(z.string().check(z.maxLength(100))),
      /** The last user name of the page before. */
      after: z.optional(z.string().check(z.maxLength(64))),
      limit: z.optional(wholeNumber(1, limits.peoplePageSize)),
    }),
    output: z.object({ people: z.array(Person), hasMore: z.boolean() }),
    http: 'GET /api/people',
    limit: 'general',
    summary: 'The directory, sorted by user name, a page at a time.',
  },
  'people:get': {
    input: z.object({ userUids: z.array(UserUid).check(z.maxLength(limits.roomMembersMax)) }),
    output: z.object({ people: z.array(Person) }),
    http: 'POST /api/people/query',
    isRepeatable: true,
    summary: 'These people; unknown ones are left out.',
  },
  'identity:get': {
    input: z.object({
      people: z.array(IdentityName).check(z.minLength(1), z.maxLength(limits.roomMembersMax)),
    }),
    output: z.object({ statements: z.array(StatementRow) }),
    http: 'POST /api/identities/query',
    isRepeatable: true,
    summary: 'Published identity statements; unknown ones are left out.',
  },
});
