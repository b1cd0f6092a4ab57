/** A panel that floats beside what opened it; on a phone, a sheet at the bottom. A later piece. */
import { h } from './h.ts';
import { trapFocus } from './focus-trap.ts';

export type PopoverInput = {
  label: string;
  body: HTMLElement;
  /** Gets the focus first. */
  focus: HTMLElement;
  onClose?: () => void;
};

export type Popover = { close: () => void };

const margin = 8;

/** Opens it; Escape and a press elsewhere close it, and the focus goes back to where it was. */
export function openPopover(anchor: HTMLElement, input: PopoverInput): Popover {
  const panel = h(
    'div',
    { class: 'popover', role: 'dialog', 'aria-label': input.label, tabindex: -1 },
    input.body,
  );
  const onPress = (event: Event): void => {
    if (event.target instanceof Node && !panel.contains(event.target)) close();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    document.removeEventListener('mousedown', onPress, true);
    panel.remove();
    anchor.setAttribute('aria-expanded', 'false');
    release();
    input.onClose?.();
  };

  // Inside the anchor's part of the page, so that it belongs to a landmark.
  (anchor.closest('[aria-modal], main, aside, nav') ?? document.body).appendChild(panel);
  place(panel, anchor.getBoundingClientRect());
  anchor.setAttribute('aria-expanded', 'true');
  const release = trapFocus(panel, []);
  panel.addEventListener('keydown', onKey);
  document.addEventListener('mousedown', onPress, true);
  input.focus.focus();
  return { close };
}

/** Below the anchor where there is room, else above it, else as far down as the page goes. The style sheet overrules on phones. */
function place(panel: HTMLElement, at: DOMRect): void {
  const { offsetWidth, offsetHeight } = panel;
  const lowest = Math.max(margin, innerHeight - offsetHeight - margin);
  const below = at.bottom + 4;
  const above = at.top - offsetHeight - 4;
  const top = below <= lowest ? below : above >= margin ? above : lowest;
  const left = Math.max(margin, Math.min(at.right - offsetWidth, innerWidth - offsetWidth - margin));
  panel.style.setProperty('left', `${left}px`);
  panel.style.setProperty('top', `${top}px`);
}
