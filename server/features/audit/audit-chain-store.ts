/** Reading the audit log as it is hashed, from its beginning; how many entries there are does not matter. */
import type { AuditChainEntry } from '#contract/audit-export.ts';
import { limits } from '#contract/limits.ts';
import type { Read } from '../feature-types.ts';
import { namesOf } from './server-audit-store.ts';

export type ChainWish = {
  after: number;
  /** The newest entry that counts: later ones may not be on the disk yet. */
  upTo: number;
  from: number | undefined;
  to: number | undefined;
};

/** The newest entry; null in an empty log. */
export async function newestEntry(db: Read): Promise<{ id: number; hash: string } | null> {
  const row = await db
    .selectFrom('audit_log')
    .select(['id', 'hash'])
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** The next entries that fit; one look goes through a bounded number of them, whatever it finds. */
export async function readChain(
  db: Read,
  { after, upTo, from, to }: ChainWish,
): Promise<{ entries: AuditChainEntry[]; next: number | null }> {
  const last = Math.min(upTo, after + limits.auditChainPageSize);
  let query = db.selectFrom('audit_log').selectAll().where('id', '>', after).where('id', '<=', last);
  if (from !== undefined) query = query.where('at', '>=', from);
  if (to !== undefined) query = query.where('at', '<', to);
  const rows = await query.orderBy('id').execute();
  const names = await namesOf(db, [...new Set(rows.flatMap((row) => [row.actor_uid, row.subject]))]);
  const entries = rows.map((row) => ({
    id: row.id,
    at: row.at,
    actorUid: row.actor_uid,
    action: row.action,
    subject: row.subject,
    details: row.details,
    previousHash: row.previous_hash,
    hash: row.hash,
    actor: names.get(row.actor_uid) ?? '',
    subjectName: names.get(row.subject) ?? '',
  }));
  return { entries, next: last < upTo ? last : null };
}
