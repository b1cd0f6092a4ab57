import { h, setText } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { createFrameTask } from '../../ui/frame-task.ts';
import { emptyState } from '../../ui/empty-state.ts';
import { icon } from '../../ui/icon.ts';
import { skeletonBubbles } from '../../ui/skeleton.ts';
import { personHandle, personName, sharedNames } from '../../ui/person-label.ts';
import { createVirtualList } from '../../ui/virtual-list.ts';
import type { View } from '../../ui/view.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import { itemsOfRoom } from '../../connection/outbox-state.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import { firstReadableSeq, unreadCount, visibleRows } from '../rooms/room-state.ts';
import type { RoomEntry } from '../rooms/room-state.ts';
import { createFirstUnreadButton } from './first-unread-button.ts';
import type { MessageToolbar } from './message-toolbar.ts';
import type { ComposerModes } from './message-target.ts';
import { messageName } from './message-state.ts';
import type { MessageEntry } from './message-state.ts';
import { callablesOf } from './mention-text.ts';
import { createQuoteFinder } from './quote-state.ts';
import { createMessageRow } from './message-row.ts';
import type { RowContext } from './row-context.ts';
import { countedMembers } from './reading-state.ts';
import { createNewMessageVoice } from './new-message-voice.ts';
import { buildTimeline, startOfLocalDay } from './timeline-state.ts';
import type { TimelineItem } from './timeline-state.ts';

export type MessageListDeps = {
  context: PageContext;
  roomUid: string;
  title: string;
  /** Text of a failed message goes back into the composer. */
  onTakeBack: (text: string) => void;
  /** What the composer does with a message that was chosen here. */
  composer: ComposerModes;
};

/** This close to the first loaded row the page before it is asked for. */
const loadAheadPx = 1_200;

export type MessageListView = View & {
  scrollToEnd: () => void;
  setTitle: (title: string) => void;
  /** Shows the message `senderUid.clientId`, which is at this seq, wherever that is in the history. */
  jumpTo: (seq: number, name: string) => void;
};

