import { isObject, isUid, isWholeNumber } from './encoding.ts';
import { isIdentityVersion } from './identity.ts';

/** What this person has seen of others, so that a server cannot show something else later (section 7). */

/** How a version came to be trusted. `vouched` holds in one room only, where a colleague's record named it. */
export type PinOrigin = 'seen' | 'vouched' | 'digits' | 'succession';

export type PinnedVersion = {
  version: number;
  fingerprint: string;
  how: PinOrigin;
  roomUid: string | null;
  at: number;
  /** Whose record vouched for it. */
  by?: string;
};
/** The user compared the safety number of this version, or went on without a mark; the newest one counts. */
export type PinnedMark = { version: number; fingerprint: string; isVerified: boolean; at: number };
/** A record that digits decided for, whatever was accepted at or below its epoch; `before`: what I had accepted until then. */
export type SettledRecord = { epoch: number; hash: string; at: number; before: Watermark | null };
export type PinnedText = { text: string; at: number };
export type PinnedPerson = { versions: PinnedVersion[]; names: PinnedText[]; marks: PinnedMark[] };
export type Watermark = { epoch: number; hash: string };

/** What the `pins` blob holds. `unknown`: fields of a newer client, kept when the blob is written again. */
export type Pins = {
  peopleByUid: Map<string, PinnedPerson>;
  roomTitlesByUid: Map<string, PinnedText[]>;
  /** One per room; two mean that two of my browsers accepted different records at one epoch. */
  watermarksByRoom: Map<string, Watermark[]>;
  settledByRoom: Map<string, SettledRecord[]>;
  unknown: Record<string, unknown>;
};

/** Of somebody who has seen nobody yet. */
export const createPins = (): Pins => ({
  peopleByUid: new Map(),
  roomTitlesByUid: new Map(),
  watermarksByRoom: new Map(),
  settledByRoom: new Map(),
  unknown: {},
});

/**
 * The JSON of the `pins` blob. Everything is sorted: two browsers that know the same write the same, and neither
 * has a reason to write again.
 */
export const pinsToJson = (pins: Pins): Record<string, unknown> => ({
  ...Object.fromEntries(sortedEntries(Object.entries(pins.unknown))),
  people: sortedEntries(pins.peopleByUid).map(([userUid, person]) => ({
    userUid,
    versions: [...person.versions].sort(byVersion).map((pin) => ({
      version: pin.version,
      fp: pin.fingerprint,
      how: pin.how,
      ...(pin.roomUid === null ? {} : { roomUid: pin.roomUid }),
      at: pin.at,
      ...(pin.by === undefined ? {} : { by: pin.by }),
      ...(hasConflict(person, pin.version) ? { conflict: true } : {}),
    })),
    names: [...person.names].sort(byTime),
    ...(person.marks.length === 0 ? {} : { marks: [...person.marks].sort(byMark).map(markToJson) }),
  })),
  rooms: sortedEntries(pins.roomTitlesByUid).map(([roomUid, titles]) => ({
    roomUid,
    titles: [...titles].sort(byTime),
  })),
  watermarks: sortedEntries(pins.watermarksByRoom).flatMap(([roomUid, marks]) =>
    marks.map(({ epoch, hash }) => ({ roomUid, epoch, hash })),
  ),
  ...(pins.settledByRoom.size === 0
    ? {}
    : {
        settled: sortedEntries(pins.settledByRoom).flatMap(([roomUid, records]) =>
          records.map(({ epoch, hash, at, before }) => ({
            roomUid,
            epoch,
            hash,
            at,
            ...(before === null ? {} : { before }),
          })),
        ),
      }),
});

const markToJson = ({ version, fingerprint, isVerified, at }: PinnedMark) => ({
  version,
  fp: fingerprint,
  verified: isVerified,
  at,
});

const compare = (left: string | number, right: string | number): number =>
  left < right ? -1 : left > right ? 1 : 0;
const sortedEntries = <Value>(entries: Iterable<[string, Value]>): [string, Value][] =>
  Array.from(entries).sort(([left], [right]) => compare(left, right));
const byTime = (left: PinnedText, right: PinnedText): number =>
  compare(left.at, right.at) || compare(left.text, right.text);
const byVersion = (left: PinnedVersion, right: PinnedVersion): number =>
  compare(left.version, right.version) ||
  compare(left.fingerprint, right.fingerprint) ||
  compare(left.how, right.how) ||
  compare(left.roomUid ?? '', right.roomUid ?? '');
