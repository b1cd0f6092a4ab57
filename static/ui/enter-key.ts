import { initialEnterState, stepEnter } from './composition-enter.ts';
import type { EnterEvent } from './composition-enter.ts';

export type EnterKeyInput = {
  box: HTMLInputElement | HTMLTextAreaElement;
  /** Enter was pressed and the box holds its whole text. */
  onEnter: () => void;
  /** False while Enter should do what the browser does (a new line on a phone). */
  isActive?: () => boolean;
};

/** Binds Enter in a text box to an action by the rules of composition-enter.ts. Returns how to undo it. */
export function bindEnter({ box, onEnter, isActive = () => true }: EnterKeyInput): () => void {
  let state = initialEnterState;
  const timers = new Set<ReturnType<typeof setTimeout>>();

  const feed = (event: EnterEvent): boolean => {
    const step = stepEnter(state, event);
    state = step.state;
    if (step.schedule) {
      const timer = setTimeout(() => {
        timers.delete(timer);
        feed({ type: 'macrotask' });
      });
      timers.add(timer);
    }
    if (step.carryOut && isActive()) onEnter();
    return step.prevent;
  };

  const onKeydown = (event: KeyboardEvent): void => {
    const isPrevented = feed({
      type: 'keydown',
      key: event.key,
      code: event.code,
      // `keyCode` is deprecated, and the only sign of Safari's input-method keys.
      keyCode: event.keyCode,
      isComposing: event.isComposing,
      hasModifier: event.shiftKey || event.altKey || event.ctrlKey || event.metaKey,
      isRepeat: event.repeat,
      at: event.timeStamp,
    });
    if (isPrevented && isActive()) event.preventDefault();
  };
  const onBeforeInput = (event: Event): void => {
    // An input method may insert the line break of a remembered Enter by itself, without a key that could be prevented.
    const isBreak = event instanceof InputEvent && /^insert(LineBreak|Paragraph)$/.test(event.inputType);
    if (isBreak && (state.isDue || state.isRemembered) && isActive()) event.preventDefault();
  };
  const listeners: [string, (event: Event) => void][] = [
    ['keydown', (event) => event instanceof KeyboardEvent && onKeydown(event)],
    [
      'keyup',
      (event) => event instanceof KeyboardEvent && feed({ type: 'keyup', key: event.key, code: event.code }),
    ],
    ['compositionstart', () => feed({ type: 'compositionstart' })],
    ['compositionupdate', (event) => feed({ type: 'compositionupdate', text: textOf(event) })],
    ['compositionend', (event) => feed({ type: 'compositionend', text: textOf(event) })],
    ['input', (event) => feed({ type: 'input', text: event instanceof InputEvent ? event.data : null })],
    ['beforeinput', onBeforeInput],
    ['blur', () => feed({ type: 'interrupted' })],
    ['pointerdown', () => feed({ type: 'interrupted' })],
  ];
  for (const [type, listener] of listeners) box.addEventListener(type, listener);
  return () => {
    for (const [type, listener] of listeners) box.removeEventListener(type, listener);
    for (const timer of timers) clearTimeout(timer);
  };
}

/** True while a key belongs to an input method: shortcuts and list keys must leave it alone. */
export const isComposingKey = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229;

const textOf = (event: Event): string => (event instanceof CompositionEvent ? event.data : '');
