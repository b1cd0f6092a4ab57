import type { MissingWrap, SharedWrap } from '#contract/room-key-sharing.ts';
import type { IdentityDirectory } from './identity-directory.ts';
import type { Random } from './random.ts';
import { openEpochKey, wrapRoomKey } from './room-key.ts';
import type { KeyOwner } from './room-key.ts';
import { entryText } from './room-record.ts';
import type { RoomChain } from './room-chain.ts';
import type { ChainLink } from './room-step.ts';
import type { RoomPerson } from './engine-types.ts';
import type { Sealer } from './seal.ts';

/** Keys of earlier epochs for members who lack them (docs/e2e-protocol.md section 4, "Healing"). */

type SharingDeps = {
  sealer: Sealer;
  random: Random;
  me: KeyOwner;
  directory: IdentityDirectory;
  chain: Pick<RoomChain, 'link' | 'reach'>;
};

/**
 * To which entry of that person this epoch's key may go without anybody's word: the one that its record names, or that of the
 * present record where every record from there on lets newcomers see the history. Null: to none. The server is not asked:
 * it could name anybody.
 */
function allowedEntry(
  link: (epoch: number) => ChainLink | undefined,
  present: ChainLink,
  { userUid, epoch }: MissingWrap,
): RoomPerson | null {
  const isHim = (person: RoomPerson): boolean => person.userUid === userUid;
  const named = link(epoch)?.record.people.find(isHim);
  if (named !== undefined) return named;
  for (let at = epoch; at <= present.epoch; at += 1) {
    if (link(at)?.record.history !== true) return null;
  }
  return present.record.people.find(isHim) ?? null;
}

/** Wraps for those of `wanted` who may have them and whose epoch I can open myself; `present` is accepted and sendable. */
export async function makeShares(
  { sealer, random, me, directory, chain }: SharingDeps,
  present: ChainLink,
  wanted: readonly MissingWrap[],
): Promise<SharedWrap[]> {
  const epochs = wanted.map(({ epoch }) => epoch).filter((epoch) => epoch >= 1 && epoch <= present.epoch);
  if (epochs.length === 0) return [];
  await chain.reach(Math.min(...epochs));
  const peopleByEpoch = new Map<number, RoomPerson[]>();
  for (const wish of wanted) {
    const person = allowedEntry((epoch) => chain.link(epoch), present, wish);
    if (person === null || person.userUid === me.userUid) continue;
    peopleByEpoch.set(wish.epoch, [...(peopleByEpoch.get(wish.epoch) ?? []), person]);
  }
  await directory.load([...peopleByEpoch.values()].flat());
  return [...peopleByEpoch].flatMap(([epoch, people]) => {
    const link = chain.link(epoch);
    const recipients = people.flatMap((person) => directory.get(entryText(person)) ?? []);
    if (link === undefined || recipients.length === 0) return [];
    const key = openEpochKey(sealer, link, me);
    if (typeof key === 'string') return [];
    const { hash, record } = link;
    const made = wrapRoomKey(sealer, random, { roomUid: record.roomUid, epoch, hash, key }, recipients);
    key.fill(0);
    return 'wraps' in made ? made.wraps.map((wrap) => ({ ...wrap, epoch })) : [];
  });
}