const byMark = (left: PinnedMark, right: PinnedMark): number =>
  compare(left.at, right.at) ||
  compare(left.version, right.version) ||
  compare(left.fingerprint, right.fingerprint) ||
  compare(Number(left.isVerified), Number(right.isVerified));

/** Reads the JSON of the `pins` blob. Items that are not understood are left out: the blob is its owner's own. */
export function parsePins(json: Record<string, unknown>): Pins {
  const { people, rooms, watermarks, settled, ...unknown } = json;
  const pins: Pins = { ...createPins(), unknown };
  for (const item of objectsIn(people)) {
    if (!isUid(item['userUid'])) continue;
    const versions = objectsIn(item['versions']).flatMap(parseVersion);
    const marks = objectsIn(item['marks']).flatMap(parseMark);
    pins.peopleByUid.set(item['userUid'], { versions, names: parseTexts(item['names']), marks });
  }
  for (const item of objectsIn(rooms)) {
    if (isUid(item['roomUid'])) pins.roomTitlesByUid.set(item['roomUid'], parseTexts(item['titles']));
  }
  for (const { roomUid, epoch, hash } of objectsIn(watermarks)) {
    if (isUid(roomUid) && isWholeNumber(epoch) && typeof hash === 'string') {
      raiseWatermark(pins, roomUid, { epoch, hash });
    }
  }
  for (const item of objectsIn(settled)) {
    const [record] = parseSettled(item);
    if (isUid(item['roomUid']) && record !== undefined) settleRecord(pins, item['roomUid'], record);
  }
  return pins;
}

/** Adds everything of `other` (union); returns whether anything was new. */
export function mergePins(pins: Pins, other: Pins): boolean {
  const before = JSON.stringify(pinsToJson(pins));
  for (const [userUid, { versions, names, marks }] of other.peopleByUid) {
    for (const pin of versions) addVersion(pins, userUid, pin);
    for (const mark of marks) addMark(pins, userUid, mark);
    for (const name of names) addText(personOf(pins, userUid).names, name);
  }
  for (const [roomUid, titles] of other.roomTitlesByUid) {
    for (const title of titles) pinTitle(pins, roomUid, title);
  }
  for (const [roomUid, marks] of other.watermarksByRoom) {
    for (const mark of marks) raiseWatermark(pins, roomUid, mark);
  }
  for (const [roomUid, records] of other.settledByRoom) {
    for (const record of records) settleRecord(pins, roomUid, record);
  }
  // The other side is the vault, where a newer client may have written meanwhile.
  pins.unknown = { ...pins.unknown, ...other.unknown };
  return JSON.stringify(pinsToJson(pins)) !== before;
}

/** Pins a version; the same pin again keeps the earlier time. Returns whether it was new. */
export function addVersion(pins: Pins, userUid: string, pin: PinnedVersion): boolean {
  const { versions } = personOf(pins, userUid);
  const same = versions.find(
    (known) =>
      known.version === pin.version &&
      known.fingerprint === pin.fingerprint &&
      known.how === pin.how &&
      known.roomUid === pin.roomUid,
  );
  if (same === undefined) versions.push({ ...pin });
  // Digits that are typed again, after a conflict, are the newer word.
  else same.at = pin.how === 'digits' ? Math.max(same.at, pin.at) : Math.min(same.at, pin.at);
  return same === undefined;
}

/** Adds what the user said of a version; the same again keeps the later time. */
export function addMark(pins: Pins, userUid: string, mark: PinnedMark): void {
  const { marks } = personOf(pins, userUid);
  const { version, fingerprint, isVerified, at } = mark;
  const same = marks.find(
    (known) =>
      known.version === version && known.fingerprint === fingerprint && known.isVerified === isVerified,
  );
  if (same === undefined) marks.push({ ...mark });
  else same.at = Math.max(same.at, at);
}

/** Pins a name or title beside those already pinned. Returns whether it was new. */
export function addText(texts: PinnedText[], text: PinnedText): boolean {
  const same = texts.find((known) => known.text === text.text);
  if (same === undefined) texts.push({ ...text });
  else same.at = Math.min(same.at, text.at);
  return same === undefined;
}

/** Pins a room's title. Returns whether it was new. */
export function pinTitle(pins: Pins, roomUid: string, title: PinnedText): boolean {
  const titles = pins.roomTitlesByUid.get(roomUid) ?? [];
  pins.roomTitlesByUid.set(roomUid, titles);
  return addText(titles, title);
}

