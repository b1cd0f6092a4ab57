import { h } from '../../ui/h.ts';
import { createChoice } from '../../ui/choice.ts';
import type { View } from '../../ui/view.ts';
import type { PageContext } from '../../page-context.ts';

/** Language, theme, sound: of this browser. */
export function createDisplayPanel({ app, locale }: PageContext): View {
  const { theme, isSoundOn } = app.stores.preferences.get();
  const { change } = app.actions.preferences;
  const row = (label: string, control: HTMLElement): HTMLElement =>
    h('div', { class: 'setting' }, h('p', { class: 'setting__label' }, label), control);
  const sound = h('input', { type: 'checkbox', class: 'check__box', checked: isSoundOn });
  sound.addEventListener('change', () => change({ isSoundOn: sound.checked }));
  const element = h(
    'div',
    {},
    row(
      locale.t('profile.language'),
      createChoice({
        label: locale.t('profile.language'),
        value: locale.language,
        options: [
          { value: 'ko', label: '한국어' },
          { value: 'en', label: 'English' },
        ],
        onChange: (language) => change({ locale: language }),
      }),
    ),
    row(
      locale.t('profile.theme'),
      createChoice({
        label: locale.t('profile.theme'),
        value: theme,
        options: [
          { value: 'system', label: locale.t('profile.themeSystem') },
          { value: 'light', label: locale.t('profile.themeLight') },
          { value: 'dark', label: locale.t('profile.themeDark') },
        ],
        onChange: (chosen) => change({ theme: chosen }),
      }),
    ),
    h('label', { class: 'check' }, sound, locale.t('profile.sound')),
  );
  return { element, dispose: () => undefined };
}
