import type { NameWarning } from './engine-types.ts';
import { likenesses } from './name-likeness.ts';
import { addText, addVersion, pinTitle, type PinnedMark, type Pins, personOf } from './pins.ts';

/** What pins say about people and rooms' titles (docs/e2e-protocol.md section 7). */

export type EntryCheck = 'pinned' | 'unknown' | 'conflict' | 'unconfirmed';

type Entry = { userUid: string; version: number; fingerprint: string };

/**
 * Whether an entry of a record agrees with what I have pinned. `unknown` is nobody I ever saw (first sight pins
 * them); `conflict` another key for a version I know; `unconfirmed` a version that nobody confirmed for me here.
 */
export function checkEntry(pins: Pins, roomUid: string, entry: Entry): EntryCheck {
  const versions = pins.peopleByUid.get(entry.userUid)?.versions ?? [];
  if (versions.length === 0) return 'unknown';
  const sameVersion = versions.filter((pin) => pin.version === entry.version);
  const sameKey = sameVersion.filter((pin) => pin.fingerprint === entry.fingerprint);
  // Typed digits settle a conflict in favour of the key they were typed for, those typed last before earlier ones.
  const byDigits = newestOf(sameVersion.filter((pin) => pin.how === 'digits'));
  if (byDigits !== undefined) return byDigits.fingerprint === entry.fingerprint ? 'pinned' : 'conflict';
  if (sameVersion.length > sameKey.length) return 'conflict';
  const isConfirmed = sameKey.some((pin) => pin.how !== 'vouched' || pin.roomUid === roomUid);
  return isConfirmed ? 'pinned' : 'unconfirmed';
}

/** Pins a person never seen before. Returns whether anything changed. */
export function pinAtFirstSight(pins: Pins, roomUid: string, entry: Entry, at: number): boolean {
  if (checkEntry(pins, roomUid, entry) !== 'unknown') return false;
  const { version, fingerprint } = entry;
  return addVersion(pins, entry.userUid, { version, fingerprint, how: 'seen', roomUid: null, at });
}

/**
 * Of a memo's sender or reader, in no room: also a version that an accepted record of any room of mine named, which is where
 * it was vouched for.
 */
export function checkMemoEntry(pins: Pins, entry: Entry): EntryCheck {
  const vouched = (pins.peopleByUid.get(entry.userUid)?.versions ?? []).find(
    (pin) => pin.how === 'vouched' && pin.version === entry.version && pin.fingerprint === entry.fingerprint,
  );
  return checkEntry(pins, vouched?.roomUid ?? '', entry);
}

/** Pins a person whom a memo shows for the first time. */
export function pinSeen(pins: Pins, entry: Entry, at: number): void {
  pinAtFirstSight(pins, '', entry, at);
}

type NamedPerson = { userUid: string; displayName: string };

/** Names that this user has not agreed to yet: somebody renamed, or somebody else's name on another person. */
export function findNameWarnings(pins: Pins, people: NamedPerson[]): NameWarning[] {
  const ownersByName = nameOwners(pins);
  return people.flatMap(({ userUid, displayName }): NameWarning[] => {
    const names = pins.peopleByUid.get(userUid)?.names ?? [];
    // A deleted account has an empty name; that is not a new one.
    const isEmpty = likenesses(displayName).length === 0;
    if (isEmpty || names.some((pinned) => isSameName(pinned.text, displayName))) return [];
    const otherUid = ownersOf(ownersByName, displayName).find((uid) => uid !== userUid);
    if (otherUid !== undefined) return [{ kind: 'same-name', userUid, displayName, otherUid }];
    const newest = newestOf(names);
    return newest === undefined ? [] : [{ kind: 'renamed', userUid, displayName, pinnedName: newest.text }];
  });
}

/**
 * Pins the display names of people who have none yet, unless the name belongs to somebody else already: that one
 * waits for acknowledgement. Returns whether anything changed.
 */
export function pinNames(pins: Pins, people: NamedPerson[], at: number): boolean {
  const ownersByName = nameOwners(pins);
  let isChanged = false;
  for (const { userUid, displayName } of people) {
    const person = pins.peopleByUid.get(userUid);
    const isFree = ownersOf(ownersByName, displayName).every((uid) => uid === userUid);
    const isEmpty = likenesses(displayName).length === 0;
    if (person === undefined || person.names.length > 0 || isEmpty || !isFree) continue;
    addText(person.names, { text: displayName, at });
    addOwner(ownersByName, displayName, userUid);
    isChanged = true;
  }
  return isChanged;
}

