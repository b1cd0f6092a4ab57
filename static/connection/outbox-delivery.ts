/** Sends what waits: in order within a room, rooms side by side, one tab at a time, until nothing is due. */
import { succeed } from '../state/failure.ts';
import type { Failure, FailureCode, Result } from '../state/failure.ts';
import { drop } from '../state/drop.ts';
import type { Timers } from '../state/timers.ts';
import type { OutboxItems } from './outbox-items.ts';
import type { Lease } from './outbox-lease.ts';
import { judgeFailure, longestPauseMs } from './outbox-outcome.ts';
import type { Outcome } from './outbox-outcome.ts';
import type { OutboxItem } from './outbox-state.ts';

export type DeliveryDeps = {
  items: OutboxItems;
  lease: Lease;
  timers: Timers;
  isOnline: () => boolean;
  /** Makes the envelope for this attempt: checks the room's keys, makes the next epoch if one is needed. */
  seal: (item: OutboxItem) => Promise<Result<string>>;
  send: (item: OutboxItem, envelope: string) => Promise<Result<{ seq: number; sentAt: number }>>;
  /** The server says the room's keys moved on: fetch what changed before the next attempt. */
  refreshKeys: (roomUid: string) => Promise<void>;
  /** Tells the other tabs that stored items changed. */
  announce: () => void;
};

export type Delivery = {
  /** Sends everything that is due. */
  drain: () => void;
  /** What messages wait for may be there: a connection, a free lease; with a room, that room's keys. */
  wake: (roomUid?: string) => void;
  /** The message was taken out: its attempts do not count any more. */
  forget: (clientId: string) => void;
  stop: () => Promise<void>;
};

/** How soon a tab that found the lease taken looks again: the other one may have been closed. */
const leaseRetryMs = 2_000;
/** How soon a message is tried again that waits for a connection while there is one. */
const reconnectedRetryMs = 1_000;

