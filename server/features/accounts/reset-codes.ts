/** An admin's one-time code for somebody who has neither password nor sheet, and what using it would cost. */
import type { AdminOutput } from '#contract/admin.ts';
import type { Role } from '#contract/accounts.ts';
import { AppError } from '../../app-error.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import type { AuditEntry } from '../audit/audit-log.ts';
import type { DepartingUser, FeatureDatabase, Read, Unit } from '../feature-types.ts';
import type { AccountSecrets } from './account-secrets.ts';
import { findUserByUid, signedInUser } from './account-store.ts';
import type { UserRow } from './account-store.ts';
import { countRooms, putResetCode, updateKeys } from './recovery-store.ts';
import { endOtherSessions } from './renewal.ts';
import { canonicalCode, createTypedCode } from './typed-code.ts';

/** Long enough to be told by telephone and typed at leisure. */
const codeLifeMs = 24 * 60 * 60_000;

type Ahead = { events: Delivery[]; afterwards: () => void; isDone: boolean };

export type ResetCodesDeps = {
  database: FeatureDatabase;
  secrets: Pick<AccountSecrets, 'resetCode'>;
  randomBytes: (size: number) => Uint8Array;
  appendAudit: (unit: Unit, entry: AuditEntry) => Promise<void>;
  /** Takes a person out of all group rooms; `afterwards` asks for the rekeys once it is durable. */
  leaveGroups: (unit: Unit, user: DepartingUser) => Promise<{ events: Delivery[]; afterwards?: () => void }>;
  /** Before that, some of many: so that one unit is not long. */
  leaveAhead: (unit: Unit, user: DepartingUser) => Promise<Ahead>;
};

/** Who makes the code: the host acts as the owner does. */
export type CodeMaker = {
  actorUid: string;
  userUid: string | null;
  userId: number | null;
  role: Exclude<Role, 'member'>;
};

export type ResetCodes = {
  outlook(userUid: string): Promise<AdminOutput<'admin:reset-outlook'>>;
  make(
    maker: CodeMaker,
    wish: { userUid: string; isDeviceLost: boolean },
    now: number,
  ): Promise<AdminOutput<'admin:make-reset-code'>>;
};

/** The digest under which a code is kept: bound to its person, and of no use without the server's secret. */
export const digestOfCode = (
  secrets: Pick<AccountSecrets, 'resetCode'>,
  userUid: string,
  code: string,
): string => secrets.resetCode(userUid, canonicalCode(code));

/**
 * Why this person gets no code from that maker. Nobody resets their own account: a session that was left open must not be
 * enough. Admins reset members only, so that nobody comes to the rights of an equal or of the owner.
 */
export function refuseMaking(maker: CodeMaker, user: Pick<UserRow, 'uid' | 'role' | 'state'>): void {
  if (user.uid === maker.userUid) throw new AppError('OWN_ACCOUNT');
  if (maker.role === 'admin' && user.role !== 'member') throw new AppError('FORBIDDEN');
  if (user.state !== 'active') throw new AppError('PERSON_DISABLED');
}

/** The maker with the role of this moment: the one that let the request in may be gone since the password was asked for. */
async function presentMaker(db: Read, maker: CodeMaker): Promise<CodeMaker> {
  if (maker.userId === null) return maker;
  const { role } = await signedInUser(db, maker.userId);
  if (role === 'member') throw new AppError('FORBIDDEN');
  return { ...maker, role };
}

async function subjectOf(db: Read, userUid: string): Promise<UserRow> {
  const user = await findUserByUid(db, userUid);
  if (user === undefined || user.state === 'deleted') throw new AppError('NOT_FOUND', { field: 'userUid' });
  return user;
}

async function leaveAhead(
  deps: ResetCodesDeps,
  maker: CodeMaker,
  userUid: string,
  now: number,
): Promise<void> {
  for (let isDone = false; !isDone;) {
    const left = await deps.database.write(async (unit) => {
      const user = await subjectOf(unit.db, userUid);
      refuseMaking(await presentMaker(unit.db, maker), user);
      const value = await deps.leaveAhead(unit, { userId: user.id, userUid, now });
      return { value, events: value.events };
    });
    left.afterwards();
    ({ isDone } = left);
  }
}

export const createResetCodes = (deps: ResetCodesDeps): ResetCodes => ({
  async outlook(userUid) {
    const { read } = deps.database;
    const user = await subjectOf(read, userUid);
    const { all, healable } = await countRooms(read, user.id);
    return { roomsToHeal: healable, roomsLost: all - healable };
  },

  async make(maker, { userUid, isDeviceLost }, now) {
    const code = createTypedCode(deps.randomBytes);
    const expiresAt = now + codeLifeMs;
    if (isDeviceLost) await leaveAhead(deps, maker, userUid, now);
    const afterwards = await deps.database.write(async (unit) => {
      const user = await subjectOf(unit.db, userUid);
      refuseMaking(await presentMaker(unit.db, maker), user);
      await putResetCode(unit, {
        user_id: user.id,
        digest: digestOfCode(deps.secrets, userUid, code),
        made_at: now,
        expires_at: expiresAt,
        maker_id: maker.userId,
      });
      await deps.appendAudit(unit, {
        at: now,
        actorUid: maker.actorUid,
        action: 'reset-code-made',
        subject: userUid,
        details: { isDeviceLost: String(isDeviceLost) },
      });
      if (!isDeviceLost) return { value: undefined, events: [] };
      const left = await deps.leaveGroups(unit, { userId: user.id, userUid, now });
      const ended = await endOtherSessions(unit, user.id, null);
      // whoever has the device may know the password, too: no hash is one that no password fits, at the same cost
      await updateKeys(unit, user.id, { auth_hash: null });
      return { value: left.afterwards, events: [...left.events, ...ended] };
    });
    afterwards?.();
    return { code, expiresAt };
  },
});
