/** What people do at their pages: being there or not, and typing. Nothing of it is stored. */
import { limits } from '#contract/limits.ts';
import { AppError } from '../../app-error.ts';
import { toOthersBriefly } from '../../gateway/delivery.ts';
import type { RequestHandlers } from '../../gateway/handler.ts';
import type { Deliver, FeatureDatabase } from '../feature-types.ts';
import { mayPost, memberRoom } from '../rooms/room-access.ts';
import type { LastSeenTimes } from './last-seen.ts';
import { countMembers } from './presence-store.ts';
import type { Presence } from './presence.ts';

type PresenceRequestName = 'presence:report' | 'presence:last-seen' | 'typing:start';

export function createPresenceRequests(deps: {
  database: Pick<FeatureDatabase, 'read'>;
  presence: Pick<Presence, 'report'>;
  lastSeen: Pick<LastSeenTimes, 'list'>;
  deliver: Deliver;
}): Pick<RequestHandlers, PresenceRequestName> {
  const { read } = deps.database;
  return {
    'presence:report'({ caller, socketId }, { isAway }) {
      // it is about the page at the other end of a socket
      if (socketId === null) throw new AppError('METHOD_NOT_ALLOWED');
      deps.presence.report(caller.userUid, socketId, isAway);
      return {};
    },

    'presence:last-seen': async ({ caller }, { userUids }) => ({
      lastSeen: await deps.lastSeen.list(caller.userId, userUids),
    }),

    async 'typing:start'({ caller }, { roomUid }) {
      const { userId, userUid } = caller;
      const room = await memberRoom(read, userId, roomUid);
      if (!mayPost(room, userId)) throw new AppError('POSTING_RESTRICTED');
      if ((await countMembers(read, room.id)) > limits.typingMembersMax) return {};
      deps.deliver([toOthersBriefly(roomUid, userUid, 'typing:started', { roomUid, userUid })]);
      return {};
    },
  };
}
