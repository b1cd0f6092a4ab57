/** What is known of a person's key, in words and as a mark. */
import { h } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import { personName } from '../../ui/person-label.ts';
import type { PersonTrust } from '../../crypto/index.ts';
import type { PageContext } from '../../page-context.ts';

export const nameOf = ({ app, locale }: PageContext, userUid: string): string =>
  personName(locale, app.stores.people.get().byUid.get(userUid));

type Tone = 'good' | 'plain' | 'warn' | 'bad';

/** How much a person's key is worth, for the colour of its line. The words say it as well. */
export function toneOf({ state, mark }: PersonTrust): Tone {
  if (state === 'conflict') return 'bad';
  if (state === 'unconfirmed' || mark === 'changed') return 'warn';
  return mark === 'verified' ? 'good' : 'plain';
}

/** One sentence: where this key comes from, and since when. */
export function stateSentence(context: PageContext, trust: PersonTrust): string {
  const { locale } = context;
  const date = locale.full(trust.confirmed?.at ?? 0);
  switch (trust.state) {
    case 'me':
    case 'unknown':
    case 'unconfirmed':
    case 'conflict':
      return locale.t(`trust.state.${trust.state}`);
    case 'vouched':
      return trust.vouchedBy === null
        ? locale.t('trust.state.vouched', { date })
        : locale.t('trust.state.vouchedBy', { name: nameOf(context, trust.vouchedBy), date });
    case 'seen':
    case 'digits':
    case 'succession':
      return locale.t(`trust.state.${trust.state}`, { date });
    default:
      return trust.state satisfies never;
  }
}

/** A few words for a list. */
export function stateWords(context: PageContext, trust: PersonTrust): string {
  const { locale } = context;
  if (trust.mark === 'verified' && toneOf(trust) === 'good') return locale.t('trust.verified');
  if (trust.mark === 'changed' && toneOf(trust) === 'warn' && trust.state !== 'unconfirmed')
    return locale.t('trust.markChangedShort');
  if (trust.state === 'vouched' && trust.vouchedBy !== null)
    return locale.t('trust.short.vouchedBy', { name: nameOf(context, trust.vouchedBy) });
  return locale.t(`trust.short.${trust.state}`);
}

/** A shield for somebody whom I verified, a warning for a key that waits or contradicts; the words beside it say the same. */
export function trustMark(tone: Tone): SVGSVGElement | null {
  if (tone === 'plain') return null;
  return icon(tone === 'good' ? 'shield-check' : tone === 'warn' ? 'triangle-alert' : 'shield-alert', 'xs');
}

export const trustLine = (context: PageContext, trust: PersonTrust): HTMLElement => {
  const tone = toneOf(trust);
  return h(
    'span',
    { class: `trust-line trust-line--${tone}` },
    trustMark(tone),
    h('span', {}, stateWords(context, trust)),
  );
};
