import type { IdentityDirectory } from './identity-directory.ts';
import type { RoomPerson } from './engine-types.ts';
import { keptRecords, type RecordStore } from './record-store.ts';
import type { RoomChain } from './room-chain.ts';
import { entryText } from './room-record.ts';
import type { ChainLink } from './room-step.ts';

/** Of one room; whose keys changed since is among them. */
const keptStatements = 2_000;

const named = (person: RoomPerson): [string, RoomPerson] => [entryText(person), person];

/** Keeps the accepted records of one room in this browser, a while after they were accepted. */
export type RecordKeeper = {
  /** Keeps what is not kept yet, fetching older records where they are missing. */
  keep(): Promise<void>;
  stop(): void;
};

export function createRecordKeeper(deps: {
  roomUid: string;
  chain: RoomChain;
  records: RecordStore;
  directory: IdentityDirectory;
}): RecordKeeper {
  const { roomUid, chain, records, directory } = deps;
  let keptHash: string | null = null;
  let isStopped = false;

  /** From which epoch on there is something to write. */
  const firstMissing = async (top: ChainLink, lowest: number): Promise<number> => {
    const range = await records.range(roomUid);
    if (range === null || range.from > lowest || range.to > top.epoch || range.to < lowest) return lowest;
    // A wrap that was missing may have come since, and the newest record may be kept without it.
    return range.hash === top.hash ? top.epoch : range.to + 1;
  };

  /** Of whom the new records name, before those that were kept: a chain that is given back is checked step by step. */
  const keepStatements = async (links: readonly ChainLink[]): Promise<void> => {
    const people = [...new Map(links.flatMap(({ record }) => record.people.map(named)))];
    await directory.load(people.map(([, person]) => person));
    const rows = people.flatMap(([entry]) => directory.rowOf(entry) ?? []);
    const texts = new Set(rows.map(({ statement }) => statement));
    const earlier = (await records.loadStatements(roomUid)).filter(({ statement }) => !texts.has(statement));
    const kept = [...rows, ...earlier].slice(0, Math.max(rows.length, keptStatements));
    if (!isStopped) await records.saveStatements(roomUid, kept);
  };

  return {
    async keep() {
      const top = chain.accepted();
      if (top === null || keptHash === top.hash) return;
      const lowest = Math.max(1, top.epoch - keptRecords + 1);
      const from = await firstMissing(top, lowest);
      await chain.reach(from);
      let epoch = top.epoch;
      const links: ChainLink[] = [top];
      // Downwards, and the range last: a browser that is closed meanwhile knows of no record that is not there.
      for (let link = chain.link(epoch); link !== undefined && epoch >= from; link = chain.link(epoch)) {
        if (isStopped) return;
        await records.save(roomUid, link);
        links.push(link);
        epoch -= 1;
      }
      await keepStatements(links);
      if (isStopped) return;
      const isJoined = from > lowest && epoch < from;
      await records.saveRange(roomUid, {
        from: isJoined ? lowest : epoch + 1,
        to: top.epoch,
        hash: top.hash,
      });
      if (top.wrap !== null) keptHash = top.hash;
    },
    stop() {
      isStopped = true;
    },
  };
}
