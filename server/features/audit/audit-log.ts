/** The audit log: every entry carries the hash of the one before, so that a changed or removed entry shows. */
import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { AuditCheck } from '#contract/admin-people.ts';
import type { RoomAuditAction } from '#contract/room-administration.ts';
import type { AuditLogTable } from '../../database/tables.ts';
import type { Read, Unit } from '../feature-types.ts';

export type AuditAction =
  | RoomAuditAction
  | 'owner-registered'
  | 'account-deleted'
  | 'account-registered'
  | 'account-approved'
  | 'account-declined'
  | 'account-disabled'
  | 'account-enabled'
  | 'server-role-changed'
  | 'invitation-made'
  | 'invitation-revoked'
  | 'vault-replaced'
  | 'settings-changed'
  | 'sign-up-changed'
  | 'policies-changed'
  | 'server-restarted'
  | 'backup-made'
  | 'backup-deleted'
  | 'restore-staged'
  | 'backup-restored'
  | 'vault-given-back'
  | 'password-changed'
  | 'account-recovered'
  | 'reset-code-made'
  | 'identity-reset'
  | 'identity-succeeded';

export type AuditEntry = {
  at: number;
  /** A userUid, or `host` and `cli` for whoever sits at the machine. */
  actorUid: string;
  action: AuditAction;
  /** The uid of the person or room that it was done to; `server` for the server itself. */
  subject: string;
  /** The room whose log it belongs to. */
  roomUid?: string;
  /** Further uids, names of settings, files or rooms; never names of people, contents or keys. */
  details?: Readonly<Record<string, string>>;
};

type Row = Selectable<AuditLogTable>;

/** What the first entry names as the one before it. */
const beginning = '-';
/** `server_state` keeps the newest hash, so that entries cut off at the end show as well. */
const headName = 'audit_head';
const pageSize = 500;

/** `room_uid` stands in the details, too, so it is covered. */
const hashOf = (row: Omit<Row, 'id' | 'hash' | 'room_uid'>): string =>
  createHash('sha256')
    .update(JSON.stringify([row.previous_hash, row.at, row.actor_uid, row.action, row.subject, row.details]))
    .digest('base64url');

async function head(db: Read): Promise<string> {
  const row = await db
    .selectFrom('server_state')
    .select('value')
    .where('name', '=', headName)
    .executeTakeFirst();
  return row?.value ?? beginning;
}

/** Adds an entry in the unit that does what the entry tells, so that neither is there without the other. */
export async function appendAudit({ db }: Unit, entry: AuditEntry): Promise<void> {
  const { roomUid } = entry;
  const row = {
    at: entry.at,
    actor_uid: entry.actorUid,
    action: entry.action,
    subject: entry.subject,
    details: JSON.stringify({ ...entry.details, ...(roomUid === undefined ? {} : { roomUid }) }),
    previous_hash: await head(db),
  };
  const value = hashOf(row);
  await db
    .insertInto('audit_log')
    .values({ ...row, room_uid: roomUid ?? null, hash: value })
    .execute();
  await db
    .insertInto('server_state')
    .values({ name: headName, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute();
}

/** Whose log an entry belongs to, by what is hashed; the first entries about rooms given back named it in `subject` only. */
function roomOf({ action, subject, details }: Row): string | null {
  // written by `appendAudit`: an object of texts
  const { roomUid } = JSON.parse(details) as { roomUid?: string };
  return roomUid ?? (action === 'room-given-back' ? subject : null);
}

/** Recomputes the whole chain, a page at a time. */
export async function verifyAudit(db: Read): Promise<AuditCheck> {
  let previous = beginning;
  let lastId = 0;
  let entries = 0;
  for (;;) {
    const rows = await db
      .selectFrom('audit_log')
      .selectAll()
      .where('id', '>', lastId)
      .orderBy('id')
      .limit(pageSize)
      .execute();
    for (const row of rows) {
      if (row.previous_hash !== previous || row.hash !== hashOf(row) || row.room_uid !== roomOf(row)) {
        return { isIntact: false, brokenId: row.id, entries, head: previous };
      }
      previous = row.hash;
      lastId = row.id;
      entries += 1;
    }
    if (rows.length < pageSize) break;
  }
  return { isIntact: previous === (await head(db)), entries, brokenId: null, head: previous };
}
