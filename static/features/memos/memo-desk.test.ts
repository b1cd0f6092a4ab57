import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Memo, MemoBox } from '#contract/memos.ts';
import type { App } from '../../app-types.ts';
import { fail, succeed } from '../../state/failure.ts';
import { createStore } from '../../state/store.ts';
import type { MemoActions } from './memo-actions.ts';
import { createMemoDesk } from './memo-desk.ts';
import type { DeskState, MemoDesk } from './memo-desk.ts';
import { noMemos } from './memo-news.ts';
import type { MemosState } from './memo-news.ts';
import type { MemoEntry } from './memo-state.ts';

const memoOf = (memoUid: string, facts: Partial<Memo> = {}): Memo => ({
  memoUid,
  box: 'inbox',
  senderUid: 'anna',
  sender: 'anna.1.x',
  readersHash: 'h',
  body: null,
  wrap: null,
  wrapFor: 'me.1.x',
  sentAt: 1_000,
  readAt: null,
  ...facts,
});

const open = (memo: Memo): MemoEntry => ({
  memo,
  content: { state: 'open', text: memo.memoUid, at: 1, readerUids: ['me'], isSenderConfirmed: true },
});
const closed = (memo: Memo): MemoEntry => ({ memo, content: { state: 'closed' } });
const recalled = (memo: Memo): MemoEntry => ({ memo, content: { state: 'recalled' } });

/** A server of a few memos; `entries` is what it has. */
function createBench(entries: Map<string, MemoEntry>) {
  const asked: string[] = [];
  const memos = createStore<MemosState>(noMemos());
  const found = (memoUid: string) => {
    const entry = entries.get(memoUid);
    return entry === undefined ? fail('NOT_FOUND') : succeed({ entry, receipts: null });
  };
  const actions: Pick<MemoActions, 'list' | 'get' | 'open'> = {
    list: async (box) => {
      asked.push(`list ${box}`);
      const inBox = [...entries.values()].filter(({ memo }) => memo.box === box);
      return succeed({ entries: inBox, hasMore: false });
    },
    get: async (memoUid) => {
      asked.push(`get ${memoUid}`);
      return found(memoUid);
    },
    open: async (memoUid) => {
      asked.push(`open ${memoUid}`);
      const entry = entries.get(memoUid);
      if (entry === undefined) return fail('NOT_FOUND');
      if (entry.content.state === 'recalled') return fail('MEMO_RECALLED');
      const opened = open({ ...entry.memo, readAt: 7 });
      entries.set(memoUid, opened);
      return succeed(opened);
    },
  };
  // the desk uses nothing else of an app
  const app = { actions: { memos: actions }, stores: { memos } } as unknown as App;
  const desk = createMemoDesk(app);
  const tell = (memoUid: string | null, isGone?: boolean): void =>
    memos.set({ unread: 0, news: { memoUid, isGone } });
  return { desk, asked, tell };
}

/** Resolves when the desk is as it should be. */
const until = (desk: MemoDesk, fits: (state: DeskState) => boolean): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => {
      if (!fits(desk.state.get())) return;
      stop();
      resolve();
    };
    const stop = desk.state.subscribe((state) => state, look);
    queueMicrotask(look);
  });

const uidsIn = ({ boxes }: DeskState, box: MemoBox): string[] =>
  boxes[box].entries.map(({ memo }) => memo.memoUid);

test('a memo is opened when it is shown, and only then', async () => {
  const { desk, asked } = createBench(new Map([['a', closed(memoOf('a'))]]));
  desk.showBox('inbox');
  await until(desk, (state) => uidsIn(state, 'inbox').length === 1);
  assert.deepEqual(asked, ['list inbox']);
  desk.show('a');
  await until(desk, (state) => state.open?.entry?.content.state === 'open');
  assert.deepEqual(asked, ['list inbox', 'open a']);
  assert.equal(desk.state.get().boxes.inbox.entries[0]?.memo.readAt, 7);
  // again: it is open already
  desk.show('a');
  await until(desk, () => asked.includes('get a'));
  assert.equal(asked.filter((what) => what === 'open a').length, 1);
  desk.dispose();
});

test('an address alone leads to a memo, and one that was taken back meanwhile says so', async () => {
  const entries = new Map([['a', closed(memoOf('a'))]]);
  const { desk } = createBench(entries);
  desk.show('a');
  await until(desk, (state) => state.open?.entry?.content.state === 'open');
  // the box still shows it as it was
  const late = createBench(new Map([['b', recalled(memoOf('b', { recalledAt: 5 }))]]));
  late.desk.take(closed(memoOf('b')));
  late.desk.show('b');
  await until(late.desk, (state) => state.open?.entry?.content.state === 'recalled');
  const nowhere = createBench(new Map());
  nowhere.desk.show('c');
  await until(nowhere.desk, (state) => state.open?.failure === 'NOT_FOUND');
  for (const bench of [desk, late.desk, nowhere.desk]) bench.dispose();
});

test('what changes comes anew, what is gone goes, and after a time without connection all of it is asked for', async () => {
  const entries = new Map([['a', closed(memoOf('a'))]]);
  const { desk, asked, tell } = createBench(entries);
  desk.showBox('inbox');
  await until(desk, (state) => uidsIn(state, 'inbox').length === 1);
  entries.set('b', closed(memoOf('b', { sentAt: 2_000 })));
  tell('b');
  tell('b');
  await until(desk, (state) => uidsIn(state, 'inbox').join() === 'b,a');
  assert.equal(asked.filter((what) => what === 'get b').length, 1, 'two events, one question');
  tell('a', true);
  assert.deepEqual(uidsIn(desk.state.get(), 'inbox'), ['b']);
  entries.delete('a');
  entries.set('c', closed(memoOf('c', { sentAt: 3_000 })));
  tell(null);
  await until(desk, (state) => uidsIn(state, 'inbox').join() === 'c,b');
  desk.dispose();
});
