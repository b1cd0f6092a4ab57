/**
 * Events as Electron's objects have them, as far as the app listens. The tables are those of main/electron-api.ts, so that
 * the compiler sees it when something is told here that Electron does not tell.
 */
import type { EventTable } from '../../../main/electron-api.ts';

export type Emitter<Events extends EventTable> = {
  on: <Name extends keyof Events>(event: Name, listener: (...args: Events[Name]) => void) => unknown;
  emit: <Name extends keyof Events>(event: Name, ...args: Events[Name]) => boolean;
};

export function createEmitter<Events extends EventTable>(): Emitter<Events> {
  const listeners: { [Name in keyof Events]?: ((...args: Events[Name]) => void)[] } = {};
  return {
    on(event, listener) {
      listeners[event] = [...(listeners[event] ?? []), listener];
      return undefined;
    },
    emit(event, ...args) {
      const called = listeners[event] ?? [];
      for (const listener of called) listener(...args);
      return called.length > 0;
    },
  };
}

/** An event that a listener may prevent. */
export function preventable<Fields extends object>(fields: Fields) {
  const event = {
    ...fields,
    isPrevented: false,
    preventDefault() {
      event.isPrevented = true;
    },
  };
  return event;
}
