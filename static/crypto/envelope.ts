import type { MessageRow, MessageTimes, OpenFailure, OpenedMessage, PlainContent } from './engine-types.ts';
import {
  concatBytes,
  context,
  decodeBase64,
  decodeJsonObject,
  decodeNumber,
  encodeBase64,
  encodeJson,
  encodeUtf8,
  isMessageName,
  isUid,
  isWholeNumber,
} from './encoding.ts';
import { contentFields, parseContent } from './message-content.ts';
import { ed25519Sign, ed25519Verify, sha256 } from './primitives.ts';
import type { Sealer } from './seal.ts';

/** Sealed messages (docs/e2e-protocol.md section 5). Pure: which epoch and key apply is decided elsewhere. */

/** Everything that a message is bound to besides its content; `senderEntry` is the sender's `P.v.fp` in the record. */
export type MessageBinding = {
  roomUid: string;
  epoch: number;
  hash: string;
  senderEntry: string;
  clientId: string;
  kind: string;
  target: string | null;
  n: number;
};

/** What is sealed: what the message says, and when. */
export type MessagePlain = MessageTimes & { content: PlainContent };

/** An opened message and what its signature still has to prove. */
export type OpenedEnvelope = { value: OpenedMessage; signature: Uint8Array; signed: Uint8Array };

const signatureLength = 64;
const prefix = 'm1';

/** `m1.<epoch>.<sealed>`: signed by the sender, then sealed for the room. The kind that is bound is the content's. */
export function sealEnvelope(
  sealer: Sealer,
  keys: { message: Uint8Array; signing: Uint8Array },
  place: Omit<MessageBinding, 'kind'>,
  plain: MessagePlain,
): string {
  const { content, at, after, composed, notBefore } = plain;
  const json = encodeJson({
    at,
    after: after ?? '-',
    ...(composed === undefined ? {} : { composed }),
    ...(notBefore === undefined ? {} : { notBefore }),
    ...contentFields(content),
  });
  const aad = messageContext({ ...place, kind: content.kind });
  const signature = ed25519Sign(keys.signing, signedBytes(aad, json));
  const sealed = sealer.seal(keys.message, aad, concatBytes(signature, json));
  return `${prefix}.${String(place.epoch)}.${encodeBase64(sealed)}`;
}

/** The epoch and sealed bytes of an envelope; UNKNOWN_VERSION for another prefix, TAMPERED for another form. */
export function parseEnvelope(
  envelope: string,
  wanted = prefix,
): { ok: true; epoch: number; sealed: Uint8Array } | { ok: false; reason: OpenFailure } {
  const [start, epochText, sealedText, ...rest] = typeof envelope === 'string' ? envelope.split('.') : [];
  if (start !== wanted) return { ok: false, reason: 'UNKNOWN_VERSION' };
  const epoch = decodeNumber(epochText ?? '');
  const sealed = decodeBase64(sealedText ?? '');
  const isWellFormed =
    rest.length === 0 && epoch !== null && epoch >= 1 && sealed !== null && sealed.length > 0;
  return isWellFormed ? { ok: true, epoch, sealed } : { ok: false, reason: 'TAMPERED' };
}

/** Opens sealed bytes; null for another key, another binding, changed bytes or content of another form. */
export function openEnvelope(
  sealer: Sealer,
  messageKey: Uint8Array,
  binding: MessageBinding,
  sealed: Uint8Array,
): OpenedEnvelope | null {
  const aad = messageContext(binding);
  const plain = sealer.open(messageKey, aad, sealed);
  if (plain === null || plain.length <= signatureLength) return null;
  const json = plain.subarray(signatureLength);
  const value = parsePlain(binding.kind, decodeJsonObject(json), binding.epoch);
  if (value === null) return null;
  return { value, signature: plain.slice(0, signatureLength), signed: signedBytes(aad, json) };
}

/** Whether the sender's own key signed an opened message. */
export const isMessageSignature = (opened: Omit<OpenedEnvelope, 'value'>, senderKey: Uint8Array): boolean =>
  ed25519Verify(senderKey, opened.signed, opened.signature);

/** The name of a row, as targets and `after` spell it. */
export const messageNameOf = (row: Pick<MessageRow, 'senderUid' | 'clientId'>): string =>
  `${row.senderUid}.${row.clientId}`;

const messageContext = (binding: MessageBinding): string =>
  context(
    'message',
    binding.roomUid,
    binding.epoch,
    binding.hash,
    binding.senderEntry,
    binding.clientId,
    binding.kind,
    binding.target ?? '-',
    binding.n,
  );

const signedBytes = (aad: string, json: Uint8Array): Uint8Array =>
  encodeUtf8(context('message-sig', encodeBase64(sha256(encodeUtf8(aad))), encodeBase64(sha256(json))));

function parsePlain(kind: string, json: Record<string, unknown> | null, epoch: number): OpenedMessage | null {
  if (json === null) return null;
  const { at, after, composed, notBefore } = json;
  const content = parseContent(kind, json);
  if (content === null || !isWholeNumber(at)) return null;
  if (after !== '-' && !isMessageName(after)) return null;
  if (!isOptionalTime(composed) || !isOptionalTime(notBefore)) return null;
  return {
    ...content,
    epoch,
    at,
    after: after === '-' ? null : after,
    ...(composed === undefined ? {} : { composed }),
    ...(notBefore === undefined ? {} : { notBefore }),
  };
}

const isOptionalTime = (value: unknown): value is number | undefined =>
  value === undefined || isWholeNumber(value);

/** Whether a row's own fields can be bound at all; a row that cannot was never sealed like this. */
export const isBindable = (row: MessageRow): boolean =>
  isUid(row.senderUid) &&
  isUid(row.clientId) &&
  (row.target === null || isMessageName(row.target)) &&
  isWholeNumber(row.n) &&
  isWholeNumber(row.seq);
