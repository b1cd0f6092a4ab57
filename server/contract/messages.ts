import * as z from 'zod/mini';
import { defineEvents, defineRequests } from './request.ts';
import { ClientId, MessageName, Rev, RoomUid, Seq, Timestamp, UserUid, wholeNumber } from './ids.ts';
import { limits } from './limits.ts';
import { Pin } from './pin.ts';
import { Mentions } from './mentions.ts';
import { Poll, PollSettings } from './poll.ts';
import { Reaction } from './reactions.ts';
import { Envelope } from './sealed.ts';

export const MessageKind = z.enum(['text', 'poll']);
export type MessageKind = z.infer<typeof MessageKind>;

/**
 * What is attached to a message and travels with its row: each part is left out where there is none, and bumps the row's
 * revision when it changes. A new kind of part is a field here; the server stores it with the row.
 */
export const MessageParts = z.object({
  /** Who is called by name. */
  mentions: z.optional(Mentions),
  /** When it was last edited. */
  editedAt: z.optional(Timestamp),
  /** In the order in which each emoji first came; one emoji may be there once per epoch. */
  reactions: z.optional(z.array(Reaction)),
  /** Of a poll: how it stands. */
  poll: z.optional(Poll),
  /** While it is pinned. */
  pin: z.optional(Pin),
});
export type MessageParts = z.infer<typeof MessageParts>;

/** A message as the server stores it: sealed. Its name everywhere else is `senderUid.clientId`. */
export const Message = z.object({
  roomUid: RoomUid,
  seq: Seq,
  senderUid: UserUid,
  clientId: ClientId,
  kind: MessageKind,
  /** `senderUid.clientId` of the message replied to. */
  target: z.nullable(MessageName),
  /** 0 for the original, then 1, 2, … for edits. */
  n: wholeNumber(),
  /** Null once the message was recalled: nothing of it is left but the trace. */
  envelope: z.nullable(Envelope),
  sentAt: Timestamp,
  /** The room's revision at this row's last change. */
  rev: Rev,
  /** When it was recalled; left out for the rest. */
  recalledAt: z.optional(Timestamp),
  ...MessageParts.shape,
});
export type Message = z.infer<typeof Message>;

export const Cursor = z.object({ userUid: UserUid, readSeq: Seq });
export type Cursor = z.infer<typeof Cursor>;

export const messageRequests = defineRequests({
  'message:send': {
    input: z.object({
      roomUid: RoomUid,
      clientId: ClientId,
      kind: MessageKind,
      target: z.optional(z.nullable(MessageName)),
      envelope: Envelope,
      mentions: z.optional(Mentions),
      /** With a poll, and with nothing else. */
      poll: z.optional(PollSettings),
    }),
    output: z.object({ seq: Seq, sentAt: Timestamp, rev: Rev }),
    http: 'POST /api/rooms/:roomUid/messages',
    limit: 'socket_send_message',
    summary: 'Stores and delivers a sealed message; a repeat of the same clientId returns the first answer.',
  },
  'message:page': {
    input: z.object({
      roomUid: RoomUid,
      /** Messages below this seq, newest last. */
      before: z.optional(Seq),
      /** Messages above this seq. */
      after: z.optional(Seq),
      /** Half a page on each side of this seq. */
      around: z.optional(Seq),
      limit: z.optional(wholeNumber(1, limits.pageSize)),
    }),
    output: z.object({
      messages: z.array(Message),
      hasBefore: z.boolean(),
      hasAfter: z.boolean(),
      rev: Rev,
    }),
    http: 'GET /api/rooms/:roomUid/messages',
    summary: 'A page of a room, ascending by seq: its tail, or before, after or around a seq.',
  },
  'room:read': {
    input: z.object({ roomUid: RoomUid, seq: Seq }),
    output: z.object({ readSeq: Seq }),
    http: 'PUT /api/rooms/:roomUid/read',
    summary: 'Moves my read cursor forward; it never goes back.',
  },
});

export const messageEvents = defineEvents({
  /** To the room. It also means that the sender has read up to it: no `cursors:moved` follows for that. */
  'message:sent': z.object({ message: Message }),
  /** To those in the room who may read it: a row as it is now (edited, recalled, reacted to, …). */
  'message:changed': z.object({ message: Message }),
  /** Coalesced over about 300 ms; cursors do not bump the room's revision. */
  'cursors:moved': z.object({ roomUid: RoomUid, cursors: z.array(Cursor) }),
});
