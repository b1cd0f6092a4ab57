/**
 * What runs inside a page. As in Electron, the preload has a JavaScript world of its own, which alone can reach the main
 * process; `contextBridge` carries functions, promises and cloned values between the two worlds, over events whose secret
 * name the page's own scripts do not know.
 */
import { createCodec } from './wire-codec.ts';
import type { Carrier } from './wire-codec.ts';

/** The binding that only the preload's world has. */
export const bindingName = 'standInToMain';
/** The function of the preload's world that the main process calls. */
export const inboxName = 'standInFromMain';
export const preloadWorld = 'Electron Isolated Context';

type Codec = { encode: (value: unknown) => string; decode: (text: string) => unknown };
type Message = {
  type: string;
  id: number;
  call: number;
  isThrown: boolean;
  value: unknown;
  key: string;
  channel: string;
  args: unknown[];
  error?: string;
};
type MakeCodec = (carrier: Carrier | null) => Codec;

/** One end of the line between the two worlds of a page. Runs in both. */
function openWorldLine(makeCodec: MakeCodec, inbound: string, outbound: string) {
  const functions = new Map<number, (...args: unknown[]) => unknown>();
  const promises = new Map<number, PromiseWithResolvers<unknown>>();
  const returned = new Map<number, { isThrown: boolean; value: unknown }>();
  const exposed: ((key: string, value: unknown) => void)[] = [];
  let lastId = 0;
  const send = (message: Record<string, unknown>): void => {
    window.dispatchEvent(new CustomEvent(outbound, { detail: codec.encode(message) }));
  };
  const codec: Codec = makeCodec({
    keepFunction(value) {
      lastId += 1;
      functions.set(lastId, value);
      return lastId;
    },
    keepPromise(value) {
      lastId += 1;
      const id = lastId;
      value.then(
        (result) => send({ type: 'settled', id, isThrown: false, value: result }),
        (error: unknown) =>
          send({
            type: 'settled',
            id,
            isThrown: true,
            value: error instanceof Error ? error.message : String(error),
          }),
      );
      return id;
    },
    callFunction: (id) =>
      function remote(...args: unknown[]) {
        lastId += 1;
        const call = lastId;
        // events are dispatched synchronously: when this returns, the other world has answered
        send({ type: 'call', id, call, args });
        const answer = returned.get(call);
        returned.delete(call);
        if (answer === undefined) throw new Error('the other world did not answer');
        if (answer.isThrown) throw new Error(String(answer.value));
        return answer.value;
      },
    awaitPromise(id) {
      const deferred = Promise.withResolvers<unknown>();
      promises.set(id, deferred);
      return deferred.promise;
    },
  });
  window.addEventListener(inbound, (event) => {
    // only the other world knows the name of the event
    const message = codec.decode((event as CustomEvent<string>).detail) as Message;
    const { type, id, call, isThrown, value, key, args } = message;
    if (type === 'expose') for (const listener of exposed) listener(key, value);
    if (type === 'returned') returned.set(call, { isThrown, value });
    if (type === 'settled') {
      const deferred = promises.get(id);
      promises.delete(id);
      if (isThrown) deferred?.reject(new Error(String(value)));
      else deferred?.resolve(value);
    }
    if (type !== 'call') return;
    try {
      const result = functions.get(id)?.(...args);
      send({ type: 'returned', call, isThrown: false, value: result });
    } catch (error) {
      send({
        type: 'returned',
        call,
        isThrown: true,
        value: error instanceof Error ? error.message : String(error),
      });
    }
  });
  return {
    expose: (key: string, value: unknown) => send({ type: 'expose', key, value }),
    onExposed: (listener: (key: string, value: unknown) => void) => void exposed.push(listener),
  };
}

/** The page's own world: whatever the preload exposes becomes a frozen property of `window`. */
function startPageWorld(makeCodec: MakeCodec, openLine: typeof openWorldLine, token: string): void {
  if (window !== window.top) return;
  const freeze = <Value>(value: Value): Value => {
    if (typeof value === 'object' && value !== null) for (const inner of Object.values(value)) freeze(inner);
    return Object.freeze(value);
  };
  openLine(makeCodec, `${token}-page`, `${token}-preload`).onExposed((key, value) => {
    Object.defineProperty(window, key, { value: freeze(value), enumerable: true });
  });
}

/** The preload's world: `require('electron')` gives contextBridge and ipcRenderer, and the preload runs in the top frame only. */
function startPreloadWorld(
  makeCodec: MakeCodec,
  openLine: typeof openWorldLine,
  token: string,
  names: { binding: string; inbox: string },
  preload: (require: (name: string) => unknown, module: object, exports: object) => void,
): void {
  const scope = globalThis as unknown as Record<string, (text: string) => void>;
  const { encode, decode } = makeCodec(null);
  const listeners = new Map<string, ((event: object, ...args: unknown[]) => void)[]>();
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let lastId = 0;
  scope[names.inbox] = (text) => {
    const { type, id, channel, args, error, value } = decode(text) as Message; // the stand-in's own main process sends nothing else
    if (type === 'event') {
      for (const listener of listeners.get(channel) ?? []) listener({}, ...args);
      return;
    }
    const deferred = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) deferred?.resolve(value);
    else deferred?.reject(new Error(error));
  };
  const ipcRenderer = {
    invoke(channel: string, ...args: unknown[]): Promise<unknown> {
      lastId += 1;
      const deferred = Promise.withResolvers<unknown>();
      waiting.set(lastId, deferred);
      scope[names.binding]?.(encode({ id: lastId, channel, args }));
      return deferred.promise;
    },
    on(channel: string, listener: (event: object, ...args: unknown[]) => void) {
      listeners.set(channel, [...(listeners.get(channel) ?? []), listener]);
      return ipcRenderer;
    },
    off(channel: string, listener: (event: object, ...args: unknown[]) => void) {
      listeners.set(
        channel,
        (listeners.get(channel) ?? []).filter((kept) => kept !== listener),
      );
      return ipcRenderer;
    },
  };
  // what a page that took over its own process could do; specs use it to be refused
  Object.assign(globalThis, { standInIpc: ipcRenderer });
  if (window !== window.top) return;
  const line = openLine(makeCodec, `${token}-preload`, `${token}-page`);
  const contextBridge = { exposeInMainWorld: line.expose };
  const load = (name: string): unknown => {
    if (name !== 'electron') throw new Error(`module not found: ${name}`);
    return { contextBridge, ipcRenderer };
  };
  const module = { exports: {} };
  preload(load, module, module.exports);
}

/** The texts to run in each new document: first the page's world, then the preload's. */
export function worldScripts(preload: string, token: string): { page: string; preload: string } {
  const codec = createCodec.toString();
  const line = openWorldLine.toString();
  const names = JSON.stringify({ binding: bindingName, inbox: inboxName });
  const secret = JSON.stringify(token);
  return {
    page: `(${startPageWorld.toString()})(${codec}, ${line}, ${secret});`,
    preload: `(${startPreloadWorld.toString()})(${codec}, ${line}, ${secret}, ${names}, function (require, module, exports) {${preload}\n});`,
  };
}
