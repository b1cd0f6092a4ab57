/** What a message's reactions look like to people: one pill for each emoji, whatever epochs it was sealed in. No DOM. */
import type { Reaction } from '#contract/reactions.ts';

/** An emoji and everybody who reacted with it, in the order of reacting. */
export type ReactionPill = { emoji: string; people: readonly string[]; isMine: boolean };

/** Emojis by token, as far as they could be opened. Tokens belong to one message. */
export type EmojisByToken = ReadonlyMap<string, string>;

/** The same emoji with and without the selector that asks for its coloured form is one. */
const sameness = (emoji: string): string => emoji.replace(/\ufe0f/g, '');

export const isSameEmoji = (left: string, right: string): boolean => sameness(left) === sameness(right);

/** Pills in the order in which their emojis first came. What could not be opened is in none. */
export function reactionPills(
  reactions: readonly Reaction[],
  emojis: EmojisByToken,
  meUid: string,
): ReactionPill[] {
  const pills = new Map<string, { emoji: string; people: Set<string> }>();
  for (const { token, people } of reactions) {
    const emoji = emojis.get(token);
    if (emoji === undefined) continue;
    const pill = pills.get(sameness(emoji)) ?? { emoji, people: new Set<string>() };
    for (const userUid of people) pill.people.add(userUid);
    pills.set(sameness(emoji), pill);
  }
  return [...pills.values()].map(({ emoji, people }) => ({
    emoji,
    people: [...people],
    isMine: people.has(meUid),
  }));
}

/** The tokens by which somebody reacted with an emoji: one per epoch at most. */
export const ownTokens = (
  reactions: readonly Reaction[],
  emojis: EmojisByToken,
  meUid: string,
  emoji: string,
): string[] =>
  reactions.flatMap(({ token, people }) => {
    const known = emojis.get(token);
    return known !== undefined && isSameEmoji(known, emoji) && people.includes(meUid) ? [token] : [];
  });

/** An emoji as it is spelled in what is there already, so that both count together. */
export const spelledAsThere = (emojis: EmojisByToken, emoji: string): string =>
  [...emojis.values()].find((there) => isSameEmoji(there, emoji)) ?? emoji;
