/** A recovery sheet found after a reset: its vault comes back, and the old keys vouch for the new ones. */
import type { ValidInput } from '#contract/index.ts';
import type { OldVault, SuccessionRow } from '#contract/recovery.ts';
import { AppError } from '../../app-error.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import { toRoom, toUser } from '../../gateway/delivery.ts';
import type { RequestHandlers, SessionContext } from '../../gateway/handler.ts';
import type { Read, Unit } from '../feature-types.ts';
import { fingerprint, isSignedBy, parseStatement, sha256 } from '../identity-statement.ts';
import { findStatement, roomUidsOf, signedInUser } from './account-store.ts';
import type { UserRow } from './account-store.ts';
import { isSameDigest } from './recovery-requests.ts';
import type { RecoveryDeps } from './recovery-requests.ts';
import {
  deleteOldVaults,
  insertSuccession,
  listOldVaults,
  listSuccessions,
  updateKeys,
} from './recovery-store.ts';
import { insertBlobs, newestBlob } from './vault-store.ts';

type OldVaultDeps = Pick<RecoveryDeps, 'database' | 'loginGuard' | 'appendAudit'>;
type OldVaultRequestName = 'vault:old' | 'vault:open-old' | 'identity:succeed' | 'identity:successions';
type Succession = ValidInput<'identity:succeed'>;

export function createOldVaultRequests(deps: OldVaultDeps): Pick<RequestHandlers, OldVaultRequestName> {
  const { read } = deps.database;
  return {
    async 'vault:old'({ caller }) {
      const rows = await listOldVaults(read, caller.userId);
      return {
        oldVaults: rows.map((row) => ({ identityVersion: row.identity_version, keptAt: row.kept_at })),
      };
    },
    async 'vault:open-old'({ caller, address }, { recoveryAuth }) {
      const user = await signedInUser(read, caller.userId);
      return { oldVaults: await checkOldSheet(deps, user, recoveryAuth, address) };
    },
    'identity:succeed': (context, input) => succeed(deps, context, input),
    'identity:successions': async (_context, { userUids }) => ({
      successions: await listSuccessions(read, userUids),
    }),
  };
}

const vaultsOf = async (db: Read, userId: number, recoveryAuthHash: string): Promise<OldVault[]> =>
  (await listOldVaults(db, userId))
    .filter((row) => isSameDigest(recoveryAuthHash, row.recovery_auth_hash))
    .map((row) => ({
      identityVersion: row.identity_version,
      keys: { counter: row.keys_counter, blob: row.keys_blob },
      pins: { counter: row.pins_counter, blob: row.pins_blob },
      recoveryWrap: row.recovery_wrap,
    }));

/** The vaults that this sheet opens, under the lock-out of passwords. */
async function checkOldSheet(
  { database, loginGuard }: OldVaultDeps,
  user: UserRow,
  recoveryAuth: string,
  address: string,
): Promise<OldVault[]> {
  const username = user.username ?? '';
  loginGuard.check(username, address);
  const vaults = await vaultsOf(database.read, user.id, sha256(recoveryAuth));
  if (vaults.length === 0) {
    loginGuard.failed(username, address);
    throw new AppError('RECOVERY_WRONG');
  }
  loginGuard.succeeded(username, address);
  return vaults;
}

/** True if this very merge was carried out before and its answer got lost. */
async function isRepeated(db: Read, user: UserRow, input: Succession): Promise<boolean> {
  const stored = await newestBlob(db, user.id, 'keys');
  return stored.counter === input.keys.counter && stored.blob === input.keys.blob;
}

async function succeed(deps: OldVaultDeps, context: SessionContext, input: Succession) {
  const { database } = deps;
  const { caller, address, now } = context;
  const asking = await signedInUser(database.read, caller.userId);
  if (!(await isRepeated(database.read, asking, input))) {
    await checkOldSheet(deps, asking, input.recoveryAuth, address);
    await database.write(async (unit) => {
      const user = await signedInUser(unit.db, caller.userId);
      return { value: undefined, events: await merge(deps, unit, user, { input, now }) };
    });
  }
  return { successions: await listSuccessions(database.read, [asking.uid]) };
}

async function merge(
  deps: OldVaultDeps,
  unit: Unit,
  user: UserRow,
  { input, now }: { input: Succession; now: number },
): Promise<Delivery[]> {
  const digest = sha256(input.recoveryAuth);
  // asked again inside the unit: of two browsers at once one finds it merged
  if ((await vaultsOf(unit.db, user.id, digest)).length === 0) throw new AppError('RECOVERY_WRONG');
  const rows: SuccessionRow[] = [];
  for (const { fromVersion, signature } of input.successions) {
    const row = { userUid: user.uid, fromVersion, toVersion: user.identity_version, signature };
    if (!(await isSignedByOldKey(unit.db, user.id, row))) {
      throw new AppError('IDENTITY_INVALID', { field: 'successions' });
    }
    rows.push(row);
    await insertSuccession(unit, user.id, row, now);
  }
  await insertBlobs(unit, user.id, input, now);
  await updateKeys(unit, user.id, { keys_changed_at: now });
  await deleteOldVaults(unit, user.id, digest);
  const entry = { at: now, actorUid: user.uid, subject: user.uid } as const;
  await deps.appendAudit(unit, { ...entry, action: 'identity-succeeded' });
  const counters = { keysCounter: input.keys.counter, pinsCounter: input.pins.counter };
  const roomUids = await roomUidsOf(unit.db, user.id);
  return [
    toUser(user.uid, 'vault:updated', counters),
    ...roomUids.map((roomUid) => toRoom(roomUid, 'identity:succeeded', { successions: rows })),
  ];
}

/** The older version's key over `context("succession", userUid, from, fromFp, to, toFp)`. */
async function isSignedByOldKey(db: Read, userId: number, row: SuccessionRow): Promise<boolean> {
  const { userUid, fromVersion, toVersion, signature } = row;
  const from = await findStatement(db, userId, fromVersion);
  const to = await findStatement(db, userId, toVersion);
  const key = from === undefined ? null : parseStatement(from.statement);
  if (fromVersion >= toVersion || from === undefined || to === undefined || key === null) return false;
  const fields = [userUid, fromVersion, fingerprint(from.statement), toVersion, fingerprint(to.statement)];
  return isSignedBy(key.ed, `maru/1|succession|${fields.join('|')}`, signature);
}
