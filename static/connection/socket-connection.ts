/**
 * The one connection to the server: typed calls and events. Every connect, the first and any later one, takes the same
 * path: open the socket, hold its events, synchronise, let the events go, online.
 */
import type { EventName, RequestInput, RequestName, RequestOutput } from '#contract/index.ts';
import { fail } from '../state/failure.ts';
import type { Failure, Result } from '../state/failure.ts';
import { createStore } from '../state/store.ts';
import type { ReadableStore } from '../state/store.ts';
import { drop, reportError } from '../state/drop.ts';
import type { Timers } from '../state/timers.ts';
import { backOffMs } from './back-off.ts';
import type { ConnectionState } from './connection-state.ts';
import { createEventHub } from './event-hub.ts';
import type { Listener } from './event-hub.ts';
import { readAnswer } from './http-call.ts';
import type { SocketLink } from './socket-link.ts';

export type Call = <Name extends RequestName>(
  name: Name,
  input: RequestInput<Name>,
  options?: { timeoutMs?: number },
) => Promise<Result<RequestOutput<Name>>>;

export type Connection = {
  state: ReadableStore<ConnectionState>;
  /** Over the socket; OFFLINE at once without one. `session:sync` and its kin may be called while synchronising. */
  call: Call;
  /** Events in the order of arrival. Those that arrive before the state they change is known are held until it is. */
  on: <Name extends EventName>(name: Name, listener: Listener<Name>) => () => void;
  /** Starts connecting; `synchronise` brings the client's state up to date and fails if it could not. */
  connect: (synchronise: () => Promise<Result<void>>) => void;
  /** Ends the connection for good (sign-out); `connect` starts anew. */
  disconnect: () => void;
  /** Skips the rest of the back-off. */
  reconnectNow: () => void;
  /** The page woke up: finds out at once whether the socket survived, instead of waiting for a ping to be missed. */
  probe: () => void;
};

export type ConnectionDeps = {
  link: SocketLink;
  timers: Timers;
  /** [0, 1) */
  random: () => number;
  isNetworkUp: () => boolean;
  /** The server refused the handshake for want of a session. */
  onSessionLost: () => void;
  /** The server speaks a newer contract. */
  onOutdated: () => void;
};

const callTimeoutMs = 15_000;
const probeTimeoutMs = 4_000;

export const createConnection = (deps: ConnectionDeps): Connection => {
  const { link, timers } = deps;
  const state = createStore<ConnectionState>({ phase: 'signed-out' });
  const hub = createEventHub();
  let synchronise: (() => Promise<Result<void>>) | null = null;
  let attempt = 0;
  let cancelAttempt: (() => void) | null = null;

  const open = (): void => {
    cancelAttempt = null;
    if (synchronise === null) return;
    hub.hold();
    link.open();
  };

  const scheduleAttempt = (failure: Failure | null): void => {
    if (synchronise === null || cancelAttempt !== null) return;
    attempt += 1;
    const delayMs = Math.max(backOffMs(attempt, deps.random), failure?.retryAfterMs ?? 0);
    const nextAttemptAt = timers.now() + delayMs;
    state.set(
      deps.isNetworkUp()
        ? { phase: 'reconnecting', attempt, nextAttemptAt }
        : { phase: 'offline', nextAttemptAt },
    );
    cancelAttempt = timers.after(delayMs, open);
  };

  const stop = (phase: 'signed-out' | 'outdated'): void => {
    synchronise = null;
    cancelAttempt?.();
    cancelAttempt = null;
    attempt = 0;
    hub.discard();
    state.set({ phase });
    link.close();
  };

  const refuse = (failure: Failure): void => {
    if (synchronise === null) return;
    if (failure.code === 'NOT_SIGNED_IN') {
      stop('signed-out');
      deps.onSessionLost();
    } else if (failure.code === 'CONTRACT_OUTDATED') {
      stop('outdated');
      deps.onOutdated();
    } else {
      link.close();
      scheduleAttempt(failure);
    }
  };

  const becomeCurrent = async (): Promise<void> => {
    const wanted = synchronise;
    if (wanted === null) return;
    const generation = link.generation();
    const result = await settled(wanted);
    if (synchronise !== wanted || generation !== link.generation() || !link.isOpen()) return;
    if (!result.ok) {
      refuse(result);
      return;
    }
    attempt = 0;
    hub.release();
    state.set({ phase: 'online' });
  };

  /** A synchronisation that throws is a bug; without this it would also leave the client connecting for ever. */
  const settled = async (wanted: () => Promise<Result<void>>): Promise<Result<void>> => {
    try {
      return await wanted();
    } catch (error) {
      reportError(error);
      return fail('BAD_ANSWER');
    }
  };

  link.onOpen(() => drop(becomeCurrent()));
  link.onRefused(refuse);
  link.onClosed(() => scheduleAttempt(null));
  link.onEvent((name, payload) => hub.receive(name, payload));

  const call: Call = async (name, input, options) => {
    if (!link.isOpen()) return fail('OFFLINE');
    const answer = await link.emit(name, input, options?.timeoutMs ?? callTimeoutMs);
    const result = answer === null ? fail('TIMED_OUT') : readAnswer(answer);
    // A session that ended while the socket lived: the same path as a refused handshake.
    if (!result.ok && (result.code === 'NOT_SIGNED_IN' || result.code === 'CONTRACT_OUTDATED'))
      refuse(result);
    // The server validated this against the contract's output of exactly this request.
    return result as Result<RequestOutput<typeof name>>;
  };

  const reconnectNow = (): void => {
    if (cancelAttempt === null) return;
    cancelAttempt();
    state.set({ phase: 'reconnecting', attempt, nextAttemptAt: timers.now() });
    open();
  };

  const probe = (): void => {
    if (state.get().phase !== 'online') {
      reconnectNow();
      return;
    }
    const generation = link.generation();
    const ask = async (): Promise<void> => {
      const result = await call('account:me', {}, { timeoutMs: probeTimeoutMs });
      if (result.ok || result.code !== 'TIMED_OUT' || generation !== link.generation()) return;
      link.close();
      attempt = 0;
      scheduleAttempt(null);
    };
    drop(ask());
  };

  return {
    state,
    call,
    on: hub.on,
    connect: (next) => {
      synchronise = next;
      attempt = 0;
      cancelAttempt?.();
      state.set({ phase: 'connecting' });
      open();
    },
    disconnect: () => stop('signed-out'),
    reconnectNow,
    probe,
  };
};
