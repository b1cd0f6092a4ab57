/**
 * When does Enter in a text box mean "send"? A pure state machine over the browser's events, because the browsers
 * disagree on how an input method and Enter meet:
 *
 * - Chromium: keydown (229, composing) → compositionend → often a second keydown (13) of the same press.
 * - Safari: compositionend → keydown (229, not composing); for Korean sometimes no composition events at all.
 * - Gecko: keydown (229 or 13, composing) → compositionend → input; with some input methods compositionend → keydown (13).
 *
 * Three rules follow. Enter pressed while Hangul is being composed is remembered and carried out once, in the next
 * macrotask after the composition ended, when the box holds the finished text (no early send, no doubled syllable, no
 * second Enter). A further keydown of the same press is swallowed. Enter that confirms anything but Hangul (a Japanese
 * or Chinese candidate, 한자) never sends.
 */
export type EnterEvent =
  | {
      type: 'keydown';
      key: string;
      code: string;
      keyCode: number;
      isComposing: boolean;
      hasModifier: boolean;
      isRepeat: boolean;
      /** `event.timeStamp`, ms. */
      at: number;
    }
  | { type: 'keyup'; key: string; code: string }
  | { type: 'compositionstart' }
  | { type: 'compositionupdate'; text: string }
  | { type: 'compositionend'; text: string }
  | { type: 'input'; text: string | null }
  /** Blur, or a press of the pointer: whatever was remembered is void. */
  | { type: 'interrupted' }
  /** The macrotask that a step asked for. */
  | { type: 'macrotask' };

export type EnterState = {
  isComposing: boolean;
  /** What the running (or last) composition holds. */
  composed: string;
  /** A composition ended and the macrotask after it has not run yet: the box may not hold its text yet. */
  isSettling: boolean;
  /** Enter was pressed during the composition and waits for its end. */
  isRemembered: boolean;
  /** The macrotask carries Enter out. */
  isDue: boolean;
  /** When the press that was already taken began; further keydowns of it are swallowed until it ends. */
  takenAt: number | null;
};

export type EnterStep = {
  state: EnterState;
  /** Keep the browser from inserting a line break. */
  prevent: boolean;
  /** Ask for a macrotask. */
  schedule: boolean;
  /** Carry Enter out now; the box holds the whole text. */
  carryOut: boolean;
};

/** A press whose keyup got lost (another window came up) stops counting as the same press after this long. */
const samePressMs = 700;

const keyCodeOfInputMethod = 229;

export const initialEnterState: EnterState = {
  isComposing: false,
  composed: '',
  isSettling: false,
  isRemembered: false,
  isDue: false,
  takenAt: null,
};

export function stepEnter(state: EnterState, event: EnterEvent): EnterStep {
  switch (event.type) {
    case 'keydown':
      return isEnter(event) ? stepEnterDown(state, event) : stepOtherDown(state);
    case 'keyup':
      return still(isEnter(event) ? { ...state, takenAt: null } : state);
    case 'compositionstart':
      return still({ ...state, isComposing: true, composed: '', isRemembered: false });
    case 'compositionupdate':
      return still({ ...state, composed: event.text });
    case 'compositionend':
      return stepCompositionEnd(state, event.text);
    case 'input':
      return still(event.text === null || state.isComposing ? state : { ...state, composed: event.text });
    case 'interrupted':
      return still({ ...state, isRemembered: false, isDue: false, takenAt: null });
    case 'macrotask':
      return { ...still({ ...state, isSettling: false, isDue: false }), carryOut: state.isDue };
    default:
      return assertNever(event);
  }
}

function stepEnterDown(state: EnterState, event: Extract<EnterEvent, { type: 'keydown' }>): EnterStep {
  if (event.hasModifier) return still({ ...state, isRemembered: false });
  if (state.takenAt !== null && event.at - state.takenAt < samePressMs) return prevented(state);
  if (event.isRepeat) return prevented(state);
  if (event.isComposing || state.isComposing) {
    // Not prevented: the input method needs the key, and browsers ignore it for composing keys anyway.
    return still({ ...state, isRemembered: true, takenAt: event.at });
  }
  if (event.keyCode === keyCodeOfInputMethod) {
    // Safari's order: the composition that this Enter confirmed is over already.
    if (!isHangul(state.composed)) return prevented({ ...state, takenAt: event.at });
    return due({ ...state, takenAt: event.at });
  }
  if (state.isSettling) return due({ ...state, takenAt: event.at });
  return { ...prevented({ ...state, takenAt: event.at }), carryOut: true };
}

/** Any other key means that the composition goes on, or that the user moved on: nothing is remembered any more. */
function stepOtherDown(state: EnterState): EnterStep {
  return still({ ...state, isRemembered: false, takenAt: null });
}

function stepCompositionEnd(state: EnterState, text: string): EnterStep {
  const composed = text === '' ? state.composed : text;
  const ended: EnterState = { ...state, isComposing: false, composed, isRemembered: false, isSettling: true };
  const isDue = state.isRemembered && isHangul(composed);
  return { ...still({ ...ended, isDue: state.isDue || isDue }), schedule: true };
}

const still = (state: EnterState): EnterStep => ({ state, prevent: false, schedule: false, carryOut: false });

const prevented = (state: EnterState): EnterStep => ({ ...still(state), prevent: true });

const due = (state: EnterState): EnterStep => ({
  ...prevented({ ...state, isDue: true }),
  schedule: true,
});

function isEnter(event: { key: string; code: string }): boolean {
  if (event.key === 'Enter') return true;
  // While an input method has the key, `key` is "Process" (or "Unidentified") and only `code` tells which it was.
  const isTaken = event.key === 'Process' || event.key === 'Unidentified';
  return isTaken && (event.code === 'Enter' || event.code === 'NumpadEnter');
}

/** Syllables and jamo only: what a Korean input method composes before any conversion. */
function isHangul(text: string): boolean {
  return /^[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff]+$/.test(text);
}

function assertNever(event: never): never {
  throw new TypeError(`unknown event: ${JSON.stringify(event)}`);
}
