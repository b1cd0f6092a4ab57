import type { SuccessionRow } from '#contract/recovery.ts';
import { context, decodeBase64Exact, encodeUtf8 } from './encoding.ts';
import { CryptoError } from './crypto-error.ts';
import type { Argon2, CryptoEngineDeps, PersonVersion } from './engine-types.ts';
import { fingerprintOf, type IdentityKeys, makeStatement, type PublicIdentity } from './identity.ts';
import { checkEntry, newestMark, newestPinned } from './pin-rules.ts';
import { addMark, addVersion } from './pins.ts';
import { ed25519Verify } from './primitives.ts';
import { createRehearsal } from './rehearsal.ts';
import type { RoomDeps, RoomInner } from './room.ts';
import type { OpenVault } from './session.ts';
import { digitsOf, readCode, readDigits, safetyNumberOf } from './trust-digits.ts';
import { confirmedVersion, describePerson } from './trust-people.ts';
import { createTrustRooms } from './trust-rooms.ts';
import type { ConfirmResult, PersonTrustInput, SafetyNumber, TrustEngine } from './trust-types.ts';

export type TrustDeps = RoomDeps &
  Pick<CryptoEngineDeps, 'fetchStatements'> & {
    argon2: Argon2;
    present: () => { identity: PublicIdentity; keys: IdentityKeys };
    vault: () => OpenVault;
    room: (roomUid: string) => RoomInner;
  };

/** Of how many people at most the published statements are compared with what I know. */
const mostCompared = 50;

/** Versions of one person that records may still be from, with those that resets after a restore leave out. */
const mostEarlier = 60;

