import type { PersonVersion } from './engine-types.ts';
import { checkEntry, checkMemoEntry, newestMark } from './pin-rules.ts';
import type { PinnedVersion, Pins } from './pins.ts';
import type { PersonTrust, TrustState, VerifiedMark } from './trust-types.ts';

/** What pins say about one person, in words for screens. Pure. */

/** The strongest word first. */
const originRank: PinnedVersion['how'][] = ['digits', 'succession', 'seen', 'vouched'];

/**
 * The newest version of a person that is confirmed for me, with the strongest pin that says so: in that room, or in any where
 * none is given.
 */
export function confirmedVersion(
  pins: Pins,
  userUid: string,
  roomUid: string | null = null,
): PinnedVersion | null {
  const versions = pins.peopleByUid.get(userUid)?.versions ?? [];
  const isPinned = ({ version, fingerprint }: PinnedVersion): boolean => {
    const entry = { userUid, version, fingerprint };
    return (roomUid === null ? checkMemoEntry(pins, entry) : checkEntry(pins, roomUid, entry)) === 'pinned';
  };
  // A vouch of another room confirms nothing here.
  const counting = versions.filter(
    (pin) => pin.how !== 'vouched' || roomUid === null || pin.roomUid === roomUid,
  );
  const [best] = counting
    .filter(isPinned)
    .sort(
      (left, right) =>
        right.version - left.version || originRank.indexOf(left.how) - originRank.indexOf(right.how),
    );
  return best ?? null;
}

type Described = {
  person: PersonVersion;
  roomUid: string | null;
  /** The fingerprint that the server publishes for that version; null if it was not asked. */
  shown: string | null;
  present: { userUid: string; version: number; fingerprint: string };
};

function stateOf(
  pins: Pins,
  { person, roomUid, shown }: Described,
  confirmed: PinnedVersion | null,
): TrustState {
  const { userUid, version } = person;
  const versions = pins.peopleByUid.get(userUid)?.versions ?? [];
  if (versions.length === 0) return 'unknown';
  const fingerprints = new Set([
    ...versions.filter((pin) => pin.version === version).map((pin) => pin.fingerprint),
    ...(shown === null ? [] : [shown]),
  ]);
  const checks = [...fingerprints].map((fingerprint) =>
    checkEntry(pins, roomUid ?? '', { userUid, version, fingerprint }),
  );
  const isSettled = shown === null ? checks.includes('pinned') : checks.at(-1) === 'pinned';
  if (checks.includes('conflict') && !isSettled) return 'conflict';
  if (confirmed === null || confirmed.version < version) return 'unconfirmed';
  return confirmed.how;
}

function markOf(pins: Pins, userUid: string, confirmed: PinnedVersion | null): VerifiedMark {
  const mark = newestMark(pins, userUid);
  if (mark?.isVerified !== true || confirmed === null) return 'none';
  return mark.version === confirmed.version && mark.fingerprint === confirmed.fingerprint
    ? 'verified'
    : 'changed';
}

/** What one person is to me: of which key, on whose word, and whether I verified it. */
export function describePerson(pins: Pins, asked: Described): PersonTrust {
  const { person, present, roomUid } = asked;
  const { userUid, version } = person;
  if (userUid === present.userUid) {
    const confirmed = { version: present.version, fingerprint: present.fingerprint, at: 0 };
    return { ...person, state: 'me', confirmed, vouchedBy: null, mark: 'none', verifiedAt: null };
  }
  const confirmed = confirmedVersion(pins, userUid, roomUid);
  const mark = markOf(pins, userUid, confirmedVersion(pins, userUid));
  return {
    userUid,
    version,
    state: stateOf(pins, asked, confirmed),
    confirmed:
      confirmed === null
        ? null
        : { version: confirmed.version, fingerprint: confirmed.fingerprint, at: confirmed.at },
    vouchedBy: confirmed?.how === 'vouched' ? (confirmed.by ?? null) : null,
    mark,
    verifiedAt: mark === 'none' ? null : (newestMark(pins, userUid)?.at ?? null),
  };
}
