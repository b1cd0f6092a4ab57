/**
 * Healing, in the background (docs/e2e-protocol.md section 4): newer identities that I confirmed get into every room that we
 * share, and whoever lacks keys gets those that they may have. Nobody waits for any of it.
 */
import type { Person } from '#contract/accounts.ts';
import { limits } from '#contract/limits.ts';
import type { SuccessionRow } from '#contract/recovery.ts';
import type { Connection } from '../../connection/socket-connection.ts';
import type { CryptoEngine, PersonVersion, RoomVerdict } from '../../crypto/index.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import { drop } from '../../state/drop.ts';
import { succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { ReadableStore } from '../../state/store.ts';
import type { Timers } from '../../state/timers.ts';
import type { PeopleState } from '../people/person-state.ts';
import type { RoomKeys } from '../rooms/room-keys.ts';
import { memberOf } from '../rooms/room-state.ts';
import type { RoomEntry, RoomsState } from '../rooms/room-state.ts';
import { healRoom, mayBeginAnew } from './heal-room.ts';
import { createHealingQueue } from './healing-queue.ts';
import { findOthersAnew } from './trust-state.ts';

export type HealingActions = {
  /** The connection is there: looks for what was missed, and listens from now on. */
  watch: () => Promise<Result<void>>;
  /** The user typed this person's digits: every room that we share is looked at. */
  confirmed: (userUid: string) => Promise<Result<void>>;
};

export type HealingDeps = {
  connection: Pick<Connection, 'call' | 'on' | 'state'>;
  crypto: Pick<CryptoEngine, 'trust'>;
  keys: Pick<RoomKeys, 'accept'>;
  rooms: ReadableStore<RoomsState>;
  people: ReadableStore<PeopleState>;
  /** Gives the keys of a room to those who lack them and may have them. */
  shareKeys: (roomUid: string) => Promise<Result<void>>;
  catchUp: (roomUid: string) => Promise<boolean>;
  timers: Timers;
  /** Below 1; so that a room's members do not all come at once. */
  random: () => number;
  meUid: string;
  onStop: (stop: () => void) => void;
};

/** Whoever confirmed somebody does the most; the others come after, spread by the size of the room. */
const othersDelayMs = 2_000;
const perMemberMs = 300;
const longestSpreadMs = 2 * 60_000;
/** Rooms that are looked at because of somebody's new identity. */
const lookDelayMs = 3_000;
/** Pages of what is missing, at one look: the rest is there at the next one. */
const maxPages = 40;
/** Between two looks at everything, however often the line breaks. */
const lookAgainMs = 10 * 60_000;

export function createHealingActions(deps: HealingDeps): HealingActions {
  const { connection, rooms, people, timers, meUid } = deps;
  /** Rooms in which the server says that somebody lacks keys. */
  const lacking = new Set<string>();
  /** Rooms that have to be looked at whatever the server says; of the others it is asked first, which is one request. */
  const certain = new Set<string>();
  const isRenewed = (userUid: string): boolean => (people.get().byUid.get(userUid)?.identityVersion ?? 1) > 1;
  const hasRenewed = ({ room }: RoomEntry): boolean =>
    room.members.some(({ userUid }) => userUid !== meUid && isRenewed(userUid));
  const entryOf = (roomUid: string): RoomEntry | undefined => rooms.get().byUid.get(roomUid);

  const sharedWith = (userUid: string): string[] =>
    [...rooms.get().byUid.values()].flatMap(({ room }) =>
      memberOf(room, userUid) === undefined ? [] : [room.roomUid],
    );

  const queue = createHealingQueue({
    timers,
    isOnline: () => connection.state.get().phase === 'online',
    heal: async (roomUid) => {
      const entry = entryOf(roomUid);
      if (entry === undefined) return succeed(undefined);
      if (!certain.delete(roomUid) && !lacking.has(roomUid)) {
        const wanted = await connection.call('keys:wanted', { roomUid });
        if (!wanted.ok) return wanted;
        const { missing, next } = wanted.value;
        if (missing.length === 0 && next === null) return succeed(undefined);
      }
      const mayLackKeys = (): boolean => lacking.delete(roomUid) || hasRenewed(entry);
      const { call } = connection;
      const othersAnew = (verdict: RoomVerdict) => findOthersAnew(entry, verdict, people.get(), meUid);
      const newestVersions = () => publishedVersions(entry, people.get());
      const result = await healRoom({ ...deps, call, mayLackKeys, othersAnew, newestVersions }, roomUid);
      if (!result.ok) certain.add(roomUid);
      return result;
    },
  });

  const work = (roomUid: string, delayMs = 0): void => {
    certain.add(roomUid);
    queue.add(roomUid, delayMs);
  };

  const spreadMs = ({ room }: RoomEntry): number =>
    othersDelayMs + deps.random() * Math.min(longestSpreadMs, room.members.length * perMemberMs);

  /** What a verdict, or a record that nobody has looked at yet, asks for. */
  const look = (entry: RoomEntry, before: RoomEntry | undefined): void => {
    const { room, keys } = entry;
    const { verdict } = keys;
    const isNews = verdict !== before?.keys.verdict;
    if (isNews && verdict !== null && isOwnWork(verdict, meUid)) return work(room.roomUid);
    if (verdict !== null && mayBeginAnew(verdict) && isOtherRoom(entry, before)) return work(room.roomUid);
    if (isNews && verdict !== null && hasConfirmed(verdict, before?.keys.verdict ?? null)) {
      return queue.add(room.roomUid, spreadMs(entry));
    }
    const isNewEpoch = before !== undefined && room.epoch !== before.room.epoch;
    if (!isNewEpoch || room.epoch === verdict?.epoch) return;
    // Closed rooms are looked at when they are opened, but whoever waits is told when that is over.
    if (verdict?.reason === 'OWN_VERSION_OLD') work(room.roomUid);
    else if (hasRenewed(entry)) queue.add(room.roomUid, spreadMs(entry));
  };

  /** Whom a record may name, and whether somebody can act in a room, depends on who people are now. */
  const lookAtPerson = (userUid: string): void => {
    for (const roomUid of sharedWith(userUid)) {
      const verdict = entryOf(roomUid)?.keys.verdict ?? null;
      if (verdict !== null && (verdict.renewable.length > 0 || mayBeginAnew(verdict))) work(roomUid);
    }
  };

  const takeSuccessions = async (successions: readonly SuccessionRow[]): Promise<void> => {
    const rows = successions.filter(({ userUid }) => userUid !== meUid);
    if (rows.length === 0) return;
    const taken = await tryCrypto(() => deps.crypto.trust('takeSuccessions', rows));
    for (const userUid of taken.ok ? taken.value : []) {
      for (const roomUid of sharedWith(userUid)) {
        // The verdict does not know of it yet; what it says then puts the room into the queue.
        if (entryOf(roomUid)?.keys.verdict === null) work(roomUid, lookDelayMs);
        else await deps.keys.accept(roomUid, { isForced: true });
      }
    }
  };

  const findMissing = async (): Promise<void> => {
    let after: string | null = null;
    for (let page = 0; page < maxPages; page += 1) {
      const input: { after?: string } = after === null ? {} : { after };
      const wanted = await connection.call('keys:wanted', input);
      if (!wanted.ok) return;
      for (const { roomUid } of wanted.value.missing) {
        const entry = entryOf(roomUid);
        if (entry === undefined || lacking.has(roomUid)) continue;
        lacking.add(roomUid);
        queue.add(roomUid, spreadMs(entry));
      }
      after = wanted.value.next;
      if (after === null) return;
    }
  };

  const findSuccessions = async (): Promise<void> => {
    const userUids = [...people.get().byUid.keys()].filter((uid) => uid !== meUid && isRenewed(uid));
    for (let at = 0; at < userUids.length; at += limits.roomMembersMax) {
      const page = userUids.slice(at, at + limits.roomMembersMax);
      const said = await connection.call('identity:successions', { userUids: page });
      if (!said.ok) return;
      await takeSuccessions(said.value.successions);
    }
  };

  let lookedAt: number | null = null;
  const lookAtEverything = async (): Promise<void> => {
    const now = timers.now();
    if (lookedAt !== null && now - lookedAt < lookAgainMs && now >= lookedAt) return;
    lookedAt = now;
    // Whether a colleague has confirmed me already is in each room's own record.
    if (isRenewed(meUid)) for (const roomUid of rooms.get().byUid.keys()) work(roomUid, lookDelayMs);
    await findMissing();
    await findSuccessions();
  };

  let isWatching = false;
  const listen = (): void => {
    const stops = [
      connection.on('keys:missing', ({ roomUid }) => {
        lacking.add(roomUid);
        queue.add(roomUid, othersDelayMs * deps.random());
      }),
      // What came may not open: it is reported, so that somebody else is asked.
      connection.on('keys:shared', ({ roomUid }) => work(roomUid, lookDelayMs)),
      connection.on('identity:succeeded', ({ successions }) => drop(takeSuccessions(successions))),
      connection.state.subscribe(({ phase }) => phase === 'online', queue.wake),
      people.subscribe(
        (state) => state.byUid,
        (byUid, before) => {
          for (const [userUid, person] of byUid) {
            if (isOtherPerson(person, before.get(userUid))) lookAtPerson(userUid);
          }
        },
      ),
      rooms.subscribe(
        (state) => state.byUid,
        (byUid, before) => {
          for (const [roomUid, entry] of byUid) {
            const known = before.get(roomUid);
            if (known !== entry) look(entry, known);
          }
        },
      ),
    ];
    deps.onStop(() => {
      for (const stop of stops) stop();
      queue.stop();
    });
    // What was known before anybody listened.
    for (const entry of rooms.get().byUid.values()) look(entry, undefined);
  };

  return {
    watch: async () => {
      if (!isWatching) listen();
      isWatching = true;
      await lookAtEverything();
      return succeed(undefined);
    },
    confirmed: async (userUid) => {
      for (const roomUid of sharedWith(userUid)) work(roomUid);
      return succeed(undefined);
    },
  };
}

/** The members' newest identities, as the server has them: it takes no others into a record. */
const publishedVersions = ({ room }: RoomEntry, { byUid }: PeopleState): PersonVersion[] =>
  room.members.map(({ userUid }) => ({ userUid, version: byUid.get(userUid)?.identityVersion ?? 1 }));

/**
 * Something that this client itself can mend: an identity that it confirmed, a key of its own that does not open, a chain that
 * another browser of mine began.
 */
const isOwnWork = ({ renewable, reason, subject }: RoomVerdict, meUid: string): boolean =>
  renewable.length > 0 || reason === 'KEY_BAD' || (reason === 'NEW_CHAIN' && subject === meUid);

/** Another verdict, or others in the room: where nobody was left to go on, that may be me now. */
const isOtherRoom = ({ room, keys: { verdict } }: RoomEntry, before: RoomEntry | undefined): boolean =>
  before === undefined ||
  room.members.length !== before.room.members.length ||
  verdict?.reason !== before.keys.verdict?.reason ||
  verdict?.epoch !== before.keys.verdict?.epoch;

/** Somebody's identity or account is another one than it was; nothing new is a first identity. */
const isOtherPerson = ({ identityVersion, state }: Person, before: Person | undefined): boolean =>
  before === undefined
    ? identityVersion > 1
    : identityVersion !== before.identityVersion || state !== before.state;

/** Somebody confirmed somebody since: they may lack keys that I have. */
const hasConfirmed = (verdict: RoomVerdict, before: RoomVerdict | null): boolean =>
  before !== null &&
  verdict.changes.some(({ epoch, confirmed }) => confirmed.length > 0 && epoch > (before.epoch ?? 0));
