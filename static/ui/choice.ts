import { h } from './h.ts';
import { roveFocus, setTabStop } from './roving-focus.ts';

export type Option<Value extends string> = { value: Value; label: string };

/** A row of options of which one is chosen (a radio group drawn as a segmented control). */
export function createChoice<Value extends string>(input: {
  label: string;
  options: readonly Option<Value>[];
  value: Value;
  onChange: (value: Value) => void;
}): HTMLElement {
  const buttons = input.options.map((option) =>
    h(
      'button',
      {
        type: 'button',
        class: 'choice__option',
        role: 'radio',
        'aria-checked': option.value === input.value ? 'true' : 'false',
        on: { click: () => choose(option.value) },
      },
      option.label,
    ),
  );
  const choose = (value: Value): void => {
    input.options.forEach((option, index) => {
      buttons[index]?.setAttribute('aria-checked', option.value === value ? 'true' : 'false');
    });
    setTabStop(buttons, buttons[input.options.findIndex((option) => option.value === value)]);
    input.onChange(value);
  };
  setTabStop(buttons, buttons[input.options.findIndex((option) => option.value === input.value)]);
  const element = h('div', { class: 'choice', role: 'radiogroup', 'aria-label': input.label }, ...buttons);
  roveFocus(element, () => buttons);
  return element;
}
