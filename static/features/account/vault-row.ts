import type { SignedIn } from '#contract/accounts.ts';
import type { VaultRow } from '../../crypto/index.ts';

/** What unlocking takes of a sign-in. */
export const vaultRowOf = ({ me, vault }: SignedIn, generation: string | null = null): VaultRow => ({
  userUid: me.userUid,
  identityVersion: me.identityVersion,
  vault,
  generation,
});
