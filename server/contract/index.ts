/** The contract: every request and event of the product, and the types that derive from them. */
import type * as z from 'zod/mini';
import { adminEvents, adminRequests } from './admin.ts';
import { accountEvents, accountRequests } from './accounts.ts';
import { auditExportRequests } from './audit-export.ts';
import { joinRequestEvents, joinRequestRequests } from './join-requests.ts';
import { memoEvents, memoRequests } from './memos.ts';
import { mentionRequests } from './mentions.ts';
import { messageChangeRequests } from './message-changes.ts';
import { messageEvents, messageRequests } from './messages.ts';
import { myItemEvents, myItemRequests } from './my-items.ts';
import { peopleRequests } from './people.ts';
import { pinEvents, pinRequests } from './pins.ts';
import { policyEvents } from './policies.ts';
import { presenceEvents, presenceRequests } from './presence.ts';
import { pollEvents, pollRequests } from './polls.ts';
import { reactionRequests } from './reactions.ts';
import { recoveryEvents, recoveryRequests } from './recovery.ts';
import { restoreRequests } from './restore.ts';
import { roomAdministrationRequests } from './room-administration.ts';
import { keySharingEvents, keySharingRequests } from './room-key-sharing.ts';
import { roomEvents, roomRequests } from './rooms.ts';
import { scheduledEvents, scheduledRequests } from './scheduled.ts';
import { serverRequests } from './server-info.ts';
import { syncRequests } from './sync.ts';

export const requests = {
  ...serverRequests,
  ...accountRequests,
  ...peopleRequests,
  ...presenceRequests,
  ...roomRequests,
  ...roomAdministrationRequests,
  ...joinRequestRequests,
  ...keySharingRequests,
  ...messageRequests,
  ...messageChangeRequests,
  ...scheduledRequests,
  ...mentionRequests,
  ...reactionRequests,
  ...pollRequests,
  ...pinRequests,
  ...myItemRequests,
  ...memoRequests,
  ...syncRequests,
  ...restoreRequests,
  ...recoveryRequests,
  ...adminRequests,
  ...auditExportRequests,
};

export const events = {
  ...accountEvents,
  ...policyEvents,
  ...presenceEvents,
  ...roomEvents,
  ...joinRequestEvents,
  ...keySharingEvents,
  ...messageEvents,
  ...pollEvents,
  ...pinEvents,
  ...myItemEvents,
  ...memoEvents,
  ...adminEvents,
  ...scheduledEvents,
  ...recoveryEvents,
};

export type Requests = typeof requests;
export type RequestName = keyof Requests;
/** What a caller sends (before transforms such as canonical user names). */
export type RequestInput<Name extends RequestName> = z.input<Requests[Name]['input']>;
/** What a handler receives (after validation). */
export type ValidInput<Name extends RequestName> = z.output<Requests[Name]['input']>;
/** What a handler returns and a caller gets. */
export type RequestOutput<Name extends RequestName> = z.output<Requests[Name]['output']>;

export type Events = typeof events;
export type EventName = keyof Events;
export type EventPayload<Name extends EventName> = z.output<Events[Name]>;
