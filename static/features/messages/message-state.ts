/** Rows of messages as this client holds them: sealed as they came, with what opening them gave. No DOM. */
import type { Message } from '#contract/messages.ts';
import type { OpenFailure, PollOption } from '../../crypto/index.ts';

export type MessageContent =
  /** Not opened yet: the view shows a quiet placeholder. */
  | { state: 'sealed' }
  | {
      state: 'open';
      /** Of a poll: its question. */
      text: string;
      /** Only of a poll: what one can vote for, as its author sealed it. */
      pollOptions?: readonly PollOption[];
      /** The sender's own time of sealing; `message.sentAt` is the server's and decides order and day. */
      at: number;
      /** When it was written, if that was notably earlier (it waited in an outbox). */
      composedAt: number | null;
      /** False until the signature was checked (shortly after painting). */
      isVerified: boolean;
      /** The sender's clock is off by more than ten minutes. */
      isClockOff: boolean;
      /** It claims to answer something that is not below it. */
      isOrderOdd: boolean;
    }
  | { state: 'unreadable'; reason: OpenFailure }
  /** Taken back by its sender: only the trace is left. */
  | { state: 'recalled' };

export type MessageEntry = { message: Message; content: MessageContent };

/** `senderUid.clientId`: the same for the optimistic row and the stored one. */
export const messageName = (message: { senderUid: string; clientId: string }): string =>
  `${message.senderUid}.${message.clientId}`;

export const sealedEntry = (message: Message): MessageEntry => ({
  message,
  content: { state: message.envelope === null ? 'recalled' : 'sealed' },
});

/** A row as it is now, in the place of what was known of it: what was opened stays open while the envelope is the same. */
const changedEntry = (known: MessageEntry, row: Message): MessageEntry =>
  known.message.envelope === row.envelope && known.message.n === row.n
    ? { message: row, content: known.content }
    : sealedEntry(row);

/** Rows that are among the entries and older there are replaced; others are left out. */
export const updatedEntries = (
  present: readonly MessageEntry[],
  rows: readonly Message[],
): readonly MessageEntry[] => {
  const bySeq = new Map(rows.map((row) => [row.seq, row]));
  let isChanged = false;
  const next = present.map((entry) => {
    const row = bySeq.get(entry.message.seq);
    if (row === undefined || row.rev <= entry.message.rev || messageName(row) !== messageName(entry.message))
      return entry;
    isChanged = true;
    return changedEntry(entry, row);
  });
  return isChanged ? next : present;
};

/**
 * Merges rows into an ascending list: per seq the higher `rev` wins, and an unchanged row keeps its opened content. The
 * same sender and clientId at another seq is a replay and is dropped.
 */
export const mergeEntries = (
  present: readonly MessageEntry[],
  rows: readonly Message[],
): readonly MessageEntry[] => {
  const [only] = rows;
  if (only === undefined) return present;
  const last = present[present.length - 1];
  // The usual case by far: one new row after the last one.
  if (rows.length === 1 && (last === undefined || only.seq > last.message.seq)) {
    const isReplay = present.some((entry) => messageName(entry.message) === messageName(only));
    return isReplay ? present : [...present, sealedEntry(only)];
  }
  const bySeq = new Map(present.map((entry) => [entry.message.seq, entry]));
  const seqByName = new Map(present.map((entry) => [messageName(entry.message), entry.message.seq]));
  for (const row of rows) {
    const known = bySeq.get(row.seq);
    if (known !== undefined && known.message.rev >= row.rev) continue;
    const name = messageName(row);
    const seqOfName = seqByName.get(name);
    if (seqOfName !== undefined && seqOfName !== row.seq) continue;
    seqByName.set(name, row.seq);
    bySeq.set(row.seq, known === undefined ? sealedEntry(row) : changedEntry(known, row));
  }
  return [...bySeq.values()].sort((left, right) => left.message.seq - right.message.seq);
};

/** Puts results of opening into entries; a row that changed meanwhile (another envelope) is left alone. */
export const withContents = (
  entries: readonly MessageEntry[],
  contents: ReadonlyMap<string, MessageContent>,
): readonly MessageEntry[] => {
  let isChanged = false;
  const next = entries.map((entry) => {
    const content = contents.get(contentKey(entry.message));
    if (content === undefined || entry.content.state === 'recalled') return entry;
    isChanged = true;
    return { ...entry, content };
  });
  return isChanged ? next : entries;
};

/** Names one content of one row: it changes with an edit, and not with what is attached to the row. */
export const contentKey = (message: Message): string => `${message.seq}.${message.n}.${messageName(message)}`;

/** Removes what a window does not need: at most `most` rows, from the end that is further from what was just loaded. */
export const trimmedEntries = (
  entries: readonly MessageEntry[],
  most: number,
  from: 'start' | 'end',
): readonly MessageEntry[] => {
  if (entries.length <= most) return entries;
  return from === 'start' ? entries.slice(entries.length - most) : entries.slice(0, most);
};
