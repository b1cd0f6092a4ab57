/** The options of a poll as radio buttons or check boxes with their results. Focus moves with the arrows; a press votes. */
import { h, setAttribute, setText } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import { roveFocus, setTabStop } from '../../ui/roving-focus.ts';
import type { Locale } from '../../locales/locale.ts';
import type { PollSource } from './poll-source.ts';
import { pollResults } from './poll-results.ts';
import type { PollResult } from './poll-results.ts';

export type OptionState = { chosen: readonly string[]; isVotable: boolean; isWaiting: boolean };

export type OptionRows = {
  readonly element: HTMLElement;
  update: (source: PollSource, state: OptionState) => void;
  focus: () => void;
};

export function createOptionRows(
  locale: Locale,
  first: PollSource,
  onPress: (optionId: string) => void,
): OptionRows {
  const rows = first.options.map(({ id, text }) => createRow(text, () => onPress(id)));
  const buttons = rows.map(({ element }) => element);
  const element = h('div', { class: 'poll__options', 'aria-label': first.question }, ...buttons);
  roveFocus(element, () => buttons);
  const stopAt = (index: number): void => setTabStop(buttons, buttons[Math.max(0, index)]);
  buttons.forEach((button, index) => button.addEventListener('focus', () => stopAt(index)));

  let isPlaced = false;
  return {
    element,
    focus: () => (buttons.find((button) => button.tabIndex === 0) ?? buttons[0])?.focus(),
    update({ options, poll, isSent }, { chosen, isVotable, isWaiting }) {
      const isMultiple = poll?.isMultiple === true;
      setAttribute(element, 'role', isMultiple ? 'group' : 'radiogroup');
      setAttribute(element, 'aria-busy', isWaiting ? 'true' : null);
      pollResults(options, poll).forEach((result, index) => {
        const isMine = chosen.includes(result.id);
        rows[index]?.update(result, { locale, isMine, isMultiple, isVotable, hasResults: isSent });
      });
      // The first Tab into the options comes to my choice.
      if (isPlaced && chosen.length === 0) return;
      if (!element.contains(document.activeElement)) {
        stopAt(options.findIndex(({ id }) => chosen.includes(id)));
      }
      isPlaced = true;
    },
  };
}

type RowState = {
  locale: Locale;
  isMine: boolean;
  isMultiple: boolean;
  isVotable: boolean;
  hasResults: boolean;
};

function createRow(text: string, onPress: () => void) {
  const bar = h('span', { class: 'poll__bar' });
  const count = h('span', { class: 'poll__count' });
  const element = h(
    'button',
    { type: 'button', class: 'poll__option', on: { click: onPress } },
    bar,
    h('span', { class: 'poll__mark' }, icon('check', 'xs')),
    h('span', { class: 'poll__text', dir: 'auto' }, text),
    count,
  );
  const update = (result: PollResult, state: RowState): void => {
    const { isMine, isMultiple, isVotable, hasResults, locale } = state;
    const words = { text, count: result.votes, percent: result.percent };
    setAttribute(element, 'role', isMultiple ? 'checkbox' : 'radio');
    setAttribute(element, 'aria-checked', isMine ? 'true' : 'false');
    setAttribute(element, 'aria-disabled', isVotable ? null : 'true');
    setAttribute(element, 'aria-label', locale.t(isMine ? 'polls.optionMine' : 'polls.option', words));
    element.classList.toggle('poll__option--mine', isMine);
    element.classList.toggle('poll__option--many', isMultiple);
    element.classList.toggle('poll__option--leading', result.isLeading);
    bar.style.setProperty('width', `${result.percent}%`);
    setText(count, hasResults ? locale.number(result.votes) : '');
    setAttribute(count, 'title', hasResults ? `${result.percent}%` : null);
  };
  return { element, update };
}
