/**
 * Opening the vault with the password, also on a server that was restored to an older one: then what this browser remembers
 * is given back first, and the vault is opened as it is afterwards (docs/e2e-protocol.md section 8).
 */
import type { SignedIn } from '#contract/accounts.ts';
import type { HttpCall } from '../../connection/http-call.ts';
import type { CryptoEngine, Unlocked } from '../../crypto/index.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import { vaultRowOf } from './vault-row.ts';

export type VaultOpeningDeps = {
  http: HttpCall;
  crypto: Pick<CryptoEngine, 'unlockWithPassword' | 'recovery'>;
  session: { current: () => SignedIn | null; adopt: (signedIn: SignedIn) => void };
};

/** Another browser of the same person may be giving back at the same moment. */
const maxRaces = 3;

/**
 * Opens the vault of the present sign-in; `authKey` is the password's proof, made by `deriveAuthKey` just now. NEWER_KEYS asks for
 * `newer`: the password of a time that the server forgot.
 */
export const openWithPassword = async (
  deps: VaultOpeningDeps,
  authKey: string,
  newer: string | null,
): Promise<Result<Unlocked>> => {
  const { crypto, session } = deps;
  for (let race = 0; ; race += 1) {
    const signedIn = session.current();
    if (signedIn === null) return fail('NOT_SIGNED_IN');
    const unlocked = await tryCrypto(() => crypto.unlockWithPassword(vaultRowOf(signedIn)));
    if (unlocked.ok || unlocked.code !== 'VAULT_OLDER' || race === maxRaces) return unlocked;
    const given = await giveBack(deps, signedIn, authKey, newer);
    if (!given.ok) return given;
    session.adopt({ ...signedIn, ...given.value });
  }
};

/** The server's vault and whose it is after this browser gave back its own; refuses VAULT_OLDER where no restore explains the older one. */
const giveBack = async (
  { http, crypto }: VaultOpeningDeps,
  signedIn: SignedIn,
  authKey: string,
  newer: string | null,
): Promise<Result<Pick<SignedIn, 'me' | 'vault'>>> => {
  const info = await http('server:info', {});
  if (!info.ok) return info;
  const { generation } = info.value;
  const row = vaultRowOf(signedIn, generation);
  const made = await tryCrypto(() => crypto.recovery('prepareVaultReturn', row, newer));
  if (!made.ok) return made;
  const { from, pins, keys, identityVersion } = made.value;
  const given = await http('vault:restore', {
    from,
    pins,
    ...(keys === null ? {} : { keys: { ...keys, authKey } }),
  });
  const { me } = signedIn;
  if (given.ok) return succeed({ me: { ...me, identityVersion }, vault: given.value });
  if (given.code !== 'STALE_COUNTER') return given;
  const vault = await http('vault:get', {});
  return vault.ok ? succeed({ me, vault: vault.value }) : vault;
};
