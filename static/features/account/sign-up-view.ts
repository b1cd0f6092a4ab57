import { h, setAttribute } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { createFormNotice, notice } from '../../ui/notice.ts';
import { createDisposables } from '../../state/disposables.ts';
import type { Disposables } from '../../state/disposables.ts';
import type { ServerInfo } from '#contract/server-info.ts';
import { drop } from '../../state/drop.ts';
import { readInvitation } from '../../state/invitation-link.ts';
import type { Failure } from '../../state/failure.ts';
import type { View } from '../../ui/view.ts';
import type { PageContext } from '../../page-context.ts';
import type { AccountState } from './account-state.ts';
import { createBusyLine } from './busy-line.ts';
import { createSignUpFields } from './sign-up-fields.ts';
import type { InvitationWish, SignUpFields } from './sign-up-fields.ts';

export type SignUpViewDeps = { context: PageContext; onSignIn: () => void };

export function createSignUpView({ context, onSignIn }: SignUpViewDeps): View {
  const { app, locale } = context;
  const disposables = createDisposables();
  const info = app.stores.account.get().serverInfo;
  const isFirst = info?.isSetUpNeeded === true;
  const fields = createSignUpFields(
    context,
    disposables,
    isFirst && info.isSetUpCodeNeeded,
    invitationWish(isFirst ? 'open' : (info?.signUp ?? 'open')),
  );
  const problem = createFormNotice();
  const submit = button({ label: locale.t('signUp.submit'), kind: 'primary', size: 'wide', type: 'submit' });
  const busy = createBusyLine();

  const signUp = async (): Promise<void> => {
    if (submit.disabled) return;
    const wrong = fields.firstProblem();
    if (wrong !== null) {
      wrong.focus();
      return;
    }
    problem.show(null);
    const result = await app.actions.account.signUp(fields.form(), fields.password());
    if (!result.ok) showFailure(context, fields, problem.show, result);
  };
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    drop(signUp());
  };
  const element = h(
    'div',
    {},
    h('h1', { class: 'entrance__title' }, locale.t(isFirst ? 'signUp.titleFirst' : 'signUp.title')),
    h('p', { class: 'entrance__lead' }, locale.t('signUp.lead')),
    isFirst && h('div', { class: 'entrance__ended' }, notice('good', locale.t('signUp.first'))),
    policyNotice(context),
    h(
      'form',
      { class: 'entrance__form', novalidate: true, on: { submit: onSubmit } },
      ...fields.elements,
      problem.element,
      submit,
      busy.element,
    ),
    !isFirst &&
      h(
        'div',
        { class: 'entrance__links' },
        button({ label: locale.t('signUp.toSignIn'), kind: 'link', onClick: onSignIn }),
      ),
  );

  const showProgress = (progress: Progress): void => {
    submit.disabled = progress !== null;
    setAttribute(element, 'aria-busy', progress === null ? null : 'true');
    busy.show(progress === null ? null : locale.t(`signUp.${progress}`));
  };
  disposables.add(app.stores.account.subscribe(progressOf, showProgress));
  showProgress(progressOf(app.stores.account.get()));
  if (isFirst) watchForFirstAccount(context, disposables);
  return { element, dispose: disposables.dispose };
}

/** Somebody else may make the first account while this page lies open: then it is an ordinary one's turn, without a code. */
function watchForFirstAccount({ app }: PageContext, disposables: Disposables): void {
  const look = (): void => {
    const isIdle = app.stores.account.get().phase.name === 'signed-out';
    if (isIdle && document.visibilityState === 'visible') drop(app.actions.account.refreshServerInfo());
  };
  disposables.listen(window, 'focus', look);
  disposables.listen(document, 'visibilitychange', look);
}

function invitationWish(signUp: ServerInfo['signUp']): InvitationWish {
  const code = readInvitation(location.hash) ?? '';
  return { code, isNeeded: signUp === 'invitation', isUseful: signUp === 'approval' };
}

type Progress = 'checking' | 'preparing' | null;

function progressOf(state: AccountState): Progress {
  if (state.phase.name !== 'signing-up') return null;
  const { step } = state.phase.signUp;
  return step === 'checking' || step === 'preparing' ? step : null;
}

function policyNotice({ app, locale }: PageContext): HTMLElement | null {
  const info = app.stores.account.get().serverInfo;
  if (info === null || info.isSetUpNeeded) return null;
  const element = h('div', { class: 'entrance__ended' });
  if (info.signUp === 'closed') element.appendChild(notice('warn', locale.t('signUp.closed')));
  if (info.signUp === 'invitation') element.appendChild(notice('plain', locale.t('signUp.byInvitation')));
  if (info.signUp === 'approval') element.appendChild(notice('plain', locale.t('signUp.byApproval')));
  return element.childElementCount === 0 ? null : element;
}

/** A refusal stands at the field it is about, where there is one. */
function showFailure(
  { locale }: PageContext,
  fields: SignUpFields,
  show: (text: string | null) => void,
  failure: Failure,
): void {
  const field = fields.fieldOf(failure);
  if (field === null) {
    show(locale.failure(failure));
    return;
  }
  field.setHint(locale.failure(failure), 'bad');
  field.input.focus();
}
