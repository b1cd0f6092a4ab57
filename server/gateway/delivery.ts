/**
 * What a write unit hands to the write queue beside its value: who gets which event, and which sockets enter or leave a
 * room. These are plain values; `audience.ts` alone turns them into packets, after the disk has them and in commit order.
 */
import type { EventName, EventPayload } from '#contract/index.ts';

type Target =
  | { kind: 'room'; roomUid: string }
  | { kind: 'user'; userUid: string }
  | { kind: 'users'; userUids: string[] }
  | { kind: 'session'; sessionUid: string }
  | { kind: 'sockets'; socketIds: string[] }
  /** The people of a room but one; lost where a connection is busy, and nobody misses it. */
  | { kind: 'others'; roomUid: string; exceptUserUid: string }
  | { kind: 'everybody' };

export type Delivery =
  | { kind: 'event'; target: Target; name: EventName; payload: EventPayload<EventName> }
  /** All sockets of these people start to receive the room's events. */
  | { kind: 'join'; roomUid: string; userUids: string[] }
  /** All sockets of these people stop receiving the room's events, before anything that follows. */
  | { kind: 'leave'; roomUid: string; userUids: string[] }
  /** Sockets of a session (or of all of a person's sessions but one) are told why and closed. */
  | { kind: 'end-session'; sessionUid: string; reason: EventPayload<'session:ended'>['reason'] };

/** To every socket of every present member of a room. */
export const toRoom = <Name extends EventName>(
  roomUid: string,
  name: Name,
  payload: EventPayload<Name>,
): Delivery => ({
  kind: 'event',
  target: { kind: 'room', roomUid },
  name,
  payload,
});

/** To every socket of one person. */
export const toUser = <Name extends EventName>(
  userUid: string,
  name: Name,
  payload: EventPayload<Name>,
): Delivery => ({
  kind: 'event',
  target: { kind: 'user', userUid },
  name,
  payload,
});

/** To every socket of each of these people; encoded once. */
export const toUsers = <Name extends EventName>(
  userUids: string[],
  name: Name,
  payload: EventPayload<Name>,
): Delivery => ({
  kind: 'event',
  target: { kind: 'users', userUids },
  name,
  payload,
});

/** To the people of a room but one, for what holds a moment only: it is not kept for a connection that is busy. */
export const toOthersBriefly = <Name extends EventName>(
  roomUid: string,
  exceptUserUid: string,
  name: Name,
  payload: EventPayload<Name>,
): Delivery => ({
  kind: 'event',
  target: { kind: 'others', roomUid, exceptUserUid },
  name,
  payload,
});

/** To every socket of this server. */
export const toEverybody = <Name extends EventName>(name: Name, payload: EventPayload<Name>): Delivery => ({
  kind: 'event',
  target: { kind: 'everybody' },
  name,
  payload,
});

/** To these sockets alone, whoever they belong to: what a page asked for while it is looked at. */
export const toSockets = <Name extends EventName>(
  socketIds: string[],
  name: Name,
  payload: EventPayload<Name>,
): Delivery => ({
  kind: 'event',
  target: { kind: 'sockets', socketIds },
  name,
  payload,
});

/** These people's sockets enter a room. */
export const joinRoom = (roomUid: string, userUids: string[]): Delivery => ({
  kind: 'join',
  roomUid,
  userUids,
});

/** These people's sockets leave a room at once: put it before the event that tells the rest. */
export const leaveRoom = (roomUid: string, userUids: string[]): Delivery => ({
  kind: 'leave',
  roomUid,
  userUids,
});

/** Ends a session's sockets with a reason. */
export const endSession = (
  sessionUid: string,
  reason: EventPayload<'session:ended'>['reason'],
): Delivery => ({
  kind: 'end-session',
  sessionUid,
  reason,
});
