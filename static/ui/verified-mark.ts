import type { Locale } from '../locales/locale.ts';
import { h } from './h.ts';
import { icon } from './icon.ts';

/** Beside the name of somebody whose safety number I compared. */
export const verifiedMark = (locale: Locale): HTMLElement =>
  h(
    'span',
    { class: 'verified', title: locale.t('rooms.verified') },
    icon('check', 'xs'),
    h('span', { class: 'visually-hidden' }, `, ${locale.t('rooms.verified')}`),
  );
