import { h } from './h.ts';

let count = 0;

/** A tick with a line below it that says what it means. A screen reader hears the label as its name, the line as its description. */
export function checkBox(
  label: string,
  hint: string,
  isOn: boolean,
  onChange: (isOn: boolean) => void,
): HTMLElement {
  count += 1;
  const id = `check-${count}`;
  const box = h('input', {
    type: 'checkbox',
    class: 'check__box',
    checked: isOn,
    'aria-labelledby': `${id}-label`,
    'aria-describedby': `${id}-hint`,
  });
  box.addEventListener('change', () => onChange(box.checked));
  // All of it can be pressed, so the hint stays inside the label, which alone would make it a part of the name.
  return h(
    'label',
    { class: 'check' },
    box,
    h(
      'span',
      {},
      h('span', { class: 'check__label', id: `${id}-label` }, label),
      h('span', { class: 'check__hint', id: `${id}-hint` }, hint),
    ),
  );
}
