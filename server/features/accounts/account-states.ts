/**
 * What administrators do to accounts: letting one in, turning one away, ending one for now, giving a role. Each is a part of
 * a unit that its caller opens; who may do it was asked before.
 */
import type { Role } from '#contract/accounts.ts';
import { AppError } from '../../app-error.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import { endSession, toUser } from '../../gateway/delivery.ts';
import { raiseDirectoryRev } from '../directory-revision.ts';
import type { CleanUpUser, DepartingUser, Unit } from '../feature-types.ts';
import { toMe } from '../person-row.ts';
import { countOtherOwners, deleteWaitingAccount, findUser, updateAccount } from './account-store.ts';
import type { AccountChange, UserRow } from './account-store.ts';
import { revokeInvitationsBy } from './invitation-store.ts';
import { profileEvents } from './profile-change.ts';
import { voidCodesAround } from './recovery-store.ts';
import { deleteSessionsOf } from './session-store.ts';

type Change = { events: Delivery[]; afterwards: () => void };

/** Some of many groups are left; `isDone` once the rest is little enough for the unit that ends the account. */
type Ahead = Change & { isDone: boolean };

export type AccountStates = {
  /** Before `disable`, in units of their own: leaves groups of somebody who is in many. */
  leaveAhead: (unit: Unit, person: DepartingUser) => Promise<Ahead>;
  /** The account is not in use from this moment on: sessions, sockets, groups and whatever acts in its name end. */
  disable: (unit: Unit, person: DepartingUser) => Promise<Change>;
  /** In use again; its former rooms are asked to add it. */
  enable: (unit: Unit, person: DepartingUser) => Promise<Change>;
  /** A waiting account is in use. */
  approve: (unit: Unit, person: DepartingUser) => Promise<Change>;
  /** A waiting account is gone, and its name is free again: nobody ever saw it. */
  decline: (unit: Unit, person: DepartingUser) => Promise<Change>;
  setRole: (unit: Unit, person: DepartingUser, role: Role) => Promise<Change>;
};

export type AccountStatesDeps = {
  /**
   * What ends of an account that is not in use any more, in this order. What is handed out in its name and would go on
   * without a session (download links, once there are files) ends by a line here.
   */
  endings: readonly CleanUpUser[];
  leaveAhead: (unit: Unit, person: DepartingUser) => Promise<Ahead>;
  /** Asks a person's former rooms to add them again. */
  proposeFormerRooms: (unit: Unit, person: DepartingUser) => Promise<Delivery[]>;
};

const endSessionsOf = async (unit: Unit, userId: number): Promise<Delivery[]> =>
  (await deleteSessionsOf(unit, userId)).map((uid) => endSession(uid, 'account-disabled'));

/** Ends a person's sessions and their sockets. */
export const endSessions: CleanUpUser = async (unit, { userId }) => ({
  events: await endSessionsOf(unit, userId),
});

async function existing(unit: Unit, userId: number): Promise<UserRow> {
  const user = await findUser(unit.db, userId);
  if (user === undefined || user.state === 'deleted') throw new AppError('NOT_FOUND', { field: 'userUid' });
  return user;
}

async function refuseLastOwner(unit: Unit, user: UserRow): Promise<void> {
  const isOwner = user.role === 'owner' && user.state === 'active';
  if (isOwner && (await countOtherOwners(unit.db, user.id)) === 0) throw new AppError('LAST_OWNER');
}

async function change(unit: Unit, user: UserRow, values: AccountChange): Promise<UserRow> {
  const changed = { ...values, directory_rev: await raiseDirectoryRev(unit) };
  await updateAccount(unit, user.id, changed);
  return { ...user, ...changed };
}

const nothing = (): void => undefined;

async function disable({ endings }: AccountStatesDeps, unit: Unit, person: DepartingUser): Promise<Change> {
  const user = await existing(unit, person.userId);
  await refuseLastOwner(unit, user);
  const disabled = await change(unit, user, { state: 'disabled', state_since: person.now });
  await voidCodesAround(unit, user.id);
  await revokeInvitationsBy(unit, user.id, person.now);
  // before the groups are left: their people are to hear of it, too
  const events = await profileEvents(unit, disabled);
  const later: (() => void)[] = [];
  for (const end of endings) {
    const result = await end(unit, person);
    events.push(...result.events);
    if (result.afterwards !== undefined) later.push(result.afterwards);
  }
  const afterwards = (): void => {
    for (const work of later) work();
  };
  return { events, afterwards };
}

export const createAccountStates = (deps: AccountStatesDeps): AccountStates => ({
  async leaveAhead(unit, person) {
    const user = await existing(unit, person.userId);
    await refuseLastOwner(unit, user);
    return deps.leaveAhead(unit, person);
  },

  disable: (unit, person) => disable(deps, unit, person),

  async enable(unit, person) {
    const user = await existing(unit, person.userId);
    const enabled = await change(unit, user, { state: 'active', state_since: null });
    const events = await profileEvents(unit, enabled);
    events.push(...(await deps.proposeFormerRooms(unit, person)));
    return { events, afterwards: nothing };
  },

  async approve(unit, person) {
    const user = await existing(unit, person.userId);
    await change(unit, user, { state: 'active', is_pending: 0, state_since: null });
    return { events: [], afterwards: nothing };
  },

  async decline(unit, person) {
    const user = await existing(unit, person.userId);
    const events = await endSessionsOf(unit, user.id);
    await deleteWaitingAccount(unit, user.id);
    return { events, afterwards: nothing };
  },

  async setRole(unit, person, role) {
    const user = await existing(unit, person.userId);
    if (role !== 'owner') await refuseLastOwner(unit, user);
    const changed = await change(unit, user, { role });
    // a code made for a member must not open the account of an admin, nor may one count that an admin made who is none now
    await voidCodesAround(unit, user.id);
    if (role === 'member') await revokeInvitationsBy(unit, user.id, person.now);
    return { events: [toUser(user.uid, 'me:updated', { me: toMe(changed) })], afterwards: nothing };
  },
});
