/** Requests of the console about people and sign-up. */
import type { AdminPerson, Invitation, PersonAct, adminPeopleRequests } from '#contract/admin-people.ts';
import type { Role } from '#contract/accounts.ts';
import { limits } from '#contract/limits.ts';
import { AppError } from '../../app-error.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import type { AuditAction, AuditEntry } from '../audit/audit-log.ts';
import type { DepartingUser, FeatureDatabase, Read, Unit } from '../feature-types.ts';
import { searchWords } from '../search-words.ts';
import { actorUid, confirmActor } from './admin-access.ts';
import type { AdminActor, AdminContext, AdminHandlers, ConfirmPassword } from './admin-access.ts';
import { presentActor } from './admin-store.ts';
import {
  countByState,
  findAccount,
  listAccounts,
  listGroups,
  ownerUids,
  stateOf,
} from './people-list-store.ts';
import type { AccountRow } from './people-list-store.ts';
import { actOfRole, actProblem, actsOf } from './people-rules.ts';
import type { Actor } from './people-rules.ts';

type Name = Exclude<keyof typeof adminPeopleRequests, 'admin:audit' | 'admin:check-audit'>;
type Change = { events: Delivery[]; afterwards: () => void };

export type PeopleDeps = {
  database: FeatureDatabase;
  online: { isOnline: (userUid: string) => boolean };
  confirmPassword: ConfirmPassword;
  appendAudit: (unit: Unit, entry: AuditEntry) => Promise<void>;
  accounts: {
    leaveAhead: (unit: Unit, person: DepartingUser) => Promise<Change & { isDone: boolean }>;
    disable: (unit: Unit, person: DepartingUser) => Promise<Change>;
    enable: (unit: Unit, person: DepartingUser) => Promise<Change>;
    approve: (unit: Unit, person: DepartingUser) => Promise<Change>;
    decline: (unit: Unit, person: DepartingUser) => Promise<Change>;
    setRole: (unit: Unit, person: DepartingUser, role: Role) => Promise<Change>;
  };
  invitations: {
    list: (db: Read, now: number) => Promise<Invitation[]>;
    make: (
      unit: Unit,
      wish: {
        note?: string | undefined;
        uses?: number | undefined;
        days?: number | undefined;
        makerId: number | null;
        now: number;
      },
    ) => Promise<{ invitation: Invitation; code: string }>;
    revoke: (unit: Unit, invitationUid: string, now: number) => Promise<boolean>;
  };
  /** Asks the owners and admins of groups to add somebody; throws NOT_FOUND for a room that is not there. */
  proposeRooms: (unit: Unit, person: DepartingUser, roomUids: readonly string[]) => Promise<Delivery[]>;
  /** Tells open consoles that something of this changed. */
  peopleChanged: () => void;
};

/** The host acts as the owner does, and is nobody's account. */
const asActor = (actor: AdminActor): Actor =>
  actor.kind === 'host' ? { userUid: null, role: 'owner' } : { userUid: actor.userUid, role: actor.role };

function toAdminPerson(
  row: AccountRow,
  { actor, owners, isOnline }: { actor: Actor; owners: readonly string[]; isOnline: boolean },
): AdminPerson {
  const state = stateOf(row);
  const isLastOwner = owners.length === 1 && owners[0] === row.uid;
  return {
    userUid: row.uid,
    username: row.username ?? '',
    displayName: row.display_name,
    department: row.department,
    title: row.title,
    role: row.role,
    state,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    isOnline,
    stateSince: state === 'active' ? null : row.state_since,
    formerRooms: row.formerRooms ?? 0,
    identityVersion: row.identity_version,
    may: actsOf(actor, { userUid: row.uid, role: row.role, state }, isLastOwner),
  };
}

export function createPeopleRequests(deps: PeopleDeps): Pick<AdminHandlers, Name> {
  return { ...createListRequests(deps), ...createActRequests(deps), ...createInvitationRequests(deps) };
}

async function readPerson(deps: PeopleDeps, { actor }: AdminContext, userUid: string): Promise<AdminPerson> {
  const { read } = deps.database;
  const row = await findAccount(read, userUid);
  if (row === undefined) throw new AppError('NOT_FOUND', { field: 'userUid' });
  const owners = await ownerUids(read);
  return toAdminPerson(row, { actor: asActor(actor), owners, isOnline: deps.online.isOnline(userUid) });
}

