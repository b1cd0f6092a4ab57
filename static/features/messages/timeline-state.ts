/** Turns rows, outbox and epoch changes into the lines of a conversation. Pure. */
import type { ReadReceipts } from '#contract/policies.ts';
import type { Member } from '#contract/rooms.ts';
import type { OutboxItem } from '../../connection/outbox-state.ts';
import type { EpochChange } from '../../crypto/index.ts';
import type { VisibleRows } from '../rooms/room-state.ts';
import { messageName } from './message-state.ts';
import type { MessageEntry } from './message-state.ts';
import type { Quote } from './quote-state.ts';
import { createUnreadCounter, isReadingShown } from './reading-state.ts';

/** `key` is stable: an optimistic row and the stored row that replaces it have the same. */
export type TimelineItem =
  | { kind: 'day'; key: string; startsAt: number }
  | { kind: 'new-messages'; key: string }
  | {
      kind: 'message';
      key: string;
      entry: MessageEntry;
      isOwn: boolean;
      isGroupStart: boolean;
      isGroupEnd: boolean;
      /** What it replies to; null for a message that is no reply. */
      quote: Quote | null;
      isSaved: boolean;
      /** Active members who have not read it; the sender does not count. 0 as well where that is not shown. */
      unreadBy: number;
    }
  | {
      kind: 'outbox';
      key: string;
      item: OutboxItem;
      isGroupStart: boolean;
      isGroupEnd: boolean;
      /** The last of several that wait for the same: it says for what. */
      isWaitEnd: boolean;
    }
  /** Who was added, removed, confirmed, and by whom. `isFirst`: the room's beginning. */
  | { kind: 'membership'; key: string; change: EpochChange; isFirst: boolean };

export type TimelineInput = {
  rows: VisibleRows;
  /** Of this room, in order of sending. */
  outboxItems: readonly OutboxItem[];
  changes: readonly EpochChange[];
  /** Those who count: whose account is in use. */
  members: readonly Member[];
  /** For which messages the number of those who have not read is shown. */
  receipts: ReadReceipts;
  meUid: string;
  newLineSeq: number | null;
  /** The first seq I may read: lines from before my time are left out. */
  firstReadableSeq: number;
  /** Names of the messages that I do not want to see any more. */
  hidden: ReadonlyMap<string, unknown>;
  /** Names of the messages that I saved. */
  saved: ReadonlyMap<string, unknown>;
  /** Finds what a row replies to. */
  quoteOf: (name: string) => Quote;
  /** Start of the local day that a server time falls into, in ms. */
  startOfDay: (at: number) => number;
};

/** The lines of a conversation, oldest first. */
export const buildTimeline = (input: TimelineInput): TimelineItem[] => {
  const items: TimelineItem[] = [];
  const lines = createLines(input, items);
  const changes = changesInRange(input);
  const unreadBy = createUnreadCounter(input.members);
  let nextChange = 0;
  const addChangesUpTo = (seq: number): void => {
    for (let change = changes[nextChange]; change !== undefined; change = changes[nextChange]) {
      if (change.afterSeq > seq) return;
      nextChange += 1;
      lines.day(change.madeAt);
      items.push({ kind: 'membership', key: `epoch:${change.epoch}`, change, isFirst: change.epoch === 1 });
    }
  };

  for (const entry of input.rows.entries) {
    const { message } = entry;
    const name = messageName(message);
    if (input.hidden.has(name)) continue;
    addChangesUpTo(message.seq - 1);
    lines.day(message.sentAt);
    if (input.newLineSeq === message.seq) items.push({ kind: 'new-messages', key: 'new-messages' });
    const isOwn = message.senderUid === input.meUid;
    items.push({
      kind: 'message',
      key: name,
      entry,
      isOwn,
      isGroupStart: true,
      isGroupEnd: true,
      isSaved: input.saved.has(name),
      quote: quoteOf(input, message.target, entry),
      unreadBy: isReadingShown(input.receipts, isOwn) ? unreadBy(message) : 0,
    });
  }
  if (!input.rows.hasAfter) {
    addChangesUpTo(Number.MAX_SAFE_INTEGER);
    addOutboxRows(input, items, lines.day);
  }
  markGroups(items, input.meUid);
  return items;
};

