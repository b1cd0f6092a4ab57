/** The whole client in Node, against a real server: cookies, storage in memory, real keys with a cheap Argon2. */
import { createHash, randomInt } from 'node:crypto';
import { createApp } from '../../static/app.ts';
import type { RunningApp } from '../../static/app.ts';
import { createCryptoEngine } from '../../static/crypto/engine.ts';
import { createMemoBox } from '../../static/crypto/memo-box.ts';
import { createRecoveryDesk } from '../../static/crypto/recovery-desk.ts';
import { createTrustDesk } from '../../static/crypto/trust-desk.ts';
import type { Argon2, CryptoEngine } from '../../static/crypto/index.ts';
import type { Environment } from '../../static/environment.ts';
import type { TabChannel } from '../../static/features/tabs/tab-channel.ts';
import type { TabMessage } from '../../static/features/tabs/tab-state.ts';
import { describeCapabilities } from '../../static/state/capabilities.ts';
import { randomUid } from '../../static/state/random-uid.ts';
import type { Result } from '../../static/state/failure.ts';
import type { ReadableStore } from '../../static/state/store.ts';
import { realTimers } from '../../static/state/timers.ts';
import type { Timers } from '../../static/state/timers.ts';
import type { ClientStorage } from '../../static/storage/client-storage.ts';
import { createMemoryStorage } from '../../static/storage/memory-storage.ts';

/** One browser profile: what its tabs share. */
export type Browser = {
  url: string;
  storage: ClientStorage;
  cookies: Map<string, string>;
  channel: Set<(from: object, message: TabMessage) => void>;
  deviceId: string;
};

export type TestTab = {
  app: RunningApp;
  /** The keys of whoever is signed in; what the page asks of them, a test may ask as well. */
  crypto: () => CryptoEngine;
  /** Called instead of a reload of the page. */
  onReload: (listener: () => void) => void;
  close: () => Promise<void>;
  setNetwork: (isUp: boolean) => void;
  /** The next HTTP request reaches the server, and its answer does not come back. */
  loseNextAnswer: () => void;
};

export const createBrowser = (url: string): Browser => ({
  url,
  storage: createMemoryStorage(),
  cookies: new Map(),
  channel: new Set(),
  deviceId: randomUid(),
});

/** Argon2id costs a second each; for the client's logic any slow-less function of the same inputs will do. */
const cheapArgon2: Argon2 = async (password, salt, kdf) =>
  new Uint8Array(
    createHash('sha256')
      .update(JSON.stringify([password, [...salt], kdf]))
      .digest(),
  );

/** `timers`: a client that hurries, where a test would wait for its pauses. */
export const openTab = (browser: Browser, timers: Timers = realTimers): TestTab => {
  let reloaded: () => void = () => undefined;
  const network = { isUp: true, isAnswerLost: false };
  let engine: CryptoEngine | null = null;
  const tabs = createTestChannel(browser);
  const environment: Environment = {
    baseUrl: browser.url,
    fetch: cookieFetch(browser, network),
    socketOptions: () => ({
      transports: ['websocket'],
      // Read anew at each connect, as a browser does.
      extraHeaders: {
        origin: browser.url,
        get cookie() {
          return cookieHeader(browser);
        },
      },
    }),
    storage: browser.storage,
    createCrypto: (page) => {
      engine = createCryptoEngine({
        ...page,
        deviceId: browser.deviceId,
        argon2: cheapArgon2,
        now: Date.now,
        loadMemos: () => createMemoBox,
        loadTrust: () => createTrustDesk,
        loadRecovery: () => createRecoveryDesk,
        random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      });
      return engine;
    },
    tabs,
    tabId: randomUid(),
    preferenceStorage: null,
    languages: ['ko-KR'],
    capabilities: describeCapabilities({
      isSecureContext: false,
      hasSubtleCrypto: false,
      hasNotifications: false,
      hasClipboard: false,
      hasServiceWorker: false,
      hasBroadcastChannel: true,
      hasLocalStorage: false,
      isStorageDurable: false,
      hasWebSocket: true,
      hasAudio: false,
    }),
    timers,
    monotonicNow: () => performance.now(),
    random: () => 0,
    newUid: randomUid,
    pick: (below) => randomInt(below),
    isNetworkUp: () => network.isUp,
    isLookedAt: () => true,
    reload: () => reloaded(),
  };
  const app = createApp(environment);
  const tab: TestTab = {
    app,
    crypto: () => {
      if (engine === null) throw new Error('the app has made no engine');
      return engine;
    },
    onReload: (listener) => {
      reloaded = listener;
    },
    close: async () => {
      tabs.hangUp();
      await app.close();
    },
    setNetwork: (isUp) => {
      network.isUp = isUp;
    },
    loseNextAnswer: () => {
      network.isAnswerLost = true;
    },
  };
  return tab;
};