/** The history of one room: virtualised, anchored, marking as read what is really seen. */
export function createMessageListView(deps: MessageListDeps): MessageListView {
  const { context, roomUid } = deps;
  const { app, locale } = context;
  const { my, quotes, rooms, people, outbox, account, policies } = app.stores;
  const disposables = createDisposables();
  const meUid = meUidOf(account.get()) ?? '';
  const entryOf = (): RoomEntry | undefined => rooms.get().byUid.get(roomUid);
  const rowContext = createRowContext(deps, (seq, name) => jumpTo(seq, name));
  const startOfDay = createDayCache();

  const labelOf = (title: string): string => locale.t('chat.log', { room: title });
  const setTitle = (title: string): void => list.setLabel(labelOf(title));
  const list = createVirtualList<TimelineItem>({
    label: labelOf(deps.title),
    keyOf: (item) => item.key,
    estimate: estimateHeight,
    createRow: (item) => createMessageRow(item, rowContext),
    onMoved: () => moved.request(),
  });
  const cover = h('div', { class: 'chat__cover' });
  const jumpText = h('span', {});
  const jump = h(
    'button',
    { type: 'button', class: 'jump', hidden: true, on: { click: () => toLatest() } },
    icon('arrow-down', 's'),
    jumpText,
  );
  const loading = h('div', { class: 'chat__loading', hidden: true }, locale.t('chat.loadingOlder'));
  const failed = h(
    'div',
    { class: 'chat__loading chat__loading--failed', hidden: true },
    h('span', {}, locale.t('chat.loadFailed')),
    button({ label: locale.t('common.retry'), size: 'small', onClick: () => loadAround(true) }),
  );
  const firstUnread = createFirstUnreadButton(locale, (seq) => drop(toFirstUnread(seq)));
  const element = h(
    'div',
    { class: 'chat__log' },
    firstUnread.element,
    list.element,
    cover,
    loading,
    failed,
    jump,
  );
  const voice = createNewMessageVoice(context, roomUid);

  let isPlaced = false;
  let wasDetached = false;
  const paint = (): void => {
    const entry = entryOf();
    if (entry === undefined) return;
    const items = timelineOf(entry, meUid, outbox.get().items);
    const isDetached = entry.detached !== null;
    if (!isPlaced && items.length > 0) {
      isPlaced = true;
      list.reset(items);
      if (entry.newLineSeq !== null) list.scrollToKey('new-messages', 'center');
    } else if (isDetached !== wasDetached && !isStillShown(items)) {
      list.reset(items);
    } else {
      list.setItems(items);
    }
    wasDetached = isDetached;
    showCover(entry, items.length);
    voice.hear(entry);
  };
  /** A window that grew out of the tail, or back into it, while somebody scrolls: what they read stays where it is. */
  const isStillShown = (items: readonly TimelineItem[]): boolean => {
    const keys = new Set(items.map(({ key }) => key));
    return list.visibleItems().some((item) => item.kind === 'message' && keys.has(item.key));
  };
  const showCover = (entry: RoomEntry, count: number): void => {
    const hasMessages = count > 0;
    loading.hidden = entry.loading === null || !hasMessages;
    failed.hidden = entry.loadFailure === null;
    const isWaiting = !hasMessages && entry.loading !== null;
    const firstSeq = firstReadableSeq(entry.room, meUid);
    const isEmpty = entry.room.lastSeq < firstSeq && itemsOfRoom(outbox.get(), roomUid).length === 0;
    const kind = isWaiting ? 'waiting' : !isEmpty ? 'none' : firstSeq > 1 ? 'joined' : 'empty';
    if (cover.getAttribute('data-kind') === kind) return;
    cover.setAttribute('data-kind', kind);
    cover.className = `chat__cover chat__cover--${kind}`;
    cover.textContent = '';
    if (kind === 'waiting') cover.appendChild(skeletonBubbles(locale.t('common.loading')));
    if (kind === 'empty' || kind === 'joined') {
      const title = locale.t(kind === 'empty' ? 'chat.empty' : 'chat.joined');
      const text = locale.t(kind === 'empty' ? 'chat.emptyText' : 'chat.joinedText');
      cover.appendChild(emptyState({ icon: 'lock', title, text }));
    }
  };

  const loadAround = (isAsked: boolean): void => {
    const entry = entryOf();
    if (entry === undefined || entry.loading !== null || (entry.loadFailure !== null && !isAsked)) return;
    const rows = visibleRows(entry, meUid);
    const { scrollHeight, clientHeight } = list.element;
    if (rows.hasBefore && list.offset() < loadAheadPx) drop(app.actions.history.loadBefore(roomUid));
    else if (rows.hasAfter && scrollHeight - clientHeight - list.offset() < loadAheadPx) {
      drop(app.actions.history.loadAfter(roomUid));
    }
  };
  const markSeen = (): void => {
    if (document.visibilityState !== 'visible') return;
    const seq = visibleSeqs().at(-1);
    if (seq !== undefined) app.actions.rooms.rowSeen(roomUid, seq);
  };
  const visibleSeqs = (): number[] =>
    list.visibleItems().flatMap((item) => (item.kind === 'message' ? item.entry.message.seq : []));
  const showJump = (): void => {
    const entry = entryOf();
    const [firstSeq] = visibleSeqs();
    if (entry !== undefined && firstSeq !== undefined) firstUnread.show(entry, firstSeq);
    const isAway = entry !== undefined && (entry.detached !== null || !list.isAtEnd());
    jump.hidden = !isAway;
    if (!isAway) return;
    const unread = unreadCount(entry.room, meUid);
    setText(jumpText, unread > 0 ? locale.t('chat.jumpCount', { count: unread }) : locale.t('chat.jump'));
    jump.classList.toggle('jump--new', unread > 0);
  };
  const toFirstUnread = async (seq: number): Promise<void> => {
    await app.actions.history.jumpTo(roomUid, seq);
    paint();
    // Without the line where its message is one that I do not want to see.
    const room = entryOf();
    const rows = room === undefined ? [] : visibleRows(room, meUid).entries;
    const row = rows.find(({ message }) => message.seq >= seq);
    const isThere = list.scrollToKey('new-messages', 'center');
    if (!isThere && row !== undefined) list.scrollToKey(messageName(row.message), 'center');
    list.element.focus({ preventScroll: true });
  };
  const toLatest = (): void => {
    if (entryOf()?.detached !== null) app.actions.history.jumpToLatest(roomUid);
    list.scrollToEnd();
    list.element.focus({ preventScroll: true });
  };
  const entryNamed = (name: string): MessageEntry | null => {
    const room = entryOf();
    if (room === undefined) return null;
    const rows = visibleRows(room, meUid).entries;
    return rows.find(({ message }) => messageName(message) === name) ?? null;
  };
  const jumpTo = (seq: number, name: string): void => {
    const show = async (): Promise<void> => {
      await app.actions.history.jumpTo(roomUid, seq);
      paint();
      if (list.scrollToKey(name, 'center')) flashRow(list.element, name);
    };
    drop(show());
  };
  const moved = createFrameTask(() => {
    toolbar?.keep();
    loadAround(false);
    markSeen();
    showJump();
  });

  let toolbar: MessageToolbar | null = null;
  let isGone = false;
  const addTools = async (): Promise<void> => {
    const { createMessageTools } = await context.later.load('messageTools');
    if (isGone) return;
    const { composer } = deps;
    toolbar = createMessageTools({ context, roomUid, meUid, list: list.element, entryNamed, composer });
    disposables.add(toolbar.dispose);
  };
  // Where it cannot be had, the room that is opened next asks for it again.
  drop(addTools().catch(() => undefined));
  const task = createFrameTask(paint);
  disposables.add(
    () => (isGone = true),
    my.subscribe((state) => state, task.request),
    quotes.subscribe((state) => state, task.request),
    rooms.subscribe((state) => state.byUid.get(roomUid), task.request),
    outbox.subscribe((state) => state.items, task.request),
    people.subscribe((state) => state.byUid, task.request),
    policies.subscribe((state) => state.readReceipts, task.request),
    task.cancel,
    moved.cancel,
    list.dispose,
  );
  disposables.listen(list.element, 'scroll', moved.request, { passive: true });
  disposables.listen(window, 'focus', moved.request);
  disposables.listen(document, 'visibilitychange', moved.request);
  // The list has no height before it is in the page.
  task.request();
  return { element, dispose: disposables.dispose, scrollToEnd: list.scrollToEnd, setTitle, jumpTo };

  function timelineOf(
    entry: RoomEntry,
    me: string,
    items: Parameters<typeof itemsOfRoom>[0]['items'],
  ): TimelineItem[] {
    return buildTimeline({
      rows: visibleRows(entry, me),
      outboxItems: itemsOfRoom({ items, isDurable: true }, roomUid),
      changes: entry.keys.changes,
      members: countedMembers(entry.room.members, people.get().byUid),
      receipts: policies.get().readReceipts,
      meUid: me,
      newLineSeq: entry.newLineSeq,
      firstReadableSeq: firstReadableSeq(entry.room, me),
      hidden: my.get().hidden,
      saved: my.get().saved,
      quoteOf: createQuoteFinder(visibleRows(entry, me).entries, quotes.get()),
      startOfDay,
    });
  }
}

