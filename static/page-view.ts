/** The page as a whole: which screen a state of the account shows, in which language and theme. */
import type { App } from './app-types.ts';
import type { AccountPhase } from './features/account/account-state.ts';
import type { Preferences } from './features/tabs/tab-state.ts';
import { createWordingLocale } from './locales/wording-locale.ts';
import type { GrowingLocale } from './locales/wording-locale.ts';
import { loadWording } from './locales/wording-loading.ts';
import type { OpenSettings, PageContext } from './page-context.ts';
import { createBootView } from './boot-view.ts';
import { createEntranceView } from './entrance-view.ts';
import { createDisposables } from './state/disposables.ts';
import { drop } from './state/drop.ts';
import { closeDialogs } from './ui/dialog-closing.ts';
import { createLaterPieces } from './later-pieces.ts';
import { loadRestLater } from './rest-loading.ts';
import { loadFonts } from './ui/font-loading.ts';
import { replaceContent, setAttribute } from './ui/h.ts';
import { createLiveRegion } from './ui/live-region.ts';
import { createToasts } from './ui/toast.ts';
import { createViewSlot } from './ui/view.ts';
import type { View } from './ui/view.ts';

/** Shows the client inside `host`, as soon as the words of its language are there. Returns how to take it down again. */
export function mountPage(app: App, host: HTMLElement): () => void {
  let disposePage = (): void => undefined;
  let shows = 0;
  const settings: OpenSettings = { tab: null };
  const { preferences } = app.stores;
  const show = async (): Promise<void> => {
    shows += 1;
    const mine = shows;
    const language = preferences.get().locale;
    const locale = createWordingLocale(language, await loadWording(language));
    // Another language was chosen meanwhile, or the page was taken down.
    if (mine !== shows) return;
    // The language is chosen in the settings, which must not vanish under the hand that chose it.
    const { tab } = settings;
    closeDialogs();
    disposePage();
    settings.tab = tab;
    disposePage = showPage(app, host, locale, settings);
  };
  const stops = [
    preferences.subscribe((state) => state.theme, applyTheme),
    preferences.subscribe(
      (state) => state.locale,
      () => drop(show()),
    ),
  ];
  applyTheme(preferences.get().theme);
  drop(show());
  return () => {
    shows += 1;
    for (const stop of stops) stop();
    disposePage();
  };
}

function showPage(app: App, host: HTMLElement, locale: GrowingLocale, settings: OpenSettings): () => void {
  const disposables = createDisposables();
  setAttribute(document.documentElement, 'lang', locale.language);
  const live = createLiveRegion();
  const toasts = createToasts({
    label: locale.t('common.notices'),
    closeLabel: locale.t('common.close'),
    announce: live.announce,
  });
  // Outside the host: an open dialog hides the host from screen readers, and these must stay audible.
  document.body.append(live.element, toasts.element);
  const later = createLaterPieces(locale, toasts);
  const context: PageContext = { app, locale, toasts, announce: live.announce, settings, later };
  // What index.html shows while the script is on its way.
  replaceContent(host);
  const slot = createViewSlot(host);
  disposables.add(live.dispose, toasts.dispose, slot.dispose);

  let wanted = 0;
  const show = (screen: Screen): void => {
    wanted += 1;
    const mine = wanted;
    const load = async (): Promise<void> => {
      const view = await createScreen(screen, context);
      if (mine !== wanted) {
        view.dispose();
        return;
      }
      closeDialogs();
      slot.show(view);
      if (screen !== 'boot') loadFonts();
      if (screen === 'messenger') loadRestLater(context);
    };
    drop(load());
  };
  disposables.add(
    app.stores.account.subscribe((state) => screenOf(state.phase), show),
    () => (wanted += 1),
  );
  show(screenOf(app.stores.account.get().phase));
  return disposables.dispose;
}

type Screen = 'boot' | 'entrance' | 'sheet' | 'waiting' | 'locked' | 'messenger';

function screenOf(phase: AccountPhase): Screen {
  switch (phase.name) {
    case 'starting':
      return 'boot';
    case 'signed-out':
      return 'entrance';
    case 'signing-up':
      return phase.signUp.step === 'sheet' || phase.signUp.step === 'registering' ? 'sheet' : 'entrance';
    case 'waiting':
      return 'waiting';
    case 'locked':
      return 'locked';
    case 'signed-in':
      return 'messenger';
    default:
      return assertNever(phase);
  }
}

/** The sheet and the messenger come in pieces of their own, so that the sign-in form is there first. */
async function createScreen(screen: Screen, context: PageContext): Promise<View> {
  switch (screen) {
    case 'boot':
      return createBootView(context);
    case 'entrance':
      return createEntranceView(context);
    case 'sheet': {
      const { createSignUpSheetView } = await context.later.load('sheet');
      return createSignUpSheetView(context);
    }
    case 'waiting':
      return (await context.later.load('waiting')).createWaitingPageView(context);
    case 'locked':
      return (await context.later.load('locked')).createLockedPageView(context);
    case 'messenger': {
      const { createMessengerView } = (await import('./signed-in.ts')).signedInParts;
      return createMessengerView(context);
    }
    default:
      return assertNever(screen);
  }
}

function applyTheme(theme: Preferences['theme']): void {
  setAttribute(document.documentElement, 'data-theme', theme === 'system' ? null : theme);
}

function assertNever(value: never): never {
  throw new TypeError(`unknown state: ${JSON.stringify(value)}`);
}
