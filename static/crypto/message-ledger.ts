import { messageNameOf } from './envelope.ts';
import type { MessageRow } from './engine-types.ts';

/**
 * What this browser has opened in one room, to notice rows that cannot be (docs/e2e-protocol.md section 5): a
 * second row of one message, an edit that goes back, an original of an epoch that had already ended.
 */
export type MessageLedger = {
  /** The seq at which this message was seen first, if that is another row. */
  duplicateOf(row: MessageRow): number | null;
  /** Whether a later edit of it was seen. */
  isOutdated(row: MessageRow): boolean;
  /** Whether an original of a later epoch lies below it, which neither originals nor their edits can have. */
  isStale(row: MessageRow, epoch: number): boolean;
  record(row: MessageRow, epoch: number): void;
  seqOf(messageName: string): number | null;
};

export function createMessageLedger(): MessageLedger {
  const rowByName = new Map<string, { seq: number; n: number }>();
  const lowestSeqByEpoch = new Map<number, number>();
  return {
    duplicateOf(row) {
      const seen = rowByName.get(messageNameOf(row));
      return seen === undefined || seen.seq === row.seq ? null : seen.seq;
    },
    isOutdated: (row) => (rowByName.get(messageNameOf(row))?.n ?? 0) > row.n,
    isStale(row, epoch) {
      // Edits, too: they are sealed no earlier than their original was, and that was no earlier than what lies below it.
      return Array.from(lowestSeqByEpoch).some(([other, seq]) => other > epoch && seq < row.seq);
    },
    record(row, epoch) {
      rowByName.set(messageNameOf(row), { seq: row.seq, n: row.n });
      const lowest = lowestSeqByEpoch.get(epoch);
      // Edits stay at their old place, whatever epoch they are of.
      if (row.n === 0 && (lowest === undefined || row.seq < lowest)) lowestSeqByEpoch.set(epoch, row.seq);
    },
    seqOf: (messageName) => rowByName.get(messageName)?.seq ?? null,
  };
}
