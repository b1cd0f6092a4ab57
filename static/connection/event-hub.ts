/** Hands events to their listeners in order, or holds them until the state they change is known. */
import type { EventName, EventPayload } from '#contract/index.ts';
import { reportError } from '../state/drop.ts';

export type Listener<Name extends EventName> = (payload: EventPayload<Name>) => void;

export type EventHub = {
  on: <Name extends EventName>(name: Name, listener: Listener<Name>) => () => void;
  receive: (name: string, payload: unknown) => void;
  /** From now on events wait; those of an earlier socket are dropped, since its state is fetched anew. */
  hold: () => void;
  /** Delivers what waited, in order, and everything after it at once. */
  release: () => void;
  discard: () => void;
};

/** The end of a session must not wait for a synchronisation that will never come. */
const urgentEvents: ReadonlySet<string> = new Set<EventName>(['session:ended']);

export const createEventHub = (): EventHub => {
  const listenersByName = new Map<string, Set<(payload: never) => void>>();
  let held: { name: string; payload: unknown }[] | null = [];

  const deliver = (name: string, payload: unknown): void => {
    for (const listener of listenersByName.get(name) ?? []) {
      try {
        // The contract ties the payload to the name; the server made it by the same table.
        (listener as (value: unknown) => void)(payload);
      } catch (error) {
        // Events that wait behind this one would be lost with it.
        reportError(error);
      }
    }
  };

  return {
    on: (name, listener) => {
      const listeners = listenersByName.get(name) ?? new Set();
      listenersByName.set(name, listeners.add(listener));
      return () => listeners.delete(listener);
    },
    receive: (name, payload) => {
      if (held === null || urgentEvents.has(name)) deliver(name, payload);
      else held.push({ name, payload });
    },
    hold: () => {
      held = [];
    },
    release: () => {
      // A listener may cause further events only through the network, so the list cannot grow while it is delivered.
      const waiting = held ?? [];
      held = null;
      for (const { name, payload } of waiting) deliver(name, payload);
    },
    discard: () => {
      held = [];
    },
  };
};
