/** A new recovery sheet: the old one dies when the server has stored the new vault. */
import type { HttpCall } from '../../connection/http-call.ts';
import type { CryptoEngine, VaultReplacement } from '../../crypto/index.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { Store } from '../../state/store.ts';
import { chooseAskedGroups, isTypeBackRight } from './account-state.ts';
import type { AccountState, PendingSheet } from './account-state.ts';
import type { AccountSession } from './session-actions.ts';

export type SheetActions = {
  /** Makes a new sheet; it appears in `stores.pendingSheet`. WRONG_PASSWORD at once, before any sheet is shown. */
  replaceSheet: (password: string) => Promise<Result<void>>;
  /** Two groups typed back: stores the new vault and puts out the red light, in every browser of this person. */
  confirmNewSheet: (typed: readonly [string, string]) => Promise<Result<void>>;
  /** The old sheet stays in force. */
  cancelNewSheet: () => void;
};

export const createSheetActions = (deps: {
  http: HttpCall;
  account: Store<AccountState>;
  pendingSheet: Store<PendingSheet | null>;
  crypto: Pick<CryptoEngine, 'replaceSheet' | 'finishReplaceSheet'>;
  session: AccountSession;
  pick: (below: number) => number;
}): SheetActions => {
  const { http, account, pendingSheet, crypto, session } = deps;
  let pending: VaultReplacement | null = null;

  const forget = (): void => {
    pending = null;
    pendingSheet.set(null);
  };

  const isInForce = async ({ keys }: VaultReplacement): Promise<boolean> => {
    const vault = await http('vault:get', {});
    return vault.ok && vault.value.keys.blob === keys.blob;
  };

  const storeReplacement = async (request: VaultReplacement): Promise<Result<void>> => {
    const stored = await http('vault:replace', request);
    // The answer to an earlier attempt may have been lost: then what is stored is this very sheet's vault.
    const isStored = stored.ok || (stored.code === 'STALE_COUNTER' && (await isInForce(request)));
    if (!isStored && !stored.ok) {
      // Another browser saved pins in between: these bytes will never be accepted.
      if (!stored.isRetryable) forget();
      return stored;
    }
    const finished = await tryCrypto(() => crypto.finishReplaceSheet());
    forget();
    // Signed out meanwhile: the next sign-in finds the new vault.
    if (!finished.ok) return finished;
    const { isSheetConfirmed, keysChangedAt } = finished.value;
    account.patch({ isSheetUnconfirmed: !isSheetConfirmed, keysChangedAt });
    await session.resealForDevice();
    return succeed(undefined);
  };

  return {
    replaceSheet: async (password) => {
      const signedIn = session.current();
      if (signedIn === null) return fail('NOT_SIGNED_IN');
      const { salt, kdf } = signedIn.vault;
      const made = await tryCrypto(() => crypto.replaceSheet({ password, salt, kdf }));
      // The vault's own wrap is the judge here, so a wrong password shows as a wrong key.
      if (!made.ok) return made.code === 'WRONG_KEY' ? fail('WRONG_PASSWORD') : made;
      const { request, sheetGroups } = made.value;
      pending = request;
      pendingSheet.set({ sheetGroups, askedGroups: chooseAskedGroups(sheetGroups.length, deps.pick) });
      return succeed(undefined);
    },
    confirmNewSheet: async (typed) => {
      const sheet = pendingSheet.get();
      if (pending === null || sheet === null) return fail('NOTHING_PENDING');
      if (!isTypeBackRight(sheet.sheetGroups, sheet.askedGroups, typed)) return fail('SHEET_MISMATCH');
      return storeReplacement(pending);
    },
    cancelNewSheet: forget,
  };
};
