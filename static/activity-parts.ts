/** What people do: who types, who is away, who has read, who waits to be let in. A while after the messenger is soon enough for it. */
import { openReaders } from './features/messages/readers-view.ts';
import { watchAwayPage } from './features/presence/away-page.ts';
import { tellWaitingPeople } from './features/people/waiting-people-toast.ts';
import { createTypingLine } from './features/typing/typing-line.ts';

export const activityParts = { createTypingLine, openReaders, tellWaitingPeople, watchAwayPage };
