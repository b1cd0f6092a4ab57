/** The server's whole audit log to take away, for owner and admins. */
import { setImmediate } from 'node:timers/promises';
import type { Role } from '#contract/accounts.ts';
import type { AuditChainEntry } from '#contract/audit-export.ts';
import { AppError } from '../../app-error.ts';
import type { RequestHandlers } from '../../gateway/handler.ts';
import type { Read } from '../feature-types.ts';
import { newestEntry, readChain } from './audit-chain-store.ts';
import type { ChainWish } from './audit-chain-store.ts';
import { auditContentTypes, auditFile } from './audit-export.ts';
import type { Period } from './audit-export.ts';

export type AuditExportDeps = {
  database: { read: Read };
  /** The role as it is now. */
  readRole: (userId: number) => Promise<Role>;
};

export const createAuditExport = ({
  database: { read },
  readRole,
}: AuditExportDeps): Pick<RequestHandlers, 'admin:export-audit'> => ({
  async 'admin:export-audit'({ caller, now }, { format = 'csv', from, to }) {
    if ((await readRole(caller.userId)) === 'member') throw new AppError('FORBIDDEN');
    const period = { from, to };
    const newest = await newestEntry(read);
    const pages = readPages(read, { after: 0, upTo: newest?.id ?? 0, ...period });
    return {
      contentType: auditContentTypes[format],
      fileName: `audit-${new Date(now).toISOString().slice(0, 10)}.${format}`,
      chunks: auditFile(format, pages, { period, head: () => newest?.hash ?? null }),
    };
  },
});

export type AuditChainPage = { entries: AuditChainEntry[]; next: number | null; head: string | null };

/** A page of the log for programs, and for the command line. */
export async function readChainPage(
  read: Read,
  { after = 0, from, to }: Period & { after: number | undefined },
): Promise<AuditChainPage> {
  const newest = await newestEntry(read);
  const page = await readChain(read, { after, upTo: newest?.id ?? 0, from, to });
  return { ...page, head: newest?.hash ?? null };
}

async function* readPages(read: Read, wish: ChainWish): AsyncGenerator<AuditChainEntry[]> {
  let after: number | null = wish.after;
  while (after !== null) {
    const page = await readChain(read, { ...wish, after });
    if (page.entries.length > 0) yield page.entries;
    after = page.next;
    // years in which nothing fits must not keep everybody else waiting
    await setImmediate();
  }
}