function createRowContext(
  { context, roomUid, onTakeBack }: MessageListDeps,
  jumpTo: (seq: number, name: string) => void,
): RowContext {
  const { app, locale } = context;
  const personOf = (userUid: string) => app.stores.people.get().byUid.get(userUid);
  const takeBack = async (clientId: string): Promise<void> => {
    const item = await app.actions.messages.takeBack(clientId);
    if (item === null) return;
    if (item.poll === undefined) onTakeBack(item.text);
    else context.later.use('pollDialog', (piece) => piece.openPollAgain(context, item));
  };
  let namesakes: { version: unknown; names: ReadonlySet<string> } | null = null;
  const hasNamesake = (displayName: string): boolean => {
    const { byUid } = app.stores.people.get();
    if (namesakes?.version !== byUid) namesakes = { version: byUid, names: sharedNames(byUid.values()) };
    return namesakes.names.has(displayName);
  };
  return {
    page: context,
    locale,
    meUid: meUidOf(app.stores.account.get()) ?? '',
    markMentions: (element) => {
      const mark = async (): Promise<void> => {
        const { markMentions } = await context.later.load('mentionTools');
        const room = app.stores.rooms.get().byUid.get(roomUid)?.room;
        if (room === undefined) return;
        const meUid = meUidOf(app.stores.account.get()) ?? '';
        markMentions(element, callablesOf(room, app.stores.people.get().byUid), meUid);
      };
      // Without it, which only a server that is away can cause, the text stays as it was written.
      drop(mark().catch(() => undefined));
    },
    nameOf: (userUid) => personName(locale, personOf(userUid)),
    peopleVersion: () => app.stores.people.get().byUid,
    roleOf: (userUid) => {
      const person = personOf(userUid);
      if (person === undefined || person.state === 'deleted') return '';
      return hasNamesake(person.displayName) ? personHandle(person) : person.title;
    },
    showReaders: (name) =>
      context.later.use('activity', ({ activityParts }) => activityParts.openReaders(context, roomUid, name)),
    explain: ({ senderUid, sentAt }, reason) =>
      context.later.use('trust', ({ trustParts }) =>
        trustParts.openRowHelp(context, { roomUid, senderUid, sentAt, reason }),
      ),
    openSecurity: (userUid) =>
      context.later.use('trust', ({ trustParts }) =>
        trustParts.openPersonSecurity(context, userUid, roomUid),
      ),
    loadQuote: (name) => app.actions.editing.quote(roomUid, name),
    jumpTo,
    retry: (clientId) => drop(app.actions.messages.retry(clientId)),
    discard: (clientId) => drop(app.actions.messages.discard(clientId)),
    takeBack: (clientId) => drop(takeBack(clientId)),
  };
}

