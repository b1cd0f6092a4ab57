/** What the administrator decided for everybody and every client has to know. In the database, audited, changed live. */
import * as z from 'zod/mini';
import { defineEvents } from './request.ts';

/**
 * Who sees how far others have read: `everyone` in the room; `sender`: each person only for the messages they sent; `off`:
 * nobody. The server withholds what is not to be seen.
 */
export const ReadReceipts = z.enum(['everyone', 'sender', 'off']);
export type ReadReceipts = z.infer<typeof ReadReceipts>;

/** Hours after sending within which a message can be recalled; 0: never. */
export const RecallHours = z.int().check(z.minimum(0), z.maximum(8_760));

export const ServerPolicies = z.object({ readReceipts: ReadReceipts, recallHours: RecallHours });
export type ServerPolicies = z.infer<typeof ServerPolicies>;

export const policyEvents = defineEvents({
  /** To everybody who is connected. */
  'policies:changed': z.object({ policies: ServerPolicies }),
});