/** Of a recalled message nothing is shown but that it was there. */
const quoteOf = (input: TimelineInput, target: string | null, { content }: MessageEntry): Quote | null =>
  target === null || content.state === 'recalled' ? null : input.quoteOf(target);

const createLines = (input: TimelineInput, items: TimelineItem[]) => {
  const { entries, hasBefore } = input.rows;
  const first = entries[0]?.message;
  // While older rows are missing nobody knows where the first one's day begins, and a line above the window would stay
  // there, and the view with it, whatever is put in below.
  let lastDay = hasBefore && first !== undefined ? input.startOfDay(first.sentAt) : Number.NEGATIVE_INFINITY;
  const day = (at: number): void => {
    const startsAt = input.startOfDay(at);
    // Only forward: an epoch record's time may lie before the message it follows.
    if (startsAt <= lastDay) return;
    lastDay = startsAt;
    items.push({ kind: 'day', key: `day:${startsAt}`, startsAt });
  };
  return { day };
};

const changesInRange = (input: TimelineInput): EpochChange[] => {
  const { entries, hasBefore, hasAfter } = input.rows;
  const lowest = hasBefore
    ? (entries[0]?.message.seq ?? Number.MAX_SAFE_INTEGER)
    : input.firstReadableSeq - 1;
  const highest = hasAfter ? (entries[entries.length - 1]?.message.seq ?? 0) - 1 : Number.MAX_SAFE_INTEGER;
  return input.changes
    .filter((change) => change.afterSeq >= lowest && change.afterSeq <= highest && isVisibleChange(change))
    .sort((left, right) => left.epoch - right.epoch);
};

const isVisibleChange = (change: EpochChange): boolean =>
  change.epoch === 1 ||
  change.added.length + change.removed.length + change.confirmed.length > 0 ||
  change.history !== null;

const addOutboxRows = (input: TimelineInput, items: TimelineItem[], day: (at: number) => void): void => {
  const storedNames = new Set(input.rows.entries.map((entry) => messageName(entry.message)));
  input.outboxItems.forEach((item, index) => {
    const key = messageName({ senderUid: input.meUid, clientId: item.clientId });
    if (storedNames.has(key)) return;
    day(shownAt(item));
    const isWaitEnd = !isSameWait(item.state, input.outboxItems[index + 1]?.state);
    items.push({ kind: 'outbox', key, item, isGroupStart: true, isGroupEnd: true, isWaitEnd });
  });
};

const isSameWait = (state: OutboxItem['state'], next: OutboxItem['state'] | undefined): boolean =>
  state.name === 'waiting' &&
  next?.name === 'waiting' &&
  state.reason === next.reason &&
  state.retryAt === next.retryAt;

const shownAt = (item: OutboxItem): number =>
  item.state.name === 'sent' ? item.state.sentAt : item.composedAt;

const minuteMs = 60_000;

/** Neighbours of one sender within one minute of the clock form a group. */
const markGroups = (items: TimelineItem[], meUid: string): void => {
  let previous: { item: TimelineItem; sender: string; minute: number } | null = null;
  for (const item of items) {
    const facts = groupFacts(item, meUid);
    if (facts === null) {
      previous = null;
      continue;
    }
    if (
      previous !== null &&
      previous.sender === facts.sender &&
      previous.minute === facts.minute &&
      (item.kind === 'message' || item.kind === 'outbox') &&
      (previous.item.kind === 'message' || previous.item.kind === 'outbox')
    ) {
      item.isGroupStart = false;
      previous.item.isGroupEnd = false;
    }
    previous = { item, ...facts };
  }
};

const groupFacts = (item: TimelineItem, meUid: string): { sender: string; minute: number } | null => {
  if (item.kind === 'message') {
    const { senderUid, sentAt } = item.entry.message;
    return { sender: senderUid, minute: Math.floor(sentAt / minuteMs) };
  }
  if (item.kind === 'outbox') return { sender: meUid, minute: Math.floor(shownAt(item.item) / minuteMs) };
  return null;
};

/** The local day that `at` falls into, by this browser's time zone. */
export const startOfLocalDay = (at: number): number => new Date(at).setHours(0, 0, 0, 0);
