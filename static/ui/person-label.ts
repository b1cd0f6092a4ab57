import type { Person } from '#contract/accounts.ts';
import type { Locale } from '../locales/locale.ts';

/** A person's name on screen; a deleted account and an unknown person have words of their own. */
export function personName(locale: Locale, person: Person | undefined): string {
  if (person === undefined) return locale.t('common.unknownPerson');
  if (person.state === 'deleted' || person.displayName === '') return locale.t('common.deletedPerson');
  return person.displayName;
}

/** Department and title, or nothing. */
export const personRole = (person: Person): string =>
  [person.department, person.title].filter((part) => part !== '').join(' ');

/** What tells two people of one name apart: department and title, and always the user name. */
export const personHandle = (person: Person): string => {
  const role = personRole(person);
  return role === '' ? `@${person.username}` : `${role} · @${person.username}`;
};

/** The display names that more than one of these people has. */
export function sharedNames(people: Iterable<Person>): ReadonlySet<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { displayName, state } of people) {
    if (state === 'deleted') continue;
    if (seen.has(displayName)) shared.add(displayName);
    seen.add(displayName);
  }
  return shared;
}

/** Everything a person can be found by. */
export const personSearchText = (person: Person): string =>
  `${person.displayName} ${person.department} ${person.title} ${person.username}`;
