/** Choosing identity versions. */
import type { StatementRow } from '#contract/sealed.ts';

type IdentityName = { userUid: string; version?: number | undefined };

/**
 * The named versions out of all statements of these people; without a version the newest published one. Unknown ones are left
 * out. Behind them the `returned` ones of those versions, which records may name by another fingerprint.
 */
export function chooseStatements(
  names: readonly IdentityName[],
  statements: readonly StatementRow[],
  returned: readonly StatementRow[] = [],
): StatementRow[] {
  const versionsByUid = new Map<string, Map<number, StatementRow>>();
  for (const row of statements) {
    const versions = versionsByUid.get(row.userUid) ?? new Map<number, StatementRow>();
    versionsByUid.set(row.userUid, versions.set(row.version, row));
  }
  const chosen = new Set<StatementRow>();
  for (const { userUid, version } of names) {
    const versions = versionsByUid.get(userUid);
    const row = versions?.get(version ?? Math.max(...versions.keys()));
    if (row !== undefined) chosen.add(row);
  }
  const texts = new Set([...chosen].map(({ statement }) => statement));
  const others = returned.filter(
    (row) =>
      !texts.has(row.statement) &&
      names.some(({ userUid, version }) => userUid === row.userUid && version === row.version),
  );
  return [...chosen, ...others];
}
