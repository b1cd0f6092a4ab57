/** The light of recovery as it is now, from what the stores know. */
import type { PageContext } from '../../page-context.ts';
import { recoveryLight } from './recovery-light.ts';
import type { RecoveryLight } from './recovery-light.ts';

/** What the light shows at this moment. */
export function presentLight({ app }: PageContext): RecoveryLight {
  const { isSheetUnconfirmed, keysChangedAt } = app.stores.account.get();
  const { rehearsal } = app.stores.trust.get();
  return recoveryLight({ isSheetUnconfirmed, keysChangedAt, rehearsal, now: app.clock.now() });
}

/** Calls back whenever the light may have changed. */
export const followLight = ({ app }: PageContext, changed: () => void): (() => void)[] => [
  app.stores.account.subscribe(
    ({ isSheetUnconfirmed, keysChangedAt }) => `${isSheetUnconfirmed} ${keysChangedAt}`,
    changed,
  ),
  app.stores.trust.subscribe((state) => state, changed),
];
