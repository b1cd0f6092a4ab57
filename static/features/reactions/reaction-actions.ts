/** Reactions: what emojis they are, and making or taking back one's own. A later piece. */
import type { Message } from '#contract/messages.ts';
import type { Reaction } from '#contract/reactions.ts';
import type { Call } from '../../connection/socket-connection.ts';
import type { CryptoEngine, ReactionRow } from '../../crypto/index.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { RoomKeys } from '../rooms/room-keys.ts';
import { ownTokens, spelledAsThere } from './reaction-state.ts';
import type { EmojisByToken } from './reaction-state.ts';

export type ReactionActions = {
  /** The emojis of a message's reactions, as far as they can be opened now. */
  read: (message: Message) => Promise<Result<EmojisByToken>>;
  /** Reacts with an emoji, or takes that back; the room tells what came of it. OFFLINE, TOO_MANY_REACTIONS, … */
  toggle: (message: Message, emoji: string) => Promise<Result<{ isOn: boolean }>>;
};

export type ReactionDeps = {
  call: Call;
  crypto: Pick<CryptoEngine, 'sealReaction' | 'openReactions'>;
  keys: Pick<RoomKeys, 'accept' | 'ensureSendable'>;
  meUid: string;
  catchUp: (roomUid: string) => Promise<boolean>;
};

/** How often a reaction is sealed anew when the room's keys moved on meanwhile. */
const maxAttempts = 4;
/** Emojis that are remembered; more than anybody scrolls past in a day. */
const mostKnown = 20_000;

const nameOf = ({ senderUid, clientId }: Message): string => `${senderUid}.${clientId}`;
const reactionsOf = ({ reactions }: Message): readonly Reaction[] => reactions ?? [];

export const createReactionActions = (deps: ReactionDeps): ReactionActions => {
  const { call, crypto, keys, meUid } = deps;
  /** A token that opened once stands for its emoji for good. */
  const emojiByKey = new Map<string, string>();
  /** What does not open and never will, as it was sealed. */
  const unreadable = new Set<string>();
  const wantedByRoom = new Map<string, { rows: ReactionRow[]; done: Promise<Result<void>> }>();

  const keyOf = ({ target, token }: Pick<ReactionRow, 'target' | 'token'>): string => `${target}.${token}`;

  const openRows = async (roomUid: string, rows: ReactionRow[]): Promise<Result<void>> => {
    await keys.accept(roomUid);
    wantedByRoom.delete(roomUid);
    const opened = await tryCrypto(() => crypto.openReactions(roomUid, rows));
    if (!opened.ok) return opened;
    if (emojiByKey.size > mostKnown) emojiByKey.clear();
    opened.value.forEach((result, index) => {
      const row = rows[index];
      if (row === undefined) return;
      if (result.ok) emojiByKey.set(keyOf(row), result.emoji);
      else if (result.reason === 'TAMPERED') unreadable.add(`${keyOf(row)}.${row.sealed}`);
    });
    return succeed(undefined);
  };

  /** Rows that are asked for while the room is being looked at go to the engine together. */
  const want = (roomUid: string, rows: readonly ReactionRow[]): Promise<Result<void>> => {
    const known = wantedByRoom.get(roomUid);
    if (known !== undefined) {
      known.rows.push(...rows);
      return known.done;
    }
    const wanted = [...rows];
    const done = openRows(roomUid, wanted);
    wantedByRoom.set(roomUid, { rows: wanted, done });
    return done;
  };

  const read = async (message: Message): Promise<Result<EmojisByToken>> => {
    const target = nameOf(message);
    const missing = reactionsOf(message).flatMap(({ token, sealed, people: [reactorUid] }) => {
      const row = { target, token, sealed, reactorUid: reactorUid ?? '' };
      return emojiByKey.has(keyOf(row)) || unreadable.has(`${keyOf(row)}.${sealed}`) ? [] : [row];
    });
    const opened = missing.length === 0 ? succeed(undefined) : await want(message.roomUid, missing);
    if (!opened.ok) return opened;
    return succeed(
      new Map(
        reactionsOf(message).flatMap(({ token }) => {
          const emoji = emojiByKey.get(keyOf({ target, token }));
          return emoji === undefined ? [] : [[token, emoji] as const]; // a pair, not an array
        }),
      ),
    );
  };

  const place = (message: Message) => ({ roomUid: message.roomUid, message: nameOf(message) });

  const seal = async (message: Message, emoji: string) => {
    const { roomUid } = message;
    const ready = await keys.ensureSendable(roomUid);
    if (!ready.ok) return ready;
    const sealed = await tryCrypto(() => crypto.sealReaction({ roomUid, target: nameOf(message), emoji }));
    if (!sealed.ok) return sealed;
    if (!sealed.value.ok) return fail(sealed.value.reason);
    const { token, sealed: text } = sealed.value;
    return succeed({ token, sealed: text });
  };

  const add = async (message: Message, emoji: string): Promise<Result<{ isOn: boolean }>> => {
    for (let attempt = 1; ; attempt += 1) {
      const made = await seal(message, emoji);
      if (!made.ok) return made;
      const result = await call('reaction:add', { ...place(message), ...made.value });
      if (result.ok) return succeed({ isOn: true });
      const isStale = result.code === 'STALE_EPOCH' || result.code === 'REKEY_NEEDED';
      if (!isStale || attempt === maxAttempts) return result;
      await deps.catchUp(message.roomUid);
    }
  };

  return {
    read,
    toggle: async (message, emoji) => {
      const known = await read(message);
      if (!known.ok) return known;
      const own = ownTokens(reactionsOf(message), known.value, meUid, emoji);
      if (own.length === 0) return add(message, spelledAsThere(known.value, emoji));
      for (const token of own) {
        const result = await call('reaction:remove', { ...place(message), token });
        if (!result.ok) return result;
      }
      return succeed({ isOn: false });
    },
  };
};
