import { h } from '../../ui/h.ts';
import type { Child } from '../../ui/h.ts';
import { createChoice } from '../../ui/choice.ts';
import { mark } from '../../ui/mark.ts';
import type { PageContext } from '../../page-context.ts';

/** The page before the messenger: the mark, one card, the choice of language. */
export function entranceFrame(
  context: PageContext,
  content: Child[],
  width: 'normal' | 'wide' = 'normal',
): HTMLElement {
  const { app, locale } = context;
  return h(
    'main',
    { class: 'entrance scroll' },
    h(
      'div',
      { class: width === 'wide' ? 'entrance__column entrance__column--wide' : 'entrance__column' },
      h(
        'div',
        { class: 'entrance__brand' },
        mark('l'),
        h('span', { class: 'entrance__name' }, locale.t('app.name')),
      ),
      h('div', { class: 'entrance__card' }, ...content),
      h(
        'div',
        { class: 'entrance__language' },
        createChoice({
          label: locale.t('profile.language'),
          value: locale.language,
          options: [
            { value: 'ko', label: '한국어' },
            { value: 'en', label: 'English' },
          ],
          onChange: (language) => app.actions.preferences.change({ locale: language }),
        }),
      ),
    ),
  );
}
