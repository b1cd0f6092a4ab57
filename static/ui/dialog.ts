import { h, setText } from './h.ts';
import type { Child } from './h.ts';
import { iconButton } from './button.ts';
import { dismissEvent } from './dialog-closing.ts';
import { focusableWithin, trapFocus } from './focus-trap.ts';

export type DialogInput = {
  title: string;
  closeLabel: string;
  body: Child[];
  /** Buttons of the bottom line, the main one last. */
  foot?: Child[];
  size?: 'small' | 'normal' | 'wide';
  /** Gets the focus first; otherwise the first control of the body does. */
  focus?: HTMLElement;
  /** False keeps Escape, the scrim and the cross from closing it (the user must decide). */
  canDismiss?: boolean;
  /** Asked before one of those closes it; false keeps it open. */
  mayClose?: () => boolean;
  onClose?: () => void;
};

export type Dialog = { readonly element: HTMLElement; close: () => void; setTitle: (title: string) => void };

let count = 0;

/** Toasts make room for the buttons of a dialog, which are at its bottom. */
function placeToasts(): void {
  const isCovered = document.querySelector('.overlay') !== null;
  document.querySelector('.toasts')?.classList.toggle('toasts--top', isCovered);
}

/** Opens a modal dialog: traps the focus, closes with Escape, gives the focus back. */
export function openDialog(input: DialogInput): Dialog {
  const { canDismiss = true, size = 'normal' } = input;
  count += 1;
  const titleId = `dialog-title-${count}`;
  const title = h('h2', { class: 'dialog__title', id: titleId }, input.title);
  const body = h('div', { class: 'dialog__body scroll' }, ...input.body);
  const panel = h(
    'div',
    {
      class: size === 'normal' ? 'dialog' : `dialog dialog--${size}`,
      role: 'dialog',
      'aria-modal': 'true',
      'aria-labelledby': titleId,
      tabindex: -1,
    },
    h(
      'div',
      { class: 'dialog__head' },
      title,
      canDismiss && iconButton({ icon: 'x', label: input.closeLabel, onClick: () => dismiss() }),
    ),
    body,
    input.foot !== undefined && h('div', { class: 'dialog__foot' }, ...input.foot),
  );
  const overlay = h('div', { class: 'overlay' }, panel);

  // A press that began inside (selecting text) and ends on the scrim must not close it.
  let pressedOutside = false;
  overlay.addEventListener('mousedown', (event) => (pressedOutside = event.target === overlay));
  overlay.addEventListener('click', (event) => {
    if (pressedOutside && event.target === overlay) dismiss();
  });
  // On the document: a button that was pressed and is off now has left the focus nowhere. The last dialog is on top.
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing) return;
    if (overlay === [...document.querySelectorAll('.overlay')].pop()) dismiss();
  };
  document.addEventListener('keydown', onKey);

  const others = [...document.body.children];
  document.body.appendChild(overlay);
  placeToasts();
  // What is spoken or floats above must stay within reach.
  const release = trapFocus(
    panel,
    others.filter((element) => !element.matches('.toasts, [role="status"]')),
  );
  (input.focus ?? focusableWithin(body)[0] ?? panel).focus();

  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    document.removeEventListener('keydown', onKey);
    overlay.remove();
    placeToasts();
    release();
    input.onClose?.();
  };
  const dismiss = (): void => {
    if (canDismiss && input.mayClose?.() !== false) close();
  };
  overlay.addEventListener(dismissEvent, close);
  return { element: overlay, close, setTitle: (text) => setText(title, text) };
}
