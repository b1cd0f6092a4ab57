import type { PageContext } from './page-context.ts';
import type { ConnectionState } from './connection/connection-state.ts';
import { createDisposables } from './state/disposables.ts';
import { button } from './ui/button.ts';
import { h, replaceContent, setText } from './ui/h.ts';
import { icon } from './ui/icon.ts';
import type { View } from './ui/view.ts';

/** A blip shorter than this is nobody's business. */
const quietMs = 1_200;

/** The line under the top edge while the connection is not there, with the next attempt counted down. */
export function createBannerView({ app, locale, announce }: PageContext): View {
  const disposables = createDisposables();
  const words = h('span', { class: 'banner__words' });
  const now = button({ label: locale.t('banner.now'), kind: 'link', onClick: app.actions.reconnectNow });
  const line = h('div', { class: 'banner', hidden: true }, icon('wifi-off', 's'), words, now);
  const storage = storageLine();
  const element = h(
    'div',
    { class: 'banners', role: 'status', 'aria-live': 'off' },
    line,
    storage,
    restoredLine(),
  );
  let timer: ReturnType<typeof setInterval> | undefined;
  let since = Date.now();

  const paint = (): void => {
    const state = app.stores.connection.get();
    const text = bannerText(state);
    const isQuiet = state.phase !== 'outdated' && Date.now() - since < quietMs;
    line.hidden = text === null || isQuiet;
    now.hidden = state.phase !== 'reconnecting' && state.phase !== 'offline';
    if (text !== null) setText(words, text);
  };
  const changed = (): void => {
    clearInterval(timer);
    const { phase } = app.stores.connection.get();
    if (phase === 'online' || phase === 'signed-out') since = Date.now();
    else timer = setInterval(paint, 500);
    // Said once per change, not at every second of the countdown.
    if (phase === 'offline') announce(locale.t('banner.offline'));
    if (phase === 'reconnecting') announce(locale.t('banner.reconnectingNow'));
    paint();
  };
  const bannerText = (state: ConnectionState): string | null => {
    switch (state.phase) {
      case 'connecting':
        return locale.t('banner.connecting');
      case 'offline':
        return locale.t('banner.offline');
      case 'outdated':
        return locale.t('banner.outdated');
      case 'reconnecting': {
        const seconds = Math.ceil((state.nextAttemptAt - Date.now()) / 1_000);
        return seconds <= 0
          ? locale.t('banner.reconnectingNow')
          : locale.t('banner.reconnecting', { seconds });
      }
      default:
        return null;
    }
  };
  disposables.add(
    app.stores.connection.subscribe((state) => state.phase, changed),
    app.stores.connection.subscribe((state) => state, paint),
    () => clearInterval(timer),
  );
  changed();
  return { element, dispose: disposables.dispose };

  function restoredLine(): HTMLElement {
    const said = h('span', { class: 'banner__words' });
    const seen = button({
      label: locale.t('common.close'),
      kind: 'link',
      onClick: app.actions.account.closeRestoreNotice,
    });
    const restored = h('div', { class: 'banner', hidden: true }, icon('info', 's'), said, seen);
    const show = (restoredAt: number | null): void => {
      restored.hidden = restoredAt === null;
      if (restoredAt === null) return;
      const sentence = locale.t('banner.restored', { date: locale.full(restoredAt) });
      setText(said, sentence);
      announce(sentence);
    };
    disposables.add(app.stores.account.subscribe((state) => state.restoredAt, show));
    show(app.stores.account.get().restoredAt);
    return restored;
  }

  function storageLine(): HTMLElement {
    const notDurable = h('div', { class: 'banner banner--quiet' }, icon('triangle-alert', 's'));
    const show = (isDurable: boolean): void => {
      notDurable.hidden = isDurable && app.isStorageDurable;
    };
    replaceContent(
      notDurable,
      icon('triangle-alert', 's'),
      h('span', { class: 'banner__words' }, locale.t('banner.notDurable')),
    );
    disposables.add(app.stores.outbox.subscribe((state) => state.isDurable, show));
    show(app.stores.outbox.get().isDurable);
    return notDurable;
  }
}
