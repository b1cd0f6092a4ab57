/** Boots the administrator's page at `/admin`: who is it, may they, and the same views as in the desktop app's window. */
// oxlint-disable-next-line import/no-unassigned-import -- it adds missing built-ins, before anything uses them
import './polyfills.ts';
import type { SignedIn } from '#contract/accounts.ts';
import { signInForAdmin } from './admin-return.ts';
import { createBrowserEnvironment } from './browser-environment.ts';
import { createHttpCall } from './connection/http-call.ts';
import { createConnection } from './connection/socket-connection.ts';
import { createSocketLink } from './connection/socket-link.ts';
import type { Environment } from './environment.ts';
import { createAdminShell } from './features/admin/admin-shell-view.ts';
import type { AdminContext } from './features/admin/admin-context.ts';
import { createAdminRefusal, createServerWait } from './features/admin/admin-refusal-view.ts';
import { createConnectionLine } from './features/admin/connection-line.ts';
import { followRestart } from './features/admin/restart-following.ts';
import { createSocketBridge } from './features/admin/socket-bridge.ts';
import { preferencesKey } from './features/tabs/preference-actions.ts';
import { readPreferences } from './features/tabs/tab-state.ts';
import { loadAdminLocale } from './locales/admin-wording-loading.ts';
import type { AdminLocale } from './locales/admin-locale.ts';
import { tryCrypto } from './state/crypto-failure.ts';
import { drop } from './state/drop.ts';
import { succeed } from './state/failure.ts';
import type { Result } from './state/failure.ts';
import { openStorage } from './storage/open-storage.ts';
import { loadFonts } from './ui/font-loading.ts';
import { replaceContent, setAttribute } from './ui/h.ts';
import { laterIconShapes } from './ui/icon-shapes-later.ts';
import { addIconShapes } from './ui/icon.ts';
import { createLiveRegion } from './ui/live-region.ts';
import { createToasts } from './ui/toast.ts';

const httpTimeoutMs = 20_000;
const retryMs = 3_000;

const start = async (): Promise<void> => {
  const environment = await createBrowserEnvironment(window, await openStorage());
  const locale = await chooseLocale(environment);
  addIconShapes(laterIconShapes);
  loadFonts();
  const signedIn = await resume(environment, locale);
  if (signedIn === null) return signInForAdmin(window);
  const host = document.getElementById('app') ?? document.body;
  if (signedIn.me.role === 'member') {
    replaceContent(host, createAdminRefusal(locale, signedIn.me.displayName));
    return;
  }
  showAdmin(host, environment, locale, signedIn);
};

/** Language and theme are those of the messenger in this browser. */
const chooseLocale = async ({ preferenceStorage, languages }: Environment): Promise<AdminLocale> => {
  const preferences = readPreferences(preferenceStorage?.getItem(preferencesKey) ?? null, languages);
  const locale = await loadAdminLocale(preferences.locale);
  setAttribute(document.documentElement, 'lang', locale.language);
  setAttribute(
    document.documentElement,
    'data-theme',
    preferences.theme === 'system' ? null : preferences.theme,
  );
  return locale;
};

/** The session of this browser, or null if it has none; waits for a server that does not answer. */
const resume = async (environment: Environment, locale: AdminLocale): Promise<SignedIn | null> => {
  const http = createHttpCall({
    baseUrl: environment.baseUrl,
    fetch: environment.fetch,
    csrfToken: () => null,
    timeoutMs: httpTimeoutMs,
  });
  for (;;) {
    const result = await http('session:resume', {});
    if (result.ok) return result.value;
    if (result.code === 'NOT_SIGNED_IN') return null;
    replaceContent(document.getElementById('app') ?? document.body, createServerWait(locale));
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
};

const showAdmin = (
  host: HTMLElement,
  environment: Environment,
  locale: AdminLocale,
  signedIn: SignedIn,
): void => {
  const connection = createConnection({
    link: createSocketLink({ baseUrl: environment.baseUrl, csrfToken: () => signedIn.csrfToken }),
    timers: environment.timers,
    random: environment.random,
    isNetworkUp: environment.isNetworkUp,
    onSessionLost: () => signInForAdmin(window),
    onOutdated: environment.reload,
  });
  connection.on('session:ended', () => signInForAdmin(window));
  // there is no state to bring up to date: every view asks for what it shows
  connection.connect(async () => succeed(undefined));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') connection.probe();
  });
  const live = createLiveRegion();
  const toasts = createToasts({
    label: locale.t('common.notices'),
    closeLabel: locale.t('common.close'),
    announce: live.announce,
  });
  document.body.append(live.element, toasts.element);
  const context: AdminContext = {
    bridge: createSocketBridge(connection),
    locale,
    toasts,
    announce: live.announce,
    proveIdentity: createProof(environment, signedIn),
    auditFile,
  };
  followRestart(context, connection.state, window);
  const shell = createAdminShell({
    context,
    onMessenger: () => location.assign('/'),
    head: [createConnectionLine(context, connection.state).element],
  });
  replaceContent(host, shell.element);
};

/** The password again, as the key that the server knows a digest of; the engine starts when it is first needed. */
const createProof = (
  environment: Environment,
  { vault }: SignedIn,
): ((password: string) => Promise<Result<string>>) => {
  let crypto: ReturnType<Environment['createCrypto']> | null = null;
  return (password) =>
    tryCrypto(() => {
      crypto ??= environment.createCrypto({
        storage: {
          get: (key) => environment.storage.getValue(key),
          put: (key, value) => environment.storage.putValue(key, value),
        },
        // nothing is opened here, so nothing has to be looked up
        fetchRecords: async () => [],
        fetchStatements: async () => [],
        pinsChanged: () => undefined,
      });
      return crypto.deriveAuthKey(password, vault.salt, vault.kdf);
    });
};

/** The browser's own download, so that a long log is never in this page's memory. */
const auditFile: NonNullable<AdminContext['auditFile']> = (format, { from, to }) => {
  const query = new URLSearchParams({ format });
  if (from !== undefined) query.set('from', String(from));
  if (to !== undefined) query.set('to', String(to));
  return `/api/admin/audit/export?${query.toString()}`;
};

drop(start());
