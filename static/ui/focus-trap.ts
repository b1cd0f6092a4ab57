const focusableSelector =
  'a[href], button:not([disabled]), input:not([disabled]), textarea:not([disabled]), select:not([disabled]), [tabindex]:not([tabindex="-1"])';

/** Everything inside `root` that Tab can reach now, in document order. */
export function focusableWithin(root: HTMLElement): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(focusableSelector)].filter(
    (element) => element.tabIndex >= 0 && element.getClientRects().length > 0,
  );
}

const traps: HTMLElement[] = [];

/**
 * Keeps Tab inside `root` and takes the rest of the page away from screen readers until released; then the focus
 * goes back to where it was. Traps may be nested: the last one made is in charge.
 */
export function trapFocus(root: HTMLElement, others: readonly Element[]): () => void {
  const before = document.activeElement;
  const hidden = others.filter((element) => element.getAttribute('aria-hidden') === null);
  for (const element of hidden) element.setAttribute('aria-hidden', 'true');

  const onKeydown = (event: KeyboardEvent): void => {
    if (event.key !== 'Tab' || traps[traps.length - 1] !== root) return;
    const inside = focusableWithin(root);
    const first = inside[0];
    const last = inside[inside.length - 1];
    if (first === undefined || last === undefined) {
      event.preventDefault();
      root.focus();
      return;
    }
    const active = document.activeElement;
    // The control that had the focus was switched off or went away.
    const isOutside = !root.contains(active);
    if (event.shiftKey && (isOutside || active === first || active === root)) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && (isOutside || active === last)) {
      event.preventDefault();
      first.focus();
    }
  };
  traps.push(root);
  document.addEventListener('keydown', onKeydown);

  return () => {
    document.removeEventListener('keydown', onKeydown);
    traps.splice(traps.indexOf(root), 1);
    for (const element of hidden) element.removeAttribute('aria-hidden');
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  };
}
