/** After a restore: rooms come back from the clients that are ahead of it (docs/e2e-protocol.md section 8). */
import { AppError } from '../../app-error.ts';
import type { RequestHandlers } from '../../gateway/handler.ts';
import { restoreRoom } from './room-restore.ts';
import type { RoomDeps } from './room-requests.ts';

export type RoomRestoreDeps = Pick<RoomDeps, 'database' | 'rekeySearch' | 'introduce' | 'appendAudit'> & {
  /**
   * Null on a server that never was restored. There the door is shut: records say that somebody is gone and not why, so
   * that any member could put somebody out by it, which otherwise only the owner may.
   */
  restoredAt: number | null;
};

export const createRoomRestoreRequests = ({
  database,
  rekeySearch,
  introduce,
  appendAudit,
  restoredAt,
}: RoomRestoreDeps): Pick<RequestHandlers, 'room:restore'> => ({
  async 'room:restore'(context, input) {
    if (restoredAt === null) throw new AppError('FORBIDDEN');
    const { room, added, isChanged } = await database.write(async (unit) => {
      const restored = await restoreRoom(unit, context, input);
      if (!restored.value.isChanged) return restored;
      await appendAudit(unit, {
        at: context.now,
        actorUid: context.caller.userUid,
        action: 'room-given-back',
        subject: input.roomUid,
        roomUid: input.roomUid,
      });
      return restored;
    });
    if (isChanged) {
      // what was being made continued an older record
      rekeySearch.end(input.roomUid);
      introduce(input.roomUid, added);
      if (room.isRekeyNeeded) rekeySearch.start(input.roomUid);
    }
    return { room };
  },
});
