/**
 * Who may administer: owner and admins by their session, and the host process, which is trusted as the owner because it
 * runs as the user who owns the data folder. The only way to an admin handler.
 */
import type { AdminOutput, AdminRequestName, AdminRequests } from '#contract/admin.ts';
import { adminRequests } from '#contract/admin.ts';
import type { Role } from '#contract/accounts.ts';
import type * as z from 'zod/mini';
import { AppError } from '../../app-error.ts';
import type { RequestHandlers, SessionContext } from '../../gateway/handler.ts';

export type AdminActor =
  | { kind: 'host'; name: 'host' | 'cli' }
  | {
      kind: 'person';
      userId: number;
      userUid: string;
      role: 'owner' | 'admin';
      address: string;
      socketId: string | null;
    };

export type AdminContext = { actor: AdminActor; now: number };

export type AdminHandler<Name extends AdminRequestName> = (
  context: AdminContext,
  input: z.output<AdminRequests[Name]['input']>,
) => Promise<AdminOutput<Name>> | AdminOutput<Name>;

export type AdminHandlers = { [Name in AdminRequestName]: AdminHandler<Name> };

/** Reads the role as it is now: the one in a socket's session is as old as the socket. */
export type ReadRole = (userId: number) => Promise<Role>;

type AnyHandler = (context: AdminContext, input: unknown) => unknown;

export const adminRequestNames = Object.keys(adminRequests) as AdminRequestName[]; // Object.keys forgets the literal names

/** How the audit log names whoever asked. */
export const actorUid = (actor: AdminActor): string => (actor.kind === 'host' ? actor.name : actor.userUid);

export type ConfirmPassword = (person: { userId: number; address: string; authKey: string }) => Promise<void>;

/**
 * The caller's password once more, before something that an unlocked screen must not be enough for; the host proves itself
 * by where it runs. Throws WRONG_PASSWORD or LOCKED_OUT.
 */
export async function confirmActor(
  confirmPassword: ConfirmPassword,
  actor: AdminActor,
  authKey: string | undefined,
): Promise<void> {
  if (actor.kind === 'host') return;
  if (authKey === undefined) throw new AppError('WRONG_PASSWORD', { field: 'authKey' });
  await confirmPassword({ userId: actor.userId, address: actor.address, authKey });
}

/** The handlers as the gateways call them. Members get FORBIDDEN. */
export function forPeople(
  handlers: AdminHandlers,
  readRole: ReadRole,
): Pick<RequestHandlers, AdminRequestName> {
  const guarded = adminRequestNames.map((name) => {
    const handler = handlers[name] as AnyHandler; // the key ties the handler to the schema its input went through
    return [
      name,
      async ({ caller, address, socketId, now }: SessionContext, input: unknown) => {
        const role = await readRole(caller.userId);
        if (role === 'member') throw new AppError('FORBIDDEN');
        const { userId, userUid } = caller;
        return handler({ actor: { kind: 'person', userId, userUid, role, address, socketId }, now }, input);
      },
    ];
  });
  return Object.fromEntries(guarded) as Pick<RequestHandlers, AdminRequestName>; // fromEntries forgets the names
}

/** Asks as the host process. Throws INVALID_INPUT or NOT_FOUND, or what the handler throws. */
export async function askAsHost(
  handlers: AdminHandlers,
  name: string,
  input: unknown,
  { now, by }: { now: number; by: 'host' | 'cli' },
): Promise<unknown> {
  const known = adminRequestNames.find((candidate) => candidate === name);
  if (known === undefined) throw new AppError('NOT_FOUND');
  const parsed = adminRequests[known].input.safeParse(input);
  if (!parsed.success) throw new AppError('INVALID_INPUT', fieldOf(parsed.error.issues));
  const handler = handlers[known] as AnyHandler; // the key ties the handler to the schema its input went through
  return handler({ actor: { kind: 'host', name: by }, now }, parsed.data);
}

function fieldOf(issues: readonly { path: readonly PropertyKey[] }[]): { field?: string } {
  const field = (issues[0]?.path ?? []).map(String).join('.').slice(0, 100);
  return field === '' ? {} : { field };
}
