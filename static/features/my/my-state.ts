/** What is one's own: settings of rooms, saved and hidden messages. No DOM. */
import type { MyChanges, MyItem, MyMessage, MyRoom } from '#contract/my-items.ts';

export type MyState = {
  /** The revision this state has; null before anything is known. */
  rev: number | null;
  rooms: ReadonlyMap<string, MyRoom>;
  /** By message name. */
  saved: ReadonlyMap<string, MyMessage>;
  hidden: ReadonlyMap<string, MyMessage>;
};

/** What opening and reading a room does to my settings of it. */
export type MyRoomReading = {
  /** The room is put on screen: it is not put away any more, and its mark of unread goes once it is read. */
  opened: (roomUid: string) => void;
  /** The row is on screen. A mark that was set while the room was open stays until it is opened again. */
  seen: (roomUid: string, seq: number) => void;
};

export const emptyMy = (): MyState => ({ rev: null, rooms: new Map(), saved: new Map(), hidden: new Map() });

/** My favourites in my order. */
export const favouriteUids = ({ rooms }: Pick<MyState, 'rooms'>): string[] =>
  [...rooms]
    .flatMap(([roomUid, { favouriteRank }]) =>
      favouriteRank === undefined ? [] : { roomUid, favouriteRank },
    )
    .sort((left, right) => left.favouriteRank - right.favouriteRank)
    .map(({ roomUid }) => roomUid);

const withItems = (state: MyState, items: readonly MyItem[], rev: number): MyState => {
  const next = {
    rev,
    rooms: new Map(state.rooms),
    saved: new Map(state.saved),
    hidden: new Map(state.hidden),
  };
  for (const item of items) {
    if (item.kind === 'room') put(next.rooms, item.key, item.value);
    else if (item.kind === 'saved') put(next.saved, item.key, item.value);
    else put(next.hidden, item.key, item.value);
  }
  return next;
};

const put = <Value>(map: Map<string, Value>, key: string, value: Value | null): void => {
  if (value === null) map.delete(key);
  else map.set(key, value);
};

/** Applies an answer: what changed since the revision that was asked for, or everything. */
export const withMyChanges = (state: MyState, { rev, isReset, items }: MyChanges): MyState => {
  if (isReset) return withItems(emptyMy(), items, rev);
  return rev < (state.rev ?? 0) ? state : withItems(state, items, rev);
};

/** Applies an event if it is the next one; null if something between is missing. */
export const withMyEvent = (
  state: MyState,
  { rev, items }: { rev: number; items: readonly MyItem[] },
): MyState | null => {
  const mine = state.rev ?? 0;
  if (rev <= mine) return state;
  return rev === mine + 1 ? withItems(state, items, rev) : null;
};

type Kept = {
  rev: number;
  rooms: [string, MyRoom][];
  saved: [string, MyMessage][];
  hidden: [string, MyMessage][];
};

/** As this browser keeps it between two visits. */
export const keptMy = ({ rev, rooms, saved, hidden }: MyState): string =>
  JSON.stringify({ rev: rev ?? 0, rooms: [...rooms], saved: [...saved], hidden: [...hidden] });

/** What was kept; empty if it cannot be read. */
export const readKeptMy = (text: string | null): MyState => {
  if (text === null) return emptyMy();
  try {
    // written by `keptMy`; another version's form is replaced by the first answer
    const { rev, rooms, saved, hidden } = JSON.parse(text) as Kept;
    if (![rooms, saved, hidden].every(Array.isArray)) return emptyMy();
    return { rev, rooms: new Map(rooms), saved: new Map(saved), hidden: new Map(hidden) };
  } catch {
    return emptyMy();
  }
};
