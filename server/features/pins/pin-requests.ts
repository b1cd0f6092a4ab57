/** Pinning messages and making them notices. Both are a part of the message's row; the tables say which messages these are. */
import { limits } from '#contract/limits.ts';
import type { Message } from '#contract/messages.ts';
import { mayPin, mayRaise } from '#contract/pin.ts';
import type { Pin } from '#contract/pin.ts';
import type { RoomAuditAction } from '#contract/room-administration.ts';
import { AppError } from '../../app-error.ts';
import type { RequestHandlers, SessionContext } from '../../gateway/handler.ts';
import type { AuditEntry } from '../audit/audit-log.ts';
import type { FeatureDatabase, Read, Unit } from '../feature-types.ts';
import type { changeMessage, FoundMessage, readableMessage } from '../messages/message-change.ts';
import { memberRoom, roleIn, visibleFrom } from '../rooms/room-access.ts';
import {
  acknowledgedSeqs,
  countMembers,
  countPins,
  countReaders,
  deleteAcks,
  deletePin,
  listPins,
  putPin,
} from './pin-store.ts';
import type { PinPlace } from './pin-store.ts';

export type PinDeps = {
  database: FeatureDatabase;
  /** The only ways to a message and to a change of it. */
  readableMessage: typeof readableMessage;
  changeMessage: typeof changeMessage;
  listMessagesAt: (
    db: Read,
    room: { id: number; uid: string },
    seqs: readonly number[],
  ) => Promise<Message[]>;
  appendAudit: (unit: Unit, entry: AuditEntry) => Promise<void>;
};

type PinRequestName = 'pin:list' | 'pin:add' | 'pin:remove' | 'notice:raise' | 'notice:lower';
type Wish = { roomUid: string; message: string };

/** The message's place in the tables. */
export const placeOf = ({ room, message }: FoundMessage): PinPlace => ({ roomId: room.id, seq: message.seq });

const unchanged = ({ message }: FoundMessage) => ({ value: { rev: message.rev }, events: [] });

/** Throws FORBIDDEN unless this member may do so in this room. */
async function checkRight(
  db: Read,
  { room }: FoundMessage,
  userId: number,
  right: 'pin' | 'raise',
): Promise<void> {
  const role = roleIn(room, userId);
  const policies = { post: room.post_policy };
  const isAllowed =
    right === 'pin' ? mayPin(role, policies) : mayRaise(role, policies, await countMembers(db, room.id));
  if (!isAllowed) throw new AppError('FORBIDDEN');
}

/** What can be pinned is there, and there is a place for it. */
async function checkPlace(db: Read, { room, message, parts }: FoundMessage): Promise<void> {
  if (message.envelope === null) throw new AppError('MESSAGE_RECALLED');
  if (parts.pin !== undefined) return;
  if ((await countPins(db, room.id)) >= limits.pinsPerRoomMax) throw new AppError('LIST_FULL');
}

export function createPinRequests(deps: PinDeps): Pick<RequestHandlers, PinRequestName> {
  const { database } = deps;

  /** Writes the part, and into the room's log what an owner or admin did. */
  const store = async (
    unit: Unit,
    { caller, now }: SessionContext,
    found: FoundMessage,
    pin: Pin | undefined,
    action: RoomAuditAction,
  ) => {
    const { room, message } = found;
    if (room.type === 'group' && roleIn(room, caller.userId) !== 'member') {
      const details = { message: `${message.senderUid}.${message.clientId}` };
      const entry = { at: now, actorUid: caller.userUid, action, roomUid: room.uid, details };
      await deps.appendAudit(unit, { ...entry, subject: room.uid });
    }
    const changed = await deps.changeMessage(unit, found, { parts: { pin } });
    return { value: { rev: changed.message.rev }, events: changed.events };
  };
  const find = (unit: Unit, { caller }: SessionContext, wish: Wish) =>
    deps.readableMessage(unit.db, caller.userId, wish);

  return {
    async 'pin:list'({ caller }, { roomUid }) {
      const { read } = database;
      const room = await memberRoom(read, caller.userId, roomUid);
      const pins = await listPins(read, room.id, visibleFrom(room));
      const messages = await deps.listMessagesAt(
        read,
        room,
        pins.map(({ seq }) => seq),
      );
      const mine = await acknowledgedSeqs(read, room.id, caller.userId);
      const notices = [];
      for (const { seq, senderUid, clientId, pin } of messages) {
        if (pin?.notice === undefined) continue;
        const count = await countReaders(read, { roomId: room.id, seq });
        notices.push({ message: `${senderUid}.${clientId}`, ...count, isAcknowledged: mine.has(seq) });
      }
      return { messages: messages.filter(({ pin }) => pin !== undefined), notices, rev: room.rev };
    },

    'pin:add': (context, wish) =>
      database.write(async (unit) => {
        const found = await find(unit, context, wish);
        if (found.parts.pin !== undefined) return unchanged(found);
        await checkRight(unit.db, found, context.caller.userId, 'pin');
        await checkPlace(unit.db, found);
        await putPin(unit, placeOf(found), 0);
        const pin = { at: context.now, byUid: context.caller.userUid };
        return store(unit, context, found, pin, 'message-pinned');
      }),

    'pin:remove': (context, wish) =>
      database.write(async (unit) => {
        const found = await find(unit, context, wish);
        const { pin } = found.parts;
        if (pin === undefined) return unchanged(found);
        // a notice goes with its pin
        await checkRight(unit.db, found, context.caller.userId, pin.notice === undefined ? 'pin' : 'raise');
        await deletePin(unit, placeOf(found));
        return store(unit, context, found, undefined, 'message-unpinned');
      }),

    'notice:raise': (context, wish) =>
      database.write(async (unit) => {
        const found = await find(unit, context, wish);
        if (found.parts.pin?.notice !== undefined) return unchanged(found);
        await checkRight(unit.db, found, context.caller.userId, 'raise');
        await checkPlace(unit.db, found);
        await putPin(unit, placeOf(found), 1);
        const deed = { at: context.now, byUid: context.caller.userUid };
        const pin = { ...deed, ...found.parts.pin, notice: deed };
        return store(unit, context, found, pin, 'notice-raised');
      }),

    'notice:lower': (context, wish) =>
      database.write(async (unit) => {
        const found = await find(unit, context, wish);
        const { pin } = found.parts;
        if (pin?.notice === undefined) return unchanged(found);
        await checkRight(unit.db, found, context.caller.userId, 'raise');
        await deleteAcks(unit, placeOf(found));
        await putPin(unit, placeOf(found), 0);
        const { notice: _notice, ...rest } = pin;
        return store(unit, context, found, rest, 'notice-lowered');
      }),
  };
}