const cookieHeader = ({ cookies }: Browser): string =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');

const cookieFetch =
  (browser: Browser, network: { isUp: boolean; isAnswerLost: boolean }): typeof fetch =>
  async (input, init) => {
    if (!network.isUp) throw new TypeError('fetch failed');
    const headers = new Headers(init?.headers);
    headers.set('origin', browser.url);
    if (browser.cookies.size > 0) headers.set('cookie', cookieHeader(browser));
    const response = await fetch(input, { ...init, headers });
    if (network.isAnswerLost) {
      network.isAnswerLost = false;
      throw new TypeError('fetch failed');
    }
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      if (/max-age=0(;|$)/i.test(line)) browser.cookies.delete(pair.slice(0, at));
      else browser.cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  };

type TestChannel = TabChannel & {
  /** What a closed tab hears: nothing. One that lived on would sign in and out with the others, and wipe what they keep. */
  hangUp: () => void;
};

const createTestChannel = ({ channel }: Browser): TestChannel => {
  const self = {};
  const own = new Set<Parameters<typeof channel.add>[0]>();
  return {
    post: (message) => {
      for (const receive of channel) queueMicrotask(() => receive(self, message));
    },
    listen: (listener) => {
      const receive = (from: object, message: TabMessage): void => {
        if (from !== self) listener(message);
      };
      channel.add(receive);
      own.add(receive);
      return () => channel.delete(receive);
    },
    hangUp: () => {
      for (const receive of own) channel.delete(receive);
    },
  };
};

const patienceMs = 30_000;

/** Resolves with the first state that fits; rejects with the last one seen. */
export const stateWhere = <State>(
  store: ReadableStore<State>,
  fits: (state: State) => boolean,
  what: string,
): Promise<State> =>
  new Promise((resolve, reject) => {
    if (fits(store.get())) {
      resolve(store.get());
      return;
    }
    const stop = store.subscribe(
      (state) => state,
      (state) => {
        if (!fits(state)) return;
        clearTimeout(timer);
        stop();
        resolve(state);
      },
    );
    const timer = setTimeout(() => {
      stop();
      reject(new Error(`never: ${what}; last state ${inspect(store.get())}`));
    }, patienceMs);
  });

const inspect = (state: unknown): string =>
  JSON.stringify(state, (_key, value: unknown) => (value instanceof Map ? [...value] : value)).slice(
    0,
    3_000,
  );

export const password = 'correct horse battery';

/**
 * Does what a person does whom a server on a busy machine did not answer in time: presses again. The first sign-up of a
 * server waits for the thread that hashes passwords; the same registration is taken once, however often it comes.
 */
export const pressUntilAnswered = async (press: () => Promise<Result<void>>): Promise<Result<void>> => {
  for (let presses = 1; ; presses += 1) {
    const result = await press();
    if (result.ok || result.code !== 'TIMED_OUT' || presses === 5) return result;
  }
};

/** Signs up as far as the sheet; gives the two groups that are asked back. */
export const prepareSignUp = async (
  { app }: TestTab,
  username: string,
  displayName: string,
): Promise<readonly [string, string]> => {
  await app.start();
  const form = { username, displayName, department: '', title: '', setUpCode: '', invitationCode: '' };
  const made = await pressUntilAnswered(() => app.actions.account.signUp(form, password));
  if (!made.ok) throw new Error(`${username} could not sign up: ${made.code}`);
  const { phase } = app.stores.account.get();
  if (phase.name !== 'signing-up' || phase.signUp.step !== 'sheet') throw new Error('no sheet');
  const { sheetGroups, askedGroups } = phase.signUp;
  return [sheetGroups[askedGroups[0]] ?? '', sheetGroups[askedGroups[1]] ?? ''];
};

/** Signs up through the client, sheet and all; resolves when the client is current. */
export const signUp = async (tab: TestTab, username: string, displayName: string): Promise<void> => {
  const { app } = tab;
  const typed = await prepareSignUp(tab, username, displayName);
  const registered = await pressUntilAnswered(() => app.actions.account.confirmSheet(typed));
  if (!registered.ok)
    throw new Error(`${username} could not register: ${registered.code} ${registered.error ?? ''}`);
  await online(tab);
};

export const online = async ({ app }: TestTab): Promise<void> => {
  await stateWhere(app.stores.connection, (state) => state.phase === 'online', 'online');
};

/** A server that stopped is noticed only when the socket's end arrives: until then, calls go to a dead socket. */
export const connectionLost = async ({ app }: TestTab): Promise<void> => {
  await stateWhere(app.stores.connection, (state) => state.phase !== 'online', 'a lost connection');
};
