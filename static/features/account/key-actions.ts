/** Everything that makes keys anew for an account that is there: one piece, which comes with the first dialog that needs it. */
import type { HttpCall } from '../../connection/http-call.ts';
import { addRoutes } from '../../connection/http-routes.ts';
import { recoveryRoutes } from '../../connection/recovery-routes.ts';
import type { CryptoEngine } from '../../crypto/index.ts';
import type { Store } from '../../state/store.ts';
import type { ClientStorage } from '../../storage/client-storage.ts';
import type { AccountState } from './account-state.ts';
import { createNewVaultActions } from './new-vault-actions.ts';
import type { NewVaultActions } from './new-vault-actions.ts';
import { createOldSheetActions } from './old-sheet-actions.ts';
import type { OldSheetActions } from './old-sheet-actions.ts';
import { createPasswordActions } from './password-actions.ts';
import type { PasswordActions } from './password-actions.ts';
import { createReentryActions } from './reentry-actions.ts';
import type { ReentryActions } from './reentry-actions.ts';
import type { AccountSession } from './session-actions.ts';

export type KeyActions = ReentryActions & PasswordActions & OldSheetActions & NewVaultActions;

export type KeyActionsDeps = {
  http: HttpCall;
  account: Store<AccountState>;
  storage: ClientStorage;
  crypto: Pick<CryptoEngine, 'recovery' | 'mergePins'>;
  session: AccountSession;
  /** A random whole number below n. */
  pick: (below: number) => number;
  announceSignIn: (userUid: string) => void;
  /** Stores what waits, then the page starts anew. */
  reload: () => Promise<void>;
};

export function createKeyActions(deps: KeyActionsDeps): KeyActions {
  addRoutes(recoveryRoutes);
  return {
    ...createReentryActions(deps),
    ...createPasswordActions(deps),
    ...createOldSheetActions(deps),
    ...createNewVaultActions(deps),
  };
}
