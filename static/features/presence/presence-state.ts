/** Who is online among the people I share a room with, and when the others were. No DOM. */
export type PresenceState = {
  /** False while there is no connection: nobody is shown as online then, and nobody counted. */
  isKnown: boolean;
  /** Everybody who is connected, also those who are away from their screens. */
  onlineUids: ReadonlySet<string>;
  awayUids: ReadonlySet<string>;
  /** Server times of those who are gone, to the minute; 0: the server knows of none, or does not say. */
  lastSeenByUid: ReadonlyMap<string, number>;
};

export type PersonPresence = 'online' | 'away' | 'offline';

const nobody: ReadonlySet<string> = new Set();

export const emptyPresence = (): PresenceState => ({
  isKnown: false,
  onlineUids: nobody,
  awayUids: nobody,
  lastSeenByUid: new Map(),
});

export const knownPresence = (
  onlineUids: Iterable<string>,
  awayUids: Iterable<string> = [],
): PresenceState => ({
  isKnown: true,
  onlineUids: new Set(onlineUids),
  awayUids: new Set(awayUids),
  lastSeenByUid: new Map(),
});

const minuteMs = 60_000;

/** Takes the server's word on who came, stepped away and went; those who went were last seen `now`. */
export const withPresence = (
  state: PresenceState,
  change: { online: readonly string[]; away: readonly string[]; offline: readonly string[] },
  now: number,
): PresenceState => {
  const onlineUids = new Set(state.onlineUids);
  const awayUids = new Set(state.awayUids);
  const lastSeenByUid = new Map(state.lastSeenByUid);
  for (const userUid of [...change.online, ...change.away]) onlineUids.add(userUid);
  for (const userUid of change.away) awayUids.add(userUid);
  for (const userUid of [...change.online, ...change.offline]) awayUids.delete(userUid);
  for (const userUid of change.offline) {
    onlineUids.delete(userUid);
    lastSeenByUid.set(userUid, Math.floor(now / minuteMs) * minuteMs);
  }
  return { ...state, onlineUids, awayUids, lastSeenByUid };
};

export const presenceOf = (state: PresenceState, userUid: string): PersonPresence => {
  if (!state.onlineUids.has(userUid)) return 'offline';
  return state.awayUids.has(userUid) ? 'away' : 'online';
};
