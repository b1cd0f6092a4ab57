/** One batch of rows of one room: opened, painted, their signatures checked. Remembers which rows have to wait for the server. */
import type { Message } from '#contract/messages.ts';
import type { CryptoEngine, MessageRow } from '../../crypto/index.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import type { Store } from '../../state/store.ts';
import { withRoom } from '../rooms/room-state.ts';
import type { RoomEntry, RoomsState } from '../rooms/room-state.ts';
import { contentKey, withContents } from './message-state.ts';
import type { MessageContent } from './message-state.ts';
import { keyedContents, openedContent, verifiedContent } from './opened-contents.ts';

export type RowOpener = {
  /** False if the engine could not be asked: the rows are as they were. */
  open: (roomUid: string, rows: Message[]) => Promise<boolean>;
  /** The same for rows that are painted already: only what comes out in the end is shown. */
  openAgain: (roomUid: string, rows: Message[]) => Promise<boolean>;
  /** Rows on display that lack something which the server did not deliver. */
  unsettledRows: (entry: RoomEntry) => Message[];
  stop: () => void;
};

export const createRowOpener = (deps: {
  crypto: Pick<CryptoEngine, 'openMessages' | 'verifyMessages'>;
  rooms: Store<RoomsState>;
  /** The last row of a room was opened (or cannot be): for notices. */
  lastRowOpened: (message: Message, content: MessageContent) => void;
}): RowOpener => {
  const { crypto, rooms } = deps;
  const unsettledByRoom = new Map<string, Set<string>>();
  let isStopped = false;

  const put = (roomUid: string, rows: readonly Message[], contents: readonly MessageContent[]): void => {
    const entry = rooms.get().byUid.get(roomUid);
    if (entry === undefined || rows.length === 0) return;
    const byKey = keyedContents(rows, contents);
    const next = {
      ...entry,
      tail: withContents(entry.tail, byKey),
      detached: entry.detached === null ? null : withContents(entry.detached, byKey),
    };
    rooms.update((state) => withRoom(state, next));
  };

  /** True if this row has gone back to those that wait to be opened. */
  const isWanted = (roomUid: string, row: Message | undefined): boolean => {
    const entry = rooms.get().byUid.get(roomUid);
    const all = [...(entry?.detached ?? []), ...(entry?.tail ?? [])];
    return all.some(({ message, content }) => message.seq === row?.seq && content.state === 'sealed');
  };

  const reportLast = (roomUid: string, rows: Message[], contents: MessageContent[]): void => {
    const last = rows[rows.length - 1];
    const content = contents[contents.length - 1];
    if (last === undefined || content === undefined) return;
    if (rooms.get().byUid.get(roomUid)?.room.lastSeq === last.seq) deps.lastRowOpened(last, content);
  };

  const note = (roomUid: string, rows: readonly Message[], isUnsettled: (index: number) => boolean): void => {
    const keys = unsettledByRoom.get(roomUid) ?? new Set<string>();
    rows.forEach((row, index) => {
      if (isUnsettled(index)) keys.add(contentKey(row));
      else keys.delete(contentKey(row));
    });
    if (keys.size > 0) unsettledByRoom.set(roomUid, keys);
    else unsettledByRoom.delete(roomUid);
  };

  const openRows = async (roomUid: string, rows: Message[], isPainted: boolean): Promise<boolean> => {
    const opened = await tryCrypto(() => crypto.openMessages(roomUid, rows.map(sealedRow)));
    if (!opened.ok || isStopped) return false;
    const contents = rows.map((_row, index) => openedContent(opened.value[index]));
    note(roomUid, rows, (index) => isUnavailable(opened.value[index]));
    if (!isPainted) {
      put(roomUid, rows, contents);
      reportLast(roomUid, rows, contents);
    }
    const isOpen = (index: number): boolean => contents[index]?.state === 'open';
    const openRowsOnly = rows.filter((_row, index) => isOpen(index));
    const verified = await tryCrypto(() => crypto.verifyMessages(roomUid, openRowsOnly.map(sealedRow)));
    if (isStopped) return false;
    // Not checked is not settled either: nobody may take it for genuine for good.
    note(roomUid, openRowsOnly, (index) => !verified.ok || isUnavailable(verified.value[index]));
    if (!verified.ok) return false;
    const results = new Map(openRowsOnly.map((row, index) => [row, verified.value[index]]));
    const final = rows.map((row, index) => {
      const content = contents[index] ?? openedContent(undefined);
      return isOpen(index) ? verifiedContent(content, results.get(row)) : content;
    });
    // What could not be opened was said already, or a key has come since and it is about to be opened again.
    const isNews = (index: number): boolean =>
      isOpen(index) || (isPainted && !isWanted(roomUid, rows[index]));
    put(
      roomUid,
      rows.filter((_row, index) => isNews(index)),
      final.filter((_content, index) => isNews(index)),
    );
    return true;
  };

  return {
    open: (roomUid, rows) => openRows(roomUid, rows, false),
    openAgain: (roomUid, rows) => openRows(roomUid, rows, true),
    unsettledRows: (entry) => {
      const { roomUid } = entry.room;
      const keys = unsettledByRoom.get(roomUid);
      if (keys === undefined) return [];
      const rows = [...(entry.detached ?? []), ...entry.tail].map(({ message }) => message);
      const present = new Map(rows.map((row) => [contentKey(row), row]));
      // Rows that left the screen are opened anew when they come back.
      for (const key of keys) if (!present.has(key)) keys.delete(key);
      if (keys.size === 0) unsettledByRoom.delete(roomUid);
      return [...keys].flatMap((key) => present.get(key) ?? []);
    },
    stop: () => {
      isStopped = true;
    },
  };
};

/** What the engine takes of a row. One without an envelope was recalled, and is not asked about. */
const sealedRow = (row: Message): MessageRow => ({ ...row, envelope: row.envelope ?? '' });

const isUnavailable = (result: { ok: boolean; isUnavailable?: true } | undefined): boolean =>
  result?.isUnavailable === true;
