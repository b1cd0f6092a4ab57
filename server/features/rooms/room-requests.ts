/** Rooms and who is in them. */
import { AppError } from '../../app-error.ts';
import type { RequestHandlers } from '../../gateway/handler.ts';
import type { AuditEntry } from '../audit/audit-log.ts';
import type { FeatureDatabase, Unit } from '../feature-types.ts';
import type { CreationLimit } from './creation-limit.ts';
import { departFromGroup } from './departure.ts';
import { listEpochs } from './epoch-store.ts';
import { invite, kick, rekey } from './membership-changes.ts';
import type { RekeySearch } from './rekey-search.ts';
import { memberRoom, memberRooms } from './room-access.ts';
import { createRoom } from './room-creation.ts';
import { readRoomStates } from './room-reading.ts';
import type { ReadNewestMessages } from './room-reading.ts';
import { limits } from '#contract/limits.ts';
import type { ReadReceipts } from '#contract/policies.ts';

export type RoomDeps = {
  database: FeatureDatabase;
  readNewest: ReadNewestMessages;
  /** Who sees how far others have read, at present. */
  receipts: () => ReadReceipts;
  rekeySearch: Pick<RekeySearch, 'start' | 'working' | 'end'>;
  /** Tells the people of a room about each other's presence once some of them are new to it. */
  introduce: (roomUid: string, addedUids: readonly string[]) => void;
  /** Removes the rest of long rooms that nobody is in any more. */
  purge: () => void;
  appendAudit: (unit: Unit, entry: AuditEntry) => Promise<void>;
  creations: CreationLimit;
};

type ReadingName = 'room:list' | 'room:get' | 'epoch:list';
type MembershipName = 'room:invite' | 'room:kick' | 'room:leave' | 'room:rekey' | 'rekey:working';
type RoomRequestName = 'room:create' | ReadingName | MembershipName;

export const createRoomRequests = (deps: RoomDeps): Pick<RequestHandlers, RoomRequestName> => ({
  ...createReadingRequests(deps),
  ...createMembershipRequests(deps),

  async 'room:create'(context, input) {
    const created = await deps.database.write((unit) => createRoom(unit, context, input, deps.creations));
    if (created.isNew) {
      const uids = created.room.members.map((member) => member.userUid);
      deps.introduce(input.roomUid, uids);
    }
    return created;
  },
});

function createReadingRequests({
  database: { read },
  readNewest,
  receipts,
}: RoomDeps): Pick<RequestHandlers, ReadingName> {
  return {
    'room:list': async ({ caller }) => ({
      rooms: await readRoomStates(read, await memberRooms(read, caller.userId), readNewest, receipts()),
    }),

    async 'room:get'({ caller }, { roomUid }) {
      const room = await memberRoom(read, caller.userId, roomUid);
      const [state] = await readRoomStates(read, [room], readNewest, receipts());
      if (state === undefined) throw new AppError('NOT_FOUND');
      return state;
    },

    async 'epoch:list'({ caller }, { roomUid, from, to }) {
      const { userId } = caller;
      const room = await memberRoom(read, userId, roomUid);
      const last = Math.min(to ?? room.epoch, from + limits.recordsPageSize - 1, room.epoch);
      const epochs = await listEpochs(read, { roomId: room.id, roomUid, userId, from, to: last });
      return { epochs, newest: room.epoch };
    },
  };
}

function createMembershipRequests(deps: RoomDeps): Pick<RequestHandlers, MembershipName> {
  const { database, rekeySearch } = deps;
  return {
    async 'room:invite'(context, input) {
      const { room, added } = await database.write((unit) => invite(unit, context, input, deps));
      rekeySearch.end(input.roomUid);
      deps.introduce(input.roomUid, added);
      return { room };
    },

    async 'room:kick'(context, input) {
      const { caller, now } = context;
      const { room } = await database.write(async (unit) => {
        const result = await kick(unit, context, input);
        await deps.appendAudit(unit, {
          at: now,
          actorUid: caller.userUid,
          action: 'member-kicked',
          subject: input.userUid,
          roomUid: input.roomUid,
        });
        return result;
      });
      rekeySearch.end(input.roomUid);
      return { room };
    },

    async 'room:leave'({ caller, now }, { roomUid }) {
      const departure = await database.write(async (unit) => {
        const room = await memberRoom(unit.db, caller.userId, roomUid);
        if (room.type !== 'group') throw new AppError('NOT_A_GROUP');
        const value = await departFromGroup(unit, room, { ...caller, now }, deps.appendAudit);
        return { value, events: value.events };
      });
      // what was being made named the one who left: ask anew
      rekeySearch.end(roomUid);
      if (departure.isRekeyNeeded) rekeySearch.start(roomUid);
      if (departure.isPurgeNeeded) deps.purge();
      return {};
    },

    async 'room:rekey'(context, input) {
      const { room } = await database.write((unit) => rekey(unit, context, input, deps.appendAudit));
      rekeySearch.end(input.roomUid);
      return { room };
    },

    async 'rekey:working'({ caller }, { roomUid, epoch }) {
      await memberRoom(database.read, caller.userId, roomUid);
      rekeySearch.working(roomUid, epoch);
      return {};
    },
  };
}
