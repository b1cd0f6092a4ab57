import type { AdminOutput } from '#contract/admin.ts';
import type { ReadReceipts } from '#contract/policies.ts';
import { createChoice } from '../../ui/choice.ts';
import { h, replaceContent } from '../../ui/h.ts';
import { skeletonRows } from '../../ui/skeleton.ts';
import { drop } from '../../state/drop.ts';
import type { AdminLocale } from '../../locales/admin-locale.ts';
import type { AdminContext } from './admin-context.ts';
import { askOrTell } from './admin-context.ts';

type Policies = AdminOutput<'admin:policies'>['policies'];
const receipts: readonly ReadReceipts[] = ['everyone', 'sender', 'off'];

/** Not at all, an hour, a day, a week, a month. */
const recallChoices: readonly number[] = [0, 1, 24, 168, 720];

/** How long after sending a message can be recalled, in words. */
export function recallText(locale: AdminLocale, hours: number): string {
  if (hours === 0) return locale.say('policies.recallOff');
  const isDays = hours >= 24 && hours % 24 === 0;
  return isDays
    ? locale.say('policies.recallDays', { count: hours / 24 })
    : locale.say('policies.recallHours', { count: hours });
}

/** What holds for everybody's messages, a card each. A choice counts at once, for everybody who is connected. */
export function createPolicyCards(context: AdminContext): HTMLElement {
  const { bridge, locale, toasts } = context;
  const element = h(
    'div',
    { class: 'policies' },
    h('section', { class: 'card' }, skeletonRows(1, locale.say('admin.loading'))),
  );
  const load = async (): Promise<void> => {
    const answer = await bridge.call('admin:policies', {});
    if (answer.ok) show(answer.value.policies);
    else {
      const words = h('p', { class: 'card__text' }, locale.failure(answer));
      replaceContent(element, h('section', { class: 'card' }, words));
    }
  };
  const change = async (before: Policies, part: Partial<Policies>): Promise<void> => {
    const changed = await askOrTell(context, bridge.call('admin:set-policies', { policies: part }));
    if (changed !== null) toasts.show({ text: locale.say('policies.saved'), subject: 'policies' });
    show(changed?.policies ?? before);
  };
  const show = (policies: Policies): void => {
    // a repaint takes the focus away from the control that caused it
    const focused = element.contains(document.activeElement) ? document.activeElement : null;
    const label = focused?.closest('[role="radiogroup"]')?.getAttribute('aria-label');
    replaceContent(element, receiptsCard(policies), recallCard(policies));
    if (label === undefined || label === null) return;
    const groups = [...element.querySelectorAll('[role="radiogroup"]')];
    const group = groups.find((found) => found.getAttribute('aria-label') === label);
    group?.querySelector<HTMLElement>('[aria-checked="true"]')?.focus();
  };
  const receiptsCard = (policies: Policies): HTMLElement =>
    policyCard(
      locale.say('policies.receipts'),
      locale.say('policies.receiptsLead'),
      createChoice<ReadReceipts>({
        label: locale.say('policies.receipts'),
        value: policies.readReceipts,
        options: receipts.map((value) => ({ value, label: locale.say(`policies.receipts.${value}`) })),
        onChange: (readReceipts) => drop(change(policies, { readReceipts })),
      }),
      h('p', { class: 'card__text' }, locale.say(`policies.receiptsText.${policies.readReceipts}`)),
    );
  const recallCard = (policies: Policies): HTMLElement => {
    const { recallHours } = policies;
    const hours = recallChoices.includes(recallHours) ? recallChoices : [...recallChoices, recallHours];
    return policyCard(
      locale.say('policies.recall'),
      locale.say('policies.recallLead'),
      createChoice<string>({
        label: locale.say('policies.recall'),
        value: String(recallHours),
        options: hours.map((value) => ({ value: String(value), label: recallText(locale, value) })),
        onChange: (value) => drop(change(policies, { recallHours: Number(value) })),
      }),
    );
  };
  drop(load());
  return element;
}

const policyCard = (title: string, lead: string, ...parts: HTMLElement[]): HTMLElement =>
  h(
    'section',
    { class: 'card' },
    h('h2', { class: 'card__title' }, title),
    h('p', { class: 'card__text' }, lead),
    h('div', { class: 'sign-up-choice' }, ...parts),
  );
