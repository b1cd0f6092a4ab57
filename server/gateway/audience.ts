/**
 * Who receives what. The only file that emits: it turns the deliveries of durable write units (and of things that are never
 * stored, such as presence) into packets, in the order in which it gets them. Sockets are in three kinds of Socket.IO
 * rooms: `user:<uid>`, `session:<uid>` and `room:<uid>`; an event is encoded once, whatever the number of its receivers.
 */
import type { Server, Socket } from 'socket.io';
import type { Delivery } from './delivery.ts';
import type { Caller } from './handler.ts';
import { writeWholeFrames } from './whole-frames.ts';

export type PresenceListener = {
  /** The first socket of a person connected. */
  connected(userUid: string, userId: number): void;
  /** The last one is gone. */
  disconnected(userUid: string): void;
  /** One more socket of somebody who had one. */
  entered?(userUid: string, userId: number): void;
  /** One socket is gone, perhaps the last: after `disconnected`. */
  left?(userUid: string, socketId: string): void;
};

export type Audience = {
  /** Emits, joins, leaves and ends sessions, synchronously and in order. */
  deliver: (deliveries: readonly Delivery[]) => void;
  isOnline: (userUid: string) => boolean;
  onlineUserUids(): string[];
  peopleOnline: () => number;
  /** People with a socket in one of these rooms: who of my colleagues is online, without asking the database. */
  onlineIn: (roomUids: readonly string[]) => string[];
  watchPresence(listener: PresenceListener): void;
  /** Sockets of a person. */
  connectionsOf: (userUid: string) => number;
  isConnected: (socketId: string) => boolean;
  /** True if the session was ended a moment ago: a handshake that had already looked it up must not get in. */
  wasEnded(sessionUid: string): boolean;
  /** Takes in a socket: from now on it receives what goes to its person and session, and counts as online. */
  enter(socket: Socket, caller: Caller): void;
  /** Puts a socket into the person's rooms as they are on the disk. Everything later reaches it by `deliver`. */
  enterRooms(socket: Socket, caller: Caller, roomUids: () => Promise<readonly string[]>): Promise<void>;
  /** Events sent times receivers, and events sent, since the start. */
  counts: () => { deliveries: number; events: number };
};

type RoomEntry = { leftRoomUids: Set<string> };

/** Longer than any handshake takes. */
const endedSessionsMs = 60_000;

