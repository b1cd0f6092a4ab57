/**
 * Keys of earlier epochs for members who joined later, where newcomers see the history (docs/e2e-protocol.md section 4,
 * "Healing"). The server says what is missing and stores what comes; only the clients know whether a key is the right one.
 */
import { limits } from '#contract/limits.ts';
import { AppError } from '../../app-error.ts';
import { toUsers } from '../../gateway/delivery.ts';
import type { RequestHandlers } from '../../gateway/handler.ts';
import type { FeatureDatabase } from '../feature-types.ts';
import { addWrap, missingWraps } from './epoch-store.ts';
import { memberRoom } from './room-access.ts';
import type { MemberRoom } from './room-access.ts';
import { membersOf } from './room-store.ts';

const isShareable = (room: MemberRoom, epoch: number): boolean =>
  room.history === 1 && epoch >= room.history_epoch && epoch <= room.epoch;

export const createKeySharing = ({
  database,
}: {
  database: FeatureDatabase;
}): Pick<RequestHandlers, 'keys:wanted' | 'keys:share'> => ({
  async 'keys:wanted'({ caller }, { roomUid }) {
    const room = await memberRoom(database.read, caller.userId, roomUid);
    if (room.history === 0) return { missing: [], hasMore: false };
    const range = { roomId: room.id, from: room.history_epoch, to: room.epoch, userId: caller.userId };
    const missing = await missingWraps(database.read, { ...range, limit: limits.wrapsSharedMax + 1 });
    return {
      missing: missing.slice(0, limits.wrapsSharedMax),
      hasMore: missing.length > limits.wrapsSharedMax,
    };
  },

  'keys:share': ({ caller }, { roomUid, wraps }) =>
    database.write(async (unit) => {
      const room = await memberRoom(unit.db, caller.userId, roomUid);
      const members = await membersOf(unit.db, room.id);
      const idsByUid = new Map(members.map((member) => [member.userUid, member.user_id]));
      const helped = new Set<string>();
      let added = 0;
      for (const { userUid, epoch, wrap } of wraps) {
        if (!isShareable(room, epoch)) throw new AppError('FORBIDDEN', { field: 'wraps' });
        const userId = idsByUid.get(userUid);
        // somebody who has left meanwhile is no reason to refuse the rest
        if (userId === undefined) continue;
        if (!(await addWrap(unit, { roomId: room.id, userId, epoch, wrap }))) continue;
        added += 1;
        helped.add(userUid);
      }
      const events = helped.size === 0 ? [] : [toUsers([...helped], 'keys:shared', { roomUid })];
      return { value: { added }, events };
    }),
});
