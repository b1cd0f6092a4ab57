/**
 * Carries values between worlds and processes as text, the way structured clone does: undefined stays undefined, what cannot
 * be cloned is an error. Functions and promises pass only where `keep` says how, as over Electron's contextBridge. The
 * function stands alone, because its text is also run inside pages.
 */
export type Carrier = {
  keepFunction(value: (...args: unknown[]) => unknown): number;
  keepPromise(value: Promise<unknown>): number;
  callFunction(id: number): (...args: unknown[]) => unknown;
  awaitPromise(id: number): Promise<unknown>;
};

type Wrapped = {
  $: string;
  id: number;
  items: unknown[];
  entries: [string, unknown][];
  text: string;
  at: number;
};

export function createCodec(carrier: Carrier | null) {
  function wrap(value: unknown): unknown {
    if (value === undefined) return { $: 'undefined' };
    if (typeof value === 'number' && !Number.isFinite(value)) return { $: 'number', text: String(value) };
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value;
    if (Array.isArray(value)) return { $: 'array', items: value.map((item) => wrap(item)) };
    if (typeof value === 'function' && carrier !== null) {
      return { $: 'function', id: carrier.keepFunction(value as (...args: unknown[]) => unknown) };
    }
    if (value instanceof Promise && carrier !== null) return { $: 'promise', id: carrier.keepPromise(value) };
    if (value instanceof Date) return { $: 'date', at: value.getTime() };
    const prototype: unknown = typeof value === 'object' ? Object.getPrototypeOf(value) : undefined;
    const isPlain = prototype === null || (prototype as object)?.constructor?.name === 'Object';
    // Uint8Array, Map and the like can be cloned by Electron; the app sends none, and here it would be noticed
    if (!isPlain) throw new TypeError('An object could not be cloned.');
    return { $: 'object', entries: Object.entries(value).map(([key, item]) => [key, wrap(item)]) };
  }

  function unwrap(wrapped: unknown): unknown {
    if (typeof wrapped !== 'object' || wrapped === null) return wrapped;
    const { $, id, items, entries, text, at } = wrapped as Wrapped; // made by `wrap` on the other side
    switch ($) {
      case 'undefined':
        return undefined;
      case 'number':
        return Number(text);
      case 'date':
        return new Date(at);
      case 'array':
        return items.map((item) => unwrap(item));
      case 'object':
        return Object.fromEntries(entries.map(([key, item]) => [key, unwrap(item)]));
      case 'function':
        return carrier?.callFunction(id);
      case 'promise':
        return carrier?.awaitPromise(id);
      default:
        throw new TypeError(`not understood: ${$}`);
    }
  }

  return {
    encode: (value: unknown): string => JSON.stringify(wrap(value)),
    decode: (text: string): unknown => unwrap(JSON.parse(text)),
  };
}
