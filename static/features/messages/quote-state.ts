/** Messages that are replied to and are not among the rows on screen, by name. No DOM. */
import { messageName } from './message-state.ts';
import type { MessageEntry } from './message-state.ts';

/** Null: it is not there (any more), or not for me. */
export type QuotesState = ReadonlyMap<string, MessageEntry | null>;

/** What a reply shows above its text. `entry` undefined: not known yet; null: not there. */
export type Quote = { name: string; entry: MessageEntry | null | undefined };

/** Finds what rows reply to: among themselves first, since those change with the room. */
export const createQuoteFinder = (
  rows: readonly MessageEntry[],
  quotes: QuotesState,
): ((name: string) => Quote) => {
  let byName: Map<string, MessageEntry> | null = null;
  return (name) => {
    byName ??= new Map(rows.map((row) => [messageName(row.message), row]));
    const entry = byName.get(name);
    return { name, entry: entry ?? quotes.get(name) };
  };
};

export const isSameQuote = (left: Quote | null, right: Quote | null): boolean =>
  left === right || (left?.name === right?.name && left?.entry === right?.entry);
