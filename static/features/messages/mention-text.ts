/** Who is called in a text by `@`: a name as it is shown, a user name, or everybody. The text itself says it; nothing else is kept. */
import type { Person } from '#contract/accounts.ts';
import { limits } from '#contract/limits.ts';
import type { Mentions } from '#contract/mentions.ts';
import type { Room } from '#contract/rooms.ts';

/** Somebody who can be called in a room, by each of these words. */
export type Callable = { userUid: string | null; words: readonly string[] };

export const allWords = ['all', '모두'] as const;

/** The members of a room whose names are known. Namesakes are called by their user names, which are one person's each. */
export const callablesOf = (room: Room, people: ReadonlyMap<string, Person>): Callable[] => {
  const members = room.members
    .flatMap(({ userUid }) => people.get(userUid) ?? [])
    .filter(({ state }) => state === 'active');
  const count = new Map<string, number>();
  for (const { displayName } of members) count.set(displayName, (count.get(displayName) ?? 0) + 1);
  return [
    ...members.map(({ userUid, displayName, username }) => ({
      userUid,
      words: count.get(displayName) === 1 ? [displayName, username] : [username],
    })),
    { userUid: null, words: allWords },
  ];
};

export type FoundMention = { start: number; end: number; userUid: string | null };

const isLatin = (letter: string | undefined): boolean => letter !== undefined && /[A-Za-z0-9_]/.test(letter);

/** An address (kim@maru.kr) calls nobody. */
const mayBegin = (before: string | undefined): boolean =>
  before === undefined || !/[\p{L}\p{N}._-]/u.test(before);

/** All calls in a text, from its start. Of several names that fit, the longest is meant (김민 · 김민수). */
export const findMentions = (text: string, callables: readonly Callable[]): FoundMention[] => {
  const found: FoundMention[] = [];
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    if (!mayBegin(text[at - 1])) continue;
    const called = longestAt(text, at + 1, callables);
    if (called !== null) found.push({ start: at, ...called });
  }
  return found;
};

const longestAt = (
  text: string,
  from: number,
  callables: readonly Callable[],
): { end: number; userUid: string | null } | null => {
  let best: { end: number; userUid: string | null } | null = null;
  for (const { userUid, words } of callables) {
    for (const word of words) {
      const end = from + word.length;
      if (word === '' || end <= (best?.end ?? 0) || !text.startsWith(word, from)) continue;
      // A Hangul name may be followed by a title or a particle; a Latin one ends where its letters end.
      if (isLatin(word.at(-1)) && isLatin(text[end])) continue;
      best = { end, userUid };
    }
  }
  return best;
};

/** What the server is told; undefined if nobody is called. Oneself is not called. */
export const mentionsIn = (
  text: string,
  callables: readonly Callable[],
  meUid: string,
): Mentions | undefined => {
  if (!text.includes('@')) return undefined;
  const called = findMentions(text, callables);
  const userUids = [...new Set(called.flatMap(({ userUid }) => userUid ?? []))].filter(
    (uid) => uid !== meUid,
  );
  const isAll = called.some(({ userUid }) => userUid === null);
  if (userUids.length === 0 && !isAll) return undefined;
  return { userUids: userUids.slice(0, limits.mentionsMax), ...(isAll ? { isAll } : {}) };
};

/** Whether a message calls me, by name or with everybody. */
export const callsMe = (
  message: { mentions?: Mentions | undefined; senderUid: string },
  meUid: string,
): boolean =>
  message.senderUid !== meUid &&
  message.mentions !== undefined &&
  (message.mentions.isAll === true || message.mentions.userUids.includes(meUid));
