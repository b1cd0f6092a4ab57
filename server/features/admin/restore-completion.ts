/**
 * The last step of a restore (docs/e2e-protocol.md section 8), in the restored database before anybody is let in: no
 * session and no one-time answer of the past lives again, and clients learn by a new generation to drop what they cached.
 */
import * as z from 'zod/mini';
import type { AuditEntry } from '../audit/audit-log.ts';
import type { FeatureDatabase, Unit } from '../feature-types.ts';

const Mark = z.object({ backup: z.string(), at: z.number(), by: z.string() });

export type CompletionDeps = {
  database: FeatureDatabase;
  /** The row of `server_state` that the restore left. */
  markName: string;
  /** What must not come back with a restored database, by feature. */
  forget: readonly ((unit: Unit) => Promise<void>)[];
  renewGeneration: (unit: Unit) => Promise<void>;
  appendAudit: (unit: Unit, entry: AuditEntry) => Promise<void>;
};

/** Completes a restore, if this database comes from one; gives the backup's name then. All of it or nothing. */
export async function completeRestore(deps: CompletionDeps): Promise<string | null> {
  const { database, markName } = deps;
  const row = await database.read
    .selectFrom('server_state')
    .select('value')
    .where('name', '=', markName)
    .executeTakeFirst();
  if (row === undefined) return null;
  const mark = Mark.parse(JSON.parse(row.value));
  await database.write(async (unit) => {
    for (const forget of deps.forget) await forget(unit);
    await deps.renewGeneration(unit);
    await deps.appendAudit(unit, {
      at: mark.at,
      actorUid: mark.by,
      action: 'backup-restored',
      subject: 'server',
      details: { backup: mark.backup },
    });
    await unit.db.deleteFrom('server_state').where('name', '=', markName).execute();
    return { value: undefined, events: [] };
  });
  return mark.backup;
}
