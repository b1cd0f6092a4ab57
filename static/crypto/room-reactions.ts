import { isMessageName, isObject, isUid } from './encoding.ts';
import type { OpenFailure, OpenReactionResult, ReactionRow } from './engine-types.ts';
import { openReaction, parseReaction } from './reaction.ts';
import type { EpochKeys, RoomKeyFault } from './room-key.ts';
import type { ChainLink } from './room-step.ts';
import type { Sealer } from './seal.ts';

/** Opens the reactions of one room (docs/e2e-protocol.md section 5). */

export type RoomReactionsDeps = {
  roomUid: string;
  sealer: Sealer;
  link(epoch: number): ChainLink | undefined;
  keysOf(link: ChainLink): EpochKeys | RoomKeyFault;
  /** What a reaction gets whose epoch is not in the chain. */
  failureAt(epoch: number): OpenFailure;
};

/** One result per row; the epochs they name must be loaded already, as far as they can be. Never throws for a row. */
export const openReactionRows = (
  deps: RoomReactionsDeps,
  rows: readonly ReactionRow[],
): OpenReactionResult[] =>
  rows.map((row) => {
    try {
      return openRow(deps, row);
    } catch {
      return failure('TAMPERED');
    }
  });

/** The epochs that rows name, without those that name none. */
export const epochsOfReactions = (rows: readonly ReactionRow[]): number[] =>
  rows.flatMap((row) => {
    const parsed = isObject(row) ? parseReaction(row.sealed) : null;
    return parsed?.ok === true ? [parsed.epoch] : [];
  });

function openRow(deps: RoomReactionsDeps, row: ReactionRow): OpenReactionResult {
  const { target, token, reactorUid } = row;
  if (!isMessageName(target) || !isUid(reactorUid)) return failure('TAMPERED');
  const parsed = parseReaction(row.sealed);
  if (!parsed.ok) return parsed;
  const link = deps.link(parsed.epoch);
  if (link === undefined) {
    const reason = deps.failureAt(parsed.epoch);
    return reason === 'NO_KEY' ? { ...failure(reason), isUnavailable: true } : failure(reason);
  }
  // somebody who is not in the record has no part in what its people say
  if (link.record.people.every(({ userUid }) => userUid !== reactorUid)) return failure('TAMPERED');
  const keys = deps.keysOf(link);
  if (typeof keys === 'string') return failure('NO_KEY');
  const binding = { roomUid: deps.roomUid, hash: link.hash, target, reactorUid, token };
  const emoji = openReaction(deps.sealer, keys, binding, parsed.sealed);
  return emoji === null ? failure('TAMPERED') : { ok: true, emoji };
}

const failure = (reason: OpenFailure): { ok: false; reason: OpenFailure } => ({ ok: false, reason });
