/**
 * Built-ins that came after the oldest supported browsers (Chrome 87, Firefox 85, Safari 14) and that this client or its
 * libraries use. Imported before anything else. Only what is missing is added, and only what is needed.
 */

const define = (target: object, name: string, value: unknown): void => {
  if (name in target) return;
  Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false });
};

const at = function at(this: ArrayLike<unknown>, index: number): unknown {
  const whole = Math.trunc(index) || 0;
  return this[whole < 0 ? this.length + whole : whole];
};

define(Object, 'hasOwn', (target: object, key: PropertyKey) =>
  Object.prototype.hasOwnProperty.call(target, key),
);
for (const prototype of [Array.prototype, String.prototype, Object.getPrototypeOf(Uint8Array.prototype)]) {
  define(prototype, 'at', at);
}

define(String.prototype, 'replaceAll', function replaceAll(this: string, from: string | RegExp, to: string) {
  // A global expression replaces everywhere anyway.
  return from instanceof RegExp ? this.replace(from, to) : this.split(from).join(to);
});

define(globalThis, 'structuredClone', <Value>(value: Value): Value => {
  // What this client clones is plain: JSON keeps all of it.
  const copy: Value = JSON.parse(JSON.stringify(value));
  return copy;
});

/**
 * Joins names the way a sentence does (CLDR's conjunction, long style) in the client's two languages: "A, B 및 C",
 * "A, B, and C". Safari 14.0 has no Intl.ListFormat.
 */
// A function that `new` may be put before: what it returns is what `new` gives.
define(Intl, 'ListFormat', function ListFormat(locales?: string | string[]) {
  const language = String(Array.isArray(locales) ? locales[0] : (locales ?? 'ko')).slice(0, 2);
  const format = (list: Iterable<string>): string => {
    const items = [...list];
    const last = items.pop();
    if (last === undefined) return '';
    if (items.length === 0) return last;
    if (language === 'ko') return `${items.join(', ')} 및 ${last}`;
    return `${items.join(', ')}${items.length > 1 ? ',' : ''} and ${last}`;
  };
  return { format };
});
