import type { SignUpPolicy } from '#contract/admin.ts';
import { createChoice } from '../../ui/choice.ts';
import { h, replaceContent } from '../../ui/h.ts';
import { drop } from '../../state/drop.ts';
import type { AdminLocale, PlainAdminKey } from '../../locales/admin-locale.ts';
import type { AdminContext } from './admin-context.ts';
import { askOrTell } from './admin-context.ts';

const words = {
  open: { name: 'overview.signUpOpen', text: 'overview.signUpOpenText' },
  approval: { name: 'overview.signUpApproval', text: 'overview.signUpApprovalText' },
  invitation: { name: 'overview.signUpInvitation', text: 'overview.signUpInvitationText' },
  closed: { name: 'overview.signUpClosed', text: 'overview.signUpClosedText' },
} as const satisfies Record<SignUpPolicy, { name: PlainAdminKey; text: PlainAdminKey }>;

/** What a policy is called. */
export const signUpName = (locale: AdminLocale, policy: SignUpPolicy): string =>
  locale.say(words[policy].name);

/** From the door that stands open to the one that is shut. */
const policies: readonly SignUpPolicy[] = ['open', 'approval', 'invitation', 'closed'];

export type SignUpChoice = { readonly element: HTMLElement; show: (policy: SignUpPolicy) => void };

/** Who may sign up: it counts at once, without a restart. */
export function createSignUpChoice(context: AdminContext): SignUpChoice {
  const { bridge, locale, toasts } = context;
  const element = h('div', { class: 'sign-up-choice' });
  let shown: SignUpPolicy | null = null;

  const choose = async (signUp: SignUpPolicy): Promise<void> => {
    const before = shown;
    const changed = await askOrTell(context, bridge.call('admin:set-sign-up', { signUp }));
    if (changed !== null) toasts.show({ text: locale.say('overview.signUpSaved'), subject: 'sign-up' });
    shown = null;
    if (changed !== null || before !== null) show(changed?.signUp ?? before ?? 'open');
  };
  const show = (policy: SignUpPolicy): void => {
    if (policy === shown) return;
    // a repaint takes the focus away from the control that caused it
    const hadFocus = element.contains(document.activeElement);
    shown = policy;
    const choice = createChoice<SignUpPolicy>({
      label: locale.say('overview.signUp'),
      value: policy,
      options: policies.map((value) => ({ value, label: locale.say(words[value].name) })),
      onChange: (next) => drop(choose(next)),
    });
    replaceContent(element, choice, h('p', { class: 'card__text' }, locale.say(words[policy].text)));
    if (hadFocus) choice.querySelector<HTMLElement>('[aria-checked="true"]')?.focus();
  };
  return { element, show };
}
