import type { EpochRow } from '#contract/sealed.ts';
import type { Call } from '../../connection/socket-connection.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';

/**
 * The first epoch of a room that is mine to open: its record names me, or somebody has shared its key with me. From there on all
 * of them are, so a few questions find it among any number. Null: none is.
 */
export async function findOldestEpoch(
  call: Call,
  { roomUid, newest, userUid }: { roomUid: string; newest: number; userUid: string },
): Promise<Result<number | null>> {
  const isMine = async (epoch: number): Promise<Result<boolean>> => {
    const result = await call('epoch:list', { roomUid, from: epoch, to: epoch });
    if (!result.ok) return result;
    const row = result.value.epochs.find((candidate) => candidate.epoch === epoch);
    return row === undefined ? fail('NOT_FOUND') : succeed(isRowMine(row, userUid));
  };
  // Most rooms are mine from their beginning.
  const first = await isMine(1);
  if (!first.ok) return first;
  if (first.value) return succeed(1);
  let below = 1;
  let from = newest + 1;
  while (from - below > 1) {
    const middle = Math.floor((below + from) / 2);
    const found = await isMine(middle);
    if (!found.ok) return found;
    if (found.value) from = middle;
    else below = middle;
  }
  return succeed(from > newest ? null : from);
}

const isRowMine = ({ wrap, record }: EpochRow, userUid: string): boolean =>
  wrap !== null || record.includes(`|${userUid}.`) || record.includes(`,${userUid}.`);
