/** Who reacted: shown above a pill under the pointer, with the focus, or after a long press. There is one for the whole page. */
import { h, setText } from '../../ui/h.ts';

const margin = 8;
const tip = { element: null as HTMLElement | null, owner: null as HTMLElement | null };

/** Shows a text above an element, in its part of the page. */
export function showTip(owner: HTMLElement, text: string): void {
  // What it says is in the pill's own label, so screen readers pass it over.
  const element = (tip.element ??= h('div', { class: 'reaction-tip', 'aria-hidden': 'true' }));
  setText(element, text);
  tip.owner = owner;
  (owner.closest('main') ?? document.body).appendChild(element);
  const at = owner.getBoundingClientRect();
  const left = at.left + at.width / 2 - element.offsetWidth / 2;
  const above = at.top - element.offsetHeight - 6;
  element.style.setProperty(
    'left',
    `${Math.max(margin, Math.min(left, innerWidth - element.offsetWidth - margin))}px`,
  );
  element.style.setProperty('top', `${above >= margin ? above : at.bottom + 6}px`);
}

/** Takes it away, if it is this element's. */
export function hideTip(owner: HTMLElement): void {
  if (tip.owner !== owner) return;
  tip.owner = null;
  tip.element?.remove();
}
