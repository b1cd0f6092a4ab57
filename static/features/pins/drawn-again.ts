/** Draws a part of the page anew without losing the focus: it goes to the control with the same `data-act`, else to the first. */
export function drawAgain(element: HTMLElement, draw: () => void): void {
  const focused = document.activeElement;
  const act = focused !== null && element.contains(focused) ? (focused.getAttribute('data-act') ?? '') : null;
  draw();
  if (act === null) return;
  const controls = [...element.querySelectorAll<HTMLButtonElement>('button:not(:disabled)')];
  const same = controls.find((control) => control.getAttribute('data-act') === act);
  (same ?? controls[0])?.focus({ preventScroll: true });
}

/** Names a control for `drawAgain`. */
export function named<Control extends HTMLElement>(act: string, control: Control): Control {
  control.setAttribute('data-act', act);
  return control;
}
