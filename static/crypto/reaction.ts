import { concatBytes, context, decodeUtf8, encodeBase64, encodeUtf8 } from './encoding.ts';
import { parseEnvelope } from './envelope.ts';
import { hmacSha256 } from './primitives.ts';
import type { Sealer } from './seal.ts';

/** Sealed reactions (docs/e2e-protocol.md section 5). Pure: which epoch and keys apply is decided elsewhere. */

/** The keys of one epoch for reactions: `HKDF(K_e, "reaction")` and `HKDF(K_e, "reaction-token")`. */
export type ReactionKeys = { reaction: Uint8Array; reactionToken: Uint8Array };

/** What a reaction is bound to besides its emoji; `target` is the `senderUid.clientId` of the message. */
export type ReactionBinding = { roomUid: string; hash: string; target: string; reactorUid: string };

const prefix = 'r1';
const tokenLength = 16;
/** Bytes of an emoji: the longest, a family of four with skin tones, has 41. */
const longestEmoji = 64;

// The parts that an emoji may consist of, and those of which it needs one: a digit alone is no emoji.
const emojiParts = /^(?:\p{Extended_Pictographic}|\p{Emoji_Component})+$/u;
const emojiCore = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;

/** Whether it is nothing but emojis, and short: a changed client could seal any text. */
export const isEmoji = (text: string): boolean =>
  emojiParts.test(text) && emojiCore.test(text) && encodeUtf8(text).length <= longestEmoji;

/** What stands for an emoji of one message in one epoch: 16 bytes, which only members can compute. */
export const reactionToken = (keys: ReactionKeys, target: string, emoji: string): Uint8Array =>
  hmacSha256(
    keys.reactionToken,
    concatBytes(encodeUtf8(context('reaction-token', ...placeOf(target))), encodeUtf8(`|${emoji}`)),
  ).subarray(0, tokenLength);

/** The token and `r1.<epoch>.<sealed>`. */
export function sealReaction(
  sealer: Sealer,
  keys: ReactionKeys,
  binding: ReactionBinding & { epoch: number },
  emoji: string,
): { token: string; sealed: string } {
  const text = emoji.normalize('NFC');
  const token = encodeBase64(reactionToken(keys, binding.target, text));
  const sealed = sealer.seal(keys.reaction, reactionContext(binding, token), encodeUtf8(text));
  return { token, sealed: `${prefix}.${String(binding.epoch)}.${encodeBase64(sealed)}` };
}

/** The epoch and sealed bytes of a reaction; UNKNOWN_VERSION for another prefix, TAMPERED for another form. */
export const parseReaction = (text: string): ReturnType<typeof parseEnvelope> => parseEnvelope(text, prefix);

/** The emoji; null for another key, another binding, changed bytes, a token that is not its own, or what is no emoji. */
export function openReaction(
  sealer: Sealer,
  keys: ReactionKeys,
  binding: ReactionBinding & { token: string },
  sealed: Uint8Array,
): string | null {
  const plain = sealer.open(keys.reaction, reactionContext(binding, binding.token), sealed);
  const emoji = plain === null ? null : decodeUtf8(plain);
  if (emoji === null || emoji !== emoji.normalize('NFC') || !isEmoji(emoji)) return null;
  return encodeBase64(reactionToken(keys, binding.target, emoji)) === binding.token ? emoji : null;
}

const reactionContext = ({ roomUid, hash, target, reactorUid }: ReactionBinding, token: string): string =>
  context('reaction', roomUid, hash, ...placeOf(target), reactorUid, token);

/** `senderUid.clientId` as the two fields that it is bound by. */
const placeOf = (target: string): string[] => target.split('.');
