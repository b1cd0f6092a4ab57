/** The options of a poll that is being written: Enter goes to the next one, every one can be moved up or taken away. */
import { limits } from '#contract/limits.ts';
import { h, replaceContent, setAttribute } from '../../ui/h.ts';
import { button, iconButton } from '../../ui/button.ts';
import { bindEnter, isComposingKey } from '../../ui/enter-key.ts';
import type { PageContext } from '../../page-context.ts';

export type OptionFields = {
  readonly element: HTMLElement;
  values: () => string[];
  /** The first box. */
  focus: () => void;
  dispose: () => void;
};

type Row = {
  element: HTMLElement;
  box: HTMLInputElement;
  up: HTMLButtonElement;
  remove: HTMLButtonElement;
  stop: () => void;
};

export function createOptionFields(
  { locale, announce }: PageContext,
  texts: readonly string[],
  onChange: () => void,
): OptionFields {
  let rows: Row[] = [];
  const list = h('div', { class: 'poll-form__options' });
  const add = button({
    label: locale.t('polls.addOption'),
    icon: 'plus',
    kind: 'quiet',
    size: 'small',
    onClick: () => addAfter(rows.length - 1),
  });
  const element = h(
    'div',
    { class: 'field', role: 'group', 'aria-labelledby': 'poll-options-label' },
    h('p', { class: 'field__label', id: 'poll-options-label' }, locale.t('polls.options')),
    list,
    add,
  );

  const createRow = (text: string): Row => {
    const box = h('input', {
      class: 'field__input',
      type: 'text',
      value: text,
      maxlength: limits.pollOptionMax,
      autocomplete: 'off',
      dir: 'auto',
      enterkeyhint: 'next',
    });
    const up = iconButton({ icon: 'arrow-up', label: '', onClick: () => moveUp(row, up) });
    const remove = iconButton({ icon: 'x', label: '', onClick: () => removeRow(row) });
    const row: Row = {
      element: h('div', { class: 'poll-form__option' }, box, up, remove),
      box,
      up,
      remove,
      stop: bindEnter({ box, onEnter: () => goOn(row) }),
    };
    box.addEventListener('input', onChange);
    box.addEventListener('keydown', (event) => {
      if (isComposingKey(event)) return;
      const isLeaving = event.key === 'Backspace' && box.value === '' && rows.length > limits.pollOptionsMin;
      const isMoving = event.altKey && event.key === 'ArrowUp';
      if (!isLeaving && !isMoving) return;
      event.preventDefault();
      if (isMoving) moveUp(row, box);
      else removeRow(row);
    });
    return row;
  };
  /** Numbers and what is possible, after every change of the list. */
  const show = (): void => {
    replaceContent(list, ...rows.map((row) => row.element));
    rows.forEach((row, index) => {
      const number = index + 1;
      const name = locale.t('polls.optionName', { number });
      setAttribute(row.box, 'aria-label', name);
      setAttribute(row.box, 'placeholder', name);
      relabel(row.up, locale.t('polls.moveUp', { number }));
      relabel(row.remove, locale.t('polls.removeOption', { number }));
      row.up.disabled = index === 0;
      row.remove.disabled = rows.length <= limits.pollOptionsMin;
    });
    add.disabled = rows.length >= limits.pollOptionsMax;
  };
  const addAfter = (index: number): void => {
    if (rows.length >= limits.pollOptionsMax) return;
    const row = createRow('');
    rows = [...rows.slice(0, index + 1), row, ...rows.slice(index + 1)];
    show();
    row.box.focus();
    onChange();
  };
  const goOn = (row: Row): void => {
    const index = rows.indexOf(row);
    const next = rows[index + 1];
    if (next !== undefined) next.box.focus();
    // An empty last one: there is nothing to go on from.
    else if (row.box.value.trim() !== '') addAfter(index);
  };
  const moveUp = (row: Row, focused: HTMLElement): void => {
    const index = rows.indexOf(row);
    if (index < 1) return;
    rows = [
      ...rows.slice(0, index - 1),
      row,
      ...rows.filter((other, at) => at >= index - 1 && other !== row),
    ];
    show();
    // The button is off at the top, and one that is off has no focus.
    if (focused === row.up && row.up.disabled) row.box.focus();
    else focused.focus();
    announce(locale.t('polls.movedUp', { number: index }));
    onChange();
  };
  const removeRow = (row: Row): void => {
    if (rows.length <= limits.pollOptionsMin) return;
    const index = rows.indexOf(row);
    row.stop();
    rows = rows.filter((other) => other !== row);
    show();
    rows[Math.max(0, index - 1)]?.box.focus();
    onChange();
  };

  rows = texts.map(createRow);
  show();
  return {
    element,
    values: () => rows.map(({ box }) => box.value),
    focus: () => rows[0]?.box.focus(),
    dispose: () => {
      for (const row of rows) row.stop();
    },
  };
}

function relabel(control: HTMLElement, label: string): void {
  setAttribute(control, 'aria-label', label);
  setAttribute(control, 'title', label);
}
