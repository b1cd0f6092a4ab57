/** Requests of the administrator's pages about somebody who has neither password nor sheet. */
import type { AdminOutput } from '#contract/admin.ts';
import { actorUid, confirmActor } from './admin-access.ts';
import type { AdminContext, AdminHandlers, ConfirmPassword } from './admin-access.ts';

export type ResetRequestName = 'admin:reset-outlook' | 'admin:make-reset-code';

type Maker = { actorUid: string; userUid: string | null; userId: number | null; role: 'owner' | 'admin' };

export type ResetCodeDeps = {
  confirmPassword: ConfirmPassword;
  resetCodes: {
    outlook(userUid: string): Promise<AdminOutput<'admin:reset-outlook'>>;
    make(
      maker: Maker,
      wish: { userUid: string; isDeviceLost: boolean },
      now: number,
    ): Promise<AdminOutput<'admin:make-reset-code'>>;
  };
};

/** The host is trusted as the owner, and is nobody's account. */
const makerOf = ({ actor }: AdminContext): Maker =>
  actor.kind === 'host'
    ? { actorUid: actorUid(actor), userUid: null, userId: null, role: 'owner' }
    : { actorUid: actor.userUid, userUid: actor.userUid, userId: actor.userId, role: actor.role };

export const createResetCodeRequests = ({
  resetCodes,
  confirmPassword,
}: ResetCodeDeps): Pick<AdminHandlers, ResetRequestName> => ({
  'admin:reset-outlook': (_context, { userUid }) => resetCodes.outlook(userUid),
  async 'admin:make-reset-code'(context, { authKey, ...wish }) {
    await confirmActor(confirmPassword, context.actor, authKey);
    return resetCodes.make(makerOf(context), wish, context.now);
  },
});
