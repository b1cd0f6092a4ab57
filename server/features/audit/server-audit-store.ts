/** Reading the whole audit log, with the names that stand behind its uids now. */
import type { ServerAuditEntry } from '#contract/admin-people.ts';
import type { Read } from '../feature-types.ts';

export type AuditWish = {
  before: number | undefined;
  limit: number;
  /** Only these; all of them if empty. */
  actions: readonly string[];
  /** A uid, or `host`, `cli`, `server`: who did it, or to whom or what it was done. */
  about: string | undefined;
  from: number | undefined;
  to: number | undefined;
};

/** The newest entries that fit, newest first. */
export async function readServerAudit(db: Read, wish: AuditWish): Promise<ServerAuditEntry[]> {
  const { before, limit, actions, about, from, to } = wish;
  let query = db
    .selectFrom('audit_log')
    .select(['id', 'at', 'actor_uid', 'action', 'subject', 'details'])
    .orderBy('id', 'desc')
    .limit(limit);
  if (before !== undefined) query = query.where('id', '<', before);
  if (actions.length > 0) query = query.where('action', 'in', actions);
  if (from !== undefined) query = query.where('at', '>=', from);
  if (to !== undefined) query = query.where('at', '<', to);
  if (about !== undefined) {
    query = query.where((where) =>
      where.or([where('actor_uid', '=', about), where('subject', '=', about), where('room_uid', '=', about)]),
    );
  }
  const rows = await query.execute();
  const entries = rows.map(({ actor_uid: actorUid, details, ...row }) => ({
    ...row,
    actorUid,
    // written by `appendAudit`: an object of texts
    details: JSON.parse(details) as Record<string, string>,
  }));
  const uids = entries.flatMap((entry) => [entry.actorUid, entry.subject, entry.details['roomUid'] ?? '']);
  const names = await namesOf(db, [...new Set(uids)]);
  const nameOf = (uid: string): string => names.get(uid) ?? '';
  return entries.map(({ details: { roomUid, ...details }, ...entry }) => ({
    ...entry,
    details,
    actor: nameOf(entry.actorUid),
    subjectName: nameOf(entry.subject),
    ...(roomUid === undefined ? {} : { roomUid, roomTitle: nameOf(roomUid) }),
  }));
}

/** Display names and titles by uid. */
export async function namesOf(db: Read, uids: readonly string[]): Promise<Map<string, string>> {
  if (uids.length === 0) return new Map();
  const people = await db
    .selectFrom('users')
    .select(['uid', 'display_name as name'])
    .where('uid', 'in', uids)
    .execute();
  const rooms = await db
    .selectFrom('rooms')
    .select(['uid', 'title as name'])
    .where('uid', 'in', uids)
    .execute();
  return new Map([...people, ...rooms].map(({ uid, name }) => [uid, name]));
}
