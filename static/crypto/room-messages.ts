import { isObject } from './encoding.ts';
import {
  isBindable,
  isMessageSignature,
  type MessageBinding,
  messageNameOf,
  openEnvelope,
  parseEnvelope,
} from './envelope.ts';
import type { OpenedEnvelope } from './envelope.ts';
import type { MessageRow, OpenFailure, OpenResult, VerifyResult } from './engine-types.ts';
import type { IdentityDirectory } from './identity-directory.ts';
import { isKnownKind } from './message-content.ts';
import { createMessageLedger } from './message-ledger.ts';
import type { EpochKeys, RoomKeyFault } from './room-key.ts';
import { entryText } from './room-record.ts';
import type { ChainLink } from './room-step.ts';
import type { Sealer } from './seal.ts';
import type { RoomPerson } from './engine-types.ts';

/** Opens rows of one room and, afterwards, checks their signatures (docs/e2e-protocol.md section 5). */
export type RoomMessages = {
  /** In the order of the rows; the epochs they name must be loaded already, as far as they can be. */
  open(rows: MessageRow[]): OpenResult[];
  verify(rows: MessageRow[]): Promise<VerifyResult[]>;
  /** Earlier texts of edited rows, signatures included; they say nothing of what the rows are now. */
  openVersions(rows: MessageRow[]): Promise<OpenResult[]>;
  forget(): void;
};

export type RoomMessagesDeps = {
  roomUid: string;
  sealer: Sealer;
  directory: IdentityDirectory;
  link(epoch: number): ChainLink | undefined;
  keysOf(link: ChainLink): Pick<EpochKeys, 'message'> | RoomKeyFault;
  /** What a row gets whose epoch is not in the chain. */
  failureAt(epoch: number): OpenFailure;
};

type Failed = { ok: false; reason: OpenFailure; isUnavailable?: true };

type Unsealed = { ok: true; link: ChainLink; sender: RoomPerson; opened: OpenedEnvelope };

/** What is kept of an opened row until its signature is checked; not its text. */
type Unverified = {
  envelope: string;
  epoch: number;
  sender: RoomPerson;
  signature: Uint8Array;
  signed: Uint8Array;
  at: number;
  after: string | null;
  isScheduled: boolean;
};

const keptUnverified = 2_000;
const clockToleranceMs = 10 * 60_000;

