import { h, replaceContent, setAttribute, setText } from '../../ui/h.ts';
import { avatar } from '../../ui/avatar.ts';
import { iconButton } from '../../ui/button.ts';
import { showLate } from '../../ui/late-view.ts';
import { lastSeenText } from '../../ui/last-seen-text.ts';
import { personHandle, personName, sharedNames } from '../../ui/person-label.ts';
import { fullStatus } from '../../ui/person-status.ts';
import { createFrameTask } from '../../ui/frame-task.ts';
import type { Person } from '#contract/accounts.ts';
import { verifiedMark } from '../../ui/verified-mark.ts';
import type { View } from '../../ui/view.ts';
import { createDisposables } from '../../state/disposables.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import { presenceOf } from '../presence/presence-state.ts';
import { isSelfRoom, otherPersonUid, pictureOf } from '../rooms/room-state.ts';
import { createComposerView } from './composer-view.ts';
import { createHeaderSeal } from './header-seal.ts';
import { createMessageListView } from './message-list-view.ts';

export type ConversationDeps = {
  context: PageContext;
  roomUid: string;
  onBack: () => void;
  onDetails: () => void;
};

export type ConversationView = View & {
  focusComposer: () => void;
  /** Shows the message `senderUid.clientId`, which is at this seq. */
  jumpTo: (seq: number, name: string) => void;
  showDetailsState: (isOpen: boolean) => void;
  /** The room's name as it was shown last, also when the room is gone. */
  title: () => string;
};

/** One room: its header, its notices, its history and the composer. */
export function createConversationView(deps: ConversationDeps): ConversationView {
  const { context, roomUid } = deps;
  const { app } = context;
  const disposables = createDisposables();
  const first = describe(context, roomUid);
  const composer = createComposerView({
    context,
    roomUid,
    placeholder: placeholderOf(context, first),
    onSent: () => list.scrollToEnd(),
  });
  const list = createMessageListView({
    context,
    roomUid,
    title: first.title,
    onTakeBack: composer.insert,
    composer,
  });
  const header = createHeader(deps);
  const notices = h('div', { class: 'chat__notices' });
  const pinned = h('div', {});
  const typing = h('div', { class: 'chat__typing' });
  const element = h(
    'div',
    { class: 'chat' },
    header.element,
    notices,
    pinned,
    list.element,
    typing,
    composer.element,
  );
  const { later } = context;
  // Without the server nobody types.
  showLate(typing, disposables, async () =>
    (await later.load('activity')).activityParts.createTypingLine(context, roomUid),
  );
  showLate(pinned, disposables, async () =>
    (await later.load('pins')).createNoticeBanner({ context, roomUid, onOpenMessage: list.jumpTo }),
  );
  // What cannot be sent safely is not sent in the meantime, either.
  showLate(notices, disposables, async () =>
    (await later.load('trust')).trustParts.createRoomNotices(context, roomUid),
  );
  disposables.add(list.dispose, composer.dispose);

  let shownTitle = first.title;
  const paint = (): void => {
    const entry = app.stores.rooms.get().byUid.get(roomUid);
    header.update();
    // The other person's name may come after the room.
    const now = describe(context, roomUid);
    composer.setPlaceholder(placeholderOf(context, now));
    list.setTitle(now.title);
    if (entry !== undefined) shownTitle = now.title;
  };
  const task = createFrameTask(paint);
  // "3 minutes ago", and statuses that end.
  const minutes = setInterval(task.request, 60_000);
  disposables.add(
    app.stores.rooms.subscribe((state) => state.byUid.get(roomUid), task.request),
    app.stores.people.subscribe((state) => state.byUid, task.request),
    app.stores.presence.subscribe((state) => state, task.request),
    app.stores.trust.subscribe(({ verifiedUids }) => verifiedUids, task.request),
    task.cancel,
    () => clearInterval(minutes),
  );
  paint();
  return {
    element,
    dispose: disposables.dispose,
    focusComposer: composer.focus,
    jumpTo: list.jumpTo,
    showDetailsState: header.showDetailsState,
    title: () => shownTitle,
  };
}

type Description = {
  title: string;
  subtitle: string;
  isDirect: boolean;
  isOnline: boolean;
  isAway: boolean;
  /** Online, away, or when they were last seen; empty in groups and where nothing is known. */
  presence: string;
  toneId: string;
  picture: string | null;
};

const placeholderOf = ({ locale }: PageContext, { isDirect, title }: Description): string =>
  isDirect
    ? locale.t('chat.placeholderDirect', { name: title })
    : locale.t('chat.placeholder', { room: title });

