import type { MissingWrap, SharedWrap } from '#contract/room-key-sharing.ts';
import type { IdentityDirectory } from './identity-directory.ts';
import type { Random } from './random.ts';
import { isConfirmedByDigits } from './pin-rules.ts';
import type { Pins } from './pins.ts';
import { openEpochKey, wrapRoomKey } from './room-key.ts';
import type { KeyOwner } from './room-key.ts';
import { entryText, hasEntry } from './room-record.ts';
import type { RoomChain } from './room-chain.ts';
import { type ChainLink, findVouched } from './room-step.ts';
import type { RoomPerson } from './engine-types.ts';
import type { Sealer } from './seal.ts';

/** Keys for members who lack them (docs/e2e-protocol.md section 4, "Healing"). */

type SharingDeps = {
  sealer: Sealer;
  random: Random;
  me: KeyOwner;
  directory: IdentityDirectory;
  chain: Pick<RoomChain, 'link' | 'reach'>;
  pins: Pins;
};

/** What the accepted records say about who may have which key. */
type Entitlements = {
  link: (epoch: number) => ChainLink | undefined;
  present: ChainLink;
  /** By the entry of a newer version: whose record put it in the old one's place. */
  confirmers: Map<string, RoomPerson>;
  pins: Pins;
};

function findConfirmers(
  link: Entitlements['link'],
  from: number,
  present: ChainLink,
): Entitlements['confirmers'] {
  const confirmers = new Map<string, RoomPerson>();
  for (let epoch = from + 1; epoch <= present.epoch; epoch += 1) {
    const [before, record] = [link(epoch - 1)?.record ?? null, link(epoch)?.record];
    if (record === undefined) continue;
    for (const person of findVouched(before, record)) confirmers.set(entryText(person), record.creator);
  }
  return confirmers;
}

/**
 * Whether this very entry stands for somebody whom `record` names: it is named, or it is a newer version of somebody named,
 * confirmed by digits that I typed, or by the record of a member for whom the same holds. So a chain of confirmations counts only as long as it begins
 * with somebody who had the key: people who came later, and identities that only they confirmed, open nothing.
 */
function standsFor(
  { confirmers, pins }: Entitlements,
  record: ChainLink['record'],
  person: RoomPerson,
): boolean {
  const seen = new Set<string>();
  let current = person;
  for (;;) {
    if (hasEntry(record, current)) return true;
    const earlier = record.people.find(({ userUid }) => userUid === current.userUid);
    const confirmer = confirmers.get(entryText(current));
    const isNewer = earlier !== undefined && earlier.version < current.version;
    if (isNewer && isConfirmedByDigits(pins, current)) return true;
    if (!isNewer || confirmer === undefined || seen.has(entryText(current))) return false;
    seen.add(entryText(current));
    current = confirmer;
  }
}

/**
 * To which entry of that version this epoch's key may go without anybody's word: one that its record names; that of the present
 * record where every record from there on lets newcomers see the history, or where it is a confirmed newer version of somebody
 * whom the epoch names. Null: to none. The server is not asked: it could name anybody.
 */
function allowedEntry(known: Entitlements, { userUid, version, epoch }: MissingWrap): RoomPerson | null {
  const isWished = (person: RoomPerson): boolean => person.userUid === userUid && person.version === version;
  const record = known.link(epoch)?.record;
  if (record === undefined) return null;
  const named = record.people.find(isWished);
  if (named !== undefined) return named;
  const present = known.present.record.people.find(isWished);
  if (present === undefined) return null;
  return standsFor(known, record, present) || isHistoryOpen(known, epoch) ? present : null;
}

function isHistoryOpen({ link, present }: Entitlements, from: number): boolean {
  for (let at = from; at <= present.epoch; at += 1) {
    if (link(at)?.record.history !== true) return false;
  }
  return true;
}

/** Wraps for those of `wanted` who may have them and whose epoch I can open myself; `present` is accepted and sendable. */
export async function makeShares(
  { sealer, random, me, directory, chain, pins }: SharingDeps,
  present: ChainLink,
  wanted: readonly MissingWrap[],
): Promise<SharedWrap[]> {
  const epochs = wanted.map(({ epoch }) => epoch).filter((epoch) => epoch >= 1 && epoch <= present.epoch);
  if (epochs.length === 0) return [];
  const lowest = Math.min(...epochs);
  await chain.reach(lowest);
  const link = (epoch: number): ChainLink | undefined => chain.link(epoch);
  const known: Entitlements = { link, present, confirmers: findConfirmers(link, lowest, present), pins };
  const peopleByEpoch = new Map<number, RoomPerson[]>();
  for (const wish of wanted) {
    const person = allowedEntry(known, wish);
    if (person === null || person.userUid === me.userUid) continue;
    peopleByEpoch.set(wish.epoch, [...(peopleByEpoch.get(wish.epoch) ?? []), person]);
  }
  await directory.load([...peopleByEpoch.values()].flat());
  return [...peopleByEpoch].flatMap(([epoch, people]) =>
    shareEpoch({ sealer, random, me, directory }, link(epoch), people),
  );
}

function shareEpoch(
  { sealer, random, me, directory }: Omit<SharingDeps, 'chain' | 'pins'>,
  link: ChainLink | undefined,
  people: RoomPerson[],
): SharedWrap[] {
  const recipients = people.flatMap((person) => directory.get(entryText(person)) ?? []);
  if (link === undefined || recipients.length === 0) return [];
  const key = openEpochKey(sealer, link, me);
  if (typeof key === 'string') return [];
  const { hash, record, epoch } = link;
  const made = wrapRoomKey(sealer, random, { roomUid: record.roomUid, epoch, hash, key }, recipients);
  key.fill(0);
  if (!('wraps' in made)) return [];
  return made.wraps.flatMap(({ userUid, wrap }) => {
    const version = recipients.find((recipient) => recipient.userUid === userUid)?.version;
    return version === undefined ? [] : [{ userUid, version, epoch, wrap }];
  });
}
