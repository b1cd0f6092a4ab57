/** What becomes of the requests that this client knows of; not part of the first screens. Pure. */
import type { EventPayload } from '#contract/index.ts';
import type { JoinRequest } from '#contract/join-requests.ts';
import type { JoinRequestsState } from './join-request-state.ts';

export function withRequestChange(
  state: JoinRequestsState,
  { state: now, ...request }: EventPayload<'room:request-changed'>,
  meUid: string,
): JoinRequestsState {
  const { roomUid, userUid } = request;
  if (userUid === meUid) return { ...state, mine: new Map(state.mine).set(roomUid, now) };
  const others = state.waiting.filter((known) => known.roomUid !== roomUid || known.userUid !== userUid);
  return { ...state, waiting: now === 'pending' ? [...others, request] : others };
}

export const waitingFor = ({ waiting }: JoinRequestsState, roomUid: string): readonly JoinRequest[] =>
  waiting.filter((request) => request.roomUid === roomUid);