/** Whom I trust, and what people read out to each other (docs/e2e-protocol.md section 7). */
export function createTrustDesk(deps: TrustDeps): TrustEngine {
  const { me, pins, directory, now } = deps;

  const ownStatement = (): string => makeStatement(me.userUid, deps.present().keys).statement;

  /** The statement of a version, checked as one that is seen for the first time. */
  const loadIdentity = async (
    person: PersonVersion,
  ): Promise<{ identity: PublicIdentity; statement: string } | 'UNAVAILABLE' | 'BAD_STATEMENT'> => {
    const [identity = 'missing'] = await directory.loadVersions([person]).catch(() => []);
    if (identity === 'missing') return 'UNAVAILABLE';
    if (identity === 'bad') return 'BAD_STATEMENT';
    const statement = directory.rowOf(identity.entry)?.statement;
    return statement === undefined ? 'UNAVAILABLE' : { identity, statement };
  };

  const confirmIdentity: TrustEngine['confirmIdentity'] = async ({ userUid, version, digits }) => {
    const refused = (reason: Extract<ConfirmResult, { ok: false }>['reason']): ConfirmResult => ({
      ok: false,
      reason,
      subject: userUid,
    });
    const typed = readDigits(digits);
    if (userUid === me.userUid) return refused('NOT_RESOLVABLE');
    const loaded = await loadIdentity({ userUid, version });
    if (typeof loaded === 'string') return refused(loaded);
    if (typed === null || typed !== (await digitsOf(deps.argon2, userUid, loaded.statement)))
      return refused('DIGITS_WRONG');
    await pinEarlier({ userUid, version });
    const { fingerprint } = loaded.identity;
    addVersion(pins, userUid, { version, fingerprint, how: 'digits', roomUid: null, at: now() });
    await deps.pinsTouched();
    return { ok: true };
  };

  /**
   * Of somebody never seen before: records still name older versions, which is the first sight of them. Later, an older version
   * that nobody knew would be one that the server made up.
   */
  const pinEarlier = async ({ userUid, version }: PersonVersion): Promise<void> => {
    if ((pins.peopleByUid.get(userUid)?.versions ?? []).length > 0) return;
    const from = Math.max(1, version - mostEarlier);
    const earlier = Array.from({ length: version - from }, (_, index) => ({
      userUid,
      version: from + index,
    }));
    const identities = await directory.loadVersions(earlier).catch(() => []);
    for (const identity of identities) {
      if (typeof identity === 'string') continue;
      const { fingerprint } = identity;
      const pin = { version: identity.version, fingerprint, how: 'seen' as const, roomUid: null, at: now() }; // a literal, not a string
      addVersion(pins, userUid, pin);
    }
  };

  const safetyNumber = async (userUid: string): Promise<SafetyNumber> => {
    const confirmed = confirmedVersion(pins, userUid);
    if (confirmed === null) throw new CryptoError('STATEMENT_MISSING', userUid);
    const { version, fingerprint } = confirmed;
    const loaded = await loadIdentity({ userUid, version });
    if (typeof loaded === 'string' || loaded.identity.fingerprint !== fingerprint) {
      throw new CryptoError(loaded === 'UNAVAILABLE' ? 'STATEMENT_MISSING' : 'BAD_STATEMENT', userUid);
    }
    return { userUid, version, fingerprint, ...safetyNumberOf(ownStatement(), loaded.statement) };
  };

  const mark = async (
    userUid: string,
    { version, fingerprint }: { version: number; fingerprint: string },
    isVerified: boolean,
  ): Promise<void> => {
    // Later than what was said before, whatever the clock says: the newest word counts.
    const at = Math.max(now(), (newestMark(pins, userUid)?.at ?? 0) + 1);
    addMark(pins, userUid, { version, fingerprint, isVerified, at });
    await deps.pinsTouched();
  };

  const markVerified: TrustEngine['markVerified'] = async ({ userUid, version, fingerprint }) => {
    const confirmed = confirmedVersion(pins, userUid);
    if (confirmed?.version !== version || confirmed.fingerprint !== fingerprint) return false;
    await mark(userUid, confirmed, true);
    return true;
  };

  /** Of few people: the fingerprints that the server publishes for these versions now. */
  const loadPublished = async (people: PersonVersion[]): Promise<Map<string, string>> => {
    if (people.length > mostCompared) return new Map();
    const rows = await deps.fetchStatements(people).catch(() => []);
    // After a restore there may be more than one for a version: what the person published comes first, and counts.
    return new Map(
      [...rows]
        .reverse()
        .map((row) => [`${row.userUid}.${String(row.version)}`, fingerprintOf(row.statement)]),
    );
  };

  const trustOf = async ({ people, roomUid }: PersonTrustInput) => {
    const published = await loadPublished(people.filter(({ userUid }) => userUid !== me.userUid));
    return people.map((person) => {
      const shown = published.get(`${person.userUid}.${String(person.version)}`) ?? null;
      return describePerson(pins, {
        person,
        roomUid: roomUid ?? null,
        shown,
        present: deps.present().identity,
      });
    });
  };

  /** The identity of that row, if it is an older key's word, by a key that I hold true and that was the newest of them. */
  const succeeded = async (row: SuccessionRow, newestKnown: number): Promise<PublicIdentity | null> => {
    const { userUid, fromVersion, toVersion } = row;
    if (userUid === me.userUid || toVersion <= fromVersion) return null;
    // An older key's word ends where a newer one is confirmed: whoever stole the old device would otherwise undo typed digits.
    if (newestKnown > fromVersion) return null;
    const older = await loadIdentity({ userUid, version: fromVersion });
    const newer = await loadIdentity({ userUid, version: toVersion });
    if (typeof older === 'string' || typeof newer === 'string') return null;
    if (checkEntry(pins, '', older.identity) !== 'pinned') return null;
    if (checkEntry(pins, '', newer.identity) === 'conflict') return null;
    const { fingerprint } = newer.identity;
    const text = context(
      'succession',
      userUid,
      fromVersion,
      older.identity.fingerprint,
      toVersion,
      fingerprint,
    );
    const signature = decodeBase64Exact(row.signature, 64);
    const isSigned = signature !== null && ed25519Verify(older.identity.ed25519, encodeUtf8(text), signature);
    return isSigned ? newer.identity : null;
  };

  const takeSuccessions: TrustEngine['takeSuccessions'] = async (rows) => {
    const confirmed = new Set<string>();
    const known = new Map(rows.map(({ userUid }) => [userUid, newestPinned(pins, userUid)]));
    // A version may be confirmed by one that another row of these confirms.
    for (const row of [...rows].sort((left, right) => left.fromVersion - right.fromVersion)) {
      const newer = await succeeded(row, known.get(row.userUid) ?? 0);
      if (newer === null) continue;
      const { userUid, version, fingerprint } = newer;
      addVersion(pins, userUid, { version, fingerprint, how: 'succession', roomUid: null, at: now() });
      confirmed.add(userUid);
    }
    await deps.pinsTouched();
    return [...confirmed];
  };

  return {
    ownDigits: () => digitsOf(deps.argon2, me.userUid, ownStatement()),
    confirmIdentity,
    safetyNumber,
    async compareCode({ userUid, code }) {
      const read = readCode(code);
      if (read === null) return 'unreadable';
      const known = await safetyNumber(userUid);
      if (known.code !== read) return 'different';
      return (await markVerified(known)) ? 'same' : 'different';
    },
    markVerified,
    async dropMark(userUid) {
      const confirmed = confirmedVersion(pins, userUid);
      if (confirmed !== null) await mark(userUid, confirmed, false);
    },
    trustOf,
    takeSuccessions,
    ...createTrustRooms(deps, trustOf),
    rehearse: createRehearsal(deps),
  };
}
