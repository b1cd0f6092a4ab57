/** Editing and recalling one's own messages. Earlier texts stay readable until the message is recalled. */
import type { ErrorCode } from '#contract/error-codes.ts';
import { limits } from '#contract/limits.ts';
import type { ServerPolicies } from '#contract/policies.ts';
import { AppError } from '../../app-error.ts';
import type { Delivery } from '../../gateway/delivery.ts';
import type { RequestHandlers } from '../../gateway/handler.ts';
import type { FeatureDatabase, Unit } from '../feature-types.ts';
import { changeMessage, readableMessage } from './message-change.ts';
import type { FoundMessage } from './message-change.ts';
import { epochOfEnvelope } from './message-rules.ts';
import { deleteMentions, putMentions } from './mention-store.ts';
import { mayCallAll, mayPost } from '../rooms/room-access.ts';
import { deleteVersions, insertVersion, listVersions } from './version-store.ts';

/** Forgets what a feature keeps of a message that is being recalled; its parts go with the row. */
export type ForgetMessage = (
  unit: Unit,
  place: { roomId: number; seq: number },
  found: FoundMessage,
) => Promise<readonly Delivery[] | void>;

export type EditingDeps = {
  database: FeatureDatabase;
  policies: () => ServerPolicies;
  /** Of every feature that hangs something on messages. */
  forget: readonly ForgetMessage[];
};

type EditingName = 'message:get' | 'message:edit' | 'message:versions' | 'message:recall';

const hourMs = 3_600_000;
const minuteMs = 60_000;

export type EditFacts = {
  isOwn: boolean;
  isText: boolean;
  isRecalled: boolean;
  /** The row's number now, and the edit's. */
  n: number;
  nextN: number;
  epoch: number;
  roomEpoch: number;
  isRekeyNeeded: boolean;
  /** In an announcement room only its owner and admins write, and an edit is writing. */
  mayPost: boolean;
};

/** Why a member's edit is not taken, or null. */
export function editProblem(facts: EditFacts): ErrorCode | null {
  if (!facts.isOwn) return 'FORBIDDEN';
  if (facts.isRecalled) return 'MESSAGE_RECALLED';
  if (!facts.isText) return 'NOT_EDITABLE';
  if (!facts.mayPost) return 'POSTING_RESTRICTED';
  if (facts.nextN !== facts.n + 1) return 'EDIT_CONFLICT';
  if (facts.nextN > limits.editsMax) return 'TOO_MANY_EDITS';
  if (facts.isRekeyNeeded) return 'REKEY_NEEDED';
  return facts.epoch === facts.roomEpoch ? null : 'STALE_EPOCH';
}

/** Whether a message sent then can still be recalled. A minute more than shown, for the click that was in time. */
export const isRecallable = (sentAt: number, now: number, hours: number): boolean =>
  hours > 0 && now <= sentAt + hours * hourMs + minuteMs;

export function createEditingRequests({
  database,
  policies,
  forget,
}: EditingDeps): Pick<RequestHandlers, EditingName> {
  return {
    async 'message:get'({ caller }, place) {
      return { message: (await readableMessage(database.read, caller.userId, place)).message };
    },

    'message:edit': ({ caller, now }, { roomUid, message: name, n, envelope, mentions: wish }) =>
      database.write(async (unit) => {
        const found = await readableMessage(unit.db, caller.userId, { roomUid, message: name });
        const { room, message } = found;
        // a repeat of what is stored already changes nothing
        const isRepeat = message.n === n && message.envelope === envelope;
        if (isRepeat && found.senderId === caller.userId) return { value: { rev: message.rev }, events: [] };
        const problem = editProblem({
          isOwn: found.senderId === caller.userId,
          isText: message.kind === 'text',
          isRecalled: message.envelope === null,
          n: message.n,
          nextN: n,
          epoch: epochOfEnvelope(envelope),
          roomEpoch: room.epoch,
          isRekeyNeeded: room.is_rekey_needed === 1,
          mayPost: mayPost(room, caller.userId),
        });
        if (problem !== null) throw new AppError(problem);
        await insertVersion(unit, placeOf(found), {
          n: message.n,
          envelope: message.envelope ?? '',
          at: message.editedAt ?? message.sentAt,
        });
        // whoever may not call everybody keeps a call that was there before
        const isAll =
          wish?.isAll === true && (message.mentions?.isAll === true || mayCallAll(room, caller.userId));
        const called = { userUids: wish?.userUids ?? [], ...(isAll ? { isAll } : {}) };
        const mentions = await putMentions(unit, placeOf(found), called, message.sentAt);
        const changed = await changeMessage(unit, found, { envelope, n, parts: { editedAt: now, mentions } });
        return { value: { rev: changed.message.rev }, events: changed.events };
      }),

    async 'message:versions'({ caller }, place) {
      const found = await readableMessage(database.read, caller.userId, place);
      return { versions: await listVersions(database.read, placeOf(found)) };
    },

    'message:recall': ({ caller, now }, { roomUid, message: name }) =>
      database.write(async (unit) => {
        const found = await readableMessage(unit.db, caller.userId, { roomUid, message: name });
        const { message } = found;
        if (found.senderId !== caller.userId) throw new AppError('FORBIDDEN');
        if (message.envelope === null) return { value: { rev: message.rev }, events: [] };
        if (!isRecallable(message.sentAt, now, policies().recallHours)) throw new AppError('RECALL_TOO_LATE');
        const events = await forgetContent(unit, found, forget);
        const none = Object.fromEntries(Object.keys(found.parts).map((part) => [part, undefined]));
        const changed = await changeMessage(unit, found, { envelope: '', recalledAt: now, parts: none });
        return { value: { rev: changed.message.rev }, events: [...changed.events, ...events] };
      }),
  };
}

const placeOf = ({ room, message }: FoundMessage) => ({ roomId: room.id, seq: message.seq });

async function forgetContent(
  unit: Unit,
  found: FoundMessage,
  forget: readonly ForgetMessage[],
): Promise<Delivery[]> {
  const place = placeOf(found);
  await deleteVersions(unit, place);
  await deleteMentions(unit, place);
  const events: Delivery[] = [];
  for (const forgetPart of forget) events.push(...((await forgetPart(unit, place, found)) ?? []));
  return events;
}
