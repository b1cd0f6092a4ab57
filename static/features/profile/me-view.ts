import { h, replaceContent, setText } from '../../ui/h.ts';
import { avatar } from '../../ui/avatar.ts';
import { iconButton } from '../../ui/button.ts';
import { showLate } from '../../ui/late-view.ts';
import { fullStatus, shownStatus } from '../../ui/person-status.ts';
import type { View } from '../../ui/view.ts';
import { createDisposables } from '../../state/disposables.ts';
import { meOf } from '../account/account-state.ts';
import type { AccountState } from '../account/account-state.ts';
import type { PageContext } from '../../page-context.ts';

export type MeDeps = {
  context: PageContext;
  onProfile: () => void;
  onNew: () => void;
  onMemos: () => void;
  onMenu: (anchor: HTMLElement) => void;
  onMakeSheet: () => void;
};

/** The top of the list: who I am, my status, a new conversation; and the lights of what has to be dealt with. */
export function createMeView({ context, onProfile, onNew, onMemos, onMenu, onMakeSheet }: MeDeps): View {
  const { app, locale } = context;
  const disposables = createDisposables();
  const row = h('div', { class: 'me__row' });
  const lights = h('div', {});
  const element = h('div', { class: 'me' }, row, lights);
  showLate(lights, disposables, async () =>
    (await context.later.load('trust')).trustParts.createTrustLights(context, onMakeSheet),
  );
  const menu = iconButton({ icon: 'ellipsis', label: locale.t('me.menu'), onClick: () => onMenu(menu) });
  menu.setAttribute('aria-haspopup', 'menu');
  const memos = iconButton({ icon: 'mail', label: '', onClick: onMemos, class: 'me__memos' });
  const count = h('span', { class: 'me__badge', 'aria-hidden': 'true' });
  memos.append(count);
  const paintMemos = (): void => {
    const { unread } = app.stores.memos.get();
    const label = unread === 0 ? locale.t('memos.title') : locale.t('memos.titleUnread', { count: unread });
    memos.title = label;
    memos.setAttribute('aria-label', label);
    setText(count, unread > 99 ? '99+' : String(unread));
    count.hidden = unread === 0;
  };
  const isOnline = (): boolean => app.stores.connection.get().phase === 'online';
  const paint = (): void => {
    const state = app.stores.account.get();
    const me = meOf(state);
    if (me === null) return;
    const role = [me.department, me.title].filter((part) => part !== '').join(' ');
    const now = app.clock.now();
    const status = shownStatus(me, now);
    const words = [status, role].filter((part) => part !== '').join(' · ');
    replaceContent(
      row,
      h(
        'button',
        {
          type: 'button',
          class: 'me__button',
          title: fullStatus(locale, me, now) || locale.t('profile.open'),
          on: { click: onProfile },
        },
        avatar({ id: me.userUid, name: me.displayName, isOnline: isOnline() }),
        h(
          'span',
          { class: 'me__words' },
          h('span', { class: 'me__name' }, me.displayName),
          h('span', { class: 'me__status' }, words === '' ? `@${me.username}` : words),
        ),
        h('span', { class: 'visually-hidden' }, `, ${locale.t('profile.open')}`),
      ),
      memos,
      menu,
      iconButton({ icon: 'square-pen', label: locale.t('rooms.new'), onClick: onNew }),
    );
  };
  const facts = (state: AccountState): string => JSON.stringify(meOf(state));
  disposables.add(
    app.stores.account.subscribe(facts, paint),
    app.stores.connection.subscribe(isOnline, paint),
    app.stores.memos.subscribe(({ unread }) => unread, paintMemos),
  );
  paintMemos();
  paint();
  return { element, dispose: disposables.dispose };
}
