/** What is said of a notice or pin beside its text. */
import type { Message } from '#contract/messages.ts';
import { personName } from '../../ui/person-label.ts';
import type { PageContext } from '../../page-context.ts';
import type { NoticeFacts } from './pin-state.ts';

/** Who raised it, or pinned it, and when. */
export function pinnedBy({ app, locale }: PageContext, { pin }: Message): string {
  const deed = pin?.notice ?? pin;
  if (deed === undefined) return '';
  const first = personName(locale, app.stores.people.get().byUid.get(deed.byUid));
  return locale.t('common.separator', { first, second: locale.moment(deed.at, app.clock.now()) });
}

/** How many have acknowledged; empty where nobody is asked to. */
export const countText = ({ locale }: PageContext, facts: NoticeFacts | undefined): string =>
  facts === undefined || facts.people === 0
    ? ''
    : locale.t('notices.count', {
        acknowledged: locale.number(facts.acknowledged),
        people: locale.number(facts.people),
      });
