import type { PageContext } from './page-context.ts';
import { createDisposables } from './state/disposables.ts';
import { h, replaceContent } from './ui/h.ts';
import { mark } from './ui/mark.ts';
import type { View } from './ui/view.ts';

/** While the server is asked for a live session; says so plainly when the server cannot be reached. */
export function createBootView({ app, locale }: PageContext): View {
  const disposables = createDisposables();
  const text = h('div', { class: 'boot__text', role: 'status' });
  const element = h('main', { class: 'boot' }, mark('l'), text);
  const show = (isUnreachable: boolean): void => {
    element.classList.toggle('boot--waiting', !isUnreachable);
    replaceContent(
      text,
      h('h1', { class: 'boot__title' }, locale.t(isUnreachable ? 'boot.noServer' : 'boot.starting')),
      isUnreachable && h('p', {}, locale.t('boot.noServerText')),
    );
  };
  const isUnreachable = (): boolean => {
    const { phase } = app.stores.account.get();
    return phase.name === 'starting' && phase.failure !== null;
  };
  disposables.add(app.stores.account.subscribe(isUnreachable, show));
  show(isUnreachable());
  return { element, dispose: disposables.dispose };
}
