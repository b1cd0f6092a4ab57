import { context, encodeBase64, encodeUtf8 } from './encoding.ts';
import { deriveKey } from './key-derivation.ts';
import { sha256, x25519PublicKey } from './primitives.ts';
import { decodeSheetText, encodeSheetGroups, normaliseSheetText, sheetGroupCount } from './sheet-text.ts';

/** The recovery sheet: 160 random bits on paper (docs/e2e-protocol.md section 3). */

export const sheetLength = 20;

/** What a sheet stands for: its proof to the server (32 bytes) and the key pair that the vault key is wrapped to. */
export type RecoveryKeys = { recoveryAuth: Uint8Array; privateKey: Uint8Array; publicKey: Uint8Array };

/** The nine groups to show: eight of content and one that finds typing mistakes. */
export const formatSheet = (bits: Uint8Array): string[] => [
  ...encodeSheetGroups(bits, sheetLength * 8),
  checkGroupOf(bits),
];

/** The 20 bytes of a typed sheet, or null where a character is foreign, missing, or the last group disagrees. */
export function parseSheet(typed: string): Uint8Array | null {
  const text = normaliseSheetText(typed);
  if (text.length !== sheetGroupCount * 4) return null;
  const bits = decodeSheetText(text.slice(0, 32));
  return bits !== null && checkGroupOf(bits) === text.slice(32) ? bits : null;
}

/** The keys that the 160 bits stand for. */
export function deriveRecoveryKeys(bits: Uint8Array): RecoveryKeys {
  const privateKey = deriveKey(bits, 'recovery-x25519');
  return {
    recoveryAuth: deriveKey(bits, 'recovery-auth'),
    privateKey,
    publicKey: x25519PublicKey(privateKey),
  };
}

const checkGroupOf = (bits: Uint8Array): string =>
  encodeSheetGroups(sha256(encodeUtf8(context('sheet', encodeBase64(bits)))), 20).join('');
