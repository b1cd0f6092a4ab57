/**
 * The server's part of "Valid" (docs/e2e-protocol.md section 4): an epoch record that says exactly one thing, about this
 * room, made by the person who sends it. Whether it is accepted is for clients to decide.
 */
import type { WrapFor } from '#contract/sealed.ts';
import { fingerprint, isCanonicalB64, isSignedBy, parseStatement, sha256 } from '../identity-statement.ts';

/** `userUid.version.fingerprint`: one version of one person's identity. */
export type RecordEntry = { userUid: string; version: number; fp: string };

export type EpochRecord = {
  roomUid: string;
  type: 'd' | 'g';
  epoch: number;
  kid: string;
  prev: string;
  history: 0 | 1;
  creator: RecordEntry;
  entries: RecordEntry[];
};

/** As records spell it. */
export const spellEntry = ({ userUid, version, fp }: RecordEntry): string => `${userUid}.${version}.${fp}`;

function parseEntry(text: string): RecordEntry | null {
  const [userUid = '', version = '', fp = '', ...rest] = text.split('.');
  const isEntry = rest.length === 0 && /^[1-9][0-9]{0,3}$/.test(version);
  if (!isEntry || !isCanonicalB64(userUid, 16) || !isCanonicalB64(fp, 16)) return null;
  return { userUid, version: Number(version), fp };
}

/** The canonical text of a record. */
export const spellRecord = (record: EpochRecord): string =>
  [
    'maru/1',
    'epoch',
    record.roomUid,
    record.type,
    record.epoch,
    record.kid,
    record.prev,
    record.history,
    spellEntry(record.creator),
    record.entries.map(spellEntry).join(','),
  ].join('|');

/** SHA-256 of a record's text: its name in the next record. */
export const recordHash = sha256;

/** Reads a record; null unless every part is well-formed and the whole is spelled in the one canonical way. */
export function parseRecord(text: string): EpochRecord | null {
  const [prefix, label, roomUid = '', type, epoch = '', kid = '', prev = '', history, by = '', list = ''] =
    text.split('|');
  if (prefix !== 'maru/1' || label !== 'epoch') return null;
  if (type !== 'd' && type !== 'g') return null;
  if (history !== '0' && history !== '1') return null;
  if (!isCanonicalB64(roomUid, 16) || !isCanonicalB64(kid, 32)) return null;
  if (prev !== '-' && !isCanonicalB64(prev, 32)) return null;
  const creator = parseEntry(by);
  const entries = list.split(',').map(parseEntry);
  if (creator === null || !entries.every((entry) => entry !== null)) return null;
  const record: EpochRecord = {
    roomUid,
    type,
    epoch: Number(epoch),
    kid,
    prev,
    history: history === '1' ? 1 : 0,
    creator,
    entries,
  };
  if (!Number.isSafeInteger(record.epoch) || record.epoch < 1 || spellRecord(record) !== text) return null;
  return areEntriesOrdered(entries) ? record : null;
}

/** Strictly ascending by bytes (all ASCII, so by characters), and nobody twice. */
function areEntriesOrdered(entries: readonly RecordEntry[]): boolean {
  const people = new Set(entries.map((entry) => entry.userUid));
  const texts = entries.map(spellEntry);
  return people.size === entries.length && texts.every((text, i) => i === 0 || (texts[i - 1] ?? '') < text);
}

export type RecordExpectation = {
  roomUid: string;
  type: 'd' | 'g';
  /** Null where the record may say either. */
  history: 0 | 1 | null;
  /** Who sends it. */
  callerUid: string;
};

/** True if the record is about this room, has its type and the history that is expected, and its creator is the sender and one of its people. */
export function fitsRoom(record: EpochRecord, expected: RecordExpectation): boolean {
  const creator = spellEntry(record.creator);
  return (
    record.roomUid === expected.roomUid &&
    record.type === expected.type &&
    (expected.history === null || record.history === expected.history) &&
    (record.type === 'g' || record.entries.length <= 2) &&
    record.creator.userUid === expected.callerUid &&
    record.entries.some((entry) => spellEntry(entry) === creator)
  );
}

