/** Sending. A message is stored sealed in this browser before it is sent, and leaves the outbox on the ack. */
import type { RequestInput } from '#contract/index.ts';
import { limits } from '#contract/limits.ts';
import type { Mentions } from '#contract/mentions.ts';
import type { Outbox } from '../../connection/outbox.ts';
import type { OutboxItem, OutboxPoll } from '../../connection/outbox-state.ts';
import type { CryptoEngine, PlainContent } from '../../crypto/index.ts';
import type { Clock } from '../../state/clock.ts';
import { cryptoFailure } from '../../state/crypto-failure.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { ReadableStore } from '../../state/store.ts';
import type { RoomKeys } from '../rooms/room-keys.ts';
import type { RoomEntry, RoomsState } from '../rooms/room-state.ts';
import { messageName } from './message-state.ts';

export type MessageActions = {
  /**
   * Ok means: it is in the outbox and the composer may be emptied. On a failure nothing was kept and the text must stay
   * in the composer: EMPTY_TEXT, TEXT_TOO_LONG, STORAGE_FULL, or why the room's keys are quarantined.
   */
  send: (roomUid: string, text: string, target?: string | null) => Promise<Result<{ clientId: string }>>;
  /** The same for a poll; its deadline is a time of the server's clock. */
  sendPoll: (roomUid: string, poll: UnsentPoll) => Promise<Result<{ clientId: string }>>;
  /** Sends a failed message again, under the same clientId. */
  retry: (clientId: string) => Promise<void>;
  discard: (clientId: string) => Promise<void>;
  /** Takes a message out of the outbox and gives it back, to be written anew. Null if it has left already. */
  takeBack: (clientId: string) => Promise<OutboxItem | null>;
};

export type UnsentPoll = Omit<OutboxPoll, 'options'> & { question: string; options: readonly string[] };

/** A message that waited longer than this says when it was written. */
const composedMattersMs = 60_000;

export const createMessageActions = (deps: {
  outbox: Outbox;
  rooms: ReadableStore<RoomsState>;
  clock: Clock;
  newUid: () => string;
}): MessageActions => {
  const add = async (
    item: Pick<OutboxItem, 'roomUid' | 'text' | 'poll' | 'target'>,
  ): Promise<Result<{ clientId: string }>> => {
    const entry = deps.rooms.get().byUid.get(item.roomUid);
    if (entry === undefined) return fail('NOT_FOUND');
    // Fail closed: what cannot be sealed for certain stays in the composer (docs/e2e-protocol.md section 9).
    const { verdict } = entry.keys;
    if (verdict?.status === 'quarantined' && verdict.reason !== null) {
      return fail(verdict.reason, verdict.subject === null ? {} : { subject: verdict.subject });
    }
    // Somebody whom I had verified has another key since: asked once, before anything is written to them.
    const changedUid = verdict?.markChanged[0];
    if (changedUid !== undefined) return fail('VERIFIED_CHANGED', { subject: changedUid });
    const clientId = deps.newUid();
    const added = await deps.outbox.add({ ...item, clientId, composedAt: deps.clock.now() });
    return added.ok ? succeed({ clientId }) : added;
  };
  return {
    send: async (roomUid, typed, target = null) => {
      const text = typed.normalize('NFC').trim();
      if (text === '') return fail('EMPTY_TEXT');
      if (text.length > limits.messageTextMax) return fail('TEXT_TOO_LONG');
      return add({ roomUid, text, target });
    },
    sendPoll: (roomUid, { question, options, ...settings }) => {
      const poll = { ...settings, options: options.map((text) => ({ id: deps.newUid(), text })) };
      return add({ roomUid, text: question, poll, target: null });
    },
    retry: (clientId) => deps.outbox.retry(clientId),
    discard: (clientId) => deps.outbox.discard(clientId),
    takeBack: (clientId) => deps.outbox.takeBack(clientId),
  };
};

/** Seals one outbox item for one attempt; what cannot be sealed is not sent. */
export const createSealer =
  (deps: {
    crypto: Pick<CryptoEngine, 'sealMessage'>;
    keys: Pick<RoomKeys, 'ensureSendable'>;
    rooms: ReadableStore<RoomsState>;
    clock: Clock;
  }) =>
  async (item: OutboxItem): Promise<Result<string>> => {
    try {
      const entry = deps.rooms.get().byUid.get(item.roomUid);
      if (entry === undefined) return fail('NOT_FOUND');
      const ready = await deps.keys.ensureSendable(item.roomUid);
      if (!ready.ok) return ready;
      const at = deps.clock.now();
      const sealed = await deps.crypto.sealMessage({
        roomUid: item.roomUid,
        clientId: item.clientId,
        target: item.target,
        n: 0,
        content: plainContent(item),
        at,
        after: newestName(deps.rooms.get().byUid.get(item.roomUid) ?? entry),
        ...(at - item.composedAt > composedMattersMs ? { composed: item.composedAt } : {}),
      });
      if (sealed.ok) return succeed(sealed.envelope);
      return fail(sealed.reason, sealed.subject === undefined ? {} : { subject: sealed.subject });
    } catch (error) {
      // Whatever it was: nothing was sealed, so nothing is sent, and the text stays in the outbox.
      return cryptoFailure(error) ?? fail('WORKER_FAILED');
    }
  };

/** What the server is told of an outbox item; of a poll everything but its texts. */
export const sendInput = (
  { roomUid, clientId, target, poll }: OutboxItem,
  envelope: string,
  mentions: Mentions | undefined,
): RequestInput<'message:send'> => {
  const calls = mentions === undefined ? {} : { mentions };
  const message = { roomUid, clientId, target, envelope, ...calls };
  if (poll === undefined) return { ...message, kind: 'text' };
  const { options, ...settings } = poll;
  return { ...message, kind: 'poll', poll: { ...settings, optionIds: options.map(({ id }) => id) } };
};

const plainContent = ({ text, poll }: OutboxItem): PlainContent =>
  poll === undefined ? { kind: 'text', text } : { kind: 'poll', question: text, options: poll.options };

/** `senderUid.clientId` of the newest row this client has seen. */
const newestName = (entry: RoomEntry): string | null => {
  const last = entry.tail[entry.tail.length - 1];
  return last === undefined ? null : messageName(last.message);
};
