/**
 * The whole audit log to take away, with the hashes that chain its entries, so that it can be checked without this server
 * (docs/operating.md, "The audit log elsewhere"). Only owner and admins are answered.
 */
import * as z from 'zod/mini';
import { Timestamp, wholeNumber } from './ids.ts';
import { limits } from './limits.ts';
import { defineRequests } from './request.ts';

const period = {
  /** Only entries from then on. */
  from: z.optional(Timestamp),
  /** Only entries before then. */
  to: z.optional(Timestamp),
};

/** An entry as it is hashed: `hash` is that of previousHash, at, actorUid, action, subject and details. */
export const AuditChainEntry = z.object({
  id: wholeNumber(1),
  at: Timestamp,
  actorUid: z.string(),
  action: z.string(),
  subject: z.string(),
  /** JSON, verbatim: these characters are what was hashed. */
  details: z.string(),
  previousHash: z.string(),
  hash: z.string(),
  /** Who they are called now; empty where nobody knows. No part of the hash. */
  actor: z.string(),
  subjectName: z.string(),
});
export type AuditChainEntry = z.infer<typeof AuditChainEntry>;

/** Part of the table of `admin.ts`. */
export const auditChainRequests = defineRequests({
  'admin:audit-chain': {
    input: z.object({
      /** Where the page before ended. */
      after: z.optional(wholeNumber()),
      ...period,
    }),
    output: z.object({
      entries: z.array(AuditChainEntry),
      /** Where the next page begins, even if this one is empty; null after the last one. */
      next: z.nullable(wholeNumber()),
      /** The newest hash of the whole log; null while it is empty. */
      head: z.nullable(z.string()),
    }),
    http: 'GET /api/admin/audit/chain',
    summary: `The audit log with its hashes, the oldest entries first; looks at ${limits.auditChainPageSize} of them. Owner and admins only.`,
  },
});

export const auditExportRequests = defineRequests({
  'admin:export-audit': {
    input: z.object({ format: z.optional(z.enum(['csv', 'json'])), ...period }),
    output: z.object({}),
    http: 'GET /api/admin/audit/export',
    transport: 'http',
    reply: 'stream',
    limit: 'search_advanced',
    summary:
      'The audit log with its hashes as a download, the oldest entries first, as CSV or JSON. Owner and admins only.',
  },
});