/** Shows which row was meant, once it is in view. */
function flashRow(list: HTMLElement, name: string, framesLeft = 30): void {
  const row = list.querySelector(`[data-message="${name}"]`);
  if (row === null) {
    if (framesLeft > 0) requestAnimationFrame(() => flashRow(list, name, framesLeft - 1));
    return;
  }
  row.classList.add('message--found');
  setTimeout(() => row.classList.remove('message--found'), 1_800);
}

/** Neighbours mostly share their day: making a Date for each of many thousand rows would be most of the work. */
function createDayCache(): (at: number) => number {
  let start = 0;
  let end = 0;
  return (at) => {
    if (at < start || at >= end) {
      start = startOfLocalDay(at);
      end = new Date(start).setHours(24, 0, 0, 0);
    }
    return start;
  };
}

/**
 * A guess before the row is measured; near enough that the scroll bar does not jump about, and cheap: the list asks for
 * every row that it has not measured yet.
 */
function estimateHeight(item: TimelineItem): number {
  if (item.kind !== 'message') return item.kind === 'outbox' ? 46 : 44;
  const { content } = item.entry;
  // The question, the options, the line below.
  const { pollOptions } = content.state === 'open' ? content : {};
  if (pollOptions !== undefined) return 100 + pollOptions.length * 43;
  const length = content.state === 'open' ? content.text.length : 0;
  const lines = Math.min(14, Math.ceil(length / 38));
  return (item.isGroupStart ? (item.isOwn ? 12 : 34) : 4) + 18 + Math.max(1, lines) * 23;
}
