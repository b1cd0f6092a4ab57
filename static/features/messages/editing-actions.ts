/** What is done to messages that are there: edited, recalled, saved, hidden, forwarded, looked up. A later piece. */
import type { RequestOutput } from '#contract/index.ts';
import { limits } from '#contract/limits.ts';
import type { MessageVersion } from '#contract/message-changes.ts';
import type { Mentions } from '#contract/mentions.ts';
import type { Message } from '#contract/messages.ts';
import type { Call } from '../../connection/socket-connection.ts';
import type { CryptoEngine, MessageRow } from '../../crypto/index.ts';
import type { Clock } from '../../state/clock.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { ReadableStore, Store } from '../../state/store.ts';
import type { RoomKeys } from '../rooms/room-keys.ts';
import type { RoomsState } from '../rooms/room-state.ts';
import type { MessageActions } from './message-actions.ts';
import { messageName, sealedEntry } from './message-state.ts';
import type { MessageContent, MessageEntry } from './message-state.ts';
import { openedContent, verifiedContent } from './opened-contents.ts';
import type { QuotesState } from './quote-state.ts';

export type OpenedVersion = MessageVersion & { content: MessageContent };

export type EditingActions = {
  /** Replaces the text of my own message. On a failure nothing changed: EDIT_CONFLICT, EMPTY_TEXT, OFFLINE, … */
  edit: (message: Message, text: string) => Promise<Result<void>>;
  recall: (message: Message) => Promise<Result<void>>;
  save: (message: Message, isSaved: boolean) => Promise<Result<void>>;
  hide: (message: Message, isHidden: boolean) => Promise<Result<void>>;
  /** Sends a text to each of these rooms, by the outbox. */
  forward: (text: string, roomUids: readonly string[]) => Promise<Result<void>>;
  /** The earlier texts, ascending. */
  versions: (message: Message) => Promise<Result<OpenedVersion[]>>;
  /** One message, opened; it may be far from what is on screen. */
  look: (roomUid: string, name: string) => Promise<Result<MessageEntry>>;
  /** Where others call me, the newest first; `before` is the time of the last one of the page before. */
  mentions: (before: number | null) => Promise<Result<RequestOutput<'mention:list'>>>;
  /** Looks up a message that is replied to and puts it into `quotes`. */
  quote: (roomUid: string, name: string) => Promise<Result<void>>;
};

export type EditingDeps = {
  call: Call;
  crypto: Pick<CryptoEngine, 'sealMessage' | 'openMessages' | 'verifyMessages' | 'openVersions'>;
  keys: Pick<RoomKeys, 'ensureSendable' | 'accept'>;
  rooms: ReadableStore<RoomsState>;
  quotes: Store<QuotesState>;
  clock: Clock;
  catchUp: (roomUid: string) => Promise<boolean>;
  send: MessageActions['send'];
  /** Whom a text calls in this room. */
  mentionsOf: (roomUid: string, text: string) => Mentions | undefined;
};

/** How often an edit is sealed anew when the room's keys moved on meanwhile. */
const maxAttempts = 4;

const placeOf = (message: Message) => ({ roomUid: message.roomUid, message: messageName(message) });

const isDone = async (asked: Promise<Result<unknown>>): Promise<Result<void>> => {
  const result = await asked;
  return result.ok ? succeed(undefined) : result;
};

