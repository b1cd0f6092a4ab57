/** The client's environment in a real browser. */
import { createCryptoClient } from './crypto/index.ts';
import type { CryptoClient } from './crypto/index.ts';
import type { Environment } from './environment.ts';
import { createTabChannel } from './features/tabs/tab-channel.ts';
import { describeCapabilities, readBrowserFacts } from './state/capabilities.ts';
import { randomUid, randomWholeNumber } from './state/random-uid.ts';
import { realTimers } from './state/timers.ts';
import type { ClientStorage } from './storage/client-storage.ts';

type Browser = Window & typeof globalThis;

const deviceIdKey = 'device-id';

export const createBrowserEnvironment = async (
  browser: Browser,
  storage: ClientStorage,
): Promise<Environment> => {
  const { deviceId, isNew } = await readDeviceId(storage);
  return {
    baseUrl: '',
    fetch: browser.fetch.bind(browser),
    storage,
    createCrypto: (page) => {
      const crypto = createCryptoClient({
        ...page,
        deviceId,
        createCryptoWorker: () => new Worker(workerAddress(browser, 'crypto-worker')),
        createArgon2Worker: () => new Worker(workerAddress(browser, 'argon2-worker')),
      });
      warmUpInTime(browser.document, crypto, isNew);
      return crypto;
    },
    tabs: createTabChannel(browser),
    tabId: randomUid(),
    preferenceStorage: localStorageOf(browser),
    languages: browser.navigator.languages,
    capabilities: describeCapabilities(readBrowserFacts(browser, storage.isDurable)),
    timers: realTimers,
    monotonicNow: () => browser.performance.now(),
    random: Math.random,
    newUid: randomUid,
    pick: randomWholeNumber,
    isNetworkUp: () => browser.navigator.onLine,
    isLookedAt: () => browser.document.visibilityState === 'visible' && browser.document.hasFocus(),
    reload: () => browser.location.reload(),
  };
};

/** The random id of this browser profile: part of the key that outbox and drafts are sealed under. */
const readDeviceId = async (storage: ClientStorage): Promise<{ deviceId: string; isNew: boolean }> => {
  const stored = await storage.getValue(deviceIdKey);
  if (stored !== null) return { deviceId: stored, isNew: false };
  const deviceId = randomUid();
  await storage.putValue(deviceIdKey, deviceId);
  return { deviceId, isNew: true };
};

const gestures = ['pointerdown', 'keydown', 'input'] as const;

/**
 * Starts the workers before they are missed. Where somebody may be signed in, the engine's at once: their keys are opened as
 * soon as the server has answered, and its script is in the browser's cache. A new browser shows the form first; both start
 * with the first key or touch, long before a password is complete.
 */
const warmUpInTime = (document: Document, crypto: CryptoClient, isNew: boolean): void => {
  if (!isNew) crypto.warmUp({ hasPassword: false });
  const begin = (): void => {
    for (const gesture of gestures) document.removeEventListener(gesture, begin, true);
    crypto.warmUp({ hasPassword: document.querySelector('input[type="password"]') !== null });
  };
  for (const gesture of gestures) document.addEventListener(gesture, begin, true);
};

/** The bundler names the workers by their content; the page's head says what they are called. */
const workerAddress = (browser: Browser, name: 'crypto-worker' | 'argon2-worker'): string => {
  const address = browser.document.querySelector<HTMLMetaElement>(`meta[name="maru-${name}"]`)?.content;
  if (address === undefined) throw new Error(`the page does not name its ${name}`);
  return address;
};

/** Reading the property alone throws where site data is blocked. */
const localStorageOf = (browser: Browser): Storage | null => {
  try {
    return browser.localStorage;
  } catch {
    return null;
  }
};
