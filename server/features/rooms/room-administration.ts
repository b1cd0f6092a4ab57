/**
 * What a group's owner and admins change about it. Each change is one unit with its entry in the room's audit log; a repeat
 * that would change nothing writes nothing.
 */
import type { RoomAuditAction } from '#contract/room-administration.ts';
import type { Room } from '#contract/rooms.ts';
import { AppError } from '../../app-error.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import type { SessionContext } from '../../gateway/handler.ts';
import type { AuditEntry } from '../audit/audit-log.ts';
import type { Unit } from '../feature-types.ts';
import { readPicture } from './picture-rules.ts';
import { putPicture } from './picture-store.ts';
import { administeredRoom, roleIn } from './room-access.ts';
import type { MemberRoom } from './room-access.ts';
import { roomChanged } from './room-events.ts';
import type { MemberDifference } from './room-events.ts';
import { readRoom } from './room-reading.ts';
import { membersOf, setAdmin, updateRoom } from './room-store.ts';
import type { MemberRow, RoomChange } from './room-store.ts';

export type AppendAudit = (unit: Unit, entry: AuditEntry) => Promise<void>;

type Done = { value: { room: Room }; events: Delivery[] };
type By = { context: SessionContext; appendAudit: AppendAudit };

/** What was done, for the log. `subject` is the room unless it was done to a person. */
type Deed = { action: RoomAuditAction; subject?: string; details?: Record<string, string> };

async function unchanged(unit: Unit, { context }: By, roomUid: string): Promise<Done> {
  return { value: { room: await readRoom(unit.db, context.caller.userId, roomUid) }, events: [] };
}

async function finish(
  unit: Unit,
  { context: { caller, now }, appendAudit }: By,
  roomUid: string,
  { action, subject = roomUid, details = {} }: Deed,
  difference: MemberDifference = {},
): Promise<Done> {
  await appendAudit(unit, { at: now, actorUid: caller.userUid, action, subject, roomUid, details });
  const room = await readRoom(unit.db, caller.userId, roomUid);
  return { value: { room }, events: [roomChanged(room, difference)] };
}

export async function renameRoom(
  unit: Unit,
  by: By,
  { roomUid, title }: { roomUid: string; title: string },
): Promise<Done> {
  const room = await administeredRoom(unit.db, by.context.caller.userId, roomUid);
  if (room.title === title) return unchanged(unit, by, roomUid);
  await updateRoom(unit, room, { title });
  return finish(unit, by, roomUid, { action: 'room-renamed', details: { title } });
}

export async function describeRoom(
  unit: Unit,
  by: By,
  { roomUid, description }: { roomUid: string; description: string },
): Promise<Done> {
  const room = await administeredRoom(unit.db, by.context.caller.userId, roomUid);
  if (room.description === description) return unchanged(unit, by, roomUid);
  await updateRoom(unit, room, { description });
  return finish(unit, by, roomUid, { action: 'room-described' });
}

export async function setPicture(
  unit: Unit,
  by: By,
  { roomUid, picture: bytes }: { roomUid: string; picture: string | null },
): Promise<Done> {
  const room = await administeredRoom(unit.db, by.context.caller.userId, roomUid);
  const picture = bytes === null ? null : readPicture(bytes);
  if (bytes !== null && picture === null) throw new AppError('PICTURE_INVALID', { field: 'picture' });
  const hash = picture?.hash ?? null;
  if (room.picture_hash === hash) return unchanged(unit, by, roomUid);
  const stored = picture === null || bytes === null ? null : { mediaType: picture.mediaType, bytes };
  await putPicture(unit, room.id, stored);
  await updateRoom(unit, room, { picture_hash: hash });
  const details = { picture: hash === null ? 'removed' : 'set' };
  return finish(unit, by, roomUid, { action: 'room-picture-changed', details });
}

