import { concatBytes, encodeUtf8 } from './encoding.ts';
import { hkdfSha256, x25519PublicKey, x25519Shared } from './primitives.ts';
import type { Sealer } from './seal.ts';

/**
 * The wrap construction (docs/e2e-protocol.md section 4): a 64-byte key sealed to an X25519 public key under a
 * context. 160 bytes: ephemeral public key (32) || SEAL (128).
 */

export const wrapLength = 160;

/** An ephemeral pair; one serves a whole batch, because every wrap's key also depends on recipient and context. */
export type EphemeralPair = { privateKey: Uint8Array; publicKey: Uint8Array };

/** The pair of one batch of wraps (section 4); `privateKey` is 32 random bytes, zeroed by whoever made it. */
export const createEphemeralPair = (privateKey: Uint8Array): EphemeralPair => ({
  privateKey,
  publicKey: x25519PublicKey(privateKey),
});

/** The wrap, or null where the recipient's key is of low order. */
export function wrapKeyTo(
  sealer: Sealer,
  ephemeral: EphemeralPair,
  recipient: Uint8Array,
  ctx: string,
  key: Uint8Array,
): Uint8Array | null {
  const shared = x25519Shared(ephemeral.privateKey, recipient);
  if (shared === null) return null;
  const sealingKey = sealingKeyOf(shared, ephemeral.publicKey, recipient, ctx);
  const wrap = concatBytes(ephemeral.publicKey, sealer.seal(sealingKey, ctx, key));
  sealingKey.fill(0);
  return wrap;
}

/** The wrapped 64 bytes, or null for another recipient, another context or changed bytes. */
export function unwrapKey(
  sealer: Sealer,
  privateKey: Uint8Array,
  ctx: string,
  wrap: Uint8Array,
): Uint8Array | null {
  if (wrap.length !== wrapLength) return null;
  const ephemeral = wrap.subarray(0, 32);
  const shared = x25519Shared(privateKey, ephemeral);
  if (shared === null) return null;
  const sealingKey = sealingKeyOf(shared, ephemeral, x25519PublicKey(privateKey), ctx);
  const key = sealer.open(sealingKey, ctx, wrap.subarray(32));
  sealingKey.fill(0);
  return key !== null && key.length === 64 ? key : null;
}

function sealingKeyOf(
  shared: Uint8Array,
  ephemeral: Uint8Array,
  recipient: Uint8Array,
  ctx: string,
): Uint8Array {
  const key = hkdfSha256(shared, concatBytes(ephemeral, recipient), encodeUtf8(ctx), 64);
  shared.fill(0);
  return key;
}
