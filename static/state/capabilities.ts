/**
 * What this browser can do here, and which substitute is used where it cannot. Plain HTTP on a LAN address is the normal
 * case: no `crypto.subtle`, no notifications, no service worker, no async clipboard.
 */
export type CapabilityName =
  | 'secureContext'
  | 'webCrypto'
  | 'notifications'
  | 'clipboard'
  | 'serviceWorker'
  | 'tabChannel'
  | 'storage'
  | 'webSocket'
  | 'sound';

export type Capability = {
  name: CapabilityName;
  /** `full`: the browser's own; `substitute`: works in another way; `missing`: does not work here. */
  level: 'full' | 'substitute' | 'missing';
  /** HTTPS would make it better. */
  needsHttps: boolean;
};

export type Capabilities = {
  isSecureContext: boolean;
  list: readonly Capability[];
  level: (name: CapabilityName) => Capability['level'];
};

/** The parts of `window` that are looked at. */
export type BrowserFacts = {
  isSecureContext: boolean;
  hasSubtleCrypto: boolean;
  hasNotifications: boolean;
  hasClipboard: boolean;
  hasServiceWorker: boolean;
  hasBroadcastChannel: boolean;
  hasLocalStorage: boolean;
  isStorageDurable: boolean;
  hasWebSocket: boolean;
  hasAudio: boolean;
};

/** Reads the facts off a real window. Property access alone can throw in locked-down browsers. */
export const readBrowserFacts = (
  browser: Window & typeof globalThis,
  isStorageDurable: boolean,
): BrowserFacts => {
  const has = (read: () => unknown): boolean => {
    try {
      return Boolean(read());
    } catch {
      return false;
    }
  };
  const isSecureContext = has(() => browser.isSecureContext);
  return {
    isSecureContext,
    hasSubtleCrypto: has(() => browser.crypto.subtle),
    // Some browsers expose the constructor on plain HTTP and then refuse: the secure context decides.
    hasNotifications: isSecureContext && 'Notification' in browser,
    hasClipboard: isSecureContext && has(() => browser.navigator.clipboard),
    hasServiceWorker: isSecureContext && has(() => browser.navigator.serviceWorker),
    hasBroadcastChannel: 'BroadcastChannel' in browser,
    hasLocalStorage: has(() => browser.localStorage),
    isStorageDurable,
    hasWebSocket: 'WebSocket' in browser,
    hasAudio: 'AudioContext' in browser || 'webkitAudioContext' in browser,
  };
};

/** The ladder: each thing with its level and whether HTTPS would raise it. */
export const describeCapabilities = (facts: BrowserFacts): Capabilities => {
  const rung = (
    name: CapabilityName,
    hasIt: boolean,
    otherwise: 'substitute' | 'missing',
    needsHttps: boolean,
  ) => ({
    name,
    level: hasIt ? ('full' as const) : otherwise,
    needsHttps: !hasIt && needsHttps && !facts.isSecureContext,
  });
  const list: Capability[] = [
    rung('secureContext', facts.isSecureContext, 'missing', true),
    rung('webCrypto', facts.hasSubtleCrypto, 'substitute', true),
    rung('notifications', facts.hasNotifications, 'substitute', true),
    rung('clipboard', facts.hasClipboard, 'substitute', true),
    rung('serviceWorker', facts.hasServiceWorker, 'missing', true),
    rung('tabChannel', facts.hasBroadcastChannel, facts.hasLocalStorage ? 'substitute' : 'missing', false),
    rung('storage', facts.isStorageDurable, 'substitute', false),
    rung('webSocket', facts.hasWebSocket, 'substitute', false),
    rung('sound', facts.hasAudio, 'missing', false),
  ];
  const levelByName = new Map(list.map((capability) => [capability.name, capability.level]));
  return {
    isSecureContext: facts.isSecureContext,
    list,
    level: (name) => levelByName.get(name) ?? 'missing',
  };
};
