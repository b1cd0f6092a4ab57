import type { RoomPerson, RoomType } from './engine-types.ts';
import { context, decodeBase64Exact, decodeNumber, encodeBase64, encodeUtf8, isUid } from './encoding.ts';
import { entryOf, isIdentityVersion } from './identity.ts';
import { ed25519Verify, sha256 } from './primitives.ts';

/** The public record of one epoch (docs/e2e-protocol.md section 4). */
export type RoomRecord = {
  roomUid: string;
  type: RoomType;
  epoch: number;
  kid: string;
  /** The hash of the record before; null in the first record of a chain. */
  prev: string | null;
  history: boolean;
  creator: RoomPerson;
  /** Strictly ascending by their text, one per person. */
  people: RoomPerson[];
};

const longestRecord = 60_000;

/** The text that is hashed and signed. `people` may come in any order; BAD_INPUT for ids that are none. */
export function serialiseRecord(record: RoomRecord): string {
  const entries = record.people.map(entryText).sort(byBytes);
  return context(
    'epoch',
    record.roomUid,
    record.type === 'direct' ? 'd' : 'g',
    record.epoch,
    record.kid,
    record.prev ?? '-',
    record.history ? 1 : 0,
    entryText(record.creator),
    entries.join(','),
  );
}

/** The record in a text, or null unless it is exactly what serialiseRecord writes for it. */
export function parseRecord(text: string): RoomRecord | null {
  if (typeof text !== 'string' || text.length > longestRecord) return null;
  const fields = text.split('|');
  const [prefix, label, roomUid, type, epochText, kid, prevText, history, creatorText, entriesText] = fields;
  if (fields.length !== 10 || prefix !== 'maru/1' || label !== 'epoch' || !isUid(roomUid)) return null;
  if ((type !== 'd' && type !== 'g') || (history !== '0' && history !== '1')) return null;
  const epoch = decodeNumber(epochText ?? '');
  const prev = prevText === '-' ? null : prevText;
  if (epoch === null || epoch < 1 || !isHash(kid) || (prev !== null && !isHash(prev))) return null;
  const creator = parseEntry(creatorText ?? '');
  const people = parseEntries(entriesText ?? '');
  if (creator === null || people === null) return null;
  if (type === 'd' && people.length > 2) return null;
  const record: RoomRecord = {
    roomUid,
    type: type === 'd' ? 'direct' : 'group',
    epoch,
    kid,
    prev,
    history: history === '1',
    creator,
    people,
  };
  return hasEntry(record, creator) && serialiseRecord(record) === text ? record : null;
}

/** SHA-256 of a record's text, in base64url: its name in wraps, messages and the next record. */
export const hashRecord = (text: string): string => encodeBase64(sha256(encodeUtf8(text)));

/** The key id that a record publishes for its key. */
export const keyIdOf = (roomUid: string, epoch: number, key: Uint8Array): string => {
  const prefix = encodeUtf8(context('kid', roomUid, epoch));
  const bytes = new Uint8Array(prefix.length + key.length);
  bytes.set(prefix);
  bytes.set(key, prefix.length);
  const kid = encodeBase64(sha256(bytes));
  bytes.fill(0);
  return kid;
};

/** Whether the creator's key signed this text. */
export function isRecordSignature(text: string, signatureText: string, creatorKey: Uint8Array): boolean {
  const signature = decodeBase64Exact(signatureText, 64);
  return signature !== null && ed25519Verify(creatorKey, encodeUtf8(text), signature);
}

/** `P.v.fp` of a person of a record. */
export const entryText = (person: RoomPerson): string =>
  entryOf(person.userUid, person.version, person.fingerprint);

/** Whether a record names exactly this identity. */
export const hasEntry = (record: RoomRecord, person: RoomPerson): boolean => {
  const entry = entryText(person);
  return record.people.some((other) => entryText(other) === entry);
};

function parseEntries(text: string): RoomPerson[] | null {
  const people: RoomPerson[] = [];
  let before = '';
  const uids = new Set<string>();
  for (const part of text.split(',')) {
    const person = parseEntry(part);
    if (person === null || part <= before || uids.has(person.userUid)) return null;
    before = part;
    uids.add(person.userUid);
    people.push(person);
  }
  return people;
}

/** `P.v.fp`, or null if it is of another form. */
export function parseEntry(text: string): RoomPerson | null {
  const [userUid, versionText, fingerprint, ...rest] = text.split('.');
  const version = decodeNumber(versionText ?? '');
  if (rest.length > 0 || !isUid(userUid) || !isUid(fingerprint) || !isIdentityVersion(version)) return null;
  return { userUid, version, fingerprint };
}

// Entries are ASCII, for which the order of code units is the order of bytes.
const byBytes = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

const isHash = (value: unknown): value is string => decodeBase64Exact(value, 32) !== null;
