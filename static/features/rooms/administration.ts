/** The running of rooms, as far as the first screens carry it: names of what comes later, and the moment to fetch it. */
import { drop } from '../../state/drop.ts';
import { createLaterActions } from '../../state/later-actions.ts';
import type { AdministrationActions, AdministrationDeps } from './administration-actions.ts';

const names: { [Name in keyof AdministrationActions]: true } = {
  describe: true,
  setPicture: true,
  setPolicies: true,
  setRole: true,
  handOver: true,
  setHistory: true,
  audit: true,
  discover: true,
  ask: true,
  withdraw: true,
  decline: true,
  loadRequests: true,
  shareKeys: true,
  refreshKeys: true,
  watch: true,
};

/** The actions, whose code comes with the first call: when the connection is there. */
export function createAdministration(deps: AdministrationDeps): AdministrationActions {
  const actions = createLaterActions(names, async () =>
    (await import('./administration-actions.ts')).createAdministrationActions(deps),
  );
  deps.disposables.add(
    deps.connection.state.subscribe(
      ({ phase }) => phase === 'online',
      (isOnline) => isOnline && drop(actions.watch()),
    ),
  );
  return actions;
}
