import { h } from './h.ts';

/** Grey rows in the shape of what is coming; they show up only when the wait is long enough to be noticed. */
export function skeletonRows(count: number, label: string): HTMLElement {
  const rows = Array.from({ length: count }, (_, index) =>
    h(
      'div',
      { class: 'skeleton__row' },
      h('div', { class: 'skeleton__bar skeleton__bar--avatar' }),
      h(
        'div',
        { class: 'skeleton__lines' },
        h('div', { class: `skeleton__bar skeleton__bar--name skeleton__bar--${(index % 3) + 1}` }),
        h('div', { class: `skeleton__bar skeleton__bar--text skeleton__bar--${((index + 1) % 3) + 1}` }),
      ),
    ),
  );
  return h('div', { class: 'skeleton', role: 'status', 'aria-label': label }, ...rows);
}

/** The same for a conversation: a few bubbles, the last ones nearest to the composer. */
export function skeletonBubbles(label: string): HTMLElement {
  const rows = [1, 2, 3, 1, 2].map((width, index) =>
    h(
      'div',
      { class: index % 3 === 2 ? 'skeleton__bubble skeleton__bubble--mine' : 'skeleton__bubble' },
      h('div', { class: `skeleton__bar skeleton__bar--block skeleton__bar--${width}` }),
    ),
  );
  return h('div', { class: 'skeleton skeleton--chat', role: 'status', 'aria-label': label }, ...rows);
}
