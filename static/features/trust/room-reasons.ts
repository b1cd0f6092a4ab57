/** What a person can do about a room that stands still, by its reason. Pure. */
import type { OpenFailure, RoomQuarantine, RoomReason } from '../../crypto/index.ts';
import type { PlainTextKey } from '../../locales/wording.ts';

/**
 * `own-digits`: I read out mine. `person-digits`: I type those of the person it is about. `record-digits`: I type those of the
 * room's key record, which a member reads out. `retry`: asking the server again may be enough.
 */
export type RoomDeed = 'own-digits' | 'person-digits' | 'record-digits' | 'retry' | 'none';

type Advice = { todo: PlainTextKey; deed: RoomDeed };

// A record instead of a default: a new reason does not compile before it says what to do.
const advice: Record<RoomReason, Advice> = {
  NO_RECORD: { todo: 'trust.todo.wait', deed: 'retry' },
  RECORDS_UNAVAILABLE: { todo: 'trust.todo.online', deed: 'retry' },
  STATEMENT_MISSING: { todo: 'trust.todo.online', deed: 'retry' },
  KEY_MISSING: { todo: 'trust.todo.key', deed: 'retry' },
  KEY_BAD: { todo: 'trust.todo.badKey', deed: 'retry' },
  REKEY_NEEDED: { todo: 'trust.todo.rekey', deed: 'retry' },
  MEMBERS_DIFFER: { todo: 'trust.todo.membersDiffer', deed: 'retry' },
  NOT_IN_RECORD: { todo: 'trust.todo.notInRecord', deed: 'retry' },
  OWN_VERSION_OLD: { todo: 'trust.todo.ownVersion', deed: 'own-digits' },
  MALFORMED: { todo: 'trust.todo.invalid', deed: 'retry' },
  WRONG_ROOM: { todo: 'trust.todo.invalid', deed: 'retry' },
  TYPE_CHANGED: { todo: 'trust.todo.invalid', deed: 'retry' },
  BAD_SIGNATURE: { todo: 'trust.todo.invalid', deed: 'retry' },
  BROKEN_CHAIN: { todo: 'trust.todo.invalid', deed: 'retry' },
  BAD_STATEMENT: { todo: 'trust.todo.invalid', deed: 'retry' },
  NEW_CHAIN: { todo: 'trust.todo.newChain', deed: 'record-digits' },
  FORK: { todo: 'trust.todo.fork', deed: 'record-digits' },
  CREATOR_NOT_MEMBER: { todo: 'trust.todo.record', deed: 'record-digits' },
  BEHIND_WATERMARK: { todo: 'trust.todo.behind', deed: 'retry' },
  OWN_KEY: { todo: 'trust.todo.ownKey', deed: 'none' },
  PIN_CONFLICT: { todo: 'trust.todo.conflict', deed: 'person-digits' },
  UNCONFIRMED_VERSION: { todo: 'trust.todo.unconfirmed', deed: 'person-digits' },
};

export const adviceFor = (reason: RoomReason): Advice => advice[reason];

/** What is offered: the engine knows better than the reason whether digits can resolve it, and whose. */
export function deedOf(reason: RoomReason, quarantine: RoomQuarantine | null): RoomDeed {
  const { deed } = adviceFor(reason);
  if (quarantine === null || quarantine.reason !== reason) return deed;
  if (quarantine.resolvedBy === null) return deed === 'none' ? 'none' : 'retry';
  return quarantine.resolvedBy === 'record' ? 'record-digits' : 'person-digits';
}

/** Why a message that is not shown may stay so, and what helps. */
export type RowDeed = 'security' | 'ask' | 'reload' | 'none';

const rowAdvice: Record<OpenFailure, { why: PlainTextKey; todo: PlainTextKey; deed: RowDeed }> = {
  NO_KEY: { why: 'trust.row.noKey', todo: 'trust.row.noKeyTodo', deed: 'ask' },
  QUARANTINED: { why: 'trust.row.quarantined', todo: 'trust.row.quarantinedTodo', deed: 'security' },
  STALE_EPOCH: { why: 'trust.row.stale', todo: 'trust.row.staleTodo', deed: 'none' },
  TAMPERED: { why: 'trust.row.tampered', todo: 'trust.row.tamperedTodo', deed: 'none' },
  UNKNOWN_VERSION: { why: 'trust.row.newer', todo: 'trust.row.newerTodo', deed: 'reload' },
};

export const rowAdviceFor = (reason: OpenFailure): (typeof rowAdvice)[OpenFailure] => rowAdvice[reason];
