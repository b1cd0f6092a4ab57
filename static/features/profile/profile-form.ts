import { limits } from '#contract/limits.ts';
import { h } from '../../ui/h.ts';
import { avatar } from '../../ui/avatar.ts';
import { button } from '../../ui/button.ts';
import { createField } from '../../ui/field.ts';
import { createFormNotice } from '../../ui/notice.ts';
import type { View } from '../../ui/view.ts';
import { drop } from '../../state/drop.ts';
import { meOf } from '../account/account-state.ts';
import type { PageContext } from '../../page-context.ts';
import { createStatusForm } from './status-form.ts';

/** Status, display name, department, title: what colleagues see. */
export function createProfileForm(context: PageContext): View {
  const { app, locale, toasts } = context;
  const me = meOf(app.stores.account.get());
  const problem = createFormNotice();
  const status = createStatusForm(context);
  const field = (label: string, name: string, value: string, maxLength: number) =>
    createField({ label, name, value, maxLength });
  const displayName = field(
    locale.t('profile.displayName'),
    'display-name',
    me?.displayName ?? '',
    limits.displayNameMax,
  );
  const department = field(
    locale.t('profile.department'),
    'department',
    me?.department ?? '',
    limits.departmentMax,
  );
  const title = field(locale.t('profile.jobTitle'), 'title', me?.title ?? '', limits.titleMax);
  const submit = button({ label: locale.t('common.save'), kind: 'primary', type: 'submit' });

  const save = async (): Promise<void> => {
    if (displayName.input.value.trim() === '') {
      displayName.setHint(locale.t('signUp.displayNameMissing'), 'bad');
      displayName.input.focus();
      return;
    }
    submit.disabled = true;
    problem.show(null);
    const result = await app.actions.account.updateProfile({
      displayName: displayName.input.value,
      department: department.input.value,
      title: title.input.value,
    });
    submit.disabled = false;
    if (result.ok) toasts.show({ text: locale.t('common.saved') });
    else problem.show(locale.failure(result));
  };
  const onSubmit = (event: Event): void => {
    event.preventDefault();
    drop(save());
  };
  const form = h(
    'form',
    { novalidate: true, on: { submit: onSubmit } },
    problem.element,
    displayName.element,
    h('div', { class: 'field-pair' }, department.element, title.element),
    submit,
  );
  const element = h(
    'div',
    {},
    h(
      'div',
      { class: 'profile__me' },
      avatar({ id: me?.userUid ?? '', name: me?.displayName ?? '', size: 'l' }),
      h(
        'div',
        {},
        h('p', { class: 'profile__name' }, me?.displayName ?? ''),
        h(
          'p',
          { class: 'profile__handle' },
          `@${me?.username ?? ''} · ${locale.t(`profile.role.${me?.role ?? 'member'}`)}`,
        ),
      ),
    ),
    status.element,
    form,
  );
  return { element, dispose: status.dispose };
}
