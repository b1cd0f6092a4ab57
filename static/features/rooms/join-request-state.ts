import type { EventPayload } from '#contract/index.ts';
import type { JoinRequest } from '#contract/join-requests.ts';

export type MyRequestState = EventPayload<'room:request-changed'>['state'];

export type JoinRequestsState = {
  /** Who waits to be let into the groups that I run, the oldest first. */
  waiting: readonly JoinRequest[];
  /** What was told of my own requests since this page was opened, by room. */
  mine: ReadonlyMap<string, MyRequestState>;
};

export const noJoinRequests = (): JoinRequestsState => ({ waiting: [], mine: new Map() });