function createListRequests(deps: PeopleDeps): Pick<AdminHandlers, 'admin:people' | 'admin:rooms'> {
  const { read } = deps.database;
  return {
    async 'admin:people'({ actor }, { query, state, role, after = '', limit = limits.adminPageSize }) {
      const wish = { words: searchWords(query), state, role, after, limit: limit + 1 };
      const rows = await listAccounts(read, wish);
      const owners = await ownerUids(read);
      const who = asActor(actor);
      return {
        people: rows
          .slice(0, limit)
          .map((row) => toAdminPerson(row, { actor: who, owners, isOnline: deps.online.isOnline(row.uid) })),
        hasMore: rows.length > limit,
        counts: await countByState(read),
      };
    },

    async 'admin:rooms'(_context, { query, after }) {
      const rooms = await listGroups(read, {
        words: searchWords(query),
        after,
        limit: limits.pageSize + 1,
      });
      return { rooms: rooms.slice(0, limits.pageSize), hasMore: rooms.length > limits.pageSize };
    },
  };
}

/** What is done, from which state, and how the log calls it. */
type Deed = {
  act: PersonAct;
  from: 'active' | 'pending' | 'disabled' | null;
  /** The state in which it was done already: nothing happens then. */
  isDone: (row: AccountRow) => boolean;
  action: AuditAction;
  details?: Record<string, string>;
  carryOut: (unit: Unit, person: DepartingUser) => Promise<Change>;
};

/** Who asks, and the account that it is about, as both are now; throws why it may not be done. */
async function allowed(unit: Unit, asking: AdminActor, userUid: string, act: PersonAct) {
  const actor = await presentActor(unit.db, asking);
  const row = await findAccount(unit.db, userUid);
  const subject = row && { userUid, role: row.role, state: stateOf(row) };
  const problem = subject && actProblem(act, asActor(actor), subject);
  if (problem) throw new AppError(problem, { field: 'userUid' });
  if (row === undefined) throw new AppError('NOT_FOUND', { field: 'userUid' });
  return { actor, row };
}

/**
 * Takes somebody who is about to be disabled out of groups, a few at a time: hundreds of them in the one unit would keep
 * everybody else's writes waiting.
 */
async function leaveAhead(
  { database, accounts }: PeopleDeps,
  { actor: asking, now }: AdminContext,
  userUid: string,
): Promise<void> {
  for (let isDone = false; !isDone;) {
    const left = await database.write(async (unit) => {
      const { row } = await allowed(unit, asking, userUid, 'disable');
      if (stateOf(row) !== 'active') return { value: null, events: [] };
      const value = await accounts.leaveAhead(unit, { userId: row.id, userUid, now });
      return { value, events: value.events };
    });
    left?.afterwards();
    isDone = left?.isDone ?? true;
  }
}

/** Carries a deed out in one unit with its entry in the log. */
async function carryOut(
  deps: PeopleDeps,
  { actor: asking, now }: AdminContext,
  userUid: string,
  deed: Deed,
): Promise<void> {
  const afterwards = await deps.database.write(async (unit) => {
    const { actor, row } = await allowed(unit, asking, userUid, deed.act);
    if (deed.isDone(row)) return { value: null, events: [] };
    if (deed.from !== null && stateOf(row) !== deed.from)
      throw new AppError('NOT_FOUND', { field: 'userUid' });
    const change = await deed.carryOut(unit, { userId: row.id, userUid, now });
    await deps.appendAudit(unit, {
      at: now,
      actorUid: actorUid(actor),
      action: deed.action,
      subject: userUid,
      ...(deed.details === undefined ? {} : { details: deed.details }),
    });
    return { value: change.afterwards, events: change.events };
  });
  if (afterwards === null) return;
  afterwards();
  deps.peopleChanged();
}

type ActName = 'admin:approve' | 'admin:decline' | 'admin:disable' | 'admin:enable' | 'admin:set-role';

