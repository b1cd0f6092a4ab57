/** Theme, language, sound: shared by all tabs of this browser. */
import type { Store } from '../../state/store.ts';
import type { TabChannel } from './tab-channel.ts';
import type { Preferences } from './tab-state.ts';

export type PreferenceActions = { change: (part: Partial<Preferences>) => void };

/** Read before the first paint, hence synchronous storage; holds nothing but these choices. */
export const preferencesKey = 'maru-preferences';

export type PreferenceStorage = Pick<Storage, 'getItem' | 'setItem'>;

export const createPreferenceActions = (deps: {
  preferences: Store<Preferences>;
  storage: PreferenceStorage | null;
  tabs: TabChannel;
}): PreferenceActions => {
  const { preferences, storage, tabs } = deps;
  tabs.listen((message) => {
    if (message.type === 'preferences-changed') preferences.set(message.preferences);
  });
  return {
    change: (part) => {
      preferences.patch(part);
      try {
        storage?.setItem(preferencesKey, JSON.stringify(preferences.get()));
      } catch {
        // Refused or full: the choice lasts as long as the page.
      }
      tabs.post({ type: 'preferences-changed', preferences: preferences.get() });
    },
  };
};
