/** Finding rooms and asking to be let in. Accepting is `room:invite` by somebody who may, because only members make keys. */
import type { JoinRequest } from '#contract/join-requests.ts';
import { limits } from '#contract/limits.ts';
import { AppError } from '../../app-error.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import { toUsers } from '../../gateway/delivery.ts';
import type { RequestHandlers } from '../../gateway/handler.ts';
import type { CleanUpUser, DepartingUser, FeatureDatabase, Read, Unit } from '../feature-types.ts';
import { searchWords } from '../search-words.ts';
import {
  answererUids,
  declineRequest,
  deleteRequest,
  deleteRequestsOf,
  findAskedRoom,
  findListedRoom,
  findRequest,
  isMember,
  listRooms,
  putRequest,
  requestsOf,
  waitingFor,
} from './join-request-store.ts';
import { administeredRoom } from './room-access.ts';
import type { AppendAudit } from './room-administration.ts';
import { findNamedPeople } from './epoch-store.ts';

type RequestName = 'room:discover' | 'room:ask' | 'room:withdraw' | 'room:decline' | 'room:requests';
type State = 'pending' | 'declined' | 'withdrawn' | 'accepted';

/** Whoever was declined asks again after a day at the earliest: nobody is to be worn down. */
const repeatAfterMs = 24 * 3_600_000;

/** To whoever asked and to those who may answer. */
export async function requestChanged(
  db: Read,
  room: { id: number; owner_id: number | null },
  asker: JoinRequest,
  state: State,
): Promise<Delivery> {
  const answerers = await answererUids(db, room);
  return toUsers([...new Set([...answerers, asker.userUid])], 'room:request-changed', { ...asker, state });
}

/** Requests that an invitation answers: they go, and everybody concerned is told. Gives who had asked, and the events. */
export async function settleRequests(
  unit: Unit,
  room: { id: number; uid: string; owner_id: number | null },
  people: readonly { id: number; uid: string }[],
): Promise<{ askedUids: string[]; events: Delivery[] }> {
  const askedUids: string[] = [];
  const events: Delivery[] = [];
  for (const { id, uid } of people) {
    const request = await findRequest(unit.db, room.id, id);
    if (request === undefined) continue;
    await deleteRequest(unit, room.id, id);
    if (request.state === 'pending') askedUids.push(uid);
    const { asked_at: askedAt, origin } = request;
    const asker = { roomUid: room.uid, userUid: uid, askedAt, origin };
    events.push(await requestChanged(unit.db, room, asker, 'accepted'));
  }
  return { askedUids, events };
}

export function createJoinRequests({
  database,
  appendAudit,
}: {
  database: FeatureDatabase;
  appendAudit: AppendAudit;
}): Pick<RequestHandlers, RequestName> {
  const { read } = database;
  return {
    async 'room:discover'({ caller }, { query, after }) {
      const words = searchWords(query);
      const wish = { userId: caller.userId, words, after, limit: limits.pageSize + 1 };
      const rooms = await listRooms(read, wish);
      return { rooms: rooms.slice(0, limits.pageSize), hasMore: rooms.length > limits.pageSize };
    },

    'room:ask': ({ caller: { userId, userUid }, now }, { roomUid }) =>
      database.write(async (unit) => {
        const room = await findListedRoom(unit.db, roomUid);
        if (room === undefined) throw new AppError('NOT_FOUND', { field: 'roomUid' });
        if (await isMember(unit.db, room.id, userId)) throw new AppError('ALREADY_MEMBER');
        const present = await findRequest(unit.db, room.id, userId);
        const value = { request: 'pending' as const };
        if (present?.state === 'pending') return { value, events: [] };
        const waitedMs = now - (present?.answered_at ?? 0);
        if (waitedMs < repeatAfterMs) {
          throw new AppError('RATE_LIMITED', { retryAfterMs: repeatAfterMs - waitedMs });
        }
        const origin = 'asked';
        await putRequest(unit, room.id, userId, { now, origin });
        const asker = { roomUid, userUid, askedAt: now, origin } as const;
        return { value, events: [await requestChanged(unit.db, room, asker, 'pending')] };
      }),

    'room:withdraw': ({ caller: { userId, userUid } }, { roomUid }) =>
      database.write(async (unit) => {
        const room = await findAskedRoom(unit.db, userId, roomUid);
        // a repeat, or an answer came first; a declined request stays, or it could be made anew at once
        if (room?.state !== 'pending') return { value: {}, events: [] };
        await deleteRequest(unit, room.id, userId);
        const asker = { roomUid, userUid, askedAt: room.asked_at, origin: room.origin };
        return { value: {}, events: [await requestChanged(unit.db, room, asker, 'withdrawn')] };
      }),

    'room:decline': ({ caller, now }, { roomUid, userUid }) =>
      database.write(async (unit) => {
        const room = await administeredRoom(unit.db, caller.userId, roomUid);
        const [asker] = await findNamedPeople(unit.db, [userUid]);
        const request = asker && (await findRequest(unit.db, room.id, asker.id));
        if (asker === undefined || request === undefined)
          throw new AppError('NOT_FOUND', { field: 'userUid' });
        // somebody else declined it a moment ago
        if (!(await declineRequest(unit, room.id, asker.id, now))) return { value: {}, events: [] };
        const entry = { at: now, actorUid: caller.userUid, action: 'request-declined' } as const;
        await appendAudit(unit, { ...entry, subject: userUid, roomUid });
        const facts = { roomUid, userUid, askedAt: request.asked_at, origin: request.origin };
        return { value: {}, events: [await requestChanged(unit.db, room, facts, 'declined')] };
      }),

    'room:requests': async ({ caller }) => ({ waiting: await waitingFor(read, caller.userId) }),
  };
}

/** To everybody concerned: all that this person asks for is in this state now. */
async function tellAll(unit: Unit, { userId, userUid }: DepartingUser, state: State): Promise<Delivery[]> {
  const events: Delivery[] = [];
  for (const { uid, asked_at: askedAt, origin, ...room } of await requestsOf(unit.db, userId)) {
    events.push(await requestChanged(unit.db, room, { roomUid: uid, userUid, askedAt, origin }, state));
  }
  return events;
}

/** A deleted account asks for nothing any more. */
export const cleanUpJoinRequests: CleanUpUser = async (unit, person) => {
  const events = await tellAll(unit, person, 'withdrawn');
  await deleteRequestsOf(unit, person.userId);
  return { events };
};

/** What a disabled account asked for is not shown meanwhile (`waitingFor` leaves it out), but kept. */
export const hideRequests: CleanUpUser = async (unit, person) => ({
  events: await tellAll(unit, person, 'withdrawn'),
});

/** The account is in use again: what it asks for is shown again. */
export const announceRequests = (unit: Unit, person: DepartingUser): Promise<Delivery[]> =>
  tellAll(unit, person, 'pending');
