/** Events that a socket received, kept until a test asks for them, so that none is missed between two lines. */
import type { Socket } from 'socket.io-client';
import type { EventName, EventPayload } from '#contract/index.ts';

export type EventQueue = {
  /** The next event of that name that fits, past or future; taken out of the queue. Rejects when patience has run out. */
  next<Name extends EventName>(
    name: Name,
    fits?: (payload: EventPayload<Name>) => boolean,
  ): Promise<EventPayload<Name>>;
  /** What came and was not taken yet. */
  received<Name extends EventName>(name: Name): EventPayload<Name>[];
};

type Waiter = { name: string; fits: (payload: never) => boolean; resolve: (payload: never) => void };

const patienceMs = 30_000;

/** Starts to collect. */
export function collectEvents(socket: Socket, owner: string): EventQueue {
  const events: { name: string; payload: never }[] = [];
  const waiters = new Set<Waiter>();

  socket.onAny((name: string, ...payloads: unknown[]) => {
    const payload = payloads[0] as never; // its type is the business of the line that asks for the event
    for (const waiter of waiters) {
      if (waiter.name !== name || !waiter.fits(payload)) continue;
      waiters.delete(waiter);
      waiter.resolve(payload);
      return;
    }
    events.push({ name, payload });
  });

  return {
    next(name, fits = () => true) {
      const index = events.findIndex((event) => event.name === name && fits(event.payload));
      const [found] = index === -1 ? [] : events.splice(index, 1);
      if (found !== undefined) return Promise.resolve(found.payload);
      return new Promise((resolve, reject) => {
        const waiter: Waiter = {
          name,
          fits,
          resolve: (payload) => {
            clearTimeout(timer);
            resolve(payload);
          },
        };
        const timer = setTimeout(() => {
          waiters.delete(waiter);
          reject(
            new Error(
              `${owner} did not receive ${name}; got ${events.map((event) => event.name).join(', ')}`,
            ),
          );
        }, patienceMs);
        // one that lost a race must not keep the process
        timer.unref();
        waiters.add(waiter);
      });
    },
    received: (name) => events.filter((event) => event.name === name).map(({ payload }) => payload),
  };
}