export const createEditingActions = (deps: EditingDeps): EditingActions => {
  const { call, crypto, keys } = deps;

  const sealEdit = async (message: Message, text: string): Promise<Result<string>> => {
    const { roomUid, clientId, target } = message;
    const ready = await keys.ensureSendable(roomUid);
    if (!ready.ok) return ready;
    const last = deps.rooms.get().byUid.get(roomUid)?.tail.slice(-1)[0];
    const sealed = await tryCrypto(() =>
      crypto.sealMessage({
        roomUid,
        clientId,
        target,
        n: message.n + 1,
        content: { kind: 'text', text },
        at: deps.clock.now(),
        after: last === undefined ? null : messageName(last.message),
      }),
    );
    if (!sealed.ok) return sealed;
    return sealed.value.ok ? succeed(sealed.value.envelope) : fail(sealed.value.reason);
  };

  const edit = async (message: Message, typed: string): Promise<Result<void>> => {
    const text = typed.normalize('NFC').trim();
    if (text === '') return fail('EMPTY_TEXT');
    if (text.length > limits.messageTextMax) return fail('TEXT_TOO_LONG');
    for (let attempt = 1; ; attempt += 1) {
      const envelope = await sealEdit(message, text);
      if (!envelope.ok) return envelope;
      const n = message.n + 1;
      const mentions = deps.mentionsOf(message.roomUid, text);
      const calls = mentions === undefined ? {} : { mentions };
      const edited = { ...placeOf(message), n, envelope: envelope.value, ...calls };
      const result = await call('message:edit', edited);
      if (result.ok) return succeed(undefined);
      const isStale = result.code === 'STALE_EPOCH' || result.code === 'REKEY_NEEDED';
      if (!isStale || attempt === maxAttempts) return result;
      await deps.catchUp(message.roomUid);
    }
  };

  const openOne = async (message: Message): Promise<MessageEntry> => {
    if (message.envelope === null) return sealedEntry(message);
    const row: MessageRow = { ...message, envelope: message.envelope };
    await keys.accept(message.roomUid);
    const opened = await tryCrypto(() => crypto.openMessages(message.roomUid, [row]));
    if (!opened.ok) return sealedEntry(message);
    const content = openedContent(opened.value[0]);
    if (content.state !== 'open') return { message, content };
    const verified = await tryCrypto(() => crypto.verifyMessages(message.roomUid, [row]));
    return { message, content: verified.ok ? verifiedContent(content, verified.value[0]) : content };
  };

  const look = async (roomUid: string, name: string): Promise<Result<MessageEntry>> => {
    const known = deps.rooms.get().byUid.get(roomUid);
    const rows = [...(known?.detached ?? []), ...(known?.tail ?? [])];
    const present = rows.find((row) => messageName(row.message) === name);
    if (present !== undefined && present.content.state !== 'sealed') return succeed(present);
    const found = await call('message:get', { roomUid, message: name });
    return found.ok ? succeed(await openOne(found.value.message)) : found;
  };

  const openVersions = async (
    message: Message,
    versions: readonly MessageVersion[],
  ): Promise<Result<OpenedVersion[]>> => {
    await keys.accept(message.roomUid);
    const rows = versions.map(({ n, envelope }): MessageRow => ({ ...message, n, envelope }));
    const opened = await tryCrypto(() => crypto.openVersions(message.roomUid, rows));
    if (!opened.ok) return opened;
    return succeed(
      versions.map((version, index) => ({ ...version, content: openedContent(opened.value[index]) })),
    );
  };

  return {
    edit,
    recall: (message) => isDone(call('message:recall', placeOf(message))),
    save: (message, isSaved) => isDone(call('message:save', { ...placeOf(message), isSaved })),
    hide: (message, isHidden) => isDone(call('message:hide', { ...placeOf(message), isHidden })),
    forward: async (text, roomUids) => {
      for (const roomUid of roomUids) {
        const sent = await deps.send(roomUid, text);
        if (!sent.ok) return sent;
      }
      return succeed(undefined);
    },
    versions: async (message) => {
      const found = await call('message:versions', placeOf(message));
      return found.ok ? openVersions(message, found.value.versions) : found;
    },
    look,
    mentions: (before) => call('mention:list', { limit: 20, ...(before === null ? {} : { before }) }),
    quote: async (roomUid, name) => {
      const found = await look(roomUid, name);
      // Without a connection it stays unknown and is asked for again by the next drawing.
      if (!found.ok && found.isRetryable) return found;
      deps.quotes.update((state) => new Map(state).set(name, found.ok ? found.value : null));
      return succeed(undefined);
    },
  };
};
