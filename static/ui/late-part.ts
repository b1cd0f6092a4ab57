import { h } from './h.ts';
import { drop } from '../state/drop.ts';

type Part<Source> = { update: (source: Source) => void; dispose: () => void };

/** A part of a page whose code comes when it is first shown, and is told of every change from then on. */
export type LatePart<Source> = {
  /** The same element every time, so that what was opened in it stays open and what has the focus keeps it. */
  show: (source: Source) => HTMLElement;
  /** The element, if something was shown before. */
  shown: () => HTMLElement | null;
  dispose: () => void;
};

/** `begin` loads the code and fills the element; while it cannot, the next `show` asks again. */
export function createLatePart<Source>(
  begin: (into: HTMLElement, latest: () => Source) => Promise<Part<Source>>,
): LatePart<Source> {
  let element: HTMLElement | null = null;
  let part: Part<Source> | null = null;
  let isAsked = false;
  let isDisposed = false;
  let latest: Source;
  const load = async (into: HTMLElement): Promise<void> => {
    isAsked = true;
    try {
      part = await begin(into, () => latest);
      if (isDisposed) part.dispose();
    } catch {
      // The server, which has the code, is away.
      isAsked = false;
    }
  };
  return {
    show(source) {
      latest = source;
      element ??= h('div');
      part?.update(source);
      if (!isAsked) drop(load(element));
      return element;
    },
    shown: () => element,
    dispose: () => {
      isDisposed = true;
      part?.dispose();
    },
  };
}
