import { lastSeenText } from '../../ui/last-seen-text.ts';
import { fullStatus } from '../../ui/person-status.ts';
import type { PageContext } from '../../page-context.ts';

/** What a person says of themselves; of somebody who is gone, when they were there last. Empty where nothing is known. */
export function memberState({ app, locale }: PageContext, userUid: string): string {
  const person = app.stores.people.get().byUid.get(userUid);
  const { isKnown, onlineUids, lastSeenByUid } = app.stores.presence.get();
  const now = app.clock.now();
  const status = fullStatus(locale, person, now);
  const at = lastSeenByUid.get(userUid) ?? 0;
  const isGone = isKnown && person?.state === 'active' && !onlineUids.has(userUid) && at > 0;
  const seen = isGone ? lastSeenText(locale, at, now) : '';
  if (status === '' || seen === '') return status + seen;
  return locale.t('common.separator', { first: status, second: seen });
}
