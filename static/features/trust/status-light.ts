/** Lines above the list of rooms that stay until they are dealt with. */
import { h } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import type { PageContext } from '../../page-context.ts';
import { presentLight } from './recovery-shown.ts';

/** The lasting red light: without a proven sheet, or with a vault that would not bring the keys back. */
export function redLight(context: PageContext, onMakeSheet: () => void): HTMLElement | null {
  const { locale } = context;
  const { colour, reason } = presentLight(context);
  if (colour !== 'red') return null;
  const isSheet = reason === 'sheet';
  return lightButton({
    tone: 'red',
    words: locale.t(isSheet ? 'sheet.light' : 'recovery.short.unsound'),
    action: locale.t('sheet.make'),
    title: locale.t(isSheet ? 'sheet.lightText' : 'recovery.why.unsound'),
    onClick: onMakeSheet,
  });
}

/** A line above the list of rooms that stays until it is dealt with. */
export const lightButton = (input: {
  tone: 'red' | 'amber';
  words: string;
  action: string;
  title: string;
  onClick: () => void;
}): HTMLElement =>
  h(
    'button',
    {
      type: 'button',
      class: input.tone === 'red' ? 'light' : 'light light--amber',
      title: input.title,
      on: { click: input.onClick },
    },
    h('span', { class: 'light__dot', 'aria-hidden': 'true' }),
    h(
      'span',
      { class: 'light__words' },
      h('b', {}, input.words),
      h('span', { class: 'light__action' }, input.action),
    ),
    icon('chevron-right', 's'),
  );
