import { reportError } from './drop.ts';

/** A small observable value. State is never changed in place: every change is a new object. */

export type Unsubscribe = () => void;

export type ReadableStore<State> = {
  get: () => State;
  /**
   * Calls `listener` each time the selected part changed (by `Object.is`, or `isEqual`), synchronously after the
   * change, never at once. Views that repaint a lot collect their work in an animation frame.
   */
  subscribe: <Selected>(
    selector: (state: State) => Selected,
    listener: (selected: Selected, previous: Selected) => void,
    isEqual?: (left: Selected, right: Selected) => boolean,
  ) => Unsubscribe;
};

export type Store<State> = ReadableStore<State> & {
  set: (next: State) => void;
  update: (change: (state: State) => State) => void;
  patch: (part: Partial<State>) => void;
};

export const createStore = <State>(initial: State): Store<State> => {
  let state = initial;
  const observers = new Set<() => void>();

  const set = (next: State): void => {
    if (Object.is(next, state)) return;
    state = next;
    // Sets allow listeners to subscribe and unsubscribe while the round is under way.
    for (const observe of observers) {
      try {
        observe();
      } catch (error) {
        // One broken view must not keep the others, or the outbox, from learning of a change.
        reportError(error);
      }
    }
  };

  const subscribe: Store<State>['subscribe'] = (selector, listener, isEqual = Object.is) => {
    let selected = selector(state);
    const observe = (): void => {
      const next = selector(state);
      if (isEqual(next, selected)) return;
      const previous = selected;
      selected = next;
      listener(next, previous);
    };
    observers.add(observe);
    return () => observers.delete(observe);
  };

  return {
    get: () => state,
    set,
    update: (change) => set(change(state)),
    patch: (part) => set({ ...state, ...part }),
    subscribe,
  };
};

/** Equality of lists by their elements, for selectors that build a new list each time. */
export const isSameList = <Item>(left: readonly Item[], right: readonly Item[]): boolean =>
  left.length === right.length && left.every((item, index) => Object.is(item, right[index]));
