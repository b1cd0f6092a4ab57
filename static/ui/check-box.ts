import { h } from './h.ts';

/** A tick with a line below it that says what it means. */
export function checkBox(
  label: string,
  hint: string,
  isOn: boolean,
  onChange: (isOn: boolean) => void,
): HTMLElement {
  const box = h('input', { type: 'checkbox', class: 'check__box', checked: isOn });
  box.addEventListener('change', () => onChange(box.checked));
  return h(
    'label',
    { class: 'check' },
    box,
    h('span', {}, h('span', { class: 'check__label' }, label), h('span', { class: 'check__hint' }, hint)),
  );
}
