/** Reactions: adding one's own to a message, and taking it back. The server sees tokens, not emojis. */
import type { MessageParts } from '#contract/messages.ts';
import { AppError } from '../../app-error.ts';
import type { RequestHandlers } from '../../gateway/handler.ts';
import type { FeatureDatabase, Unit } from '../feature-types.ts';
import type { changeMessage, FoundMessage, readableMessage } from '../messages/message-change.ts';
import { epochOfReaction, reactionProblem, reactionsPart } from './reaction-rules.ts';
import { deleteReaction, insertReaction, listReactions } from './reaction-store.ts';
import type { ReactionPlace } from './reaction-store.ts';

export type ReactionDeps = {
  database: FeatureDatabase;
  /** The only ways to a message and to a change of it. */
  readableMessage: typeof readableMessage;
  changeMessage: typeof changeMessage;
};

type ReactionRequestName = 'reaction:add' | 'reaction:remove';

const placeOf = ({ room, message }: FoundMessage): ReactionPlace => ({ roomId: room.id, seq: message.seq });

export function createReactionRequests(deps: ReactionDeps): Pick<RequestHandlers, ReactionRequestName> {
  const { database } = deps;

  /** The row's part as the table has it now, with the event for everybody who may read the row. */
  const storePart = async (unit: Unit, found: FoundMessage) => {
    const reactions: MessageParts['reactions'] = reactionsPart(await listReactions(unit.db, placeOf(found)));
    const { message, events } = await deps.changeMessage(unit, found, { parts: { reactions } });
    return { value: { rev: message.rev }, events };
  };
  const unchanged = ({ message }: FoundMessage) => ({ value: { rev: message.rev }, events: [] });

  return {
    'reaction:add': ({ caller }, { roomUid, message, token, sealed }) =>
      database.write(async (unit) => {
        const found = await deps.readableMessage(unit.db, caller.userId, { roomUid, message });
        const { room, parts } = found;
        const reactions = parts.reactions ?? [];
        const { userUid, userId } = caller;
        // before everything else: a repeat is answered even if the epoch has moved on
        const isRepeat = reactions.some((one) => one.token === token && one.people.includes(userUid));
        if (isRepeat) return unchanged(found);
        const problem = reactionProblem({
          isRecalled: found.message.envelope === null,
          epoch: epochOfReaction(sealed),
          roomEpoch: room.epoch,
          isRekeyNeeded: room.is_rekey_needed === 1,
          token,
          userUid,
          reactions,
        });
        if (problem !== null) throw new AppError(problem);
        await insertReaction(unit, placeOf(found), { userId, token, sealed });
        return storePart(unit, found);
      }),

    'reaction:remove': ({ caller }, { roomUid, message, token }) =>
      database.write(async (unit) => {
        const found = await deps.readableMessage(unit.db, caller.userId, { roomUid, message });
        const isGone = await deleteReaction(unit, placeOf(found), { userId: caller.userId, token });
        return isGone ? storePart(unit, found) : unchanged(found);
      }),
  };
}