type Policies = {
  invite?: 'everyone' | 'admins' | undefined;
  post?: 'everyone' | 'admins' | undefined;
  mentionAll?: 'everyone' | 'admins' | undefined;
  isListed?: boolean | undefined;
};

/** Those that are named and differ, by the names that the log and the contract use. */
function changedPolicies(
  room: MemberRoom,
  wish: Policies,
): { change: RoomChange; details: Record<string, string> } {
  const change: RoomChange = {};
  const details: Record<string, string> = {};
  if (wish.invite !== undefined && wish.invite !== room.invite_policy) {
    change.invite_policy = wish.invite;
    details['invite'] = wish.invite;
  }
  if (wish.post !== undefined && wish.post !== room.post_policy) {
    change.post_policy = wish.post;
    details['post'] = wish.post;
  }
  if (wish.mentionAll !== undefined && wish.mentionAll !== room.mention_policy) {
    change.mention_policy = wish.mentionAll;
    details['mentionAll'] = wish.mentionAll;
  }
  if (wish.isListed !== undefined && wish.isListed !== (room.is_listed === 1)) {
    change.is_listed = wish.isListed ? 1 : 0;
    details['isListed'] = String(wish.isListed);
  }
  return { change, details };
}

export async function setPolicies(
  unit: Unit,
  by: By,
  { roomUid, ...wish }: { roomUid: string } & Policies,
): Promise<Done> {
  const room = await administeredRoom(unit.db, by.context.caller.userId, roomUid);
  const { change, details } = changedPolicies(room, wish);
  if (Object.keys(details).length === 0) return unchanged(unit, by, roomUid);
  await updateRoom(unit, room, change);
  return finish(unit, by, roomUid, { action: 'room-policies-changed', details });
}

async function memberIn(unit: Unit, room: MemberRoom, userUid: string): Promise<MemberRow> {
  const member = (await membersOf(unit.db, room.id)).find((row) => row.userUid === userUid);
  if (member === undefined) throw new AppError('NOT_FOUND', { field: 'userUid' });
  return member;
}

/** The owner's role is not one that can be given or taken here: that is `handOver`. */
export async function setRole(
  unit: Unit,
  by: By,
  { roomUid, userUid, role }: { roomUid: string; userUid: string; role: 'admin' | 'member' },
): Promise<Done> {
  const { caller } = by.context;
  const room = await administeredRoom(unit.db, caller.userId, roomUid);
  if (roleIn(room, caller.userId) !== 'owner' || userUid === caller.userUid) throw new AppError('FORBIDDEN');
  const member = await memberIn(unit, room, userUid);
  const isAdmin = role === 'admin' ? 1 : 0;
  if (member.is_admin === isAdmin) return unchanged(unit, by, roomUid);
  await setAdmin(unit, room.id, member.user_id, isAdmin);
  await updateRoom(unit, room, {});
  const deed: Deed = { action: 'role-changed', subject: userUid, details: { role } };
  return finish(unit, by, roomUid, deed, { changed: [userUid] });
}

/** Whoever hands over stays as an admin. */
export async function handOver(
  unit: Unit,
  by: By,
  { roomUid, userUid }: { roomUid: string; userUid: string },
): Promise<Done> {
  const { caller } = by.context;
  const room = await administeredRoom(unit.db, caller.userId, roomUid);
  const heir = await memberIn(unit, room, userUid);
  // a repeat of what was done already, by the one who did it
  if (heir.user_id === room.owner_id && room.is_admin === 1) return unchanged(unit, by, roomUid);
  if (roleIn(room, caller.userId) !== 'owner') throw new AppError('FORBIDDEN');
  if (heir.user_id === caller.userId) return unchanged(unit, by, roomUid);
  await setAdmin(unit, room.id, caller.userId, 1);
  await updateRoom(unit, room, { owner_id: heir.user_id });
  const deed: Deed = { action: 'room-handed-over', subject: userUid };
  return finish(unit, by, roomUid, deed, { changed: [caller.userUid, userUid] });
}
