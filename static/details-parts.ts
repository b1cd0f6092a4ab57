/** The details pane and its tabs. A new tab is a line here. */
import type { DetailsDeps, DetailsTab } from './features/rooms/details-view.ts';
import { createDetailsFrame } from './features/rooms/details-view.ts';
import { createLinksTab } from './features/rooms/links-tab.ts';
import { createMembersTab } from './features/rooms/members-tab.ts';
import { createPinListView } from './features/pins/pin-list-view.ts';
import { createPollListView } from './features/polls/poll-list-view.ts';
import type { View } from './ui/view.ts';

const tabs: readonly DetailsTab[] = [
  { id: 'members', label: 'details.tabMembers', create: createMembersTab },
  { id: 'notices', label: 'notices.tab', create: createPinListView },
  { id: 'polls', label: 'polls.tab', create: createPollListView },
  { id: 'links', label: 'details.tabLinks', create: createLinksTab },
];

export const createDetailsView = (deps: DetailsDeps): View => createDetailsFrame(deps, tabs);
