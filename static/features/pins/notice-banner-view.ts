/** The room's notice above its conversation: one line that opens, with what is asked of me; folded away, a small sign of it. */
import { button, iconButton } from '../../ui/button.ts';
import { createCalmTask } from '../../ui/calm-task.ts';
import { h, replaceContent } from '../../ui/h.ts';
import type { Child } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import { openMenu } from '../../ui/menu.ts';
import type { View } from '../../ui/view.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import { contentPreview } from '../messages/content-preview.ts';
import { messageName } from '../messages/message-state.ts';
import type { MessageEntry } from '../messages/message-state.ts';
import { messageText } from '../messages/message-text.ts';
import { drawAgain, named } from './drawn-again.ts';
import { countText, pinnedBy } from './notice-text.ts';
import { acknowledge, pinMenu } from './pin-deeds.ts';
import { isAsked, noticeKey, noticesOf, shownNotice } from './pin-state.ts';
import type { RoomPins } from './pin-state.ts';

export type NoticeBannerDeps = {
  context: PageContext;
  roomUid: string;
  /** Shows the message `senderUid.clientId`, which is at this seq. */
  onOpenMessage: (seq: number, name: string) => void;
};

type Shown = { pins: RoomPins; entry: MessageEntry; at: number; count: number };

export function createNoticeBanner({ context, roomUid, onOpenMessage }: NoticeBannerDeps): View {
  const { app, locale } = context;
  const disposables = createDisposables();
  const meUid = meUidOf(app.stores.account.get()) ?? '';
  const element = h('div', { class: 'notice-bar', hidden: true });
  let isOpen = false;
  /** The one that I leafed to; null: the one that wants to be seen. */
  let chosen: string | null = null;
  /** The notice that was there when this was looked at last, as it was; '' for none, null before the list came. */
  let spoken: string | null = null;

  const find = (): Shown | null => {
    const pins = app.stores.pins.get().byRoom.get(roomUid);
    if (pins === undefined) return null;
    const notices = noticesOf(pins);
    const leafed = notices.find(({ message }) => messageName(message) === chosen);
    const entry = leafed ?? shownNotice(pins, meUid);
    return entry === null ? null : { pins, entry, at: notices.indexOf(entry), count: notices.length };
  };
  const leaf = ({ pins, at, count }: Shown): void => {
    const next = noticesOf(pins)[(at + 1) % count];
    chosen = next === undefined ? null : messageName(next.message);
    task.request();
  };
  const toggle = (): void => {
    isOpen = !isOpen;
    paint();
  };
  const fold = (entry: MessageEntry | null): void => {
    isOpen = false;
    drop(app.actions.pins.fold(roomUid, entry));
  };

  const line = ({ entry }: Shown): HTMLElement =>
    named(
      'line',
      h(
        'button',
        {
          type: 'button',
          class: 'notice-bar__line',
          'aria-expanded': isOpen ? 'true' : 'false',
          title: locale.t(isOpen ? 'notices.close' : 'notices.open'),
          on: { click: toggle },
        },
        icon('megaphone', 's'),
        h('span', { class: 'visually-hidden' }, `${locale.t('notices.one')}: `),
        h(
          'span',
          { class: 'notice-bar__text', dir: 'auto' },
          isOpen ? pinnedBy(context, entry.message) : contentPreview(entry.content, locale),
        ),
      ),
    );
  const answer = ({ pins, entry }: Shown): Child => {
    if (isAsked(pins, entry, meUid)) {
      const onClick = (): void => acknowledge(context, entry.message);
      const label = locale.t('notices.acknowledge');
      return named('acknowledge', button({ label, kind: 'primary', size: 'small', onClick }));
    }
    const facts = pins.notices.get(messageName(entry.message));
    const isMine = entry.message.senderUid === meUid;
    return h(
      'span',
      { class: 'notice-bar__state' },
      !isMine && icon('check', 'xs'),
      isMine ? countText(context, facts) : locale.t('notices.acknowledged'),
    );
  };
  const body = (shown: Shown): HTMLElement => {
    const { entry, pins, at, count } = shown;
    const { message, content } = entry;
    const name = messageName(message);
    const text = content.state === 'open' ? content.text : contentPreview(content, locale);
    const menu = named(
      'menu',
      iconButton({
        icon: 'ellipsis',
        label: locale.t('pins.menu'),
        onClick: () => openMenu(menu, locale.t('pins.menu'), pinMenu(context, message)),
      }),
    );
    menu.setAttribute('aria-haspopup', 'menu');
    const next = locale.t('notices.next', { at: at + 1, count });
    return h(
      'div',
      { class: 'notice-bar__body' },
      h(
        'div',
        {
          class: 'notice-bar__whole scroll',
          tabindex: 0,
          role: 'group',
          'aria-label': locale.t('notices.one'),
        },
        messageText(text, context),
      ),
      h(
        'div',
        { class: 'notice-bar__foot' },
        h('span', { class: 'notice-bar__count' }, countText(context, pins.notices.get(name))),
        named(
          'go',
          button({
            label: locale.t('pins.goTo'),
            kind: 'link',
            onClick: () => onOpenMessage(message.seq, name),
          }),
        ),
        count > 1 && named('next', button({ label: next, kind: 'link', onClick: () => leaf(shown) })),
        pinMenu(context, message).length > 0 && menu,
      ),
    );
  };
  const sign = (entry: MessageEntry): HTMLElement =>
    named(
      'fold',
      h(
        'button',
        {
          type: 'button',
          class: 'notice-bar__sign',
          title: contentPreview(entry.content, locale),
          on: { click: () => fold(null) },
        },
        icon('megaphone', 'xs'),
        locale.t('notices.unfold'),
      ),
    );

  /** One that is raised, or gets another text, while I am here; what is there from the start is read like the rest. */
  const speak = (shown: Shown | null): void => {
    if (!app.stores.pins.get().byRoom.has(roomUid)) return;
    const isOpened = shown?.entry.content.state === 'open';
    if (shown !== null && !isOpened) return;
    const key = shown === null ? '' : noticeKey(shown.entry);
    if (spoken !== null && key !== '' && key !== spoken && shown !== null && chosen === null) {
      context.announce(`${locale.t('notices.one')}: ${contentPreview(shown.entry.content, locale)}`);
    }
    spoken = key;
  };
  const draw = (): void => {
    const shown = find();
    speak(shown);
    element.hidden = shown === null;
    if (shown === null) {
      replaceContent(element);
      return;
    }
    const { entry, pins } = shown;
    const isFolded = pins.folded === noticeKey(entry) && chosen === null;
    element.className = isFolded ? 'notice-bar notice-bar--folded' : 'notice-bar';
    if (isFolded) {
      replaceContent(element, sign(entry));
      return;
    }
    const foldAway = iconButton({ icon: 'x', label: locale.t('notices.fold'), onClick: () => fold(entry) });
    replaceContent(
      element,
      h('div', { class: 'notice-bar__head' }, line(shown), answer(shown), named('fold', foldAway)),
      isOpen && body(shown),
    );
  };
  const paint = (): void => drawAgain(element, draw);
  const task = createCalmTask(element, paint);
  const load = (): void => drop(app.actions.pins.load(roomUid));
  disposables.add(
    app.stores.pins.subscribe(({ byRoom }) => byRoom.get(roomUid), task.request),
    app.stores.people.subscribe(({ byUid }) => byUid, task.request),
    // What changed while the connection was gone is in no event.
    app.stores.connection.subscribe(
      ({ phase }) => phase === 'online',
      (isOnline) => isOnline && load(),
    ),
    task.cancel,
  );
  paint();
  if (app.stores.connection.get().phase === 'online') load();
  return { element, dispose: disposables.dispose };
}
