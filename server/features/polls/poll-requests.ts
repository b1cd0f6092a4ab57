/** Voting, closing, and who voted for what. */
import { limits } from '#contract/limits.ts';
import type { Message } from '#contract/messages.ts';
import type { Poll } from '#contract/poll.ts';
import type { PollVoters } from '#contract/polls.ts';
import { AppError } from '../../app-error.ts';
import { toUser } from '../../gateway/delivery.ts';
import type { RequestHandlers } from '../../gateway/handler.ts';
import type { DueWork } from '../due-work.ts';
import type { CleanUpUser, FeatureDatabase, Read, Unit } from '../feature-types.ts';
import type { FoundMessage } from '../messages/message-change.ts';
import type { SentPolls } from '../messages/message-requests.ts';
import { memberRoom, roleIn, visibleFrom } from '../rooms/room-access.ts';
import { closePoll } from './poll-closing.ts';
import type { ChangeMessage } from './poll-closing.ts';
import {
  choiceProblem,
  choicesOf,
  chosenIds,
  deadlineProblem,
  isPollClosed,
  newPoll,
  withVote,
} from './poll-rules.ts';
import {
  deleteBallots,
  deleteBallotsOf,
  deletePoll,
  findChoices,
  findRoomUid,
  insertPoll,
  listBallots,
  listPollSeqs,
  putBallot,
} from './poll-store.ts';
import type { PollPlace } from './poll-store.ts';

export type PollDeps = {
  database: FeatureDatabase;
  readableMessage: (
    db: Read,
    userId: number,
    at: { roomUid: string; message: string },
  ) => Promise<FoundMessage>;
  changeMessage: ChangeMessage;
  listMessagesAt: (
    db: Read,
    room: { id: number; uid: string },
    seqs: readonly number[],
  ) => Promise<Message[]>;
};

type FoundPoll = FoundMessage & { poll: Poll; place: PollPlace };

/** The poll that this message is, for somebody who may read it; NOT_FOUND otherwise, whatever the reason. */
async function readablePoll(deps: PollDeps, db: Read, userId: number, id: string): Promise<FoundPoll> {
  const notFound = new AppError('NOT_FOUND', { field: 'id' });
  const roomUid = await findRoomUid(db, id);
  if (roomUid === undefined) throw notFound;
  const found = await deps.readableMessage(db, userId, { roomUid, message: id }).catch((error: unknown) => {
    // the field would tell an outsider that there is such a message
    throw error instanceof AppError ? notFound : error;
  });
  // also one that was recalled
  if (found.parts.poll === undefined || found.message.envelope === null) throw notFound;
  return { ...found, poll: found.parts.poll, place: { roomId: found.room.id, seq: found.message.seq } };
}

/** Puts a person's choice in the place of the one before, in the totals as well. */
async function vote(
  deps: PollDeps,
  unit: Unit,
  found: FoundPoll,
  wish: { userId: number; userUid: string; optionIds: readonly string[]; now: number },
) {
  const { poll, place } = found;
  const problem = choiceProblem(poll, wish.optionIds);
  if (problem !== null) throw new AppError(problem, { field: 'optionIds' });
  const before = await findChoices(unit.db, place, wish.userId);
  const after = choicesOf(poll, wish.optionIds);
  const optionIds = chosenIds(poll, after);
  // a repeat of a vote that was counted is answered alike, even if the poll was closed meanwhile
  if (before === after && before !== 0) return { value: { optionIds, poll }, events: [] };
  if (isPollClosed(poll, wish.now)) throw new AppError('POLL_CLOSED');
  if (before === after) return { value: { optionIds, poll }, events: [] };
  await putBallot(unit, place, wish.userId, after);
  const next = withVote(poll, before, after);
  const { events } = await deps.changeMessage(unit, found, { parts: { poll: next } });
  const { message, room } = found;
  const id = `${message.senderUid}.${message.clientId}`;
  const own = toUser(wish.userUid, 'poll:voted', { roomUid: room.uid, id, optionIds });
  return { value: { optionIds, poll: next }, events: [own, ...events] };
}

/** Voters per option; who has no account any more is counted in the totals alone. */
async function votersOf(db: Read, { poll, place }: FoundPoll): Promise<PollVoters[]> {
  const ballots = await listBallots(db, place);
  return poll.options.map((option, index) => ({
    optionId: option.id,
    userUids: ballots.filter(({ choices }) => (choices & (1 << index)) !== 0).map(({ uid }) => uid),
  }));
}

export function createPollRequests(
  deps: PollDeps,
): Pick<RequestHandlers, 'poll:vote' | 'poll:close' | 'poll:get' | 'poll:list'> {
  const { database } = deps;
  return {
    'poll:vote': ({ caller, now }, { id, optionIds }) =>
      database.write(async (unit) => {
        const found = await readablePoll(deps, unit.db, caller.userId, id);
        return vote(deps, unit, found, { ...caller, optionIds, now });
      }),

    'poll:close': ({ caller, now }, { id }) =>
      database.write(async (unit) => {
        const found = await readablePoll(deps, unit.db, caller.userId, id);
        const { poll, senderId, room } = found;
        const isAuthor = senderId === caller.userId;
        if (!isAuthor && roleIn(room, caller.userId) === 'member') throw new AppError('FORBIDDEN');
        if (poll.closedAt !== null) return { value: { closedAt: poll.closedAt }, events: [] };
        // one whose deadline has come was closed then, even if the server gets to it only now
        const closedAt = isPollClosed(poll, now) ? (poll.closesAt ?? now) : now;
        const events = await closePoll(unit, deps.changeMessage, found, closedAt);
        return { value: { closedAt }, events };
      }),

    async 'poll:list'({ caller }, { roomUid, before = Number.MAX_SAFE_INTEGER }) {
      const room = await memberRoom(database.read, caller.userId, roomUid);
      const range = { from: visibleFrom(room), before, limit: limits.pollsPageSize + 1 };
      const seqs = await listPollSeqs(database.read, room.id, range);
      const shown = seqs.slice(0, limits.pollsPageSize);
      const messages = await deps.listMessagesAt(database.read, room, shown);
      return { messages: messages.reverse(), hasMore: seqs.length > shown.length };
    },

    async 'poll:get'({ caller }, { id, with: wish }) {
      const found = await readablePoll(deps, database.read, caller.userId, id);
      const { poll, place } = found;
      const choices = await findChoices(database.read, place, caller.userId);
      const isForgotten = poll.isAnonymous && poll.closedAt !== null;
      return {
        optionIds: isForgotten ? null : chosenIds(poll, choices),
        voters: wish === undefined || poll.isAnonymous ? null : await votersOf(database.read, found),
      };
    },
  };
}

/** What sending a poll does beside storing its message. */
export const createSentPolls = (deadlines: Pick<DueWork, 'expect'>): SentPolls => ({
  begin(settings, now) {
    const problem = deadlineProblem(settings.closesAt, now);
    if (problem !== null) throw new AppError(problem, { field: 'poll' });
    return newPoll(settings);
  },
  async added(unit, place, { closesAt }) {
    await insertPoll(unit, place, closesAt);
    if (closesAt !== null) deadlines.expect(closesAt);
  },
});

/** A poll that is recalled takes its votes with it. The caller takes the part off the row. */
export async function forgetPoll(unit: Unit, place: PollPlace): Promise<void> {
  await deleteBallots(unit, place);
  await deletePoll(unit, place);
}

/** A deleted person's votes stay counted; who gave them is forgotten. */
export const cleanUpBallots: CleanUpUser = async (unit, { userId }) => {
  await deleteBallotsOf(unit, userId);
  return { events: [] };
};
