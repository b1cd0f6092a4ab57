/**
 * Drives the revision rule over a network: applies events, closes gaps by `room:changes`, and holds what arrives while a
 * gap is being closed. Whatever is lost, doubled, late or refused on the way, a room ends up as the server has it.
 */
import type { RoomChanges } from '#contract/sync.ts';
import { drop } from '../../state/drop.ts';
import type { Failure, Result } from '../../state/failure.ts';
import type { Timers } from '../../state/timers.ts';
import { judgeRevision } from './room-revision.ts';
import type { RoomEvent } from './room-revision.ts';

export type RoomFollowerDeps = {
  /** The revision this client has of a room; null: it does not know the room. */
  revOf: (roomUid: string) => number | null;
  applyEvent: (roomUid: string, event: RoomEvent) => void;
  applyChanges: (roomUid: string, changes: RoomChanges) => void;
  fetchChanges: (roomUid: string, rev: number) => Promise<Result<RoomChanges>>;
  timers: Timers;
};

export type RoomFollower = {
  receive: (roomUid: string, event: RoomEvent) => void;
  /** Fetches what changed since my revision: closes gaps, brings cursors up to date. Joins one already under way. */
  catchUp: (roomUid: string) => Promise<boolean>;
  /** Forgets what waits: the connection is new and everything was synchronised. */
  reset: () => void;
};

const firstRetryMs = 1_000;
const longestRetryMs = 30_000;

export const createRoomFollower = (deps: RoomFollowerDeps): RoomFollower => {
  /** Rooms whose gap is being closed, with the events that wait for it. */
  let waitingByRoom = new Map<string, RoomEvent[]>();
  let closingByRoom = new Map<string, Promise<boolean>>();
  /** Gaps that could not be closed and are tried again: how often it failed, and what cancels the next attempt. */
  let failedByRoom = new Map<string, { count: number; cancel: () => void }>();

  const receive = (roomUid: string, event: RoomEvent): void => {
    const waiting = waitingByRoom.get(roomUid);
    if (waiting !== undefined) {
      waiting.push(event);
      return;
    }
    const mine = deps.revOf(roomUid);
    if (mine === null) return;
    const verdict = judgeRevision(mine, event.rev);
    if (verdict === 'apply') deps.applyEvent(roomUid, event);
    else if (verdict === 'gap') {
      waitingByRoom.set(roomUid, [event]);
      drop(catchUp(roomUid));
    }
  };

  const fetchAndApply = async (roomUid: string): Promise<boolean> => {
    const mine = deps.revOf(roomUid);
    if (mine === null) return false;
    const closing = closingByRoom;
    const result = await deps.fetchChanges(roomUid, mine);
    // Another connection has taken over meanwhile: its state is newer than this answer.
    if (closing !== closingByRoom) return false;
    closingByRoom.delete(roomUid);
    const waiting = waitingByRoom.get(roomUid) ?? [];
    waitingByRoom.delete(roomUid);
    if (result.ok) {
      forgetFailure(roomUid);
      deps.applyChanges(roomUid, result.value);
    }
    waiting.sort((left, right) => left.rev - right.rev);
    // Without progress the same question would get the same answer, for ever: what still shows a gap is dropped then.
    const isProgress = result.ok && deps.revOf(roomUid) !== mine;
    let isGapLeft = false;
    for (const event of waiting) {
      const isGap = judgeRevision(deps.revOf(roomUid) ?? 0, event.rev) === 'gap';
      if (isProgress || !isGap) receive(roomUid, event);
      isGapLeft ||= isGap;
    }
    // In a quiet room no other event would show the gap; without a connection the next one synchronises everything.
    if (!result.ok && (isGapLeft || failedByRoom.has(roomUid))) {
      if (result.isRetryable && result.code !== 'OFFLINE') retryLater(roomUid, result);
      else forgetFailure(roomUid);
    }
    return result.ok;
  };

  const forgetFailure = (roomUid: string): void => {
    failedByRoom.get(roomUid)?.cancel();
    failedByRoom.delete(roomUid);
  };

  const retryLater = (roomUid: string, failure: Failure): void => {
    const count = (failedByRoom.get(roomUid)?.count ?? 0) + 1;
    forgetFailure(roomUid);
    const pauseMs = Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(count - 1, 10));
    const delayMs = Math.max(pauseMs, failure.retryAfterMs ?? 0);
    const cancel = deps.timers.after(delayMs, () => drop(catchUp(roomUid)));
    failedByRoom.set(roomUid, { count, cancel });
  };

  const catchUp = (roomUid: string): Promise<boolean> => {
    const present = closingByRoom.get(roomUid);
    if (present !== undefined) return present;
    if (deps.revOf(roomUid) === null) {
      waitingByRoom.delete(roomUid);
      return Promise.resolve(false);
    }
    if (!waitingByRoom.has(roomUid)) waitingByRoom.set(roomUid, []);
    const closing = fetchAndApply(roomUid);
    closingByRoom.set(roomUid, closing);
    return closing;
  };

  return {
    receive,
    catchUp,
    reset: () => {
      waitingByRoom = new Map();
      closingByRoom = new Map();
      for (const { cancel } of failedByRoom.values()) cancel();
      failedByRoom = new Map();
    },
  };
};
