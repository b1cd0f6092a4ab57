/** Codes that let people sign up: made by an administrator, shown once, good for some uses and some days. */
import type { Invitation } from '#contract/admin-people.ts';
import { limits } from '#contract/limits.ts';
import { AppError } from '../../app-error.ts';
import type { Read, Unit } from '../feature-types.ts';
import type { AccountSecrets } from './account-secrets.ts';
import {
  countUse,
  findInvitation,
  forgetOldInvitations,
  insertInvitation,
  listInvitations,
  openInvitation,
  revokeInvitation,
} from './invitation-store.ts';
import { canonicalCode, createTypedCode } from './typed-code.ts';

const dayMs = 86_400_000;
const defaultDays = 7;
/** Invitations that count no more are shown for a while, not forever. */
const keptMax = 200;

type InvitationWish = { note?: string | undefined; uses?: number | undefined; days?: number | undefined };

export type Invitations = {
  list: (db: Read, now: number) => Promise<Invitation[]>;
  /** Gives the code, which nobody sees again. Throws LIST_FULL. */
  make: (
    unit: Unit,
    wish: InvitationWish & { makerId: number | null; now: number },
  ) => Promise<{ invitation: Invitation; code: string }>;
  /** False if it counted no more anyway. Throws NOT_FOUND. */
  revoke: (unit: Unit, invitationUid: string, now: number) => Promise<boolean>;
  /** The invitation with this code, if it lets somebody in now. */
  find: (db: Read, code: string, now: number) => Promise<string | undefined>;
  use: (unit: Unit, invitationUid: string) => Promise<void>;
};

type InvitationDeps = {
  secrets: Pick<AccountSecrets, 'invitation'>;
  randomBytes: (size: number) => Uint8Array;
};

export const createInvitations = ({ secrets, randomBytes }: InvitationDeps): Invitations => ({
  list: listInvitations,

  async make(unit, { note = '', uses = 1, days = defaultDays, makerId, now }) {
    await forgetOldInvitations(unit, now, keptMax);
    const present = await listInvitations(unit.db, now);
    const open = present.filter(({ state }) => state === 'open');
    if (open.length >= limits.invitationsMax) throw new AppError('LIST_FULL');
    const uid = Buffer.from(randomBytes(16)).toString('base64url');
    const code = createTypedCode(randomBytes);
    await insertInvitation(unit, {
      uid,
      code_hash: secrets.invitation(canonicalCode(code)),
      note,
      uses_max: uses,
      created_at: now,
      ends_at: now + days * dayMs,
      maker_id: makerId,
    });
    const invitation = await findInvitation(unit.db, uid, now);
    if (invitation === undefined) throw new Error('A new invitation is not there.');
    return { invitation, code };
  },

  async revoke(unit, invitationUid, now) {
    if ((await findInvitation(unit.db, invitationUid, now)) === undefined) {
      throw new AppError('NOT_FOUND', { field: 'invitationUid' });
    }
    return revokeInvitation(unit, invitationUid, now);
  },

  find: (db, code, now) => openInvitation(db, secrets.invitation(canonicalCode(code)), now),
  use: countUse,
});
