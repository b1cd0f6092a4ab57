import { Virtualizer, elementScroll, observeElementOffset, observeElementRect } from '@tanstack/virtual-core';
import type { VirtualItem } from '@tanstack/virtual-core';
import { h, setAttribute } from './h.ts';

/** A row on the page. `update` is called with the newest item of the same key before each painting. */
export type Row<Item> = { readonly element: HTMLElement; update: (item: Item) => void; dispose: () => void };

export type VirtualListDeps<Item> = {
  label: string;
  keyOf: (item: Item) => string;
  /** A first guess in px; real heights are measured. */
  estimate: (item: Item) => number;
  createRow: (item: Item) => Row<Item>;
  /** After every painting and scrolling. */
  onMoved: () => void;
};

export type VirtualList<Item> = {
  readonly element: HTMLElement;
  setLabel: (label: string) => void;
  setItems: (items: readonly Item[]) => void;
  /** Starts over for another list: forgets rows and measurements and goes to the end. */
  reset: (items: readonly Item[]) => void;
  scrollToEnd: () => void;
  scrollToKey: (key: string, align: 'start' | 'center') => boolean;
  /** Within a few pixels of the end. */
  isAtEnd: () => boolean;
  /** Distance from the top in px. */
  offset: () => number;
  /** Items of which a part is on screen, first to last. */
  visibleItems: () => Item[];
  dispose: () => void;
};

const nearEndPx = 48;
const overscanRows = 8;
/** Heights that were measured bring other rows into view, which are measured in turn; the next frame does what remains. */
const paintRoundsMax = 4;

/**
 * A list that keeps only the rows around the view in the page. It is anchored to what is being read: rows that arrive
 * above, or heights that change above, do not move it; at the end it follows what is appended.
 */
