import {
  concatBytes,
  context,
  decodeBase64,
  decodeJsonObject,
  encodeBase64,
  encodeJson,
  encodeUtf8,
  isWholeNumber,
} from './encoding.ts';
import type { OpenFailure } from './engine-types.ts';
import { longestText } from './message-content.ts';
import { ed25519Sign, ed25519Verify, sha256 } from './primitives.ts';
import type { Sealer } from './seal.ts';

/** Sealed memos (docs/e2e-protocol.md section 5). Pure: whose keys apply is decided elsewhere. */

/** What a memo is bound to besides what it says; `sender` is the sender's `P.v.fp`. */
export type MemoBinding = { memoUid: string; sender: string; readersHash: string };

/** What is sealed. `readers` are entries as `readersText` spells them. */
export type MemoPlain = { text: string; readers: string; at: number };

/** An opened memo and what its signature still has to prove. */
export type OpenedBody = { plain: MemoPlain; signature: Uint8Array; signed: Uint8Array };

const prefix = 'n1';
const signatureLength = 64;

/** All readers without the sender, ascending bytewise. */
export const readersText = (entries: readonly string[]): string =>
  entries.length === 0 ? '-' : [...entries].sort((left, right) => (left < right ? -1 : 1)).join(',');

/** What body and wraps are bound to in place of the readers. */
export const hashReaders = (readers: string): string =>
  encodeBase64(sha256(encodeUtf8(context('readers', readers))));

/** What the wrap of a memo's key for one entry is bound to; the sender's own names the sender twice. */
export const memoKeyContext = ({ memoUid, sender, readersHash }: MemoBinding, reader: string): string =>
  context('memo-key', memoUid, sender, reader, readersHash);

/** `n1.<sealed>`: signed by the sender, then sealed with the memo's own key. */
export function sealMemoBody(
  sealer: Sealer,
  keys: { memoKey: Uint8Array; signing: Uint8Array },
  binding: MemoBinding,
  { text, readers, at }: MemoPlain,
): string {
  const json = encodeJson({ text, readers, at });
  const aad = memoContext(binding);
  const signature = ed25519Sign(keys.signing, signedBytes(aad, json));
  return `${prefix}.${encodeBase64(sealer.seal(keys.memoKey, aad, concatBytes(signature, json)))}`;
}

/** The sealed bytes of a body; UNKNOWN_VERSION for another prefix, TAMPERED for another form. */
export function parseMemoBody(
  body: string,
): { ok: true; sealed: Uint8Array } | { ok: false; reason: OpenFailure } {
  const [start, text = '', ...rest] = body.split('.');
  if (start !== prefix) return { ok: false, reason: 'UNKNOWN_VERSION' };
  const sealed = decodeBase64(text);
  const isWellFormed = rest.length === 0 && sealed !== null && sealed.length > 0;
  return isWellFormed ? { ok: true, sealed } : { ok: false, reason: 'TAMPERED' };
}

/** Opens sealed bytes; null for another key, another binding, changed bytes, content of another form or other readers. */
export function openMemoBody(
  sealer: Sealer,
  memoKey: Uint8Array,
  binding: MemoBinding,
  sealed: Uint8Array,
): OpenedBody | null {
  const aad = memoContext(binding);
  const opened = sealer.open(memoKey, aad, sealed);
  if (opened === null || opened.length <= signatureLength) return null;
  const json = opened.subarray(signatureLength);
  const plain = parsePlain(decodeJsonObject(json));
  if (plain === null || hashReaders(plain.readers) !== binding.readersHash) return null;
  return { plain, signature: opened.slice(0, signatureLength), signed: signedBytes(aad, json) };
}

/** Whether the sender's own key signed an opened memo. */
export const isMemoSignature = (opened: Omit<OpenedBody, 'plain'>, senderKey: Uint8Array): boolean =>
  ed25519Verify(senderKey, opened.signed, opened.signature);

const memoContext = ({ memoUid, sender, readersHash }: MemoBinding): string =>
  context('memo', memoUid, sender, readersHash);

const signedBytes = (aad: string, json: Uint8Array): Uint8Array =>
  encodeUtf8(context('memo-sig', encodeBase64(sha256(encodeUtf8(aad))), encodeBase64(sha256(json))));

function parsePlain(json: Record<string, unknown> | null): MemoPlain | null {
  if (json === null) return null;
  const { text, readers, at } = json;
  if (typeof text !== 'string' || text.length > longestText) return null;
  if (typeof readers !== 'string' || !isWholeNumber(at)) return null;
  // what hashReaders takes: anything else was never sealed like this
  return /^[A-Za-z0-9_.,-]+$/.test(readers) ? { text, readers, at } : null;
}
