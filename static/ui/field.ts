import { h, replaceContent, setAttribute, setText } from './h.ts';
import { icon } from './icon.ts';

export type FieldInput = {
  label: string;
  type?: 'text' | 'password';
  name: string;
  value?: string;
  hint?: string;
  /** Shown beside the label, e.g. "optional". */
  aside?: string;
  autocomplete?: string;
  maxLength?: number;
  placeholder?: string;
  isCode?: boolean;
  /** Words of the button that shows and hides a password. */
  reveal?: { show: string; hide: string };
};

export type Tone = 'plain' | 'good' | 'bad';

/** A labelled text box with one line of hint below it that turns into the reason when something is wrong. */
export type Field = {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  setHint: (text: string, tone?: Tone) => void;
  /** Puts an element below the hint (a strength meter). */
  addBelow: (node: Node) => void;
};

let count = 0;

export function createField(options: FieldInput): Field {
  count += 1;
  const id = `field-${count}`;
  const input = h('input', {
    id,
    class: inputClass(options),
    type: options.type ?? 'text',
    name: options.name,
    value: options.value ?? '',
    autocomplete: options.autocomplete ?? 'off',
    maxlength: options.maxLength,
    placeholder: options.placeholder,
    autocapitalize: 'off',
    spellcheck: 'false',
    'aria-describedby': `${id}-hint`,
  });
  const hint = h('p', { class: 'field__hint', id: `${id}-hint` }, options.hint ?? '');
  const element = h(
    'div',
    { class: 'field' },
    h(
      'label',
      { class: 'field__label', for: id },
      options.label,
      options.aside !== undefined && h('span', { class: 'field__optional' }, options.aside),
    ),
    h(
      'div',
      { class: 'field__box' },
      input,
      options.reveal !== undefined && revealButton(input, options.reveal),
    ),
    hint,
  );
  const setHint = (text: string, tone: Tone = 'plain'): void => {
    setText(hint, text);
    hint.className = tone === 'plain' ? 'field__hint' : `field__hint field__hint--${tone}`;
    setAttribute(input, 'aria-invalid', tone === 'bad' ? 'true' : null);
  };
  return { element, input, setHint, addBelow: (node) => void element.insertBefore(node, hint) };
}

function inputClass(options: FieldInput): string {
  const classes = ['field__input'];
  if (options.reveal !== undefined) classes.push('field__input--with-button');
  if (options.isCode === true) classes.push('field__input--code');
  return classes.join(' ');
}

function revealButton(input: HTMLInputElement, words: { show: string; hide: string }): HTMLButtonElement {
  const element = h(
    'button',
    { type: 'button', class: 'icon-button field__button', 'aria-label': words.show, title: words.show },
    icon('eye', 's'),
  );
  element.addEventListener('click', () => {
    const isShown = input.type === 'text';
    input.type = isShown ? 'password' : 'text';
    const label = isShown ? words.show : words.hide;
    element.setAttribute('aria-label', label);
    element.title = label;
    replaceContent(element, icon(isShown ? 'eye' : 'eye-off', 's'));
    input.focus();
  });
  return element;
}
