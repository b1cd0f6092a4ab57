import type { Locale } from '../locales/locale.ts';
import { h } from './h.ts';
import type { Child } from './h.ts';
import { icon } from './icon.ts';
import { verifiedMark } from './verified-mark.ts';

/** Beside a name: that I compared this person's safety number, or that nobody confirmed their newest key. */
export const personMarks = (
  locale: Locale,
  marked: { verifiedUids: ReadonlySet<string>; unconfirmedUids: ReadonlySet<string> },
  userUid: string,
): Child[] => [
  marked.verifiedUids.has(userUid) && verifiedMark(locale),
  marked.unconfirmedUids.has(userUid) && unconfirmedMark(locale),
];

const unconfirmedMark = (locale: Locale): HTMLElement =>
  h(
    'span',
    { class: 'unconfirmed', title: locale.t('trust.short.unconfirmed') },
    icon('triangle-alert', 'xs'),
    h('span', { class: 'visually-hidden' }, `, ${locale.t('trust.short.unconfirmed')}`),
  );
