/** Messages between the tabs of one browser: BroadcastChannel, or `storage` events where it is missing (Safari 14). */
import type { TabMessage } from './tab-state.ts';

export type TabChannel = {
  post: (message: TabMessage) => void;
  /** Messages of other tabs, never one's own. */
  listen: (listener: (message: TabMessage) => void) => () => void;
};

const channelName = 'maru-tabs';

export const createTabChannel = (browser: Window & typeof globalThis): TabChannel =>
  'BroadcastChannel' in browser
    ? createBroadcast(new browser.BroadcastChannel(channelName))
    : createStorageEvents(browser);

const createBroadcast = (channel: BroadcastChannel): TabChannel => ({
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has no target: it is of this origin
  post: (message) => channel.postMessage(message),
  listen: (listener) => {
    // Only this client's own tabs can post on a channel of this origin.
    const receive = (event: MessageEvent<TabMessage>): void => listener(event.data);
    channel.addEventListener('message', receive);
    return () => channel.removeEventListener('message', receive);
  },
});

const createStorageEvents = (browser: Window & typeof globalThis): TabChannel => {
  let count = 0;
  return {
    post: (message) => {
      count += 1;
      try {
        // A value that differs each time, else no event fires; removed at once, so that nothing stays behind.
        browser.localStorage.setItem(channelName, JSON.stringify({ message, count, at: Date.now() }));
        browser.localStorage.removeItem(channelName);
      } catch {
        // Storage is refused: there is nothing that tabs could share either.
      }
    },
    listen: (listener) => {
      const receive = (event: StorageEvent): void => {
        if (event.key !== channelName || event.newValue === null) return;
        // Written by `post` of another tab of this client.
        listener((JSON.parse(event.newValue) as { message: TabMessage }).message);
      };
      browser.addEventListener('storage', receive);
      return () => browser.removeEventListener('storage', receive);
    },
  };
};
