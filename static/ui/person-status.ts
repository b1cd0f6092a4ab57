import type { Person } from '#contract/accounts.ts';
import { daysBetween } from '../locales/date-words.ts';
import type { Locale } from '../locales/locale.ts';

type WithStatus = Pick<Person, 'state' | 'statusText' | 'statusUntil'>;

/** What a person says of themselves; nothing once its time is over, also while the server cannot tell. */
export const shownStatus = (person: WithStatus | undefined, now: number): string => {
  if (person === undefined || person.state !== 'active') return '';
  return (person.statusUntil ?? Number.MAX_SAFE_INTEGER) > now ? person.statusText : '';
};

/** The same with its end: the time today, else the day. */
export function fullStatus(locale: Locale, person: WithStatus | undefined, now: number): string {
  const status = shownStatus(person, now);
  const until = person?.statusUntil;
  if (status === '' || until === undefined) return status;
  if (daysBetween(now, until) !== 0) return locale.t('status.until', { status, time: locale.date(until) });
  // Its last minute stands for the whole day.
  const isLast = daysBetween(now, until + 60_000) !== 0;
  return isLast
    ? locale.t('status.untilToday', { status })
    : locale.t('status.until', { status, time: locale.time(until) });
}
