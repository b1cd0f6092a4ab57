import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeCapabilities, readBrowserFacts } from './capabilities.ts';

type Browser = Parameters<typeof readBrowserFacts>[0];

/** What a present browser has on HTTPS or, without a secure context, on the plain address of an office. */
const browserWith = (isSecureContext: boolean): Partial<Browser> => {
  const parts: object = {
    isSecureContext,
    crypto: isSecureContext ? { subtle: {} } : {},
    // there on plain HTTP as well, where asking for permission is refused
    Notification: () => undefined,
    navigator: isSecureContext ? { clipboard: {}, serviceWorker: {} } : {},
    BroadcastChannel: () => undefined,
    localStorage: {},
    WebSocket: () => undefined,
    AudioContext: () => undefined,
  };
  return parts;
};

const capabilitiesOf = (browser: Partial<Browser>, isStorageDurable = true) =>
  describeCapabilities(readBrowserFacts(browser as Browser, isStorageDurable)); // nothing else is looked at

test('a present browser on HTTPS can do everything, and nothing asks for HTTPS', () => {
  const { list } = capabilitiesOf(browserWith(true));
  assert.ok(list.every(({ level, needsHttps }) => level === 'full' && !needsHttps));
});

test('on a plain address substitutes stand in, and what HTTPS would change says so', () => {
  const { list, level } = capabilitiesOf(browserWith(false));
  assert.deepEqual(
    list.filter(({ needsHttps }) => needsHttps).map(({ name }) => name),
    ['secureContext', 'webCrypto', 'notifications', 'clipboard', 'serviceWorker'],
  );
  assert.equal(level('webCrypto'), 'substitute');
  assert.equal(level('notifications'), 'substitute', 'the constructor alone is no permission');
  assert.equal(level('clipboard'), 'substitute');
  assert.equal(level('serviceWorker'), 'missing');
  assert.equal(level('webSocket'), 'full');
});

test('without BroadcastChannel tabs talk by localStorage, and without that not at all', () => {
  const old = browserWith(false);
  Reflect.deleteProperty(old, 'BroadcastChannel');
  assert.equal(capabilitiesOf(old).level('tabChannel'), 'substitute');
  // with cookies blocked, looking at it is what throws
  Object.defineProperty(old, 'localStorage', {
    get() {
      throw new Error('SecurityError');
    },
  });
  assert.equal(capabilitiesOf(old).level('tabChannel'), 'missing');
});

test('Safari’s older name of the audio context counts, storage that will not last is a substitute', () => {
  const old = browserWith(false);
  Reflect.deleteProperty(old, 'AudioContext');
  assert.equal(capabilitiesOf(old).level('sound'), 'missing');
  Object.assign(old, { webkitAudioContext: () => undefined });
  assert.equal(capabilitiesOf(old).level('sound'), 'full');
  assert.equal(capabilitiesOf(old, false).level('storage'), 'substitute');
});
