import { h, setText } from '../../ui/h.ts';

/** A thin moving bar with words, for the second or two that key derivation takes. Announced once. */
export function createBusyLine(): { readonly element: HTMLElement; show: (text: string | null) => void } {
  const text = h('p', { class: 'busy__text' });
  const bar = h('div', { class: 'progress', 'aria-hidden': 'true' }, h('div', { class: 'progress__bar' }));
  const element = h('div', { class: 'busy', role: 'status' }, bar, text);
  const show = (words: string | null): void => {
    element.classList.toggle('busy--on', words !== null);
    setText(text, words ?? '');
  };
  show(null);
  return { element, show };
}
