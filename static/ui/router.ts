import { createStore } from '../state/store.ts';
import type { ReadableStore } from '../state/store.ts';
import { readRoute, writeRoute } from './route.ts';
import type { Route } from './route.ts';

export type Router = {
  readonly route: ReadableStore<Route>;
  /** Goes one step deeper: the browser's back button returns. */
  open: (route: Route) => void;
  /** Shows something else in the same step (another room on a wide screen). */
  replace: (route: Route) => void;
  /** One step up: back in the history if this page made that step, else a replacement. */
  leave: (parent: Route) => void;
  dispose: () => void;
};

/** Keeps the route in the browser's history, so that back and forward move between panes on a phone. */
export function createRouter(browser: Window): Router {
  const route = createStore<Route>(readRoute(browser.location.hash));
  const depth = (): number => {
    const state: unknown = browser.history.state;
    return typeof state === 'object' && state !== null && 'depth' in state && typeof state.depth === 'number'
      ? state.depth
      : 0;
  };
  const onMoved = (): void => route.set(readRoute(browser.location.hash));
  browser.addEventListener('popstate', onMoved);
  return {
    route,
    open: (next) => {
      browser.history.pushState({ depth: depth() + 1 }, '', writeRoute(next));
      route.set(next);
    },
    replace: (next) => {
      browser.history.replaceState({ depth: depth() }, '', writeRoute(next));
      route.set(next);
    },
    leave: (parent) => {
      if (depth() > 0) {
        browser.history.back();
        return;
      }
      browser.history.replaceState({ depth: 0 }, '', writeRoute(parent));
      route.set(parent);
    },
    dispose: () => browser.removeEventListener('popstate', onMoved),
  };
}
