import { h, replaceContent } from '../../ui/h.ts';
import { mark } from '../../ui/mark.ts';
import { drop } from '../../state/drop.ts';
import type { View } from '../../ui/view.ts';
import type { AdminContext } from './admin-context.ts';
import { factRow } from './fact-row.ts';

/** Which version this is, on what it runs, and whose work is in it. */
export function createAboutView({ bridge, locale }: AdminContext): View {
  const version = h('h1', { class: 'about__version' }, locale.t('app.name'));
  const facts = h('dl', { class: 'facts' });
  const licences = h('pre', {
    class: 'about__licences scroll',
    tabindex: 0,
    role: 'region',
    'aria-label': locale.say('about.licences'),
    lang: 'en',
  });
  const load = async (): Promise<void> => {
    const answer = await bridge.call('admin:about', {});
    if (!answer.ok) return;
    const about = answer.value;
    replaceContent(version, locale.say('about.version', { version: about.version }));
    replaceContent(
      facts,
      ...factRow('Node.js', about.node),
      ...factRow('SQLite', about.sqlite),
      ...factRow(locale.say('about.platform'), about.platform),
    );
    replaceContent(licences, about.licences);
  };
  drop(load());
  const element = h(
    'div',
    { class: 'about' },
    h(
      'div',
      { class: 'about__head' },
      mark('l'),
      h('div', {}, version, h('p', { class: 'card__text' }, locale.say('about.text'))),
    ),
    h('section', { class: 'card' }, facts),
    h('p', { class: 'card__text about__licence' }, locale.say('about.licence')),
    licences,
  );
  return { element, dispose: () => undefined };
}
