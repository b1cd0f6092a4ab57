/** The server's audit log for owner and admins: pages to read, and whether its chain of hashes holds. */
import type { AdminOutput } from '#contract/admin.ts';
import type { AuditCheck, ServerAuditEntry } from '#contract/admin-people.ts';
import { limits } from '#contract/limits.ts';
import type { Read } from '../feature-types.ts';
import type { AdminHandlers } from './admin-access.ts';

type Wish = {
  before: number | undefined;
  limit: number;
  actions: readonly string[];
  about: string | undefined;
  from: number | undefined;
  to: number | undefined;
};

export type AuditDeps = {
  database: { read: Read };
  readAudit: (db: Read, wish: Wish) => Promise<ServerAuditEntry[]>;
  checkAudit: (db: Read) => Promise<AuditCheck>;
  readChainPage: (
    db: Read,
    wish: { after: number | undefined; from: number | undefined; to: number | undefined },
  ) => Promise<AdminOutput<'admin:audit-chain'>>;
};

export const createAuditRequests = ({
  database: { read },
  readAudit,
  checkAudit,
  readChainPage,
}: AuditDeps): Pick<AdminHandlers, 'admin:audit' | 'admin:check-audit' | 'admin:audit-chain'> => ({
  async 'admin:audit'(_context, { before, limit = limits.auditPageSize, actions, about, from, to }) {
    const wish = { before, about, from, to, actions: actions?.split(',') ?? [] };
    const entries = await readAudit(read, { ...wish, limit: limit + 1 });
    return { entries: entries.slice(0, limit), hasMore: entries.length > limit };
  },
  'admin:check-audit': () => checkAudit(read),
  'admin:audit-chain': (_context, { after, from, to }) => readChainPage(read, { after, from, to }),
});