export function createVirtualList<Item>(deps: VirtualListDeps<Item>): VirtualList<Item> {
  const pane = h('div', { class: 'virtual__pane', role: 'list', 'aria-label': deps.label });
  const spacer = h('div', { class: 'virtual__spacer' }, pane);
  const element = h(
    'div',
    { class: 'virtual scroll', tabindex: 0, role: 'region', 'aria-label': deps.label },
    spacer,
  );
  const rows = new Map<string, Row<Item>>();
  let items: readonly Item[] = [];
  let frame = 0;

  // Each set of options knows its own items: the library compares the old rows with the new ones, by key, after both exist.
  const options = () => {
    const listed = items;
    const keyAt = (index: number): string => {
      const item = listed[index];
      return item === undefined ? `none:${index}` : deps.keyOf(item);
    };
    const estimateAt = (index: number): number => {
      const item = listed[index];
      return item === undefined ? 0 : deps.estimate(item);
    };
    return {
      count: listed.length,
      getScrollElement: () => element,
      estimateSize: estimateAt,
      getItemKey: keyAt,
      scrollToFn: scrollTo,
      observeElementRect,
      observeElementOffset,
      overscan: overscanRows,
      anchorTo: 'end' as const,
      followOnAppend: true,
      scrollEndThreshold: nearEndPx,
      paddingStart: 12,
      paddingEnd: 12,
      onChange: (_: unknown, isSync: boolean) => {
        if (isPainting && isSync) isPaintWanted = true;
        else if (isSync) paint();
        else schedule();
      },
    };
  };
  const scrollTo: typeof elementScroll<HTMLElement> = (...args) => moving(() => elementScroll(...args));
  const virtualizer = new Virtualizer<HTMLElement, HTMLElement>(options());
  // As the library does by itself, but also while scrolling up: rows above are opened (and so grow) just then, and what
  // is being read must not move. A row measured for the first time is compensated as soon as its top is above the view.
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = (item, _, { itemSizeCache, scrollOffset }) =>
    (itemSizeCache.has(item.key) ? item.end : item.start + 1) <= (scrollOffset ?? 0);
  const unmount = virtualizer._didMount();

  const schedule = (): void => {
    if (frame === 0) frame = requestAnimationFrame(paint);
  };
  // Measuring makes the library ask for a painting. Done at once, for each row that is measured, each would cost a layout
  // of the page: all rows of a round are put in, then all are measured.
  let isPainting = false;
  let isPaintWanted = false;
  const paint = (): void => {
    cancelAnimationFrame(frame);
    frame = 0;
    moving(() => {
      paintRounds();
      if (isFollowing && virtualizer.getDistanceFromEnd() > 1) virtualizer.scrollToEnd();
    });
    if (isPaintWanted) schedule();
    deps.onMoved();
  };
  const paintRounds = (): void => {
    isPainting = true;
    try {
      for (let round = 0; round === 0 || (isPaintWanted && round < paintRoundsMax); round += 1) {
        isPaintWanted = false;
        paintRound();
      }
    } finally {
      isPainting = false;
    }
  };
  const paintRound = (): void => {
    const shown = virtualizer.getVirtualItems();
    spacer.style.setProperty('height', `${virtualizer.getTotalSize()}px`);
    pane.style.setProperty('transform', `translateY(${shown[0]?.start ?? 0}px)`);
    for (const row of patchRows(shown)) virtualizer.measureElement(row);
    virtualizer._willUpdate();
  };

  // Whether the end is to stay in view, whatever changes its height or the list's own (the screen keyboard, a growing
  // composer, rows that open): only somebody's scrolling up ends it, and only coming to the end begins it.
  let isFollowing = true;
  let last = { top: 0, height: 0, client: 0 };
  const look = () => ({ top: element.scrollTop, height: element.scrollHeight, client: element.clientHeight });
  const onScroll = (): void => {
    const now = look();
    const left = now.height - now.client - now.top;
    // Content or view of another height take the list along by themselves: nobody scrolled, as far as can be told.
    const isOurs = now.height !== last.height || now.client !== last.client;
    // The first steps of a slow scroll upwards are small: they must not be taken back.
    if (now.top < last.top) isFollowing = left <= 2 || (isFollowing && isOurs);
    else if (left <= nearEndPx) isFollowing = true;
    last = now;
  };
  // A row that turns out lower than it was thought takes the list up with it, and by the time that the page is told of that,
  // another row may stand below: what the list does itself must not be taken for somebody's scrolling.
  let isMoving = false;
  const moving = (work: () => void): void => {
    if (isMoving || !isFollowing) return work();
    // what somebody scrolled before counts
    onScroll();
    isMoving = true;
    try {
      work();
    } finally {
      isMoving = false;
      last = look();
    }
    return undefined;
  };
  element.addEventListener('scroll', onScroll, { passive: true });
  const resized = new ResizeObserver(() => isFollowing && virtualizer.scrollToEnd());
  resized.observe(element);

  /** Brings the page in line with what is to be shown, and gives the rows' elements. */
  const patchRows = (shown: readonly VirtualItem[]): HTMLElement[] => {
    const shownRows: HTMLElement[] = [];
    const wanted = new Set(shown.map((entry) => String(entry.key)));
    for (const [key, row] of rows) {
      if (wanted.has(key)) continue;
      // The focus must not fall out of the list with a row that scrolled away.
      if (row.element.contains(document.activeElement)) element.focus({ preventScroll: true });
      rows.delete(key);
      row.element.remove();
      row.dispose();
    }
    let cursor: ChildNode | null = pane.firstChild;
    for (const entry of shown) {
      const item = items[entry.index];
      if (item === undefined) continue;
      const rowNode = rowElement(String(entry.key), item, entry.index);
      if (rowNode === cursor) cursor = cursor.nextSibling;
      else pane.insertBefore(rowNode, cursor);
      shownRows.push(rowNode);
    }
    return shownRows;
  };
  const rowElement = (key: string, item: Item, index: number): HTMLElement => {
    const known = rows.get(key);
    const row = known ?? deps.createRow(item);
    if (known === undefined) rows.set(key, row);
    else row.update(item);
    row.element.setAttribute('data-index', String(index));
    return row.element;
  };
  const apply = (next: readonly Item[]): void => {
    items = next;
    virtualizer.setOptions(options());
    virtualizer._willUpdate();
    paint();
  };
  const dropRows = (): void => {
    for (const row of rows.values()) {
      row.element.remove();
      row.dispose();
    }
    rows.clear();
  };

  return {
    element,
    setLabel: (label) => {
      setAttribute(element, 'aria-label', label);
      setAttribute(pane, 'aria-label', label);
    },
    setItems: apply,
    reset: (next) => {
      dropRows();
      items = [];
      virtualizer.setOptions(options());
      virtualizer.measure();
      isFollowing = true;
      apply(next);
      virtualizer.scrollToEnd();
      paint();
    },
    scrollToEnd: () => {
      isFollowing = true;
      virtualizer.scrollToEnd();
    },
    scrollToKey: (key, align) => {
      const index = items.findIndex((item) => deps.keyOf(item) === key);
      if (index < 0) return false;
      isFollowing = false;
      virtualizer.scrollToIndex(index, { align });
      return true;
    },
    isAtEnd: () => virtualizer.isAtEnd(nearEndPx),
    offset: () => element.scrollTop,
    visibleItems: () => {
      const top = element.scrollTop;
      const bottom = top + element.clientHeight;
      return virtualizer
        .getVirtualItems()
        .filter((entry) => entry.end > top && entry.start < bottom)
        .flatMap((entry) => items[entry.index] ?? []);
    },
    dispose: () => {
      cancelAnimationFrame(frame);
      resized.disconnect();
      element.removeEventListener('scroll', onScroll);
      unmount();
      dropRows();
    },
  };
}
