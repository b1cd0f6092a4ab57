import { h } from './h.ts';
import { iconButton } from './button.ts';

export type ToastInput = {
  text: string;
  action?: { label: string; onClick: () => void };
  isProblem?: boolean;
  /** Goes soon although it has an action: the same can be done elsewhere. */
  isShort?: boolean;
  /** Stays until it is closed, removed or replaced: something is under way. */
  isLasting?: boolean;
  /** A newer toast about the same thing takes the place of the older one. */
  subject?: string;
};

export type Toasts = {
  readonly element: HTMLElement;
  show: (toast: ToastInput) => void;
  /** Takes away what was shown about this subject. */
  remove: (subject: string) => void;
  dispose: () => void;
};

/** Long enough to be read at leisure; with an action or a problem, longer still (WCAG 2.2.1). */
const shownMs = 6_000;
const shownWithActionMs = 20_000;

type ToastsDeps = {
  /** Names the place for whoever goes from landmark to landmark. */
  label: string;
  closeLabel: string;
  announce: (text: string) => void;
};

/** Short notices at the bottom of the page, spoken through the page's one live region. */
export function createToasts(deps: ToastsDeps): Toasts {
  // a landmark of its own: it stands outside the page's others, and beside an open dialog
  const element = h('div', { class: 'toasts', role: 'region', 'aria-label': deps.label, hidden: true });
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const removeBySubject = new Map<string, () => void>();

  const show = (toast: ToastInput): void => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const remove = (): void => {
      row.remove();
      element.hidden = element.childElementCount === 0;
      if (timer !== undefined) {
        clearTimeout(timer);
        timers.delete(timer);
      }
      if (subject !== undefined && removeBySubject.get(subject) === remove) removeBySubject.delete(subject);
    };
    const { action, subject } = toast;
    if (subject !== undefined) {
      removeBySubject.get(subject)?.();
      removeBySubject.set(subject, remove);
    }
    const row = h(
      'div',
      { class: 'toast' },
      h('span', { class: 'toast__text' }, toast.text),
      action !== undefined &&
        h(
          'button',
          {
            type: 'button',
            class: 'toast__action',
            on: {
              click: () => {
                remove();
                action.onClick();
              },
            },
          },
          action.label,
        ),
      iconButton({ icon: 'x', label: deps.closeLabel, onClick: remove, class: 'toast__close' }),
    );
    const isLong = toast.isShort !== true && (action !== undefined || toast.isProblem === true);
    if (toast.isLasting !== true) {
      timer = setTimeout(remove, isLong ? shownWithActionMs : shownMs);
      timers.add(timer);
    }
    while (element.childElementCount > 1) element.firstElementChild?.remove();
    element.appendChild(row);
    element.hidden = false;
    deps.announce(toast.text);
  };

  const dispose = (): void => {
    for (const timer of timers) clearTimeout(timer);
    element.remove();
  };
  return { element, show, remove: (subject) => removeBySubject.get(subject)?.(), dispose };
}
