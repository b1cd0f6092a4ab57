/** Collects what has to be undone when a view or a module ends. */
export type Disposables = {
  add: (...undo: (() => void)[]) => void;
  /** Listens to a DOM event until disposal. */
  listen: (
    target: EventTarget,
    type: string,
    listener: (event: Event) => void,
    options?: AddEventListenerOptions,
  ) => void;
  /** Undoes everything, last first; a second call does nothing. */
  dispose: () => void;
};

export const createDisposables = (): Disposables => {
  let undos: (() => void)[] = [];
  return {
    add: (...undo) => {
      undos.push(...undo);
    },
    listen: (target, type, listener, options) => {
      target.addEventListener(type, listener, options);
      undos.push(() => target.removeEventListener(type, listener, options));
    },
    dispose: () => {
      const pending = undos.reverse();
      undos = [];
      for (const undo of pending) undo();
    },
  };
};
