/** The policies in force: kept in memory, because every answer that shows how far people have read asks for them. */
import type { ServerPolicies } from '#contract/policies.ts';
import { toEverybody } from '../../gateway/delivery.ts';
import type { Deliver, FeatureDatabase, Read, Unit } from '../feature-types.ts';
import { readPolicies, writePolicies } from './policy-store.ts';

export type PolicyChange = { [Name in keyof ServerPolicies]?: ServerPolicies[Name] | undefined };

export type Policies = {
  current: () => ServerPolicies;
  /** Inside a unit: the policies after a change. Call `changed` with them once they are durable. */
  write: (unit: Unit, change: PolicyChange) => Promise<ServerPolicies>;
  /** They hold from now on, and everybody is told. */
  changed: (policies: ServerPolicies) => void;
};

const withChange = (policies: ServerPolicies, change: PolicyChange): ServerPolicies => ({
  readReceipts: change.readReceipts ?? policies.readReceipts,
  recallHours: change.recallHours ?? policies.recallHours,
});

/** Reads what is stored. */
export async function createPolicies(deps: {
  database: Pick<FeatureDatabase, 'read'>;
  deliver: Deliver;
}): Promise<Policies> {
  let current = await readPolicies(deps.database.read);
  return {
    current: () => current,
    async write(unit, change) {
      const next = withChange(await readPolicies(unit.db satisfies Read), change);
      await writePolicies(unit, next);
      return next;
    },
    changed(policies) {
      current = policies;
      deps.deliver([toEverybody('policies:changed', { policies })]);
    },
  };
}
