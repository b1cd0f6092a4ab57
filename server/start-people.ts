/**
 * What administrators do to accounts, put together from the features that take part. Needs no gateway, so that the command
 * line can do the same on a server that is stopped.
 */
import { randomBytes } from 'node:crypto';
import { createAccountSecrets } from './features/accounts/account-secrets.ts';
import { createAccountStates, endSessions } from './features/accounts/account-states.ts';
import type { AccountStates } from './features/accounts/account-states.ts';
import { createInvitations } from './features/accounts/invitations.ts';
import type { Invitations } from './features/accounts/invitations.ts';
import { createResetCodes } from './features/accounts/reset-codes.ts';
import type { ResetCodes } from './features/accounts/reset-codes.ts';
import { appendAudit } from './features/audit/audit-log.ts';
import type { FeatureDatabase } from './features/feature-types.ts';
import { announceRequests, hideRequests } from './features/rooms/join-requests.ts';
import { createLeaveAhead, createLeaveEveryGroup } from './features/rooms/leave-every-group.ts';
import type { RekeySearch } from './features/rooms/rekey-search.ts';
import { proposeFormerRooms, proposeRooms } from './features/rooms/room-proposals.ts';
import { stopScheduled } from './features/scheduled/scheduled-store.ts';

export type PeoplePowers = {
  accounts: AccountStates;
  invitations: Invitations;
  resetCodes: ResetCodes;
  proposeRooms: typeof proposeRooms;
};

type PeoplePowersDeps = {
  database: FeatureDatabase;
  /** The server's own. */
  secret: Uint8Array;
  rekeySearch: Pick<RekeySearch, 'start' | 'end'>;
};

export function createPeoplePowers({ database, secret, rekeySearch }: PeoplePowersDeps): PeoplePowers {
  const secrets = createAccountSecrets(secret);
  const leaveEveryGroup = createLeaveEveryGroup({ rekeySearch, appendAudit });
  const leaveAhead = createLeaveAhead({ rekeySearch, appendAudit });
  return {
    accounts: createAccountStates({
      endings: [endSessions, stopScheduled, hideRequests, leaveEveryGroup],
      leaveAhead,
      async proposeFormerRooms(unit, person) {
        // first, because those that are proposed now are announced by themselves
        const announced = await announceRequests(unit, person);
        return [...announced, ...(await proposeFormerRooms(unit, person))];
      },
    }),
    invitations: createInvitations({ secrets, randomBytes }),
    resetCodes: createResetCodes({
      database,
      secrets,
      randomBytes,
      appendAudit,
      leaveGroups: leaveEveryGroup,
      leaveAhead,
    }),
    proposeRooms,
  };
}
