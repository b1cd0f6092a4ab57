/** Moving through a room's history. Progress and failures show in the room's entry (`loading`, `loadFailure`). */
import { limits } from '#contract/limits.ts';
import type { RequestOutput } from '#contract/index.ts';
import type { Call } from '../../connection/socket-connection.ts';
import type { Result } from '../../state/failure.ts';
import type { Store } from '../../state/store.ts';
import type { RoomKeys } from '../rooms/room-keys.ts';
import { visibleRows, withRoom } from '../rooms/room-state.ts';
import type { RoomEntry, RoomsState } from '../rooms/room-state.ts';
import { withPageAfter, withPageAround, withPageBefore, withoutDetached } from './history-state.ts';
import type { Page } from './history-state.ts';

export type HistoryActions = {
  loadBefore: (roomUid: string) => Promise<void>;
  loadAfter: (roomUid: string) => Promise<void>;
  /** Shows the rows around a seq; resolves true once that row (or the nearest one) is loaded. */
  jumpTo: (roomUid: string, seq: number) => Promise<boolean>;
  /** Back to the tail. */
  jumpToLatest: (roomUid: string) => void;
};

type Where = { kind: 'before' } | { kind: 'after' } | { kind: 'around'; seq: number };

type PageInput = { roomUid: string; limit: number; before?: number; after?: number; around?: number };

/** A page may be older than what events have already told; it is asked again this often. */
const maxAttempts = 3;

export const createHistoryActions = (deps: {
  call: Call;
  rooms: Store<RoomsState>;
  keys: Pick<RoomKeys, 'loadChangesDownTo'>;
  meUid: string;
}): HistoryActions => {
  const { rooms, meUid } = deps;
  const entryOf = (roomUid: string): RoomEntry | undefined => rooms.get().byUid.get(roomUid);
  const change = (roomUid: string, apply: (entry: RoomEntry) => RoomEntry): void => {
    const entry = entryOf(roomUid);
    if (entry !== undefined) rooms.update((state) => withRoom(state, apply(entry)));
  };

  const fetchPage = async (input: PageInput): Promise<Result<RequestOutput<'message:page'>>> => {
    let result = await deps.call('message:page', input);
    for (let attempt = 1; attempt < maxAttempts && result.ok; attempt += 1) {
      const mine = entryOf(input.roomUid)?.room.rev ?? 0;
      if (result.value.rev >= mine) return result;
      result = await deps.call('message:page', input);
    }
    return result;
  };

  /** Resolves once no page of the room is being loaded: a room that was opened a moment ago loads its first one. */
  const idle = (roomUid: string): Promise<void> =>
    new Promise((resolve) => {
      const isIdle = (): boolean => (entryOf(roomUid)?.loading ?? null) === null;
      if (isIdle()) {
        resolve();
        return;
      }
      const stop = rooms.subscribe(isIdle, (isDone) => {
        if (!isDone) return;
        stop();
        resolve();
      });
    });

  const load = async (roomUid: string, where: Where, apply: (entry: RoomEntry, page: Page) => RoomEntry) => {
    const entry = entryOf(roomUid);
    if (entry === undefined || entry.loading !== null) return false;
    const input = pageInput(entry, where, meUid);
    if (input === null) return false;
    change(roomUid, (present) => ({ ...present, loading: where.kind, loadFailure: null }));
    const shown = entry.detached;
    const result = await fetchPage(input);
    const present = entryOf(roomUid);
    if (present === undefined) return false;
    // The window was left or replaced meanwhile: the page belongs nowhere.
    const isStale = where.kind !== 'around' && (present.detached === null) !== (shown === null);
    if (!result.ok || isStale) {
      const loadFailure = result.ok ? null : result.code;
      change(roomUid, (latest) => ({ ...latest, loading: null, loadFailure }));
      return false;
    }
    change(roomUid, (latest) => apply(latest, result.value));
    const first = result.value.messages[0];
    if (first !== undefined) await deps.keys.loadChangesDownTo(roomUid, first.seq);
    return true;
  };

  return {
    loadBefore: async (roomUid) => {
      await load(roomUid, { kind: 'before' }, withPageBefore);
    },
    loadAfter: async (roomUid) => {
      await load(roomUid, { kind: 'after' }, withPageAfter);
    },
    jumpTo: async (roomUid, seq) => {
      await idle(roomUid);
      const entry = entryOf(roomUid);
      if (entry === undefined) return false;
      if (visibleRows(entry, meUid).entries.some((row) => row.message.seq === seq)) return true;
      if (entry.tail.some((row) => row.message.seq === seq)) {
        change(roomUid, withoutDetached);
        return true;
      }
      return load(roomUid, { kind: 'around', seq }, withPageAround);
    },
    jumpToLatest: (roomUid) => change(roomUid, withoutDetached),
  };
};

const pageInput = (entry: RoomEntry, where: Where, meUid: string): PageInput | null => {
  const { roomUid, lastSeq } = entry.room;
  const { entries, hasBefore, hasAfter } = visibleRows(entry, meUid);
  const limit = limits.pageSize;
  if (where.kind === 'around') return { roomUid, around: where.seq, limit };
  if (where.kind === 'before') {
    return hasBefore ? { roomUid, before: entries[0]?.message.seq ?? lastSeq + 1, limit } : null;
  }
  return hasAfter ? { roomUid, after: entries[entries.length - 1]?.message.seq ?? 0, limit } : null;
};
