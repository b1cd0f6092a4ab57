/** What an administrator may do to whom. Pure; the database asks about the last owner once more. */
import type { AccountState, PersonAct } from '#contract/admin-people.ts';
import type { Role } from '#contract/accounts.ts';

export type Actor = { userUid: string | null; role: 'owner' | 'admin' };
export type Subject = { userUid: string; role: Role; state: AccountState };

/** Admins act on members only, so that nobody takes the place of an equal or of the owner; nobody on themselves. */
const mayActOn = (actor: Actor, subject: Subject): boolean =>
  subject.userUid !== actor.userUid && (actor.role === 'owner' || subject.role === 'member');

const roles = { owner: 'make-owner', admin: 'make-admin', member: 'make-member' } as const;

/** The act that gives this role. */
export const actOfRole = (role: Role): PersonAct => roles[role];

function roleActs(actor: Actor, { role }: Subject, isLastOwner: boolean): PersonAct[] {
  if (actor.role !== 'owner' || isLastOwner) return [];
  return (['owner', 'admin', 'member'] as const).filter((other) => other !== role).map(actOfRole);
}

/** `isLastOwner`: no other account in use is an owner. */
export function actsOf(actor: Actor, subject: Subject, isLastOwner: boolean): PersonAct[] {
  if (subject.state === 'pending') return ['approve', 'decline'];
  const mayAct = mayActOn(actor, subject);
  if (subject.state === 'disabled') return mayAct ? ['enable'] : [];
  const acts = roleActs(actor, subject, isLastOwner);
  if (!mayAct) return acts;
  return [...(isLastOwner ? [] : (['disable'] as const)), 'make-reset-code', ...acts];
}

/** Why somebody may not do this, or null. */
export function actProblem(
  act: PersonAct,
  actor: Actor,
  subject: Subject,
): 'FORBIDDEN' | 'OWN_ACCOUNT' | null {
  if (act === 'approve' || act === 'decline') return null;
  const isRole = act === 'make-owner' || act === 'make-admin' || act === 'make-member';
  if (isRole) return actor.role === 'owner' ? null : 'FORBIDDEN';
  if (subject.userUid === actor.userUid) return 'OWN_ACCOUNT';
  return mayActOn(actor, subject) ? null : 'FORBIDDEN';
}
