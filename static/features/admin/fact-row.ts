import { h } from '../../ui/h.ts';

/** A line of a list of facts: what it is, and its value. */
export const factRow = (name: string, value: string): HTMLElement[] => [
  h('dt', { class: 'facts__name' }, name),
  h('dd', { class: 'facts__value' }, value),
];