export const createDelivery = (deps: DeliveryDeps): Delivery => {
  const { items, lease, timers } = deps;
  const attemptsById = new Map<string, number>();
  /** What was sent and not answered: it may be stored all the same. */
  const unansweredById = new Map<string, string>();
  const busyRooms = new Set<string>();
  let isStopped = false;
  let isLeaseKnown = false;
  let cancelWake: (() => void) | null = null;
  let cancelLeaseRetry: (() => void) | null = null;

  /** With a reason and no time it waits for `wake`. */
  const isDue = ({ state }: OutboxItem): boolean =>
    state.name === 'waiting' &&
    (state.reason === null || (state.retryAt !== null && isOver(state.retryAt, timers.now())));

  const showOffline = (): void => {
    for (const { clientId, state } of items.all()) {
      if (state.name === 'waiting' && state.reason === null) {
        items.setState(clientId, { name: 'waiting', reason: 'OFFLINE', retryAt: null });
      }
    }
  };

  /** The next message of a room: the oldest that has not failed, unless it still has to wait. */
  const nextOf = (roomUid: string): OutboxItem | null => {
    const first = items.all().find((item) => item.roomUid === roomUid && item.state.name === 'waiting');
    return first !== undefined && isDue(first) ? first : null;
  };

  const scheduleWake = (): void => {
    const times = items
      .all()
      .flatMap((item) =>
        item.state.name === 'waiting' && item.state.retryAt !== null ? [item.state.retryAt] : [],
      );
    const soonest = Math.min(...times);
    cancelWake?.();
    cancelWake = null;
    if (isStopped || !Number.isFinite(soonest)) return;
    // Looked at again in time even if the browser's clock is set back meanwhile.
    const delayMs = Math.min(Math.max(0, soonest - timers.now()), longestPauseMs);
    cancelWake = timers.after(delayMs, () => drop(drain()));
  };

  const retryLease = (): void => {
    isLeaseKnown = false;
    cancelLeaseRetry?.();
    cancelLeaseRetry = isStopped ? null : timers.after(leaseRetryMs, () => drop(drain()));
  };

  const attempt = async (item: OutboxItem): Promise<void> => {
    items.setState(item.clientId, { name: 'waiting', reason: null, retryAt: null });
    const sealed = await sealOrRepeat(item);
    if (isStopped) return;
    const result = sealed.ok ? await deps.send(item, sealed.value) : sealed;
    if (isStopped) return;
    if (sealed.ok) noteAnswer(item.clientId, sealed.value, result);
    if (!result.ok) {
      await settleFailure(item, result);
      return;
    }
    attemptsById.delete(item.clientId);
    const { seq, sentAt } = result.value;
    await items.acknowledge(item.clientId, { seq, sentAt });
    deps.announce();
  };

  const noteAnswer = (clientId: string, envelope: string, answer: Result<unknown>): void => {
    if (!answer.ok && answer.code === 'TIMED_OUT') unansweredById.set(clientId, envelope);
    else if (answer.ok || answer.code !== 'OFFLINE') unansweredById.delete(clientId);
  };

  /** Whoever is out of the room can seal nothing more; whether an earlier attempt arrived, only the server can say. */
  const sealOrRepeat = async (item: OutboxItem): Promise<Result<string>> => {
    const sealed = await deps.seal(item);
    const unanswered = unansweredById.get(item.clientId);
    return !sealed.ok && sealed.code === 'NOT_FOUND' && unanswered !== undefined
      ? succeed(unanswered)
      : sealed;
  };

  const settleFailure = async (item: OutboxItem, failure: Failure): Promise<void> => {
    const count = (attemptsById.get(item.clientId) ?? 0) + 1;
    attemptsById.set(item.clientId, count);
    await carryOut(item, judgeFailure(failure, count));
  };

  const carryOut = async (item: OutboxItem, outcome: Outcome): Promise<void> => {
    const { clientId } = item;
    if (outcome.kind === 'reseal') {
      await deps.refreshKeys(item.roomUid);
      if (outcome.delayMs > 0) waitFor(clientId, outcome.reason, outcome.delayMs);
    } else if (outcome.kind === 'wait') {
      // The connection may be back before the failure of the one before is dealt with; nothing would wake it then.
      const isBack = outcome.delayMs === null && deps.isOnline();
      waitFor(clientId, outcome.reason, isBack ? reconnectedRetryMs : outcome.delayMs);
    } else {
      attemptsById.delete(clientId);
      await items.fail(clientId, { code: outcome.reason, subject: outcome.subject });
      deps.announce();
    }
  };

  const waitFor = (clientId: string, reason: FailureCode, delayMs: number | null): void => {
    const retryAt = delayMs === null ? null : timers.now() + delayMs;
    items.setState(clientId, { name: 'waiting', reason, retryAt });
  };

  const drainRoom = async (roomUid: string): Promise<void> => {
    if (busyRooms.has(roomUid)) return;
    busyRooms.add(roomUid);
    try {
      for (;;) {
        const item = nextOf(roomUid);
        if (item === null || isStopped) return;
        if (!deps.isOnline()) {
          showOffline();
          return;
        }
        if (!(await lease.take())) {
          // Lost while this tab was frozen. The tab that has it now may be closed before it sent everything.
          retryLease();
          return;
        }
        await attempt(item);
      }
    } finally {
      busyRooms.delete(roomUid);
      scheduleWake();
      drop(releaseIfIdle());
    }
  };

  const releaseIfIdle = async (): Promise<void> => {
    const hasWork = items.all().some((item) => item.state.name === 'waiting');
    if (hasWork || busyRooms.size > 0) return;
    isLeaseKnown = false;
    await lease.release();
  };

  const drain = async (): Promise<void> => {
    const rooms = new Set(
      items
        .all()
        .filter(isDue)
        .map((item) => item.roomUid),
    );
    if (rooms.size === 0 || isStopped) {
      scheduleWake();
      return;
    }
    if (!deps.isOnline()) {
      showOffline();
      return;
    }
    if (!(await lease.take())) {
      retryLease();
      return;
    }
    if (!isLeaseKnown) {
      // The lease is new: another tab may have sent some of these meanwhile.
      isLeaseKnown = true;
      // A storage that fails must not hold back what is in memory; the server takes a doubled message once.
      await items.reload().catch(() => undefined);
    }
    await Promise.all([...rooms].map((roomUid) => drainRoom(roomUid)));
  };

  return {
    drain: () => drop(drain()),
    wake: (roomUid) => {
      for (const { clientId, state, roomUid: itemRoomUid } of items.all()) {
        if (roomUid === undefined || itemRoomUid === roomUid) attemptsById.delete(clientId);
        if (state.name !== 'waiting' || state.reason === null) continue;
        if (itemRoomUid === roomUid || (state.retryAt === null && deps.isOnline())) {
          items.setState(clientId, { name: 'waiting', reason: null, retryAt: null });
        }
      }
      drop(drain());
    },
    forget: (clientId) => {
      attemptsById.delete(clientId);
      unansweredById.delete(clientId);
    },
    stop: async () => {
      isStopped = true;
      cancelWake?.();
      cancelLeaseRetry?.();
      await lease.release();
    },
  };
};

/** A time much further away than anything waits for was set by a clock that has gone back since. */
const isOver = (retryAt: number, now: number): boolean =>
  retryAt <= now || retryAt - now > 2 * longestPauseMs;
