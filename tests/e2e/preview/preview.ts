/** Mounts the real views over made-up state: `?scene=unsent&language=en&theme=dark`. Never part of the product's bundle. */
import { mountPage } from '../../../static/page-view.ts';
import type { Preferences } from '../../../static/features/tabs/tab-state.ts';
import { createMadeUpApp } from './made-up-app.ts';

const query = new URLSearchParams(location.search);
const theme = query.get('theme');
const preferences: Preferences = {
  locale: query.get('language') === 'en' ? 'en' : 'ko',
  theme: theme === 'dark' || theme === 'light' ? theme : 'system',
  isSoundOn: true,
};
const { app, openRoomUid } = createMadeUpApp(query.get('scene') ?? 'room', preferences);
if (openRoomUid !== null && location.hash === '')
  history.replaceState(null, '', `${location.search}#/${openRoomUid}`);
mountPage(app, document.getElementById('app') ?? document.body);
