/** Inviting, kicking and rekeying: the units that put a new epoch on a room. */
import { limits } from '#contract/limits.ts';
import type { Room } from '#contract/rooms.ts';
import type { NewEpoch } from '#contract/sealed.ts';
import { AppError } from '../../app-error.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import { joinRoom, leaveRoom, toUser, toUsers } from '../../gateway/delivery.ts';
import type { SessionContext } from '../../gateway/handler.ts';
import type { Unit } from '../feature-types.ts';
import { advanceRoom, checkNextEpoch, firstSeqForNewcomers, refuseOtherMembers } from './epoch-change.ts';
import type { NextEpoch } from './epoch-change.ts';
import { settleRequests } from './join-requests.ts';
import { mayInvite, mayKick } from './role-rules.ts';
import { withoutCursors } from './cursor-view.ts';
import { newcomerNews } from './newcomer-news.ts';
import { memberRoom, roleIn } from './room-access.ts';
import type { MemberRoom } from './room-access.ts';
import type { AppendAudit } from './room-administration.ts';
import { roomChanged } from './room-events.ts';
import { readRoom } from './room-reading.ts';
import type { ReadNewestMessages } from './room-reading.ts';
import { deleteMember, peopleWithManyRooms } from './room-store.ts';

type Changed = { value: { room: Room; added: string[] }; events: Delivery[] };

const presentUids = (next: NextEpoch): string[] => next.members.map((member) => member.userUid);

async function groupOf(unit: Unit, context: SessionContext, roomUid: string): Promise<MemberRoom> {
  const room = await memberRoom(unit.db, context.caller.userId, roomUid);
  if (room.type !== 'group') throw new AppError('NOT_A_GROUP');
  return room;
}

async function refuseAdditions(unit: Unit, next: NextEpoch): Promise<void> {
  if (next.added.length === 0) throw new AppError('ALREADY_MEMBER');
  const people = next.added.flatMap((uid) => next.people.get(uid) ?? []);
  if (people.some((person) => person.state !== 'active')) throw new AppError('PERSON_DISABLED');
  const ids = people.map((person) => person.id);
  if ((await peopleWithManyRooms(unit.db, ids, limits.roomsPerUserMax)).length > 0) {
    throw new AppError('TOO_MANY_ROOMS');
  }
}

/** Adds whom the next record adds; anybody in the group may, unless its policy says otherwise. */
export async function invite(
  unit: Unit,
  context: SessionContext,
  input: { roomUid: string; epoch: NewEpoch },
  deps: { readNewest: ReadNewestMessages; appendAudit: AppendAudit },
): Promise<Changed> {
  const { caller, now } = context;
  const room = await groupOf(unit, context, input.roomUid);
  const role = roleIn(room, caller.userId);
  if (!mayInvite(room.invite_policy, role)) throw new AppError('INVITING_RESTRICTED');
  const next = await checkNextEpoch(unit, room, caller.userUid, input.epoch);
  refuseOtherMembers(next.kept, presentUids(next));
  await refuseAdditions(unit, next);
  await advanceRoom(unit, room, next, { userId: caller.userId, now });
  const people = next.added.flatMap((uid) => next.people.get(uid) ?? []);
  const settled = await settleRequests(unit, room, people);
  for (const subject of settled.askedUids) {
    const entry = { at: now, actorUid: caller.userUid, action: 'request-accepted' } as const;
    await deps.appendAudit(unit, { ...entry, subject, roomUid: room.uid });
  }
  const changed = await readRoom(unit.db, caller.userId, room.uid);
  const newest = room.history === 0 ? null : ((await deps.readNewest(unit.db, [room])).get(room.id) ?? null);
  const isReadable = newest !== null && newest.seq >= (await firstSeqForNewcomers(unit, room));
  return {
    value: { room: changed, added: next.added },
    events: [
      ...(await newcomerNews(unit.db, changed, next.added)),
      // before the newcomers join, so that they get the whole room instead of a change to one that they do not know
      roomChanged(changed, { added: next.added }),
      joinRoom(room.uid, next.added),
      toUsers(next.added, 'room:joined', {
        room: withoutCursors(changed, next.added),
        lastMessage: isReadable ? newest : null,
      }),
      ...settled.events,
    ],
  };
}

/** Removes exactly one person, with the record that no longer names them; see `mayKick`. */
export async function kick(
  unit: Unit,
  context: SessionContext,
  input: { roomUid: string; userUid: string; epoch: NewEpoch },
): Promise<Changed> {
  const { caller, now } = context;
  const room = await groupOf(unit, context, input.roomUid);
  const role = roleIn(room, caller.userId);
  if (role === 'member') throw new AppError('FORBIDDEN');
  // one's own way out is leaving, which also hands the room over
  if (input.userUid === caller.userUid) throw new AppError('FORBIDDEN', { field: 'userUid' });
  const next = await checkNextEpoch(unit, room, caller.userUid, input.epoch);
  const target = next.members.find((member) => member.userUid === input.userUid);
  if (target === undefined) throw new AppError('NOT_FOUND', { field: 'userUid' });
  if (!mayKick(role, roleIn({ ...target, owner_id: room.owner_id }, target.user_id))) {
    throw new AppError('FORBIDDEN', { field: 'userUid' });
  }
  if (next.added.length > 0) throw new AppError('RECORD_INVALID', { field: 'epoch.record' });
  const remaining = presentUids(next).filter((uid) => uid !== input.userUid);
  refuseOtherMembers(next.kept, remaining);
  await deleteMember(unit, room.id, target.user_id);
  await advanceRoom(unit, room, next, { userId: caller.userId, now });
  const changed = await readRoom(unit.db, caller.userId, room.uid);
  return {
    value: { room: changed, added: [] },
    events: [
      leaveRoom(room.uid, [input.userUid]),
      toUser(input.userUid, 'room:gone', { roomUid: room.uid }),
      roomChanged(changed, { removed: [input.userUid] }),
    ],
  };
}

/**
 * A new epoch for exactly the people who are members now, newer identities in the place of older ones. Owner and admins of a
 * group may turn the history for newcomers on or off with it.
 */
export async function rekey(
  unit: Unit,
  context: SessionContext,
  input: { roomUid: string; epoch: NewEpoch },
  appendAudit: AppendAudit,
): Promise<Changed> {
  const { caller, now } = context;
  const room = await memberRoom(unit.db, caller.userId, input.roomUid);
  const mayChangeHistory = room.type === 'group' && roleIn(room, caller.userId) !== 'member';
  const next = await checkNextEpoch(unit, room, caller.userUid, input.epoch, {
    mayChangeHistory,
    mayBeginAnew: true,
  });
  if (next.added.length > 0) throw new AppError('RECORD_INVALID', { field: 'epoch.record' });
  refuseOtherMembers(next.kept, presentUids(next));
  await advanceRoom(unit, room, next, { userId: caller.userId, now });
  if (next.record.history !== room.history) {
    const details = { history: next.record.history === 1 ? 'on' : 'off' };
    const entry = { at: now, actorUid: caller.userUid, action: 'room-history-changed' } as const;
    await appendAudit(unit, { ...entry, subject: room.uid, roomUid: room.uid, details });
  }
  const changed = await readRoom(unit.db, caller.userId, room.uid);
  return { value: { room: changed, added: [] }, events: [roomChanged(changed)] };
}
