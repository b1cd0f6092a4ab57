import type { SignUpPolicy } from '#contract/admin.ts';
import { createChoice } from '../../ui/choice.ts';
import { h, replaceContent } from '../../ui/h.ts';
import { drop } from '../../state/drop.ts';
import type { AdminContext } from './admin-context.ts';
import { askOrTell } from './admin-context.ts';

export type SignUpChoice = { readonly element: HTMLElement; show: (policy: SignUpPolicy) => void };

/** Who may sign up: it counts at once, without a restart. */
export function createSignUpChoice(context: AdminContext): SignUpChoice {
  const { bridge, locale, toasts } = context;
  const element = h('div', { class: 'sign-up-choice' });
  let shown: SignUpPolicy | null = null;

  const choose = async (signUp: 'open' | 'closed'): Promise<void> => {
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
      options: [
        { value: 'open', label: locale.say('overview.signUpOpen') },
        { value: 'closed', label: locale.say('overview.signUpClosed') },
      ],
      onChange: (next) => drop(choose(next === 'open' ? 'open' : 'closed')),
    });
    const text = policy === 'open' ? 'overview.signUpOpenText' : 'overview.signUpClosedText';
    replaceContent(element, choice, h('p', { class: 'card__text' }, locale.say(text)));
    if (hadFocus) choice.querySelector<HTMLElement>('[aria-checked="true"]')?.focus();
  };
  return { element, show };
}
