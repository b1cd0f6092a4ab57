/** Adding and removing people, as far as the first screens carry it: the code comes when somebody does. */
import { createLaterActions } from '../../state/later-actions.ts';
import type { MembershipActions, MembershipDeps } from './membership-actions.ts';

export type Membership = MembershipActions & {
  /**
   * Resolves when no invitation to this room is under way. What is written after pressing "invite" is meant for the invited,
   * too, and would otherwise be sealed with a key that they never get.
   */
  invitationsSettled: (roomUid: string) => Promise<void>;
};

const names: { [Name in keyof MembershipActions]: true } = {
  invite: true,
  kick: true,
  throughRaces: true,
  peopleToAdd: true,
};

export function createMembership(deps: MembershipDeps): Membership {
  const invitingByRoom = new Map<string, Set<Promise<unknown>>>();
  const actions = createLaterActions(names, async () =>
    (await import('./membership-actions.ts')).createMembershipActions(deps),
  );
  return {
    ...actions,
    invite: async (roomUid, userUids) => {
      const inviting = actions.invite(roomUid, userUids);
      const all = invitingByRoom.get(roomUid) ?? new Set();
      invitingByRoom.set(roomUid, all.add(inviting));
      const result = await inviting;
      all.delete(inviting);
      if (all.size === 0) invitingByRoom.delete(roomUid);
      return result;
    },
    invitationsSettled: async (roomUid) => {
      const all = invitingByRoom.get(roomUid);
      if (all !== undefined) await Promise.all(all);
    },
  };
}
