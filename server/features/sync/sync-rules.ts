/** What a client's cache lacks: decisions of a sync that need no database. */

export type KnownRoom = { roomUid: string; rev: number };
type ServerRoom = { uid: string; rev: number };

export type CacheFacts = {
  generation: string | undefined;
  serverGeneration: string;
  peopleRev: number;
  serverPeopleRev: number;
  known: readonly KnownRoom[];
  rooms: readonly ServerRoom[];
};

/**
 * True if a client's cache cannot be brought up to date: it is from before a restore, or knows a revision that this
 * database never had.
 */
export function isCacheStale(facts: CacheFacts): boolean {
  const { generation, serverGeneration, known } = facts;
  if (generation === undefined) return false;
  if (generation !== serverGeneration || facts.peopleRev > facts.serverPeopleRev) return true;
  const revsByUid = new Map(facts.rooms.map((room) => [room.uid, room.rev]));
  return known.some(({ roomUid, rev }) => rev > (revsByUid.get(roomUid) ?? rev));
}

export type Comparison<Room> = {
  /** Rooms that the client does not have. */
  fresh: Room[];
  /** Rooms that it has an older revision of. */
  changed: { room: Room; since: number }[];
  gone: string[];
};

/** Compares the client's rooms with the server's. */
export function compareRooms<Room extends ServerRoom>(
  known: readonly KnownRoom[],
  rooms: readonly Room[],
): Comparison<Room> {
  const knownRevs = new Map(known.map(({ roomUid, rev }) => [roomUid, rev]));
  const fresh: Room[] = [];
  const changed: { room: Room; since: number }[] = [];
  for (const room of rooms) {
    const since = knownRevs.get(room.uid);
    knownRevs.delete(room.uid);
    if (since === undefined) fresh.push(room);
    else if (since < room.rev) changed.push({ room, since });
  }
  return { fresh, changed, gone: [...knownRevs.keys()] };
}

export type PlannedChange<Room> = { room: Room; since: number | null; tail: number; isReset: boolean };

/** Messages in one answer. After a long absence the rooms beyond it come with their newest message only. */
const messagesMax = 1_000;

/**
 * How much of each room goes into the answer. A revision changes at most one message, so a gap of more revisions than a page
 * holds is not looked through: the room is reset to its tail.
 */
export function planChanges<Room extends ServerRoom>(
  wishes: readonly { room: Room; since: number | null }[],
  page: number,
): PlannedChange<Room>[] {
  let messages = 0;
  return wishes.map(({ room, since }) => {
    const tail = messages < messagesMax ? page : 1;
    const gap = since === null ? Infinity : room.rev - since;
    messages += Math.min(gap, tail);
    return { room, since, tail, isReset: gap > tail };
  });
}
