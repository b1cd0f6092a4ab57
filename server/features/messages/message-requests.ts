/** Sealed messages: sending, reading pages, read cursors. */
import type { ValidInput } from '#contract/index.ts';
import type { Poll, PollSettings } from '#contract/poll.ts';
import { limits } from '#contract/limits.ts';
import type { Mentions } from '#contract/mentions.ts';
import { AppError } from '../../app-error.ts';
import { toRoom } from '../../gateway/delivery.ts';
import type { RequestHandlers, SessionContext } from '../../gateway/handler.ts';
import type { FeatureDatabase, Unit } from '../feature-types.ts';
import { mayCallAll, memberRoom, sendingRoom, visibleFrom } from '../rooms/room-access.ts';
import { listMentions, putMentions } from './mention-store.ts';
import type { CursorEvents } from './cursor-events.ts';
import { epochOfEnvelope, pageRange, sendProblem } from './message-rules.ts';
import {
  advanceCursor,
  appendMessage,
  findAnswered,
  findTargetSeq,
  hasAbsentPeer,
  listMessages,
} from './message-store.ts';
import type { NewMessage } from './message-store.ts';

/** What a poll is beside its message; handed in by the composition root. */
export type SentPolls = {
  /** How it stands at its beginning. Throws if it cannot be begun. */
  begin: (settings: PollSettings, now: number) => Poll;
  /** The message of it is stored at this place, in the same unit. */
  added: (unit: Unit, place: { roomId: number; seq: number }, poll: Poll) => Promise<void>;
};

export type MessageDeps = {
  database: FeatureDatabase;
  cursors: Pick<CursorEvents, 'moved'>;
  polls: SentPolls;
};

type MessageRequestName = 'message:send' | 'message:page' | 'room:read' | 'mention:list';

/** A reply names a message of its own room; one that its author may not read is to them as if it were not there. */
async function refuseUnreadableTarget(
  { db }: Unit,
  userId: number,
  roomUid: string,
  target: string,
): Promise<void> {
  const room = await memberRoom(db, userId, roomUid);
  const seq = await findTargetSeq(db, room.id, target);
  if (seq === undefined || seq < visibleFrom(room)) throw new AppError('NOT_FOUND', { field: 'target' });
}

/** A poll comes with its settings, and nothing else does. */
function begunPoll({ kind, poll }: ValidInput<'message:send'>, polls: SentPolls, now: number): Poll | null {
  if ((kind === 'poll') !== (poll !== undefined)) throw new AppError('INVALID_INPUT', { field: 'poll' });
  return poll === undefined ? null : polls.begin(poll, now);
}

/** Calls people by name; everybody at once only where the room lets this member. */
async function callPeople(
  unit: Unit,
  userId: number,
  { roomUid, seq, sentAt }: NewMessage,
  wish: Mentions,
): Promise<Mentions | undefined> {
  const room = await memberRoom(unit.db, userId, roomUid);
  if (wish.isAll === true && !mayCallAll(room, userId)) throw new AppError('CALLING_ALL_RESTRICTED');
  return putMentions(unit, { roomId: room.id, seq }, wish, sentAt);
}

/** The unit of a send. Every message of everybody runs through here. */
export async function sendMessage(
  unit: Unit,
  { caller, now }: { caller: Pick<SessionContext['caller'], 'userId' | 'userUid'>; now: number },
  input: ValidInput<'message:send'>,
  polls: SentPolls,
) {
  const { db } = unit;
  const { clientId, kind, envelope } = input;
  // before everything else: a repeat is answered even if the sender has been removed since, or the epoch has moved on
  const answered = await findAnswered(db, caller.userId, clientId);
  if (answered !== undefined) {
    const { seq, sent_at: sentAt, rev } = answered;
    return { value: { seq, sentAt, rev }, events: [] };
  }
  const room = await sendingRoom(db, caller.userId, input.roomUid);
  const problem = sendProblem({
    epoch: epochOfEnvelope(envelope),
    roomEpoch: room.epoch,
    isRekeyNeeded: room.is_rekey_needed === 1,
    isPeerAbsent: room.type === 'direct' && (await hasAbsentPeer(db, room.id)),
    mayPost: room.mayPost === 1,
  });
  if (problem !== null) throw new AppError(problem);
  const poll = begunPoll(input, polls, now);
  const target = input.target ?? null;
  if (target !== null) await refuseUnreadableTarget(unit, caller.userId, input.roomUid, target);
  const message: NewMessage = {
    roomUid: input.roomUid,
    seq: room.last_seq + 1,
    senderUid: caller.userUid,
    clientId,
    kind,
    target,
    n: 0,
    envelope,
    sentAt: now,
    rev: room.rev + 1,
    ...(poll === null ? {} : { poll }),
  };
  if (input.mentions !== undefined) {
    const mentions = await callPeople(unit, caller.userId, message, input.mentions);
    if (mentions !== undefined) message.mentions = mentions;
  }
  await appendMessage(unit, room.id, caller.userId, message);
  if (poll !== null) await polls.added(unit, { roomId: room.id, seq: message.seq }, poll);
  const { seq, sentAt, rev } = message;
  return { value: { seq, sentAt, rev }, events: [toRoom(input.roomUid, 'message:sent', { message })] };
}

export function createMessageRequests({
  database,
  cursors,
  polls,
}: MessageDeps): Pick<RequestHandlers, MessageRequestName> {
  return {
    'message:send': (context, input) => database.write((unit) => sendMessage(unit, context, input, polls)),

    async 'message:page'({ caller }, { roomUid, before, after, around, limit = limits.pageSize }) {
      // the room is read first: a message that is stored meanwhile has a later rev and is not on the page
      const room = await memberRoom(database.read, caller.userId, roomUid);
      const first = visibleFrom(room);
      const range = pageRange({ before, after, around, limit }, first, room.last_seq);
      if (range === null) throw new AppError('INVALID_INPUT', { field: 'around' });
      const messages = await listMessages(database.read, room, range.from, range.to);
      return {
        messages,
        hasBefore: range.from > first && first <= room.last_seq,
        hasAfter: range.to < room.last_seq,
        rev: room.rev,
      };
    },

    'mention:list': ({ caller }, { before = Number.MAX_SAFE_INTEGER, limit = limits.pageSize }) =>
      listMentions(database.read, caller.userId, { before, limit }),

    async 'room:read'({ caller }, { roomUid, seq }) {
      const { userId, userUid } = caller;
      const known = await memberRoom(database.read, userId, roomUid);
      if (seq <= known.read_seq) return { readSeq: known.read_seq };
      const readSeq = await database.write(async (unit) => {
        const room = await memberRoom(unit.db, userId, roomUid);
        const value = Math.max(Math.min(seq, room.last_seq), room.read_seq);
        if (value > room.read_seq) await advanceCursor(unit, { roomId: room.id, userId, seq: value });
        return { value, events: [] };
      });
      if (readSeq > known.read_seq) {
        cursors.moved({ roomId: known.id, roomUid, userUid, from: known.read_seq, to: readSeq });
      }
      return { readSeq };
    },
  };
}
