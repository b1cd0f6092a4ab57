import type { StatementRow, WrapFor } from '#contract/sealed.ts';
import type { CryptoEngineDeps, RoomReturn } from './engine-types.ts';
import { makeStatement } from './identity.ts';
import type { IdentityDirectory } from './identity-directory.ts';
import type { Watermark } from './pins.ts';
import type { Random } from './random.ts';
import { keptRecords, type KeptRecord, type RecordStore } from './record-store.ts';
import { openEpochKey, wrapRoomKey } from './room-key.ts';
import { entryText, hashRecord, parseRecord, type RoomRecord } from './room-record.ts';
import type { RoomOwner } from './room.ts';
import type { Sealer } from './seal.ts';

/** What a client that is ahead of a restored server gives back of a room (docs/e2e-protocol.md section 8). */

export type RoomReturnDeps = Pick<CryptoEngineDeps, 'fetchStatements'> & {
  roomUid: string;
  sealer: Sealer;
  random: Random;
  me: RoomOwner;
  directory: IdentityDirectory;
  records: RecordStore;
};

type KeptLink = KeptRecord & { record: RoomRecord; hash: string };

/**
 * The records above the server's newest one, or all that are kept where the server shows no such room. Null: there is
 * nothing to give, or the server has another record at an epoch that I accepted.
 */
export async function makeRoomReturn(
  deps: RoomReturnDeps,
  mark: Watermark,
  server: Watermark | null,
): Promise<RoomReturn | null> {
  const lowest = Math.max(1, mark.epoch - keptRecords + 1);
  const from = server === null ? lowest : server.epoch + 1;
  const links = await loadChain(deps, mark, from);
  const [first] = links;
  if (first === undefined) return null;
  // A gap, or a fork: the chain that I accepted does not go through the server's newest record.
  if (server !== null && (first.epoch !== from || first.record.prev !== server.hash)) return null;
  const statements = await loadPeople(deps, links);
  const epochs = links.map((link) => ({
    record: link.text,
    signature: link.signature,
    wraps: makeWraps(deps, link),
  }));
  return { roomUid: deps.roomUid, epochs, statements };
}

/** Ascending. Only what the watermark leads to by hashes counts: this browser's storage is not to be believed either. */
async function loadChain(deps: RoomReturnDeps, mark: Watermark, from: number): Promise<KeptLink[]> {
  const links: KeptLink[] = [];
  let wanted: string | null = mark.hash;
  for (let epoch = mark.epoch; epoch >= from && wanted !== null; epoch -= 1) {
    const kept = await deps.records.load(deps.roomUid, epoch);
    const record = kept === null ? null : parseRecord(kept.text);
    if (kept === null || record === null || hashRecord(kept.text) !== wanted) break;
    links.unshift({ ...kept, record, hash: wanted });
    wanted = record.prev;
  }
  return links;
}

/**
 * Makes the keys of everybody known to the directory whom the chain names, and gives the statements that the server does not
 * have any more: of people whose account vanished, and of identities from a reset that it lost.
 */
async function loadPeople(deps: RoomReturnDeps, links: KeptLink[]): Promise<StatementRow[]> {
  const { directory, records, roomUid } = deps;
  const people = new Map(
    links.flatMap(({ record }) => record.people).map((person) => [entryText(person), person]),
  );
  directory.offer([...people.values()], await records.loadStatements(roomUid));
  await directory.load([...people.values()]);
  const rows = await deps.fetchStatements(
    [...people.values()].map(({ userUid, version }) => ({ userUid, version })),
  );
  const published = new Set(rows.map((row) => row.statement));
  return [...people.keys()].flatMap((entry) => {
    const row = directory.rowOf(entry) ?? ownStatement(deps.me, entry);
    return row === undefined || published.has(row.statement) ? [] : row;
  });
}

function ownStatement({ userUid, own, identities }: RoomOwner, entry: string): StatementRow | undefined {
  const version = own.find((identity) => identity.entry === entry)?.version;
  const keys = identities.find((one) => one.version === version);
  return keys && makeStatement(userUid, keys);
}

/** A wrap for everybody whom the record names, made anew; none where I cannot open the key or lack somebody's identity. */
function makeWraps(deps: RoomReturnDeps, link: KeptLink): WrapFor[] {
  const { directory, sealer, random, me } = deps;
  const recipients = link.record.people.flatMap((person) => directory.get(entryText(person)) ?? []);
  if (recipients.length !== link.record.people.length) return [];
  const key = openEpochKey(sealer, link, me);
  if (typeof key === 'string') return [];
  const { epoch, hash } = link;
  const made = wrapRoomKey(sealer, random, { roomUid: deps.roomUid, epoch, hash, key }, recipients);
  key.fill(0);
  return 'wraps' in made ? made.wraps : [];
}
