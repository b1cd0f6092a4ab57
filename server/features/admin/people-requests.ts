/** Requests of the console about people and sign-up. */
import { adminPeopleRequests } from '#contract/admin-people.ts';
import { AppError } from '../../app-error.ts';
import type { AdminHandlers } from './admin-access.ts';

export type PeopleRequestName = keyof typeof adminPeopleRequests;

export function createPeopleRequests(): Pick<AdminHandlers, PeopleRequestName> {
  const refuse = (): never => {
    throw new AppError('METHOD_NOT_ALLOWED');
  };
  const names = Object.keys(adminPeopleRequests) as PeopleRequestName[]; // Object.keys forgets the literal names
  return Object.fromEntries(names.map((name) => [name, refuse])) as unknown as Pick<
    AdminHandlers,
    PeopleRequestName
  >;
}
