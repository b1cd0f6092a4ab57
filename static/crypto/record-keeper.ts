import type { IdentityDirectory } from './identity-directory.ts';
import { keptRecords, type RecordStore } from './record-store.ts';
import type { RoomChain } from './room-chain.ts';
import { entryText } from './room-record.ts';
import type { ChainLink } from './room-step.ts';

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

  const keepStatements = async (top: ChainLink): Promise<void> => {
    await directory.load(top.record.people);
    const rows = top.record.people.flatMap((person) => directory.rowOf(entryText(person)) ?? []);
    if (!isStopped) await records.saveStatements(roomUid, rows);
  };

  return {
    async keep() {
      const top = chain.accepted();
      if (top === null || keptHash === top.hash) return;
      const lowest = Math.max(1, top.epoch - keptRecords + 1);
      const from = await firstMissing(top, lowest);
      await chain.reach(from);
      let epoch = top.epoch;
      // Downwards, and the range last: a browser that is closed meanwhile knows of no record that is not there.
      for (let link = chain.link(epoch); link !== undefined && epoch >= from; link = chain.link(epoch)) {
        if (isStopped) return;
        await records.save(roomUid, link);
        epoch -= 1;
      }
      await keepStatements(top);
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
