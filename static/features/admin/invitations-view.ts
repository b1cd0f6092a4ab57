import type { Invitation } from '#contract/admin-people.ts';
import { button } from '../../ui/button.ts';
import { emptyState } from '../../ui/empty-state.ts';
import { openConfirm } from '../../ui/confirm-dialog.ts';
import { h, replaceContent } from '../../ui/h.ts';
import { notice } from '../../ui/notice.ts';
import { skeletonRows } from '../../ui/skeleton.ts';
import type { View } from '../../ui/view.ts';
import type { AdminLocale } from '../../locales/admin-locale.ts';
import type { AdminContext } from './admin-context.ts';
import { resultOf } from './admin-context.ts';
import { openInvitationForm } from './invitation-dialog.ts';
import { pageHead } from './page-head.ts';
import { createRefresh } from './refresh.ts';
import { signUpName } from './sign-up-choice.ts';

/** Codes that let people sign up: making one, which there are, taking one back. */
export function createInvitationsView(context: AdminContext): View {
  const { bridge, locale } = context;
  const policy = h('div', { class: 'invitations__policy' });
  const body = h('div', {}, skeletonRows(4, locale.say('admin.loading')));
  let shown = '';
  const make = button({
    label: locale.say('invitations.make'),
    icon: 'plus',
    kind: 'primary',
    onClick: () => openInvitationForm(context, () => refresh.now()),
  });
  const show = (invitations: readonly Invitation[]): void => {
    const state = JSON.stringify(invitations);
    if (state === shown) return;
    shown = state;
    const hadFocus = body.contains(document.activeElement);
    const revoke = (invitation: Invitation): void => openRevocation(context, invitation, () => refresh.now());
    replaceContent(body, invitations.length === 0 ? none(locale) : table(locale, invitations, revoke));
    // the row under the keyboard is gone, or has no button any more
    if (hadFocus) (body.querySelector('button') ?? make).focus();
  };
  const refresh = createRefresh(20_000, async () => {
    const [answer, overview] = await Promise.all([
      bridge.call('admin:invitations', {}),
      bridge.call('admin:overview', {}),
    ]);
    if (overview.ok) showPolicy(overview.value.signUp);
    if (answer.ok) return show(answer.value.invitations);
    shown = '';
    return replaceContent(body, notice('bad', locale.failure(answer)));
  });
  const showPolicy = (signUp: Parameters<typeof signUpName>[1]): void => {
    const words = locale.say('invitations.policy', { policy: signUpName(locale, signUp) });
    if (signUp === 'invitation') replaceContent(policy);
    else if (policy.textContent !== words) replaceContent(policy, notice('plain', words));
  };
  const stopListening = bridge.on('admin:people-changed', () => refresh.now());
  return {
    element: h(
      'div',
      { class: 'invitations' },
      pageHead(locale.say('admin.invitations'), [locale.say('invitations.lead')], [make]),
      policy,
      body,
    ),
    dispose: () => {
      stopListening();
      refresh.dispose();
    },
  };
}

const none = (locale: AdminLocale): HTMLElement =>
  emptyState({
    icon: 'mail',
    title: locale.say('invitations.none'),
    text: locale.say('invitations.noneText'),
  });

function openRevocation(
  { bridge, locale, toasts }: AdminContext,
  { invitationUid }: Invitation,
  onDone: () => void,
): void {
  openConfirm({
    locale,
    title: locale.say('invitations.revokeTitle'),
    text: [locale.say('invitations.revokeText')],
    confirmLabel: locale.say('invitations.revoke'),
    isDanger: true,
    onConfirm: async () => resultOf(await bridge.call('admin:revoke-invitation', { invitationUid })),
    onDone: () => {
      toasts.show({ text: locale.say('invitations.revoked'), subject: 'invitations', isShort: true });
      onDone();
    },
  });
}

const stateWords = {
  open: 'invitations.stateOpen',
  used: 'invitations.stateUsed',
  ended: 'invitations.stateEnded',
  revoked: 'invitations.stateRevoked',
} as const;

const table = (
  locale: AdminLocale,
  invitations: readonly Invitation[],
  onRevoke: (invitation: Invitation) => void,
): HTMLElement =>
  h(
    'div',
    { class: 'table-box scroll', tabindex: 0, role: 'region', 'aria-label': locale.say('admin.invitations') },
    h(
      'table',
      { class: 'table invitations__table' },
      h('thead', {}, headRow(locale)),
      h('tbody', {}, ...invitations.map((invitation) => row(locale, invitation, onRevoke))),
    ),
  );

const headRow = (locale: AdminLocale): HTMLElement =>
  h(
    'tr',
    {},
    h('th', { scope: 'col' }, locale.say('invitations.note')),
    h('th', { scope: 'col', class: 'people__wide' }, locale.say('invitations.by')),
    h('th', { scope: 'col', class: 'people__wide' }, locale.say('code.endsAt')),
    h('th', { scope: 'col', class: 'table__number' }, locale.say('invitations.used')),
    h('th', { scope: 'col', class: 'people__wide' }, locale.say('invitations.state')),
    h('th', { scope: 'col' }, h('span', { class: 'visually-hidden' }, locale.say('people.actions'))),
  );

function row(
  locale: AdminLocale,
  invitation: Invitation,
  onRevoke: (invitation: Invitation) => void,
): HTMLElement {
  const { note, state, uses, usesMax, madeBy, createdAt, endsAt } = invitation;
  const name = note === '' ? locale.say('invitations.unnamed', { date: locale.date(createdAt) }) : note;
  const stateText = locale.say(stateWords[state]);
  const revoke = button({
    label: locale.say('invitations.revoke'),
    size: 'small',
    onClick: () => onRevoke(invitation),
  });
  revoke.setAttribute('aria-label', locale.say('invitations.revokeOf', { name }));
  return h(
    'tr',
    { class: state === 'open' ? undefined : 'people__row--disabled' },
    h(
      'th',
      { scope: 'row', class: 'invitations__name' },
      h('span', { class: 'person-cell__name' }, name),
      // on a phone the columns are not there
      h('span', { class: 'people__brief' }, `${stateText} · ${locale.date(endsAt)}`),
    ),
    h('td', { class: 'people__wide' }, madeBy === '' ? locale.say('invitations.host') : madeBy),
    h('td', { class: 'people__wide' }, locale.full(endsAt)),
    h('td', { class: 'table__number' }, locale.say('invitations.usedOf', { used: uses, uses: usesMax })),
    h(
      'td',
      { class: 'people__wide' },
      h('span', { class: `people__state people__state--${state}` }, stateText),
    ),
    h('td', { class: 'table__action' }, state === 'open' ? revoke : null),
  );
}