/** `io` may not be listening yet. `now` gives milliseconds. */
export function createAudience(io: Server, now: () => number): Audience {
  const frames = writeWholeFrames(io);
  const namespace = io.of('/');
  const connectionsByUser = new Map<string, number>();
  const userUidsBySocket = new Map<string, string>();
  const entriesByUser = new Map<string, Set<RoomEntry>>();
  const endedSessions = new Map<string, number>();
  const listeners: PresenceListener[] = [];
  const counts = { deliveries: 0, events: 0 };

  function emit(targets: string[], name: string, payload: unknown): void {
    const { rooms } = namespace.adapter;
    const receivers = targets.reduce((sum, target) => sum + (rooms.get(target)?.size ?? 0), 0);
    if (receivers === 0) return;
    counts.events += 1;
    counts.deliveries += receivers;
    namespace.to(targets).emit(name, payload);
  }

  function emitBriefly({ roomUid, exceptUserUid }: OthersTarget, name: string, payload: unknown): void {
    const { rooms } = namespace.adapter;
    const own = rooms.get(userRoom(exceptUserUid))?.size ?? 0;
    const receivers = (rooms.get(`room:${roomUid}`)?.size ?? 0) - own;
    if (receivers <= 0) return;
    counts.events += 1;
    counts.deliveries += receivers;
    namespace.to(`room:${roomUid}`).except(userRoom(exceptUserUid)).volatile.emit(name, payload);
  }

  function emitToEverybody(name: string, payload: unknown): void {
    counts.events += 1;
    counts.deliveries += namespace.sockets.size;
    namespace.emit(name, payload);
  }

  function endSession(sessionUid: string, reason: string): void {
    for (const [uid, endedAt] of endedSessions) {
      if (now() - endedAt < endedSessionsMs) break; // in order of time, so the rest is younger
      endedSessions.delete(uid);
    }
    endedSessions.set(sessionUid, now());
    emit([`session:${sessionUid}`], 'session:ended', { reason });
    namespace.in(`session:${sessionUid}`).disconnectSockets(true);
  }

  function deliverOne(delivery: Delivery): void {
    // to Socket.IO, no rooms means all sockets
    if ('userUids' in delivery && delivery.userUids.length === 0) return;
    switch (delivery.kind) {
      case 'event':
        if (delivery.target.kind === 'others')
          return emitBriefly(delivery.target, delivery.name, delivery.payload);
        if (delivery.target.kind === 'everybody') return emitToEverybody(delivery.name, delivery.payload);
        return emit(roomsOf(delivery.target), delivery.name, delivery.payload);
      case 'join':
        for (const uid of delivery.userUids) {
          for (const entry of entriesByUser.get(uid) ?? []) entry.leftRoomUids.delete(delivery.roomUid);
        }
        return namespace.in(delivery.userUids.map(userRoom)).socketsJoin(`room:${delivery.roomUid}`);
      case 'leave':
        for (const uid of delivery.userUids) {
          for (const entry of entriesByUser.get(uid) ?? []) entry.leftRoomUids.add(delivery.roomUid);
        }
        return namespace.in(delivery.userUids.map(userRoom)).socketsLeave(`room:${delivery.roomUid}`);
      case 'end-session':
        return endSession(delivery.sessionUid, delivery.reason);
      default:
        return assertNever(delivery);
    }
  }

  function leave(userUid: string): void {
    const left = (connectionsByUser.get(userUid) ?? 1) - 1;
    if (left > 0) {
      connectionsByUser.set(userUid, left);
      return;
    }
    connectionsByUser.delete(userUid);
    for (const listener of listeners) listener.disconnected(userUid);
  }

  return {
    deliver(deliveries) {
      frames.gather(() => {
        for (const delivery of deliveries) deliverOne(delivery);
      });
    },
    isOnline: (userUid) => connectionsByUser.has(userUid),
    onlineUserUids: () => [...connectionsByUser.keys()],
    peopleOnline: () => connectionsByUser.size,
    onlineIn(roomUids) {
      const userUids = new Set<string>();
      for (const roomUid of roomUids) {
        for (const socketId of namespace.adapter.rooms.get(`room:${roomUid}`) ?? []) {
          const userUid = userUidsBySocket.get(socketId);
          if (userUid !== undefined) userUids.add(userUid);
        }
      }
      return [...userUids];
    },
    watchPresence: (listener) => void listeners.push(listener),
    connectionsOf: (userUid) => connectionsByUser.get(userUid) ?? 0,
    isConnected: (socketId) => namespace.sockets.has(socketId),
    wasEnded: (sessionUid) => endedSessions.has(sessionUid),

    enter(socket, { userUid, userId, sessionUid }) {
      void socket.join([userRoom(userUid), `session:${sessionUid}`]);
      userUidsBySocket.set(socket.id, userUid);
      socket.once('disconnect', () => {
        userUidsBySocket.delete(socket.id);
        leave(userUid);
        for (const listener of listeners) listener.left?.(userUid, socket.id);
      });
      const connections = (connectionsByUser.get(userUid) ?? 0) + 1;
      connectionsByUser.set(userUid, connections);
      for (const listener of listeners) {
        if (connections === 1) listener.connected(userUid, userId);
        else listener.entered?.(userUid, userId);
      }
    },

    async enterRooms(socket, { userUid }, roomUids) {
      // A membership that ends between the reading and the joining is noted here, so that it does not come back.
      const entry: RoomEntry = { leftRoomUids: new Set() };
      const entries = entriesByUser.get(userUid) ?? new Set();
      entriesByUser.set(userUid, entries.add(entry));
      try {
        const present = (await roomUids()).filter((uid) => !entry.leftRoomUids.has(uid));
        if (socket.connected) void socket.join(present.map((uid) => `room:${uid}`));
      } finally {
        entries.delete(entry);
        if (entries.size === 0) entriesByUser.delete(userUid);
      }
    },
    counts: () => counts,
  };
}

const userRoom = (userUid: string): string => `user:${userUid}`;

type Target = Extract<Delivery, { kind: 'event' }>['target'];

type OthersTarget = Extract<Target, { kind: 'others' }>;
type RoomTarget = Exclude<Target, { kind: 'others' | 'everybody' }>;

function roomsOf(target: RoomTarget): string[] {
  switch (target.kind) {
    case 'room':
      return [`room:${target.roomUid}`];
    case 'user':
      return [userRoom(target.userUid)];
    case 'users':
      return target.userUids.map(userRoom);
    case 'session':
      return [`session:${target.sessionUid}`];
    case 'sockets':
      // every socket is in a room of its own id
      return target.socketIds;
    default:
      return assertNever(target);
  }
}

function assertNever(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
}
