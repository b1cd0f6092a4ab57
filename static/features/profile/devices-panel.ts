import type { SessionRow } from '#contract/accounts.ts';
import { h, replaceContent } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { openConfirm } from '../../ui/confirm-dialog.ts';
import { icon } from '../../ui/icon.ts';
import { notice } from '../../ui/notice.ts';
import { skeletonRows } from '../../ui/skeleton.ts';
import type { View } from '../../ui/view.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import { deviceName, isPhoneAgent } from './device-name.ts';

/** Where this account is signed in; any other browser can be signed out from here. */
export function createDevicesPanel(context: PageContext): View {
  const { app, locale } = context;
  const disposables = createDisposables();
  const content = h('div', {});
  const element = h('div', {}, h('h3', { class: 'panel__title' }, locale.t('profile.devices')), content);
  const paint = (): void => {
    const { sessions, isLoading, failure } = app.stores.sessions.get();
    if (failure !== null) replaceContent(content, notice('bad', locale.failure(failure)));
    else if (isLoading && sessions.length === 0)
      replaceContent(content, skeletonRows(3, locale.t('common.loading')));
    else
      replaceContent(
        content,
        h('ul', { class: 'devices', role: 'list' }, ...sessions.map((row) => device(context, row))),
      );
  };
  disposables.add(app.stores.sessions.subscribe((state) => state, paint));
  paint();
  drop(app.actions.sessions.load());
  return { element, dispose: disposables.dispose };
}

function device(context: PageContext, row: SessionRow): HTMLElement {
  const { app, locale } = context;
  const name = deviceName(row.userAgent, locale);
  const used = locale.t('profile.lastUsed', { date: locale.moment(row.lastUsedAt, app.clock.now()) });
  const revoke = (): void =>
    openConfirm({
      locale,
      title: locale.t('profile.revokeTitle'),
      text: [locale.t('profile.revokeText', { device: name })],
      confirmLabel: locale.t('profile.revoke'),
      isDanger: true,
      onConfirm: () => app.actions.sessions.revoke(row.sessionUid),
      onDone: () => context.toasts.show({ text: locale.t('profile.revoked') }),
    });
  return h(
    'li',
    { class: 'device' },
    icon(isPhoneAgent(row.userAgent) ? 'smartphone' : 'monitor'),
    h(
      'span',
      { class: 'device__words' },
      h('span', { class: 'device__name' }, name),
      h(
        'span',
        { class: 'device__facts' },
        locale.t('common.separator', { first: row.address, second: used }),
      ),
    ),
    row.isCurrent
      ? h('span', { class: 'device__current' }, locale.t('profile.thisDevice'))
      : button({ label: locale.t('profile.revoke'), size: 'small', onClick: revoke }),
  );
}
