/** Messages that were written here and are not stored by the server yet. No DOM. */
import type { PollOption } from '../crypto/index.ts';
import type { FailureCode } from '../state/failure.ts';

/** What a poll adds to its question. The server sees everything of it but the texts. */
export type OutboxPoll = {
  options: PollOption[];
  isMultiple: boolean;
  isAnonymous: boolean;
  /** By the server's clock; null for none. */
  closesAt: number | null;
};

export type OutboxItem = {
  clientId: string;
  roomUid: string;
  /** Of a poll: its question. */
  text: string;
  /** Only of a poll. */
  poll?: OutboxPoll;
  /** `senderUid.clientId` of the message replied to. */
  target: string | null;
  /** Server-adjusted time of writing. */
  composedAt: number;
  /** Ascending within a room; the order of sending. */
  order: number;
  state: OutboxItemState;
};

export type OutboxItemState =
  /**
   * `reason` says what it waits for (OFFLINE, RATE_LIMITED, KEY_MISSING, …); null: it is on its way. `retryAt` is on the
   * browser's clock; null with a reason: it goes as soon as there is a connection.
   */
  | { name: 'waiting'; reason: FailureCode | null; retryAt: number | null }
  /** Acknowledged; the row itself arrives with the room's event. */
  | { name: 'sent'; seq: number; sentAt: number }
  /** It will not go by itself: retry, discard, or take the text back. */
  | { name: 'failed'; reason: FailureCode; subject: string | null };

export type OutboxState = {
  /** All rooms, in order of sending. */
  items: readonly OutboxItem[];
  /** False if this browser refuses storage: unsent messages do not survive a reload, and the user is told. */
  isDurable: boolean;
};

export const emptyOutbox = (): OutboxState => ({ items: [], isDurable: true });

const byOrder = (left: OutboxItem, right: OutboxItem): number =>
  left.order - right.order || (left.clientId < right.clientId ? -1 : 1);

export const withItem = (state: OutboxState, item: OutboxItem): OutboxState => ({
  ...state,
  items: [...state.items.filter((other) => other.clientId !== item.clientId), item].sort(byOrder),
});

export const withItemState = (
  state: OutboxState,
  clientId: string,
  itemState: OutboxItemState,
): OutboxState => ({
  ...state,
  items: state.items.map((item) => (item.clientId === clientId ? { ...item, state: itemState } : item)),
});

export const withoutItems = (state: OutboxState, clientIds: ReadonlySet<string>): OutboxState =>
  state.items.some((item) => clientIds.has(item.clientId))
    ? { ...state, items: state.items.filter((item) => !clientIds.has(item.clientId)) }
    : state;

/** Nothing of it is known but where and when it was written: it can only be thrown away. */
export const isSealed = ({ state }: OutboxItem): boolean =>
  state.name === 'failed' && state.reason === 'TEXT_SEALED';

/** Those of one room. They go one after another: what the first one waits for, the ones behind it wait for, too. */
export const itemsOfRoom = (state: OutboxState, roomUid: string): readonly OutboxItem[] => {
  const items = state.items.filter((item) => item.roomUid === roomUid);
  const first = items.find((item) => item.state.name === 'waiting')?.state;
  if (first?.name !== 'waiting' || first.reason === null) return items;
  return items.map((item) =>
    item.state.name === 'waiting' && item.state.reason === null ? { ...item, state: first } : item,
  );
};

/** What a sign-out would lose. */
export const unsentCount = (state: OutboxState): number =>
  state.items.filter((item) => item.state.name !== 'sent').length;
