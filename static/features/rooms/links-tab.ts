import { h, replaceContent } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import { createCalmTask } from '../../ui/calm-task.ts';
import { emptyState } from '../../ui/empty-state.ts';
import { button } from '../../ui/button.ts';
import { personName } from '../../ui/person-label.ts';
import type { View } from '../../ui/view.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import type { DetailsDeps } from './details-view.ts';
import { linksOf } from './room-links.ts';
import type { RoomLink } from './room-links.ts';
import { visibleRows } from './room-state.ts';

/** Addresses that were sent here, as far back as this browser has opened: only here can they be read. */
export function createLinksTab({ context, roomUid }: DetailsDeps): View {
  const { app, locale } = context;
  const disposables = createDisposables();
  const element = h('div', { class: 'links' });
  const meUid = meUidOf(app.stores.account.get()) ?? '';
  const entryOf = () => app.stores.rooms.get().byUid.get(roomUid);
  const loadMore = (): void => drop(app.actions.history.loadBefore(roomUid));
  const paint = (): void => {
    const entry = entryOf();
    if (entry === undefined) return;
    const links = linksOf(entry.tail);
    const oldest = entry.tail[0]?.message;
    const isWhole = entry.detached === null && !visibleRows(entry, meUid).hasBefore;
    replaceContent(
      element,
      links.length === 0
        ? emptyState({ title: locale.t('links.none'), text: locale.t('links.noneText') })
        : h(
            'ul',
            { class: 'links__list', role: 'list' },
            ...links.map((link) => linkRow(context, roomUid, link)),
          ),
      h(
        'p',
        { class: 'links__reach' },
        oldest === undefined || isWhole
          ? locale.t('links.whole')
          : locale.t('links.reach', { date: locale.moment(oldest.sentAt, app.clock.now()) }),
      ),
      !isWhole &&
        entry.detached === null &&
        button({ label: locale.t('links.older'), kind: 'link', onClick: loadMore }),
    );
  };
  const task = createCalmTask(element, paint);
  disposables.add(
    app.stores.rooms.subscribe((state) => state.byUid.get(roomUid)?.tail, task.request),
    app.stores.rooms.subscribe((state) => state.byUid.get(roomUid)?.isStartReached, task.request),
    task.cancel,
  );
  paint();
  return { element, dispose: disposables.dispose };
}

function linkRow({ app, locale }: PageContext, roomUid: string, link: RoomLink): HTMLElement {
  const person = app.stores.people.get().byUid.get(link.senderUid);
  const facts = { first: personName(locale, person), second: locale.moment(link.sentAt, app.clock.now()) };
  const jump = (): void => drop(app.actions.history.jumpTo(roomUid, link.seq));
  return h(
    'li',
    { class: 'links__item' },
    h(
      'a',
      { class: 'links__address', href: link.href, target: '_blank', rel: 'noopener noreferrer' },
      icon('globe', 's'),
      h('span', { class: 'links__text' }, link.text),
    ),
    h(
      'button',
      { type: 'button', class: 'links__from', title: locale.t('links.show'), on: { click: jump } },
      locale.t('common.separator', facts),
    ),
  );
}