/** Never lowers. Another hash at the same epoch is kept beside the first: a fork. Returns whether it changed. */
export function raiseWatermark(pins: Pins, roomUid: string, mark: Watermark): boolean {
  const known = pins.watermarksByRoom.get(roomUid) ?? [];
  const highest = known[0]?.epoch ?? 0;
  const settled = settledOf(pins, roomUid);
  if (settled?.epoch === mark.epoch && settled.hash !== mark.hash) return false;
  if (mark.epoch < highest || known.some((other) => other.epoch === mark.epoch && other.hash === mark.hash)) {
    return false;
  }
  const marks = mark.epoch > highest ? [mark] : [...known, mark].sort((a, b) => compare(a.hash, b.hash));
  pins.watermarksByRoom.set(roomUid, marks);
  return true;
}

/** Digits decided for this record: marks that say otherwise, at its epoch or below, are gone in every browser of mine. */
export function settleRecord(pins: Pins, roomUid: string, record: SettledRecord): void {
  const known = pins.settledByRoom.get(roomUid) ?? [];
  const same = known.find(({ epoch, hash }) => epoch === record.epoch && hash === record.hash);
  if (same === undefined) known.push({ ...record });
  else same.at = Math.max(same.at, record.at);
  pins.settledByRoom.set(
    roomUid,
    known.sort((left, right) => compare(left.epoch, right.epoch) || compare(left.at, right.at)),
  );
  const settled = settledOf(pins, roomUid);
  const marks = (pins.watermarksByRoom.get(roomUid) ?? []).filter(
    ({ epoch, hash }) => epoch > (settled?.epoch ?? 0) || hash === settled?.hash,
  );
  if (marks.length > 0) pins.watermarksByRoom.set(roomUid, marks);
  else if (settled !== null) {
    pins.watermarksByRoom.set(roomUid, [{ epoch: settled.epoch, hash: settled.hash }]);
  }
}

/** What digits decided last about a room: the highest epoch, and of one epoch the later word. */
export const settledOf = (pins: Pins, roomUid: string): SettledRecord | null =>
  pins.settledByRoom.get(roomUid)?.at(-1) ?? null;

/** Whether two keys are pinned for one version of a person: the server has shown two faces. */
export const hasConflict = (person: PinnedPerson, version: number): boolean =>
  new Set(person.versions.filter((pin) => pin.version === version).map((pin) => pin.fingerprint)).size > 1;

/** What is pinned of a person; an empty entry is made for somebody new. */
export function personOf(pins: Pins, userUid: string): PinnedPerson {
  const known = pins.peopleByUid.get(userUid);
  if (known !== undefined) return known;
  const person: PinnedPerson = { versions: [], names: [], marks: [] };
  pins.peopleByUid.set(userUid, person);
  return person;
}

const objectsIn = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

const parseTexts = (value: unknown): PinnedText[] =>
  objectsIn(value).flatMap(({ text, at }) =>
    typeof text === 'string' && isWholeNumber(at) ? [{ text, at }] : [],
  );

function parseVersion(item: Record<string, unknown>): PinnedVersion[] {
  const { version, fp, how, roomUid, at, by } = item;
  if (!isIdentityVersion(version) || typeof fp !== 'string' || !isPinOrigin(how) || !isWholeNumber(at)) {
    return [];
  }
  const origin = { how, roomUid: isUid(roomUid) ? roomUid : null, ...(isUid(by) ? { by } : {}) };
  return [{ version, fingerprint: fp, at, ...origin }];
}

function parseMark({ version, fp, verified, at }: Record<string, unknown>): PinnedMark[] {
  if (!isIdentityVersion(version) || typeof fp !== 'string' || !isWholeNumber(at)) return [];
  return typeof verified === 'boolean' ? [{ version, fingerprint: fp, isVerified: verified, at }] : [];
}

function parseSettled({ epoch, hash, at, before }: Record<string, unknown>): SettledRecord[] {
  if (!isWholeNumber(epoch) || typeof hash !== 'string' || !isWholeNumber(at)) return [];
  const { epoch: epochBefore, hash: hashBefore } = isObject(before) ? before : {};
  const isKnown = isWholeNumber(epochBefore) && typeof hashBefore === 'string';
  return [{ epoch, hash, at, before: isKnown ? { epoch: epochBefore, hash: hashBefore } : null }];
}

const isPinOrigin = (value: unknown): value is PinOrigin =>
  value === 'seen' || value === 'vouched' || value === 'digits' || value === 'succession';
