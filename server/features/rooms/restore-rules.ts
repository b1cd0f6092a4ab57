/** Chains that come back after a restore (docs/e2e-protocol.md section 8): what needs no database. */
import type { EpochGivenBack } from '#contract/restore.ts';
import { AppError } from '../../app-error.ts';
import { areSamePeople, areWrapsComplete, parseRecord, recordHash } from './record-rules.ts';
import type { EpochRecord, RecordEntry } from './record-rules.ts';

/** One record of a chain that comes back. */
export type ChainStep = { input: EpochGivenBack; record: EpochRecord; hash: string };

const isSameEntry = (left: RecordEntry, right: RecordEntry): boolean =>
  left.userUid === right.userUid && left.version === right.version && left.fp === right.fp;

const names = (record: EpochRecord, person: RecordEntry): boolean =>
  record.entries.some((entry) => isSameEntry(entry, person));

/**
 * True if `next` continues `previous`. Its creator is in both: everybody in the room could be asked to accept it, so that an
 * outsider who learnt a hash cannot let themselves in.
 */
export const isSuccessor = (previous: { record: EpochRecord; hash: string }, next: EpochRecord): boolean =>
  next.epoch === previous.record.epoch + 1 &&
  next.prev === previous.hash &&
  next.type === previous.record.type &&
  names(previous.record, next.creator);

/** Reads the records of a request: well-formed, of this room, one after another. Throws RECORD_INVALID, WRAPS_INCOMPLETE. */
export function readChain(roomUid: string, epochs: readonly EpochGivenBack[]): ChainStep[] {
  const steps: ChainStep[] = [];
  for (const input of epochs) {
    const record = parseRecord(input.record);
    const previous = steps.at(-1);
    const isValid =
      record?.roomUid === roomUid &&
      (record.prev === '-') === (record.epoch === 1) &&
      (record.type === 'g' || record.entries.length === 2) &&
      names(record, record.creator) &&
      (previous === undefined || isSuccessor(previous, record));
    if (record === null || !isValid) throw new AppError('RECORD_INVALID', { field: 'epochs' });
    if (input.wraps.length > 0 && !areWrapsComplete(record.entries, input.wraps)) {
      throw new AppError('WRAPS_INCOMPLETE', { field: 'epochs' });
    }
    steps.push({ input, record, hash: recordHash(input.record) });
  }
  return steps;
}

export type MembershipFacts = {
  /** Who is in the room by the server's own account. */
  members: readonly string[];
  /** Whom the server's newest record names; nobody for a room that it lost. */
  known: readonly string[];
  /** Whom the last record that came back names. */
  named: readonly string[];
  /** False for accounts that vanished, are not in use, or cannot be in another room. */
  isPresent: (userUid: string) => boolean;
};

export type MembershipPlan = { added: string[]; removed: string[]; isRekeyNeeded: boolean };

/**
 * Membership follows the records. Whom the server's newest record named and who is no member has left since, and stays out;
 * like an account that vanished, that leaves a record which names too many: the next epoch is due.
 */
export function planMembership({ members, known, named, isPresent }: MembershipFacts): MembershipPlan {
  const [present, before, after] = [new Set(members), new Set(known), new Set(named)];
  const added = named.filter((uid) => !present.has(uid) && !before.has(uid) && isPresent(uid));
  const removed = members.filter((uid) => !after.has(uid));
  const staying = members.filter((uid) => after.has(uid));
  return { added, removed, isRekeyNeeded: !areSamePeople([...staying, ...added], named) };
}