function createActRequests(deps: PeopleDeps): Pick<AdminHandlers, ActName> {
  const { accounts } = deps;
  const isState = (state: string) => (row: AccountRow) => stateOf(row) === state;
  const never = (): boolean => false;
  return {
    async 'admin:approve'(context, { userUid, roomUids }) {
      await carryOut(deps, context, userUid, {
        act: 'approve',
        from: 'pending',
        isDone: never,
        action: 'account-approved',
        details: { rooms: roomUids.join(' ') },
        async carryOut(unit, person) {
          const change = await accounts.approve(unit, person);
          const proposed = await deps.proposeRooms(unit, person, roomUids);
          return { ...change, events: [...change.events, ...proposed] };
        },
      });
      return { person: await readPerson(deps, context, userUid) };
    },

    async 'admin:decline'(context, { userUid }) {
      await carryOut(deps, context, userUid, {
        act: 'decline',
        from: 'pending',
        isDone: never,
        action: 'account-declined',
        carryOut: accounts.decline,
      });
      return {};
    },

    async 'admin:disable'(context, { userUid, authKey }) {
      const row = await findAccount(deps.database.read, userUid);
      const subject = row && { userUid, role: row.role, state: stateOf(row) };
      // before the password: whoever may not do it anyway has nothing to confirm
      const problem = subject && actProblem('disable', asActor(context.actor), subject);
      if (problem) throw new AppError(problem, { field: 'userUid' });
      await confirmActor(deps.confirmPassword, context.actor, authKey);
      await leaveAhead(deps, context, userUid);
      await carryOut(deps, context, userUid, {
        act: 'disable',
        from: 'active',
        isDone: isState('disabled'),
        action: 'account-disabled',
        carryOut: accounts.disable,
      });
      return { person: await readPerson(deps, context, userUid) };
    },

    async 'admin:enable'(context, { userUid }) {
      await carryOut(deps, context, userUid, {
        act: 'enable',
        from: 'disabled',
        isDone: isState('active'),
        action: 'account-enabled',
        carryOut: accounts.enable,
      });
      return { person: await readPerson(deps, context, userUid) };
    },

    async 'admin:set-role'(context, { userUid, role, authKey }) {
      if (asActor(context.actor).role !== 'owner') throw new AppError('FORBIDDEN');
      await confirmActor(deps.confirmPassword, context.actor, authKey);
      await carryOut(deps, context, userUid, {
        act: actOfRole(role),
        from: 'active',
        isDone: (row) => row.role === role,
        action: 'server-role-changed',
        details: { role },
        carryOut: (unit, person) => accounts.setRole(unit, person, role),
      });
      return { person: await readPerson(deps, context, userUid) };
    },
  };
}

type InvitationName = 'admin:make-invitation' | 'admin:invitations' | 'admin:revoke-invitation';

function createInvitationRequests(deps: PeopleDeps): Pick<AdminHandlers, InvitationName> {
  const { database, invitations, appendAudit } = deps;
  return {
    async 'admin:make-invitation'({ actor, now }, wish) {
      const made = await database.write(async (unit) => {
        await presentActor(unit.db, actor);
        const makerId = actor.kind === 'host' ? null : actor.userId;
        const value = await invitations.make(unit, { ...wish, makerId, now });
        const { invitationUid: subject, usesMax, endsAt } = value.invitation;
        const details = { uses: String(usesMax), ends: new Date(endsAt).toISOString() };
        const entry = { at: now, actorUid: actorUid(actor), action: 'invitation-made', subject } as const;
        await appendAudit(unit, { ...entry, details });
        return { value, events: [] };
      });
      deps.peopleChanged();
      return made;
    },

    'admin:invitations': async ({ now }) => ({ invitations: await invitations.list(database.read, now) }),

    async 'admin:revoke-invitation'({ actor, now }, { invitationUid: subject }) {
      await database.write(async (unit) => {
        await presentActor(unit.db, actor);
        if (await invitations.revoke(unit, subject, now)) {
          const entry = {
            at: now,
            actorUid: actorUid(actor),
            action: 'invitation-revoked',
            subject,
          } as const;
          await appendAudit(unit, entry);
        }
        return { value: undefined, events: [] };
      });
      deps.peopleChanged();
      return {};
    },
  };
}
