/** The messenger: rooms, conversation, details. Three panes on a wide window, one at a time on a phone. */
import type { PageContext } from './page-context.ts';
import { createBannerView } from './banner-view.ts';
import { createConversationView } from './features/messages/conversation-view.ts';
import type { ConversationView } from './features/messages/conversation-view.ts';
import type { MemosView } from './features/memos/memos-view.ts';
import { createMeView } from './features/profile/me-view.ts';
import { createRoomListView } from './features/rooms/room-list-view.ts';
import { listenToIncoming } from './incoming-toasts.ts';
import { openInvite, openNewConversation, openNewSheet, openProfile } from './later-dialogs.ts';
import type { LaterPiece } from './later-pieces.ts';
import { createDisposables } from './state/disposables.ts';
import { drop } from './state/drop.ts';
import { emptyState } from './ui/empty-state.ts';
import { h } from './ui/h.ts';
import { afterPaint } from './ui/idle.ts';
import { followVisualViewport } from './ui/visual-viewport.ts';
import type { Route } from './ui/route.ts';
import { createRouter } from './ui/router.ts';
import { createViewSlot } from './ui/view.ts';
import type { View } from './ui/view.ts';

const narrow = '(max-width: 720px)';
/** Below this width the list of memos and the one that is open take turns (memos.later.css). */
const memosInOne = '(max-width: 1000px)';
const roomForThree = '(min-width: 1180px)';

