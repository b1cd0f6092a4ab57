/** What was decided for everybody, as values of `server_state`. */
import type { ServerPolicies } from '#contract/policies.ts';
import type { Read, Unit } from '../feature-types.ts';

/** What holds until somebody decides otherwise. */
export const defaultPolicies: ServerPolicies = { readReceipts: 'everyone', recallHours: 24 };

const receipts: readonly ServerPolicies['readReceipts'][] = ['everyone', 'sender', 'off'];

const nameOf = { readReceipts: 'read_receipts', recallHours: 'recall_hours' } as const satisfies Record<
  keyof ServerPolicies,
  string
>;

/** The policies as they are stored. A value that this version does not know tells as little as possible. */
export async function readPolicies(db: Read): Promise<ServerPolicies> {
  const rows = await db
    .selectFrom('server_state')
    .select(['name', 'value'])
    .where('name', 'in', Object.values(nameOf))
    .execute();
  const valueOf = (name: keyof typeof nameOf): string | undefined =>
    rows.find((row) => row.name === nameOf[name])?.value;
  const storedReceipts = valueOf('readReceipts');
  const known = receipts.find((value) => value === storedReceipts);
  const hours = valueOf('recallHours');
  return {
    readReceipts: storedReceipts === undefined ? defaultPolicies.readReceipts : (known ?? 'off'),
    recallHours: hours === undefined ? defaultPolicies.recallHours : Number(hours),
  };
}

export async function writePolicies({ db }: Unit, policies: ServerPolicies): Promise<void> {
  const values = { readReceipts: policies.readReceipts, recallHours: String(policies.recallHours) };
  for (const [key, name] of Object.entries(nameOf)) {
    const value = values[key as keyof typeof values]; // the keys of both are those of ServerPolicies
    await db
      .insertInto('server_state')
      .values({ name, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute();
  }
}
