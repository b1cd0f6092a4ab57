/** What the first screen knows of memos: how many are not opened, and that something changed. The rest comes later. No DOM. */
import type { EventPayload } from '#contract/index.ts';
import type { Connection } from '../../connection/socket-connection.ts';
import type { Store } from '../../state/store.ts';

/** `memoUid` null: anything may be different, after a time without a connection. A new object for each event. */
export type MemoNews = { memoUid: string | null; isGone?: boolean | undefined };

export type MemosState = { unread: number; news: MemoNews };

export const noMemos = (): MemosState => ({ unread: 0, news: { memoUid: null } });

export type MemoFollower = { synced: (unread: number) => void; stop: () => void };

/** Keeps the number current: events come in the order of the server's commits, and after the answer they belong behind. */
export function followMemos(
  { on }: Pick<Connection, 'on'>,
  memos: Store<MemosState>,
  notify: (notice: EventPayload<'memo:received'>) => void,
): MemoFollower {
  const undo = [
    on('memo:received', (notice) => {
      memos.set({ unread: notice.unread, news: { memoUid: notice.memoUid } });
      notify(notice);
    }),
    on('memo:changed', ({ memoUid, unread, isGone }) =>
      memos.update((state) => ({ unread: unread ?? state.unread, news: { memoUid, isGone } })),
    ),
  ];
  return {
    synced: (unread) => memos.set({ unread, news: { memoUid: null } }),
    stop: () => {
      for (const stop of undo) stop();
    },
  };
}