export function createMessengerView(context: PageContext): View {
  const { app, locale, toasts } = context;
  const disposables = createDisposables();
  const router = createRouter(window);
  const isNarrow = (): boolean => matchMedia(narrow).matches;
  // On a wide window the third pane is a preference of the moment; on a phone it is a step of its own.
  let isDetailsWanted = matchMedia(roomForThree).matches;

  const openRoom = (roomUid: string): void => {
    const next: Route = { roomUid, isDetails: false };
    const { roomUid: present, memos } = router.route.get();
    if (present === null && memos === undefined) router.open(next);
    else router.replace(next);
  };
  const openMemos = (memoUid = ''): void => {
    const { roomUid, memos } = router.route.get();
    const next: Route = { roomUid: null, isDetails: false, memos: memoUid };
    // A memo is a step of its own where it covers the list of them.
    const isDeeper = memos === '' && memoUid !== '' && matchMedia(memosInOne).matches;
    if ((roomUid === null && memos === undefined) || isDeeper) router.open(next);
    else router.replace(next);
  };
  const openMessage = (roomUid: string, seq: number, name: string): void => {
    openRoom(roomUid);
    conversation?.jumpTo(seq, name);
  };
  const openPerson = async (userUid: string): Promise<void> => {
    const result = await app.actions.rooms.createDirect(userUid);
    if (result.ok) openRoom(result.value.roomUid);
    else toasts.show({ text: locale.failure(result), isProblem: true });
  };
  const makeSheet = (): void => openNewSheet(context);
  const newConversation = (): void => openNewConversation(context, openRoom);
  const profile = (): void => openProfile(context, makeSheet);
  const me = createMeView({
    context,
    onNew: newConversation,
    onMemos: () => openMemos(),
    onMenu: (anchor) =>
      context.later.use('mainMenu', (piece) =>
        piece.openMainMenu(anchor, {
          context,
          onOpenRoom: openRoom,
          onOpenMessage: openMessage,
          onMakeSheet: makeSheet,
        }),
      ),
    onMakeSheet: makeSheet,
    onProfile: profile,
  });
  const list = createRoomListView({
    context,
    onOpenRoom: openRoom,
    onOpenPerson: (userUid) => drop(openPerson(userUid)),
    onNew: newConversation,
    onHidden: (roomUid) => {
      if (router.route.get().roomUid === roomUid) router.replace({ roomUid: null, isDetails: false });
    },
  });
  const banner = createBannerView(context);
  const main = h('main', {
    class: 'shell__chat',
    id: 'conversation',
    tabindex: -1,
    'aria-label': locale.t('shell.conversation'),
  });
  const aside = h('aside', { class: 'shell__details', 'aria-label': locale.t('shell.details') });
  const side = h(
    'nav',
    { class: 'shell__rooms', 'aria-label': locale.t('shell.rooms') },
    me.element,
    list.element,
  );
  const panes = h('div', { class: 'shell__panes' }, side, main, aside);
  const element = h(
    'div',
    { class: 'shell' },
    h(
      'a',
      { class: 'skip', href: '#conversation', on: { click: (event) => skipTo(event, main) } },
      locale.t('app.skip'),
    ),
    h('header', { class: 'visually-hidden' }, h('h1', {}, locale.t('app.title'))),
    banner.element,
    panes,
  );
  const chatSlot = createViewSlot(main);
  const detailsSlot = createViewSlot(aside);
  let shownRoom: string | null | undefined;
  let shownDetails: string | null = null;
  let isDetailsLoaded = false;
  let conversation: ConversationView | null = null;
  let memosView: MemosView | null = null;

  const toggleDetails = (): void => {
    const { roomUid, isDetails } = router.route.get();
    if (isNarrow()) {
      if (isDetails) router.leave({ roomUid, isDetails: false });
      else router.open({ roomUid, isDetails: true });
      return;
    }
    isDetailsWanted = !isDetailsWanted;
    show();
  };
  const showRoom = (roomUid: string | null): void => {
    if (roomUid === shownRoom) return;
    shownRoom = roomUid;
    conversation = null;
    memosView = null;
    if (roomUid === null) {
      app.actions.rooms.close();
      chatSlot.show(noRoomView(context));
      return;
    }
    app.actions.rooms.open(roomUid);
    conversation = createConversationView({
      context,
      roomUid,
      onBack: () => router.leave({ roomUid: null, isDetails: false }),
      onDetails: toggleDetails,
    });
    chatSlot.show(conversation);
    // In the next frame: at a reload the messenger is not in the page yet.
    if (!matchMedia('(pointer: coarse)').matches) requestAnimationFrame(() => conversation?.focusComposer());
  };
  const leaveMemos = (): void => {
    const { memos = '' } = router.route.get();
    const parent: Route = { roomUid: null, isDetails: false };
    // Beside the list a memo was no step of its own.
    if (memos !== '' && !matchMedia(memosInOne).matches) router.replace({ ...parent, memos: '' });
    else router.leave(memos === '' ? parent : { ...parent, memos: '' });
  };
  const showMemos = (memoUid: string): void => {
    if (shownRoom !== 'memos') {
      shownRoom = 'memos';
      conversation = null;
      app.actions.rooms.close();
      chatSlot.show(null);
      context.later.use(
        'memos',
        ({ createMemosView }) => {
          const { memos: wanted } = router.route.get();
          if (isGone || shownRoom !== 'memos' || wanted === undefined) return;
          memosView = createMemosView({ context, memoUid: wanted, onOpen: openMemos, onBack: leaveMemos });
          chatSlot.show(memosView);
        },
        () => router.replace({ roomUid: null, isDetails: false }),
      );
    } else memosView?.show(memoUid);
  };
  const showDetails = (roomUid: string | null): void => {
    if (roomUid === shownDetails) return;
    shownDetails = roomUid;
    if (roomUid === null) detailsSlot.show(null);
    else if (isDetailsLoaded) loadDetails(roomUid);
    // On a wide window the pane is there from the start; the conversation beside it does not wait for its piece.
    else afterPaint(() => loadDetails(roomUid));
  };
  const loadDetails = (roomUid: string): void => {
    const onRefused = (): void => {
      if (shownDetails === roomUid) toggleDetails();
    };
    const onLoaded = ({ createDetailsView }: LaterPiece<'details'>): void => {
      isDetailsLoaded = true;
      if (shownDetails !== roomUid) return;
      const view = createDetailsView({
        context,
        roomUid,
        onClose: toggleDetails,
        onInvite: () => openInvite(context, roomUid),
        onOpenPerson: (userUid) => drop(openPerson(userUid)),
        onOpenMessage: (seq, name) => openMessage(roomUid, seq, name),
      });
      detailsSlot.show(view);
    };
    context.later.use('details', onLoaded, onRefused);
  };
  /** A conversation that goes away under one's eyes must not do so without a word. */
  const tellGone = (): void => {
    const room = conversation?.title() ?? '';
    if (room !== '') toasts.show({ text: locale.t('shell.roomGone', { room }) });
  };
  const show = (): void => {
    const route = router.route.get();
    const { byUid, isLoaded } = app.stores.rooms.get();
    const isThere = route.roomUid !== null && byUid.has(route.roomUid);
    if (route.roomUid !== null && !isThere && isLoaded) {
      // Left, removed, or an address from another account.
      if (route.roomUid === shownRoom) tellGone();
      router.replace({ roomUid: null, isDetails: false });
      return;
    }
    const roomUid = isThere ? route.roomUid : null;
    if (route.memos !== undefined) {
      panes.className = 'shell__panes shell__panes--room';
      showDetails(null);
      showMemos(route.memos);
      return;
    }
    const isDetails = roomUid !== null && (isNarrow() ? route.isDetails : isDetailsWanted);
    panes.className = `shell__panes${roomUid === null ? '' : ' shell__panes--room'}${isDetails ? ' shell__panes--details' : ''}`;
    showRoom(roomUid);
    showDetails(isDetails ? roomUid : null);
    conversation?.showDetailsState(isDetails);
  };

  const onKey = (event: Event): void => {
    if (!(event instanceof KeyboardEvent) || event.isComposing) return;
    const isShortcut = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    if (!isShortcut || event.key.toLowerCase() !== 'k') return;
    if (document.querySelector('[aria-modal="true"]') !== null) return;
    event.preventDefault();
    if (isNarrow() && !isListOnly()) router.leave({ roomUid: null, isDetails: false });
    list.focusSearch();
  };
  const isListOnly = (): boolean => {
    const { roomUid, memos } = router.route.get();
    return isNarrow() && roomUid === null && memos === undefined;
  };
  disposables.listen(document, 'keydown', onKey);
  disposables.listen(window, 'resize', show);
  disposables.add(
    router.dispose,
    router.route.subscribe((route) => route, show),
    app.stores.rooms.subscribe(
      (state) => `${state.isLoaded} ${state.byUid.has(router.route.get().roomUid ?? '')}`,
      show,
    ),
    listenToIncoming(context, isListOnly, openRoom, openMemos),
    followVisualViewport(),
    () => app.actions.rooms.close(),
    // What is still on its way comes to nothing.
    () => (shownDetails = null),
    me.dispose,
    list.dispose,
    banner.dispose,
    chatSlot.dispose,
    detailsSlot.dispose,
  );
  // Nobody is away within the first moments.
  const watchAway = ({ activityParts }: LaterPiece<'activity'>): void => {
    if (isGone) return;
    disposables.add(activityParts.watchAwayPage(app), activityParts.tellWaitingPeople(context));
  };
  let isGone = false;
  disposables.add(() => (isGone = true));
  afterPaint(() => drop(context.later.load('activity').then(watchAway, () => undefined)));
  show();
  if (context.settings.tab !== null) {
    // In the next frame: whoever puts this view into the page closes what floats above the one before.
    const frame = requestAnimationFrame(profile);
    disposables.add(() => cancelAnimationFrame(frame));
  }
  // The owner's own page asked before there was an account, and must not ask for the set-up code after a sign-out.
  if (app.stores.account.get().serverInfo?.isSetUpNeeded === true) {
    drop(app.actions.account.refreshServerInfo());
  }
  return { element, dispose: disposables.dispose };
}

function noRoomView({ locale }: PageContext): View {
  const keys = /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘ K' : 'Ctrl K';
  const element = h(
    'div',
    { class: 'no-room' },
    emptyState({
      icon: 'message-circle',
      title: locale.t('shell.noRoom'),
      text: `${locale.t('shell.noRoomText')} ${locale.t('shell.findHint', { keys })}`,
    }),
  );
  return { element, dispose: () => undefined };
}

/** The address holds the route, so the link must not change it. */
function skipTo(event: Event, target: HTMLElement): void {
  event.preventDefault();
  target.focus();
}
