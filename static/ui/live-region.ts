import { h } from './h.ts';

export type LiveRegion = {
  readonly element: HTMLElement;
  announce: (text: string) => void;
  dispose: () => void;
};

/** Long enough for a screen reader to take the text up, short enough not to be found by browsing. */
const keptMs = 4_000;

/**
 * The one polite live region of the page. Each text is a node of its own that is added once and never changed, so that
 * nothing is announced twice when something else is drawn again.
 */
export function createLiveRegion(): LiveRegion {
  const element = h('div', {
    class: 'visually-hidden',
    role: 'status',
    'aria-live': 'polite',
    'aria-atomic': 'false',
  });
  const timers = new Set<ReturnType<typeof setTimeout>>();
  return {
    element,
    announce: (text) => {
      const line = h('p', {}, text);
      element.appendChild(line);
      const timer = setTimeout(() => {
        line.remove();
        timers.delete(timer);
      }, keptMs);
      timers.add(timer);
    },
    dispose: () => {
      for (const timer of timers) clearTimeout(timer);
      element.remove();
    },
  };
}