/** Whether a record follows the room's newest one. `conflict`: it was made for an earlier state of the room. */
export function succession(
  record: EpochRecord,
  newest: { epoch: number; hash: string },
): 'next' | 'conflict' | 'invalid' {
  if (record.epoch <= newest.epoch) return 'conflict';
  return record.epoch === newest.epoch + 1 && record.prev === newest.hash ? 'next' : 'invalid';
}

/** True if exactly this version of this person is among the entries. */
export const names = (entries: readonly RecordEntry[], person: RecordEntry): boolean =>
  entries.some((entry) => spellEntry(entry) === spellEntry(person));

/**
 * True if everybody who has another version than in the record before has the newest published one. `current` holds the newest
 * version of everybody who can act.
 */
export function areReplacementsNewest(
  entries: readonly RecordEntry[],
  previous: readonly RecordEntry[],
  current: ReadonlyMap<string, number>,
): boolean {
  const before = new Map(previous.map(({ userUid, version }) => [userUid, version]));
  return entries.every(({ userUid, version }) => {
    const isReplaced = before.has(userUid) && before.get(userUid) !== version;
    return !isReplaced || current.get(userUid) === version;
  });
}

/** True if every entry is of its person's newest version. */
export const areAllNewest = (
  entries: readonly RecordEntry[],
  current: ReadonlyMap<string, number>,
): boolean => entries.every(({ userUid, version }) => current.get(userUid) === version);

/** Whether somebody of a record still has the identity that it names, and so can make the next one. */
export const canAnybodyAct = (
  entries: readonly RecordEntry[],
  current: ReadonlyMap<string, number>,
): boolean => entries.some(({ userUid, version }) => current.get(userUid) === version);

export type PublishedStatement = { userUid: string; version: number; statement: string };

/** How records name the identity of a statement. */
export const entryOf = ({ userUid, version, statement }: PublishedStatement): RecordEntry => ({
  userUid,
  version,
  fp: fingerprint(statement),
});

/**
 * True if every entry names a published version of that person by its true fingerprint, and none goes back behind the
 * version of the record before: a withdrawn key must not return. A new version enters when a member confirms it
 * (docs/e2e-protocol.md section 7), so an entry need not be the newest.
 */
export function areEntriesPublished(
  entries: readonly RecordEntry[],
  statements: readonly PublishedStatement[],
  previous: readonly RecordEntry[],
): boolean {
  const published = new Set(statements.map((row) => spellEntry(entryOf(row))));
  const versionsBefore = new Map(previous.map(({ userUid, version }) => [userUid, version]));
  return entries.every(
    (entry) => published.has(spellEntry(entry)) && entry.version >= (versionsBefore.get(entry.userUid) ?? 1),
  );
}

/** True if the record's creator signed this very text. */
export function isSignedByCreator(
  text: string,
  signature: string,
  creator: RecordEntry,
  statements: readonly PublishedStatement[],
): boolean {
  const name = spellEntry(creator);
  const published = statements.find((row) => spellEntry(entryOf(row)) === name);
  const statement = published === undefined ? null : parseStatement(published.statement);
  return statement !== null && isSignedBy(statement.ed, text, signature);
}

/** True if there is one wrap for every entry and none for anybody else. */
export function areWrapsComplete(entries: readonly RecordEntry[], wraps: readonly WrapFor[]): boolean {
  const receivers = new Set(wraps.map((wrap) => wrap.userUid));
  return (
    wraps.length === entries.length &&
    receivers.size === entries.length &&
    entries.every((entry) => receivers.has(entry.userUid))
  );
}

/** True if both name the same people. */
export function areSamePeople(left: Iterable<string>, right: Iterable<string>): boolean {
  const [these, those] = [new Set(left), new Set(right)];
  return these.size === those.size && [...these].every((uid) => those.has(uid));
}