export function createRoomMessages(deps: RoomMessagesDeps): RoomMessages {
  const ledger = createMessageLedger();
  const unverifiedByRow = new Map<string, Unverified>();

  const isStale = (row: MessageRow, epoch: number): boolean => {
    const next = deps.link(epoch + 1);
    // Of edits as well: whoever was removed cannot come back with the old key by calling a new row an edit.
    const cameAfterNext = next !== undefined && row.seq > next.afterSeq;
    return cameAfterNext || ledger.isStale(row, epoch);
  };

  /** What is in an envelope, whatever else was seen of its message. */
  const unseal = (row: MessageRow): Unsealed | Failed => {
    if (!isKnownKind(row.kind)) return failure('UNKNOWN_VERSION');
    const envelope = parseEnvelope(row.envelope);
    if (!envelope.ok) return envelope;
    if (row.roomUid !== deps.roomUid || !isBindable(row)) return failure('TAMPERED');
    const link = deps.link(envelope.epoch);
    if (link === undefined) {
      const reason = deps.failureAt(envelope.epoch);
      return reason === 'NO_KEY' ? unavailable : failure(reason);
    }
    const sender = link.record.people.find((person) => person.userUid === row.senderUid);
    if (sender === undefined) return failure('TAMPERED');
    const keys = deps.keysOf(link);
    if (typeof keys === 'string') return failure('NO_KEY');
    const opened = openEnvelope(deps.sealer, keys.message, bindingOf(row, link, sender), envelope.sealed);
    return opened === null ? failure('TAMPERED') : { ok: true, link, sender, opened };
  };

  const openRow = (row: MessageRow): OpenResult => {
    const duplicateOfSeq = ledger.duplicateOf(row);
    if (duplicateOfSeq !== null) return { ...failure('TAMPERED'), duplicateOfSeq };
    const unsealed = unseal(row);
    if (!unsealed.ok) return unsealed;
    const { link, sender, opened } = unsealed;
    if (ledger.isOutdated(row)) return failure('TAMPERED');
    if (isStale(row, link.epoch)) return failure('STALE_EPOCH');
    ledger.record(row, link.epoch);
    const { value, signature, signed } = opened;
    const { at, after } = value;
    const isScheduled = value.notBefore !== undefined;
    keepUnverified(row, {
      envelope: row.envelope,
      epoch: link.epoch,
      sender,
      signature,
      signed,
      at,
      after,
      isScheduled,
    });
    return { ok: true, value };
  };

  const keepUnverified = (row: MessageRow, unverified: Unverified): void => {
    unverifiedByRow.set(rowKey(row), unverified);
    if (unverifiedByRow.size <= keptUnverified) return;
    const oldest = unverifiedByRow.keys().next();
    if (oldest.done !== true) unverifiedByRow.delete(oldest.value);
  };

  // A broken row must not cost the others their place on the screen.
  const safely = (work: () => OpenResult): OpenResult => {
    try {
      return work();
    } catch {
      return failure('TAMPERED');
    }
  };

  const openVersion = async (row: MessageRow): Promise<OpenResult> => {
    const unsealed = unseal(row);
    if (!unsealed.ok) return unsealed;
    const { sender, opened } = unsealed;
    await deps.directory.load([sender]).catch(() => null);
    const statement = deps.directory.get(entryText(sender));
    if (statement === undefined) return unavailable;
    return isMessageSignature(opened, statement.ed25519)
      ? { ok: true, value: opened.value }
      : failure('TAMPERED');
  };

  const open: RoomMessages['open'] = (rows) => {
    const results = new Map<MessageRow, OpenResult>();
    // Ascending, so that of two rows that cannot both be, the later one is refused.
    const ascending = rows.filter(isRow).sort((a, b) => a.seq - b.seq);
    for (const row of ascending)
      results.set(
        row,
        safely(() => openRow(row)),
      );
    return rows.map((row) => results.get(row) ?? failure('TAMPERED'));
  };

  const verifyRow = (row: MessageRow, badSenders: Set<string>): VerifyResult => {
    const unverified = unverifiedByRow.get(rowKey(row));
    if (unverified === undefined || unverified.envelope !== row.envelope) return failure('TAMPERED');
    if (isStale(row, unverified.epoch)) return failure('STALE_EPOCH');
    const sender = deps.directory.get(entryText(unverified.sender));
    // A statement that is not the record's is the server's doing; one that did not come may come later.
    const isBad = badSenders.has(entryText(unverified.sender));
    if (sender === undefined) return isBad ? failure('TAMPERED') : unavailable;
    if (!isMessageSignature(unverified, sender.ed25519)) return failure('TAMPERED');
    const afterSeq = unverified.after === null ? null : ledger.seqOf(unverified.after);
    // An edit is sealed later than its row was sent, a scheduled message earlier; their clocks say nothing.
    const hasComparableClock = row.n === 0 && !unverified.isScheduled;
    return {
      ok: true,
      clockOff: hasComparableClock && Math.abs(row.sentAt - unverified.at) > clockToleranceMs,
      // An edit answers what it says again, not what has been written below meanwhile.
      afterNotBelow: row.n === 0 && afterSeq !== null && afterSeq >= row.seq,
    };
  };

  return {
    open,
    async openVersions(rows) {
      const results: OpenResult[] = [];
      for (const row of rows) {
        const result = isRow(row) ? await openVersion(row).catch(() => null) : null;
        results.push(result ?? failure('TAMPERED'));
      }
      return results;
    },
    async verify(asked) {
      const rows = asked.filter(isRow);
      const again = rows.filter((row) => unverifiedByRow.get(rowKey(row))?.envelope !== row.envelope);
      const failed = new Map<MessageRow, VerifyResult>();
      open(again).forEach((result, index) => {
        const row = again[index];
        if (!result.ok && row !== undefined) failed.set(row, result);
      });
      const senders = rows.flatMap((row) => unverifiedByRow.get(rowKey(row))?.sender ?? []);
      const loaded = await deps.directory.load(unique(senders)).catch(() => null);
      const badSenders = new Set(loaded?.bad.map(entryText));
      return asked.map((row): VerifyResult => {
        if (!isRow(row)) return failure('TAMPERED');
        return failed.get(row) ?? verifyRow(row, badSenders);
      });
    },
    forget: () => unverifiedByRow.clear(),
  };
}

const bindingOf = (row: MessageRow, link: ChainLink, sender: RoomPerson): MessageBinding => ({
  roomUid: row.roomUid,
  epoch: link.epoch,
  hash: link.hash,
  senderEntry: entryText(sender),
  clientId: row.clientId,
  kind: row.kind,
  target: row.target,
  n: row.n,
});

/** Whether it has a place and a name at all, which nothing below can do without; a server may send anything. */
export const isRow = (row: unknown): row is MessageRow =>
  isObject(row) &&
  typeof row['seq'] === 'number' &&
  typeof row['n'] === 'number' &&
  typeof row['senderUid'] === 'string' &&
  typeof row['clientId'] === 'string';

const rowKey = (row: MessageRow): string => `${String(row.seq)}.${String(row.n)}.${messageNameOf(row)}`;

/** The server did not deliver what it takes; it may do so later. */
const unavailable: { ok: false; reason: OpenFailure; isUnavailable: true } = {
  ok: false,
  reason: 'NO_KEY',
  isUnavailable: true,
};

const failure = (reason: OpenFailure): Failed => ({ ok: false, reason });

const unique = (people: RoomPerson[]): RoomPerson[] =>
  Array.from(new Map(people.map((person) => [entryText(person), person])).values());
