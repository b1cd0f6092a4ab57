/** The frame of the administrator's pages: navigation on the left, one page on the right, chosen by the address's hash. */
import { button } from '../../ui/button.ts';
import { closeDialogs } from '../../ui/dialog-closing.ts';
import { h, setAttribute } from '../../ui/h.ts';
import type { Child } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import type { IconName } from '../../ui/icon.ts';
import { mark } from '../../ui/mark.ts';
import { createViewSlot } from '../../ui/view.ts';
import type { View } from '../../ui/view.ts';
import { createDisposables } from '../../state/disposables.ts';
import type { AdminContext } from './admin-context.ts';
import { createAboutView } from './about-view.ts';
import { createAuditView } from './audit-view.ts';
import { createBackupsView } from './backups-view.ts';
import { createInvitationsView } from './invitations-view.ts';
import { createLogView } from './log-view.ts';
import { createOnlineView } from './online-view.ts';
import { createOverviewView } from './overview-view.ts';
import { createPeopleView } from './people-view.ts';
import { createSettingsView } from './settings-view.ts';
import { createStatisticsView } from './statistics-view.ts';
import { createWaitingBadge, createWaitingCount } from './waiting-count.ts';
import type { WaitingCount } from './waiting-count.ts';

const pages = [
  'overview',
  'people',
  'invitations',
  'online',
  'statistics',
  'log',
  'audit',
  'settings',
  'backups',
  'about',
] as const;
export type AdminPage = (typeof pages)[number];

/** A page, and what follows its name in the address. */
type Place = { page: AdminPage; rest: readonly string[] };

const icons: Record<AdminPage, IconName> = {
  overview: 'server',
  people: 'user',
  invitations: 'mail',
  audit: 'list-checks',
  statistics: 'activity',
  online: 'users',
  log: 'scroll-text',
  settings: 'settings',
  backups: 'archive',
  about: 'info',
};

export type ShellDeps = {
  context: AdminContext;
  onMessenger: () => void;
  /** Parts of the desktop app: above every page, above the settings, below the navigation. */
  head?: readonly HTMLElement[];
  settingsParts?: () => readonly View[];
  foot?: readonly Child[];
};

export function createAdminShell(deps: ShellDeps): View {
  const { context } = deps;
  const { locale } = context;
  const disposables = createDisposables();
  const main = h('main', { class: 'admin__main scroll', id: 'admin-main', tabindex: -1 });
  const content = h('div', { class: 'admin__page' });
  const slot = createViewSlot(content);
  const waiting = createWaitingCount(context.bridge);
  const badge = createWaitingBadge(context, waiting);
  const links = new Map(pages.map((page) => [page, link(page)]));

  function link(page: AdminPage): HTMLAnchorElement {
    return h(
      'a',
      { class: 'admin__link', href: `#/${page}` },
      icon(icons[page], 's'),
      h('span', {}, locale.say(`admin.${page}`)),
      page === 'people' && badge.element,
    );
  }
  let shown = '';
  const show = (): void => {
    const { page, rest } = placeOf(location.hash);
    const place = [page, ...rest].join('/');
    if (place === shown) return;
    shown = place;
    closeDialogs();
    for (const [name, element] of links) setAttribute(element, 'aria-current', name === page ? 'page' : null);
    // on a phone the links are a row that scrolls
    links.get(page)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    document.title = `${locale.say(`admin.${page}`)} · ${locale.say('admin.title')}`;
    slot.show(createPage(deps, waiting, { page, rest }));
    main.scrollTop = 0;
  };
  main.append(...(deps.head ?? []), content);
  const element = h(
    'div',
    { class: 'admin' },
    skipLink(context, main),
    h(
      'header',
      { class: 'admin__side' },
      h('div', { class: 'admin__brand' }, mark(), h('span', {}, locale.say('admin.title'))),
      h('nav', { class: 'admin__links', 'aria-label': locale.say('admin.navigation') }, ...links.values()),
      h(
        'div',
        { class: 'admin__foot' },
        ...(deps.foot ?? []),
        button({
          label: locale.say('admin.toMessenger'),
          icon: 'message-circle',
          size: 'small',
          onClick: deps.onMessenger,
        }),
      ),
    ),
    main,
  );
  disposables.listen(window, 'hashchange', show);
  disposables.add(slot.dispose, badge.dispose, waiting.dispose);
  show();
  return { element, dispose: disposables.dispose };
}

function createPage(
  { context, settingsParts }: ShellDeps,
  waiting: WaitingCount,
  { page, rest }: Place,
): View {
  switch (page) {
    case 'overview':
      return createOverviewView(context, waiting);
    case 'people':
      return createPeopleView(context, rest[0] ?? '');
    case 'invitations':
      return createInvitationsView(context);
    case 'audit': {
      const [about, text] = rest;
      return createAuditView(context, about === undefined ? null : { about, text: text ?? about });
    }
    case 'statistics':
      return createStatisticsView(context);
    case 'online':
      return createOnlineView(context);
    case 'log':
      return createLogView(context);
    case 'settings':
      return createSettingsView(context, settingsParts?.());
    case 'backups':
      return createBackupsView(context);
    case 'about':
      return createAboutView(context);
    default:
      return assertNever(page);
  }
}

const skipLink = ({ locale }: AdminContext, main: HTMLElement): HTMLElement =>
  h(
    'a',
    {
      class: 'skip',
      href: '#admin-main',
      on: {
        click: (event) => {
          // the hash is the page's
          event.preventDefault();
          main.focus();
        },
      },
    },
    locale.t('app.skip'),
  );

/** `#/settings` or, from the tray, `#settings`; what it calls `#addresses` is the overview. What follows is the page's. */
function placeOf(hash: string): Place {
  const [name = '', ...rest] = hash.replace(/^#\/?/, '').split('/');
  const page = pages.find((known) => known === name);
  return page === undefined ? { page: 'overview', rest: [] } : { page, rest: rest.map(decoded) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function assertNever(value: never): never {
  throw new TypeError(`unknown page: ${String(value)}`);
}