/** The user agreed to this name for this person. Returns whether it was new. */
export const acknowledgeName = (pins: Pins, person: NamedPerson, at: number): boolean =>
  addText(personOf(pins, person.userUid).names, { text: person.displayName, at });

/** Pins the title of a room never seen before. Returns whether anything changed. */
export const pinFirstTitle = (pins: Pins, roomUid: string, title: string, at: number): boolean =>
  (pins.roomTitlesByUid.get(roomUid) ?? []).length === 0 && pinTitle(pins, roomUid, { text: title, at });

/** A title that this user has not agreed to yet. Who renamed a room is the server's word; it might have exchanged two. */
export function findTitleWarnings(pins: Pins, roomUid: string, title: string): NameWarning[] {
  const titles = pins.roomTitlesByUid.get(roomUid) ?? [];
  const newest = newestOf(titles);
  if (newest === undefined || titles.some((pinned) => pinned.text === title)) return [];
  return [{ kind: 'retitled', title, pinnedTitle: newest.text }];
}

const newestOf = <Item extends { at: number }>(items: readonly Item[]): Item | undefined =>
  [...items].sort((a, b) => b.at - a.at)[0];

const isForEveryRoom = ({ how }: { how: string }): boolean => how === 'digits' || how === 'succession';

/** Whether exactly this identity is confirmed for me by digits or by the older key, which counts in every room. */
export const isConfirmedEverywhere = (pins: Pins, entry: Entry): boolean =>
  checkEntry(pins, '', entry) === 'pinned' &&
  (pins.peopleByUid.get(entry.userUid)?.versions ?? []).some(
    (pin) => isForEveryRoom(pin) && pin.version === entry.version && pin.fingerprint === entry.fingerprint,
  );

/** The newest version of a person that is confirmed for me in every room; 0 for none. A colleague's word counts in one room only. */
export const newestPinned = (pins: Pins, userUid: string): number =>
  (pins.peopleByUid.get(userUid)?.versions ?? [])
    .filter(
      ({ version, fingerprint }) => checkEntry(pins, '', { userUid, version, fingerprint }) === 'pinned',
    )
    .reduce((newest, { version }) => Math.max(newest, version), 0);

/** Newer versions of these people that are confirmed for me in every room. */
export const findRenewals = (pins: Pins, people: readonly Entry[]): Entry[] =>
  people.flatMap(({ userUid, version: present }) => {
    const [newest] = (pins.peopleByUid.get(userUid)?.versions ?? [])
      .filter((pin) => pin.version > present && isForEveryRoom(pin))
      .map(({ version, fingerprint }): Entry => ({ userUid, version, fingerprint }))
      .filter((entry) => checkEntry(pins, '', entry) === 'pinned')
      .sort((left, right) => right.version - left.version);
    return newest ?? [];
  });

/** Whether I typed digits for exactly this identity, and for no other of that version since. */
export const isConfirmedByDigits = (pins: Pins, entry: Entry): boolean =>
  checkEntry(pins, '', entry) === 'pinned' &&
  (pins.peopleByUid.get(entry.userUid)?.versions ?? []).some(
    ({ how, version, fingerprint }) =>
      how === 'digits' && version === entry.version && fingerprint === entry.fingerprint,
  );

/** What the user said last of a person: verified, or not any more. */
export const newestMark = (pins: Pins, userUid: string): PinnedMark | undefined =>
  newestOf(pins.peopleByUid.get(userUid)?.marks ?? []);

/** Of these people, those whom I verified in an older version than this. */
export const findChangedMarks = (pins: Pins, people: readonly Entry[]): string[] =>
  people.flatMap(({ userUid, version }) => {
    const mark = newestMark(pins, userUid);
    return mark?.isVerified === true && mark.version < version ? [userUid] : [];
  });

function nameOwners(pins: Pins): Map<string, string[]> {
  const ownersByName = new Map<string, string[]>();
  for (const [userUid, { names }] of pins.peopleByUid) {
    for (const { text } of names) addOwner(ownersByName, text, userUid);
  }
  return ownersByName;
}

function addOwner(ownersByName: Map<string, string[]>, name: string, userUid: string): void {
  for (const text of likenesses(name)) {
    ownersByName.set(text, [...(ownersByName.get(text) ?? []), userUid]);
  }
}

const ownersOf = (ownersByName: Map<string, string[]>, name: string): string[] =>
  likenesses(name).flatMap((text) => ownersByName.get(text) ?? []);

const isSameName = (left: string, right: string): boolean =>
  likenesses(left).some((text) => likenesses(right).includes(text));