/** The status line, but never instead of what tells namesakes apart. */
function subtitleOf(person: Person, { app, locale }: PageContext): string {
  const handle = personHandle(person);
  const status = fullStatus(locale, person, app.clock.now());
  if (status === '') return handle;
  if (!sharedNames(app.stores.people.get().byUid.values()).has(person.displayName)) return status;
  return locale.t('common.separator', { first: handle, second: status });
}

function describe(context: PageContext, roomUid: string): Description {
  const { app, locale } = context;
  const group = {
    isDirect: false,
    isOnline: false,
    isAway: false,
    presence: '',
    toneId: roomUid,
    picture: null,
  };
  const entry = app.stores.rooms.get().byUid.get(roomUid);
  const { isKnown, onlineUids } = app.stores.presence.get();
  const { byUid: people } = app.stores.people.get();
  const meUid = meUidOf(app.stores.account.get()) ?? '';
  if (entry === undefined) {
    return { ...group, title: '', subtitle: '' };
  }
  const { room } = entry;
  if (room.type === 'direct') {
    const otherUid = otherPersonUid(room, meUid);
    const other = otherUid === null ? undefined : people.get(otherUid);
    const handle = other === undefined || other.state === 'deleted' ? '' : subtitleOf(other, context);
    return {
      title: isSelfRoom(room) ? locale.t('rooms.self') : personName(locale, other),
      subtitle: handle,
      isDirect: true,
      ...presenceFacts(context, other?.state === 'active' ? otherUid : null),
      toneId: otherUid ?? roomUid,
      picture: null,
    };
  }
  const online = room.members.filter(({ userUid }) => userUid === meUid || onlineUids.has(userUid)).length;
  const all = locale.t('rooms.peopleCount', { count: room.members.length });
  const counts = { first: all, second: locale.t('rooms.onlineCount', { count: online }) };
  const known = isKnown ? locale.t('common.separator', counts) : all;
  const subtitle = room.members.length === 1 ? locale.t('rooms.emptyGroup') : known;
  return { ...group, title: room.title, subtitle, picture: pictureOf(room) };
}

function presenceFacts(
  { app, locale }: PageContext,
  userUid: string | null,
): Pick<Description, 'isOnline' | 'isAway' | 'presence'> {
  const presence = app.stores.presence.get();
  if (userUid === null) return { isOnline: false, isAway: false, presence: '' };
  const state = presenceOf(presence, userUid);
  if (state !== 'offline') {
    const isAway = state === 'away';
    return { isOnline: true, isAway, presence: locale.t(isAway ? 'rooms.away' : 'rooms.online') };
  }
  app.actions.presence.look([userUid]);
  const at = presence.lastSeenByUid.get(userUid) ?? 0;
  const seen = at === 0 ? '' : lastSeenText(locale, at, app.clock.now());
  return { isOnline: false, isAway: false, presence: seen };
}

function createHeader({ context, roomUid, onBack, onDetails }: ConversationDeps) {
  const { locale } = context;
  const face = h('span', { class: 'head__face' });
  const shownName = h('span', {});
  const verified = h('span', {});
  const title = h('h2', { class: 'head__title' }, shownName, verified);
  const subtitle = h('p', { class: 'head__subtitle' });
  const seal = createHeaderSeal(context, roomUid);
  const details = iconButton({
    icon: 'panel-right',
    label: locale.t('rooms.detailsToggle'),
    onClick: onDetails,
  });
  const element = h(
    'header',
    { class: 'head' },
    iconButton({ icon: 'arrow-left', label: locale.t('common.back'), onClick: onBack, class: 'head__back' }),
    face,
    h('div', { class: 'head__words' }, title, subtitle),
    seal.element,
    details,
  );
  let faceKey = '';
  const update = (): void => {
    seal.update();
    const {
      title: name,
      subtitle: words,
      isOnline,
      isAway,
      presence,
      toneId,
      picture,
    } = describe(context, roomUid);
    const key = `${toneId} ${name} ${isOnline} ${isAway} ${picture ?? ''}`;
    if (key !== faceKey) replaceContent(face, avatar({ id: toneId, name, isOnline, isAway, picture }));
    faceKey = key;
    setText(shownName, name);
    const isVerified = context.app.stores.trust.get().verifiedUids.has(toneId);
    if (isVerified !== verified.hasChildNodes()) {
      replaceContent(verified, isVerified && verifiedMark(locale));
    }
    setText(
      subtitle,
      presence === '' || words === ''
        ? presence + words
        : locale.t('common.separator', { first: presence, second: words }),
    );
  };
  const showDetailsState = (isOpen: boolean): void =>
    setAttribute(details, 'aria-pressed', isOpen ? 'true' : 'false');
  return { element, update, showDetailsState };
}
