/**
 * Messages for later: sealed now, kept by the server, sent by it. When a room's keys move on they are sealed anew, by whichever
 * browser of their author is there (docs/e2e-protocol.md section 5).
 */
import { limits } from '#contract/limits.ts';
import type { Mentions } from '#contract/mentions.ts';
import type { ScheduledMessage } from '#contract/scheduled.ts';
import type { Connection } from '../../connection/socket-connection.ts';
import type { CryptoEngine, MessageRow } from '../../crypto/index.ts';
import type { Clock } from '../../state/clock.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import { drop } from '../../state/drop.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { ReadableStore, Store } from '../../state/store.ts';
import { openedContent } from '../messages/opened-contents.ts';
import type { RoomKeys } from '../rooms/room-keys.ts';
import type { RoomsState } from '../rooms/room-state.ts';
import { epochOf, withAllScheduled, withScheduled, withoutScheduled } from './scheduled-state.ts';
import type { ScheduledState } from './scheduled-state.ts';

export type ScheduledActions = {
  /** `deliverAt` by the server's clock. EMPTY_TEXT, TEXT_TOO_LONG, TIME_PASSED, TIME_TOO_FAR, OFFLINE, … */
  schedule: (roomUid: string, text: string, deliverAt: number) => Promise<Result<void>>;
  /** Another text or time; a time that has passed sends it now. */
  change: (clientId: string, text: string, deliverAt: number) => Promise<Result<void>>;
  cancel: (clientId: string) => Promise<Result<void>>;
  /** Asks the server for all of them. */
  refresh: () => Promise<Result<void>>;
};

export type ScheduledParts = { actions: ScheduledActions; stop: () => void };

export type ScheduledDeps = {
  connection: Pick<Connection, 'call' | 'on'>;
  crypto: Pick<CryptoEngine, 'sealMessage' | 'openVersions'>;
  keys: Pick<RoomKeys, 'ensureSendable' | 'accept'>;
  rooms: ReadableStore<RoomsState>;
  scheduled: Store<ScheduledState>;
  clock: Clock;
  catchUp: (roomUid: string) => Promise<boolean>;
  mentionsOf: (roomUid: string, text: string) => Mentions | undefined;
  newUid: () => string;
  meUid: string;
};

export function createScheduledActions(deps: ScheduledDeps): ScheduledParts {
  const { connection, crypto, keys, rooms, scheduled, clock } = deps;
  const { call } = connection;
  const resealing = new Set<string>();

  const openAll = async (): Promise<void> => {
    const closed = [...scheduled.get().byId.values()].filter(({ content }) => content.state === 'sealed');
    for (const { message } of closed) {
      await keys.accept(message.roomUid);
      const row: MessageRow = { ...message, seq: 1, senderUid: deps.meUid, kind: 'text', n: 0, sentAt: 0 };
      const opened = await tryCrypto(() => crypto.openVersions(message.roomUid, [row]));
      const present = scheduled.get().byId.get(message.clientId);
      if (!opened.ok || present?.message.envelope !== message.envelope) continue;
      const content = openedContent(opened.value[0]);
      scheduled.update((state) => ({
        ...state,
        byId: new Map(state.byId).set(message.clientId, { ...present, content }),
      }));
    }
  };

  const put = async (
    place: Pick<ScheduledMessage, 'roomUid' | 'clientId' | 'target'>,
    typed: string,
    deliverAt: number,
  ): Promise<Result<void>> => {
    const text = typed.normalize('NFC').trim();
    if (text === '') return fail('EMPTY_TEXT');
    if (text.length > limits.messageTextMax) return fail('TEXT_TOO_LONG');
    const { roomUid, clientId, target } = place;
    if (!rooms.get().byUid.has(roomUid)) return fail('NOT_FOUND');
    const ready = await keys.ensureSendable(roomUid);
    if (!ready.ok) return ready;
    const sealed = await tryCrypto(() =>
      crypto.sealMessage({
        roomUid,
        clientId,
        target,
        n: 0,
        content: { kind: 'text', text },
        at: clock.now(),
        after: null,
        notBefore: deliverAt,
      }),
    );
    if (!sealed.ok) return sealed;
    if (!sealed.value.ok) return fail(sealed.value.reason);
    const mentions = deps.mentionsOf(roomUid, text);
    const calls = mentions === undefined ? {} : { mentions };
    const { envelope } = sealed.value;
    const stored = await call('scheduled:put', { roomUid, clientId, target, envelope, deliverAt, ...calls });
    return stored.ok ? succeed(undefined) : stored;
  };

  /** Sealed with keys that are not the room's newest any more. */
  const isStale = ({ roomUid, state, envelope }: ScheduledMessage): boolean => {
    const room = rooms.get().byUid.get(roomUid)?.room;
    if (room === undefined || state === 'failed' || room.isRekeyNeeded) return false;
    return state === 'needs-reseal' || epochOf({ envelope }) !== room.epoch;
  };
  const reseal = async (clientId: string): Promise<void> => {
    const entry = scheduled.get().byId.get(clientId);
    if (entry?.content.state !== 'open' || resealing.has(clientId)) return;
    resealing.add(clientId);
    // What does not work now is tried again with the next change of the room, or the next connection.
    await put(entry.message, entry.content.text, entry.message.deliverAt);
    resealing.delete(clientId);
  };
  const lookThrough = async (): Promise<void> => {
    await openAll();
    for (const { message } of scheduled.get().byId.values())
      if (isStale(message)) await reseal(message.clientId);
  };

  const refresh = async (): Promise<Result<void>> => {
    const result = await call('scheduled:list', {});
    if (!result.ok) return result;
    scheduled.update((state) => withAllScheduled(state, result.value.messages));
    await lookThrough();
    return succeed(undefined);
  };

  const epochsOf = (state: RoomsState): string =>
    [...new Set([...scheduled.get().byId.values()].map(({ message }) => message.roomUid))]
      .map((roomUid) => `${roomUid}.${state.byUid.get(roomUid)?.room.epoch}`)
      .join();
  const undo = [
    connection.on('scheduled:changed', ({ clientId, message }) => {
      scheduled.update((state) =>
        message === null ? withoutScheduled(state, clientId) : withScheduled(state, message),
      );
      if (message !== null) drop(lookThrough());
    }),
    rooms.subscribe(epochsOf, () => drop(lookThrough())),
  ];
  return {
    actions: {
      schedule: (roomUid, text, deliverAt) =>
        put({ roomUid, clientId: deps.newUid(), target: null }, text, deliverAt),
      change: async (clientId, text, deliverAt) => {
        const entry = scheduled.get().byId.get(clientId);
        return entry === undefined ? fail('NOT_FOUND') : put(entry.message, text, deliverAt);
      },
      cancel: async (clientId) => {
        const result = await call('scheduled:cancel', { clientId });
        return result.ok ? succeed(undefined) : result;
      },
      refresh,
    },
    stop: () => {
      for (const stop of undo) stop();
    },
  };
}
