import type { WrapFor } from '#contract/sealed.ts';
import { context, decodeBase64Exact, encodeBase64 } from './encoding.ts';
import type { IdentityKeys, PublicIdentity } from './identity.ts';
import { deriveKey } from './key-derivation.ts';
import { createEphemeralPair, unwrapKey, wrapKeyTo, wrapLength } from './key-wrap.ts';
import type { Random } from './random.ts';
import type { ReactionKeys } from './reaction.ts';
import { entryText, keyIdOf, type RoomRecord } from './room-record.ts';
import type { ChainLink } from './room-step.ts';
import type { Sealer } from './seal.ts';

/** One epoch's key: wrapped for people, opened by me (docs/e2e-protocol.md section 4). */

export type RoomKeyFault = 'NOT_IN_RECORD' | 'OWN_VERSION_OLD' | 'KEY_MISSING' | 'KEY_BAD';

/** What opens the messages of one epoch, `HKDF(K_e, "message")`, and its reactions. */
export type EpochKeys = ReactionKeys & { message: Uint8Array };

const roomKeyContext = (roomUid: string, epoch: number, hash: string, entry: string): string =>
  context('room-key', roomUid, epoch, hash, entry);

/** One wrap per recipient of one epoch; the recipient's userUid is returned where its key is of low order. */
export function wrapRoomKey(
  sealer: Sealer,
  random: Random,
  epoch: { roomUid: string; epoch: number; hash: string; key: Uint8Array },
  recipients: PublicIdentity[],
): { wraps: WrapFor[] } | { badUid: string } {
  const ephemeral = createEphemeralPair(random(32));
  const wraps: WrapFor[] = [];
  for (const recipient of recipients) {
    const ctx = roomKeyContext(epoch.roomUid, epoch.epoch, epoch.hash, recipient.entry);
    const wrap = wrapKeyTo(sealer, ephemeral, recipient.x25519, ctx, epoch.key);
    if (wrap === null) return { badUid: recipient.userUid };
    wraps.push({ userUid: recipient.userUid, wrap: encodeBase64(wrap) });
  }
  ephemeral.privateKey.fill(0);
  return { wraps };
}

/** Whose keys open wraps: `own` are the public halves of `identities`. */
export type KeyOwner = {
  userUid: string;
  identities: IdentityKeys[];
  own: Pick<PublicIdentity, 'version' | 'entry'>[];
};

/** `wrapVersion`: of which identity of mine the wrap is, where the server said so. */
type WrappedLink = Pick<ChainLink, 'epoch' | 'hash' | 'record' | 'wrap' | 'otherWraps'> & {
  wrapVersion?: number | null | undefined;
};

/**
 * The entries of mine that a wrap of this epoch may be for: the one that the record names, and those of my versions that it was
 * shared with later, as a newcomer or under a newer identity. The key id still says whether it is the key.
 */
function ownEntries(
  { record, wrapVersion }: WrappedLink,
  me: KeyOwner,
): { version: number; entry: string }[] {
  const person = record.people.find((candidate) => candidate.userUid === me.userUid);
  if (person === undefined && !record.history) return [];
  const named = person === undefined ? [] : [{ version: person.version, entry: entryText(person) }];
  const own = [...me.own].sort((left, right) => right.version - left.version);
  const entries = [...named, ...own.filter(({ entry }) => entry !== named[0]?.entry)];
  // The server says which one it is for; what it says wrongly is a key that does not open.
  return entries.filter(({ version }) => (wrapVersion ?? version) === version);
}

/**
 * `K_e` from my wrap, or from another one that the server has for me: whatever is put in a good one's place, and whoever reports
 * it as bad, it still opens. Whoever asks zeroes the key.
 */
export function openEpochKey(sealer: Sealer, link: WrappedLink, me: KeyOwner): Uint8Array | RoomKeyFault {
  const first = openWrap(sealer, link, me);
  if (typeof first !== 'string') return first;
  for (const { wrap, version } of link.otherWraps ?? []) {
    const key = openWrap(sealer, { ...link, wrap, wrapVersion: version }, me);
    if (typeof key !== 'string') return key;
  }
  return first;
}

/** `K_e` from this one wrap: it must open for an entry of mine, and be the key that the record names. */
export function openWrap(sealer: Sealer, link: WrappedLink, me: KeyOwner): Uint8Array | RoomKeyFault {
  const { record, hash, epoch } = link;
  const named = record.people.find(({ userUid }) => userUid === me.userUid);
  if (named === undefined && (link.wrap === null || !record.history)) return 'NOT_IN_RECORD';
  const openers = ownEntries(link, me).flatMap(({ version, entry }) => {
    const identity = me.identities.find((candidate) => candidate.version === version);
    return identity === undefined ? [] : [{ identity, entry }];
  });
  const holdsNamed = named === undefined || me.identities.some(({ version }) => version === named.version);
  if (link.wrap === null || openers.length === 0) return holdsNamed ? 'KEY_MISSING' : 'OWN_VERSION_OLD';
  const wrap = decodeBase64Exact(link.wrap, wrapLength);
  if (wrap === null) return 'KEY_BAD';
  let key: Uint8Array | null = null;
  for (const { identity, entry } of openers) {
    key ??= unwrapKey(sealer, identity.x25519, roomKeyContext(record.roomUid, epoch, hash, entry), wrap);
  }
  if (key === null) return 'KEY_BAD';
  if (keyIdOf(record.roomUid, epoch, key) === record.kid) return key;
  key.fill(0);
  return 'KEY_BAD';
}

/** The keys of an epoch, from my wrap. */
export function openEpochKeys(
  sealer: Sealer,
  link: Parameters<typeof openEpochKey>[1],
  me: KeyOwner,
): EpochKeys | RoomKeyFault {
  const key = openEpochKey(sealer, link, me);
  if (typeof key === 'string') return key;
  const keys = deriveEpochKeys(key);
  key.fill(0);
  return keys;
}

/** The working keys of an epoch; `K_e` itself is not kept. */
export const deriveEpochKeys = (key: Uint8Array): EpochKeys => ({
  message: deriveKey(key, 'message'),
  reaction: deriveKey(key, 'reaction'),
  reactionToken: deriveKey(key, 'reaction-token'),
});

/** A record that continues or begins a chain, ready to be serialised. */
export const nextRecord = (
  base: Pick<RoomRecord, 'roomUid' | 'type' | 'history' | 'creator' | 'people'>,
  epoch: number,
  prev: string | null,
  key: Uint8Array,
): RoomRecord => ({ ...base, epoch, prev, kid: keyIdOf(base.roomUid, epoch, key) });
