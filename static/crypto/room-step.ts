import type { OtherWrap } from '#contract/sealed.ts';
import type { EpochChange, QuarantineReason, RoomPerson } from './engine-types.ts';
import { checkEntry } from './pin-rules.ts';
import type { Pins } from './pins.ts';
import { entryText, hasEntry, type RoomRecord } from './room-record.ts';

/** The rules for taking one record after another (docs/e2e-protocol.md section 4, "Accepted"); nothing is fetched here. */

export type ChainLink = {
  epoch: number;
  hash: string;
  record: RoomRecord;
  signature: string;
  text: string;
  wrap: string | null;
  /** The identity version of mine that the wrap is for; null where the server did not say. */
  wrapVersion: number | null;
  /** Further ones that the server has for me: for older identities, or reported before. */
  otherWraps?: readonly OtherWrap[] | undefined;
  afterSeq: number;
  madeAt: number;
};

export type Refusal = { reason: QuarantineReason; subject: string | null };

/** Why `next` may not follow `previous` by its form alone; `previous` is null for the first record ever seen. */
export function findChainFault(
  roomUid: string,
  previous: { epoch: number; hash: string; record: RoomRecord } | null,
  next: { record: RoomRecord },
): Refusal | null {
  const { record } = next;
  const fault = (reason: QuarantineReason, subject: string | null = null): Refusal => ({ reason, subject });
  if (record.roomUid !== roomUid) return fault('WRONG_ROOM');
  if (record.prev === null && record.epoch !== 1) return fault('NEW_CHAIN', record.creator.userUid);
  if (record.prev !== null && record.epoch === 1) return fault('BROKEN_CHAIN');
  if (previous === null) return null;
  if (record.epoch !== previous.epoch + 1) return fault('BROKEN_CHAIN');
  // It continues another record than the one I accepted at that epoch.
  if (record.prev !== previous.hash) return fault('FORK');
  if (record.type !== previous.record.type) return fault('TYPE_CHANGED');
  const withdrawn = findWithdrawn(previous.record, record);
  if (withdrawn !== null) return fault('UNCONFIRMED_VERSION', withdrawn);
  // A member who was not in the record before could otherwise be added and take over in one stroke.
  if (!hasEntry(previous.record, record.creator)) return fault('CREATOR_NOT_MEMBER', record.creator.userUid);
  return null;
}

/** Somebody for whom a key comes back that a newer one had taken the place of. */
const findWithdrawn = (previous: RoomRecord, next: RoomRecord): string | null => {
  const before = new Map(previous.people.map(({ userUid, version }) => [userUid, version]));
  return next.people.find(({ userUid, version }) => version < (before.get(userUid) ?? 0))?.userUid ?? null;
};

/** The people of `next` whose newer version its creator confirms by putting it in the old one's place. */
export function findVouched(previous: RoomRecord | null, next: RoomRecord): RoomPerson[] {
  if (previous === null) return [];
  const before = new Map(previous.people.map((person) => [person.userUid, person]));
  return next.people.filter((person) => {
    const old = before.get(person.userUid);
    return old !== undefined && old.version < person.version && person.userUid !== next.creator.userUid;
  });
}

/** Why the people of a record contradict what I know: my own key, or a pin. */
export function findPinFault(
  pins: Pins,
  me: { userUid: string; entries: Map<number, string> },
  record: RoomRecord,
  vouched: RoomPerson[],
): Refusal | null {
  const vouchedEntries = new Set(vouched.map(entryText));
  for (const person of record.people) {
    const subject = person.userUid;
    if (subject === me.userUid) {
      if (isForeignOwnEntry(me.entries, person)) return { reason: 'OWN_KEY', subject };
      continue;
    }
    const check = checkEntry(pins, record.roomUid, person);
    if (check === 'conflict') return { reason: 'PIN_CONFLICT', subject };
    if (check === 'unconfirmed' && !vouchedEntries.has(entryText(person))) {
      return { reason: 'UNCONFIRMED_VERSION', subject };
    }
  }
  return null;
}

// A version that I do not hold, below my newest, is from before a reset: not foreign, but nothing I can read by.
function isForeignOwnEntry(ownEntries: Map<number, string>, person: RoomPerson): boolean {
  const own = ownEntries.get(person.version);
  if (own !== undefined) return own !== entryText(person);
  return person.version > Math.max(...ownEntries.keys());
}

/** What a record changed; `previous` is null for the first of a chain, which adds nobody in the timeline. */
export function describeChange(previous: RoomRecord | null, link: ChainLink): EpochChange {
  const { record } = link;
  const before = new Set(previous?.people.map((person) => person.userUid));
  const now = new Set(record.people.map((person) => person.userUid));
  return {
    epoch: link.epoch,
    afterSeq: link.afterSeq,
    madeAt: link.madeAt,
    creatorUid: record.creator.userUid,
    added: previous === null ? [] : Array.from(now).filter((uid) => !before.has(uid)),
    removed: Array.from(before).filter((uid) => !now.has(uid)),
    confirmed: findVouched(previous, record).map((person) => person.userUid),
    history: previous === null || previous.history === record.history ? null : record.history,
  };
}
