/**
 * What the curve library calls while it loads and the oldest browsers lack (Chrome before 93, Firefox before 92,
 * Safari before 15.4). Each worker entry imports this first; the page's own polyfills do not reach into workers.
 */
if (typeof Object.hasOwn !== 'function') {
  Object.defineProperty(Object, 'hasOwn', {
    configurable: true,
    writable: true,
    value: (object: object, key: PropertyKey): boolean => Object.prototype.hasOwnProperty.call(object, key),
  });
}
