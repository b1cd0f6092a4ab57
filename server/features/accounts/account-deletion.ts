/** Deleting an account: one unit that every feature takes part in. */
import { AppError } from '../../app-error.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import { endSession, toRoom } from '../../gateway/delivery.ts';
import type { SessionContext } from '../../gateway/handler.ts';
import type { AuditEntry } from '../audit/audit-log.ts';
import { raiseDirectoryRev } from '../directory-revision.ts';
import type { CleanUpUser, FeatureDatabase, Unit } from '../feature-types.ts';
import { toPerson } from '../person-row.ts';
import { isOwnerStillNeeded } from './account-rules.ts';
import type { AccountSecrets } from './account-secrets.ts';
import {
  countAccounts,
  countOtherOwners,
  findUser,
  makeTombstone,
  roomUidsOf,
  signedInUser,
} from './account-store.ts';
import type { UserRow } from './account-store.ts';
import { revokeInvitationsBy } from './invitation-store.ts';
import { checkPassword } from './password-check.ts';
import type { PasswordCheckDeps } from './password-check.ts';
import { voidCodesAround } from './recovery-store.ts';
import { deleteSessionsOf } from './session-store.ts';
import { deleteVault } from './vault-store.ts';

export type DeletionDeps = PasswordCheckDeps & {
  database: FeatureDatabase;
  secrets: AccountSecrets;
  /** What the other features remove of a person, in this order. */
  cleanUps: readonly CleanUpUser[];
  appendAudit: (unit: Unit, entry: AuditEntry) => Promise<void>;
  /** Tells open consoles. */
  peopleChanged: () => void;
};

async function refuseNeededOwner(unit: Unit, user: UserRow): Promise<void> {
  const otherOwners = await countOtherOwners(unit.db, user.id);
  const otherAccounts = (await countAccounts(unit.db)) - 1;
  if (isOwnerStillNeeded(user.role, otherOwners, otherAccounts)) throw new AppError('LAST_OWNER');
}

/** The account becomes a tombstone, and everybody who shares a room is told so. */
async function bury(deps: DeletionDeps, unit: Unit, user: UserRow, now: number): Promise<Delivery[]> {
  await makeTombstone(unit, user, {
    retiredDigest: deps.secrets.retiredName(user.username ?? ''),
    directoryRev: await raiseDirectoryRev(unit),
  });
  await voidCodesAround(unit, user.id);
  await revokeInvitationsBy(unit, user.id, now);
  await deleteVault(unit, user.id);
  const tombstone = await findUser(unit.db, user.id);
  if (tombstone === undefined) throw new Error('A tombstone is missing.');
  const person = toPerson(tombstone);
  const roomUids = await roomUidsOf(unit.db, user.id);
  return roomUids.map((roomUid) => toRoom(roomUid, 'person:updated', { person }));
}

/** Deletes the caller's account after checking the password once more. */
export async function deleteAccount(
  deps: DeletionDeps,
  context: SessionContext,
  authKey: string,
): Promise<void> {
  const { caller, address, now } = context;
  const asking = await signedInUser(deps.database.read, caller.userId);
  await checkPassword(deps, asking, { username: asking.username ?? '', address, authKey });
  const afterwards = await deps.database.write(async (unit) => {
    const user = await signedInUser(unit.db, caller.userId);
    if (user.auth_hash !== asking.auth_hash) throw new AppError('WRONG_PASSWORD');
    await refuseNeededOwner(unit, user);
    const events = await bury(deps, unit, user, now);
    const later: (() => void)[] = [];
    for (const cleanUp of deps.cleanUps) {
      const result = await cleanUp(unit, { userId: user.id, userUid: user.uid, now });
      events.push(...result.events);
      if (result.afterwards !== undefined) later.push(result.afterwards);
    }
    const sessionUids = await deleteSessionsOf(unit, user.id);
    events.push(...sessionUids.map((uid) => endSession(uid, 'account-deleted')));
    await deps.appendAudit(unit, {
      at: now,
      actorUid: user.uid,
      action: 'account-deleted',
      subject: user.uid,
    });
    return { value: later, events };
  });
  for (const work of afterwards) work();
  deps.peopleChanged();
  context.cookie.end();
}
