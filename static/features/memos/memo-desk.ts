/** The boxes of memos while their page is on screen: loads them, follows what changes, and knows which one is open. No DOM. */
import type { Memo, MemoBox, MemoReceipt } from '#contract/memos.ts';
import type { App } from '../../app-types.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { FailureCode } from '../../state/failure.ts';
import { createStore } from '../../state/store.ts';
import type { ReadableStore } from '../../state/store.ts';
import { emptyBoxes, findEntry, isUnread, withEntry, withoutMemo, withPage } from './memo-state.ts';
import type { MemoBoxes, MemoEntry } from './memo-state.ts';

export type OpenMemo = {
  memoUid: string;
  /** Null until it has come. */
  entry: MemoEntry | null;
  /** Who opened it and when: of my own ones. */
  receipts: readonly MemoReceipt[] | null;
  failure: FailureCode | null;
};

export type DeskState = { boxes: MemoBoxes; box: MemoBox; open: OpenMemo | null };

export type MemoDesk = {
  readonly state: ReadableStore<DeskState>;
  showBox: (box: MemoBox) => void;
  loadMore: () => void;
  /** Shows a memo, and opens it if that was not done before; null puts it away. */
  show: (memoUid: string | null) => void;
  /** What an action of this page gave. */
  take: (entry: MemoEntry) => void;
  takeOut: (memoUid: string) => void;
  reload: () => void;
  dispose: () => void;
};

/** Changes that come together are asked for together. */
const gatherMs = 120;
/** More than so many at once are cheaper as a page. */
const mostAtOnce = 8;

export function createMemoDesk(app: Pick<App, 'actions' | 'stores'>): MemoDesk {
  const { memos: actions } = app.actions;
  const store = createStore<DeskState>({ boxes: emptyBoxes(), box: 'inbox', open: null });
  const disposables = createDisposables();
  let isGone = false;

  const patchBox = (box: MemoBox, part: Partial<MemoBoxes[MemoBox]>): void =>
    store.update((state) => ({
      ...state,
      boxes: { ...state.boxes, [box]: { ...state.boxes[box], ...part } },
    }));

  /** Counted, so that the answer to an earlier question does not take the place of a later one's. */
  const asked: Record<MemoBox, number> = { inbox: 0, sent: 0, scheduled: 0 };
  const load = async (box: MemoBox, after: Memo | null): Promise<void> => {
    asked[box] += 1;
    const mine = asked[box];
    patchBox(box, { isLoading: true, failure: null });
    const result = await actions.list(box, after);
    if (isGone || mine !== asked[box]) return;
    if (!result.ok) {
      patchBox(box, { isLoading: false, failure: result.code });
      return;
    }
    store.update((state) => ({
      ...state,
      boxes: { ...state.boxes, [box]: withPage(state.boxes[box], result.value, after === null) },
    }));
  };

  const take = (entry: MemoEntry): void =>
    store.update((state) => ({
      ...state,
      boxes: withEntry(state.boxes, entry),
      open: state.open?.memoUid === entry.memo.memoUid ? { ...state.open, entry, failure: null } : state.open,
    }));
  const takeOut = (memoUid: string): void =>
    store.update((state) => ({
      ...state,
      boxes: withoutMemo(state.boxes, memoUid),
      open:
        state.open?.memoUid === memoUid ? { ...state.open, entry: null, failure: 'NOT_FOUND' } : state.open,
    }));
  const failOpen = (memoUid: string, failure: FailureCode): void =>
    store.update((state) =>
      state.open?.memoUid === memoUid ? { ...state, open: { ...state.open, failure } } : state,
    );

  /** As the server has it now. */
  const refresh = async (memoUid: string): Promise<void> => {
    const result = await actions.get(memoUid);
    if (isGone) return;
    if (!result.ok) {
      if (result.code === 'NOT_FOUND') takeOut(memoUid);
      else failOpen(memoUid, result.code);
      return;
    }
    const { entry, receipts } = result.value;
    store.update((state) =>
      state.open?.memoUid === memoUid ? { ...state, open: { ...state.open, receipts } } : state,
    );
    take(entry);
  };
  const openUp = async (memoUid: string): Promise<void> => {
    const known = findEntry(store.get().boxes, memoUid);
    if (known === undefined || !isUnread(known.memo)) await refresh(memoUid);
    if (isGone || store.get().open?.memoUid !== memoUid) return;
    const entry = store.get().open?.entry ?? known;
    if (entry === undefined || !isUnread(entry.memo)) return;
    const result = await actions.open(memoUid);
    if (isGone) return;
    if (result.ok) take(result.value);
    // taken back a moment ago: what is left of it is shown
    else if (result.code === 'MEMO_RECALLED') await refresh(memoUid);
    else failOpen(memoUid, result.code);
  };

  const reload = (): void => {
    const { boxes, box, open } = store.get();
    // the others come anew when they are shown
    store.update((state) => ({ ...state, boxes: { ...emptyBoxes(), [box]: boxes[box] } }));
    drop(load(box, null));
    if (open !== null) drop(openUp(open.memoUid));
  };

  const changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const catchUp = (): void => {
    timer = undefined;
    const uids = [...changed];
    changed.clear();
    if (uids.length > mostAtOnce) reload();
    else for (const memoUid of uids) drop(refresh(memoUid));
  };
  disposables.add(
    app.stores.memos.subscribe(
      ({ news }) => news,
      ({ memoUid, isGone: isTakenOut }) => {
        if (memoUid === null) reload();
        else if (isTakenOut === true) takeOut(memoUid);
        else {
          changed.add(memoUid);
          timer ??= setTimeout(catchUp, gatherMs);
        }
      },
    ),
    () => clearTimeout(timer),
    () => (isGone = true),
  );

  return {
    state: store,
    showBox: (box) => {
      store.patch({ box });
      if (!store.get().boxes[box].isLoaded) drop(load(box, null));
    },
    loadMore: () => {
      const { boxes, box } = store.get();
      const { entries, hasMore, isLoading } = boxes[box];
      const last = entries[entries.length - 1];
      if (hasMore && !isLoading && last !== undefined) drop(load(box, last.memo));
    },
    show: (memoUid) => {
      if (memoUid === null) {
        store.patch({ open: null });
        return;
      }
      const entry = findEntry(store.get().boxes, memoUid) ?? null;
      store.patch({ open: { memoUid, entry, receipts: null, failure: null } });
      drop(openUp(memoUid));
    },
    take,
    takeOut,
    reload,
    dispose: disposables.dispose,
  };
}
