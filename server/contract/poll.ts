/** What a poll is beside its sealed message. */
import * as z from 'zod/mini';
import { ClientId, Timestamp, wholeNumber } from './ids.ts';
import { limits } from './limits.ts';

/** A random 128-bit id of a client's making. What the option says is sealed. */
export const PollOptionId = ClientId;

/** What the server is told of a new poll beside its sealed message. */
export const PollSettings = z.object({
  optionIds: z.array(PollOptionId).check(
    z.minLength(limits.pollOptionsMin),
    z.maxLength(limits.pollOptionsMax),
    z.refine((ids) => new Set(ids).size === ids.length),
  ),
  /** Several options may be chosen at once. */
  isMultiple: z.boolean(),
  /** Members are never told who voted for what. */
  isAnonymous: z.boolean(),
  /** Nobody votes from then on. */
  closesAt: z.nullable(Timestamp),
});
export type PollSettings = z.infer<typeof PollSettings>;

/** A poll as it stands: it travels with its message's row. */
export const Poll = z.object({
  /** In the author's order. */
  options: z.array(z.object({ id: PollOptionId, votes: wholeNumber() })),
  /** People who voted. */
  voters: wholeNumber(),
  isMultiple: z.boolean(),
  isAnonymous: z.boolean(),
  closesAt: z.nullable(Timestamp),
  /** When it was closed, by hand or by its deadline; null while one may vote. */
  closedAt: z.nullable(Timestamp),
});
export type Poll = z.infer<typeof Poll>;
