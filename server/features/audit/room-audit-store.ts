/** Reading the part of the audit log that belongs to one room. */
import type { RoomAuditAction, RoomAuditEntry } from '#contract/room-administration.ts';
import type { Read } from '../feature-types.ts';

type Row = { id: number; at: number; actor_uid: string; action: string; subject: string; details: string };

function toEntry(row: Row): RoomAuditEntry {
  // written by `appendAudit`: an object of texts
  const { roomUid: _room, ...details } = JSON.parse(row.details) as Record<string, string>;
  return {
    id: row.id,
    at: row.at,
    actorUid: row.actor_uid,
    // only these have a room
    action: row.action as RoomAuditAction,
    subject: row.subject,
    details,
  };
}

const columns = ['id', 'at', 'actor_uid', 'action', 'subject', 'details'] as const;

/** The newest entries below an id, newest first. */
export async function newestEntries(
  db: Read,
  roomUid: string,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<RoomAuditEntry[]> {
  let query = db.selectFrom('audit_log').select(columns).where('room_uid', '=', roomUid);
  if (before !== undefined) query = query.where('id', '<', before);
  const rows = await query.orderBy('id', 'desc').limit(limit).execute();
  return rows.map(toEntry);
}

/** Entries after an id up to another, oldest first. */
export async function entriesBetween(
  db: Read,
  roomUid: string,
  { after, upTo, limit }: { after: number; upTo: number; limit: number },
): Promise<RoomAuditEntry[]> {
  const rows = await db
    .selectFrom('audit_log')
    .select(columns)
    .where('room_uid', '=', roomUid)
    .where('id', '>', after)
    .where('id', '<=', upTo)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(toEntry);
}

/** User names by uid, of those who still have one. */
export async function usernamesOf(db: Read, userUids: readonly string[]): Promise<Map<string, string>> {
  if (userUids.length === 0) return new Map();
  const rows = await db
    .selectFrom('users')
    .select(['uid', 'username'])
    .where('uid', 'in', userUids)
    .execute();
  return new Map(rows.map(({ uid, username }) => [uid, username ?? '']));
}
