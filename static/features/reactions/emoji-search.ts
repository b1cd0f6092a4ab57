/** Finds emojis by any word for them: in Korean by 초성 and half-typed syllables as well, in English by any part. Pure. */
import { disassemble, initialOf } from '../../ui/hangul-letters.ts';
import type { Emoji } from './emoji-list.ts';

/** So many are shown. */
const mostFound = 120;

type Searchable = { emoji: Emoji; letters: string; initials: string };

export type EmojiSearch = (query: string) => readonly Emoji[];

/** A search over these; what it compares is made at its first use. */
export function createEmojiSearch(emojis: readonly Emoji[]): EmojiSearch {
  let rows: readonly Searchable[] | null = null;
  return (query) => {
    const wanted = query.normalize('NFC').trim().toLowerCase().split(/\s+/).filter(Boolean);
    if (wanted.length === 0) return [];
    rows ??= emojis.map((emoji) => ({
      emoji,
      letters: disassemble(emoji.words),
      initials: Array.from(emoji.words, (letter) => initialOf(letter) ?? letter).join(''),
    }));
    const found = rows.flatMap((row) => {
      const ranks = wanted.map((word) => rankOf(row, word));
      return ranks.includes(null) ? [] : [{ row, rank: Math.max(...ranks.map(Number)) }];
    });
    return found
      .sort((left, right) => left.rank - right.rank)
      .slice(0, mostFound)
      .map(({ row }) => row.emoji);
  };
}

/** 0 for a whole word, 1 for the beginning of one, 2 for any part; null for none. */
function rankOf({ emoji, letters, initials }: Searchable, word: string): number | null {
  const isInitials = /^[ㄱ-ㅎ]+$/.test(word);
  const rank = rankIn(emoji.words, word);
  if (rank !== null) return rank;
  if (isInitials) return rankIn(initials, word);
  return /[가-힣]$/.test(word) ? rankIn(letters, disassemble(word)) : null;
}

function rankIn(words: string, word: string): number | null {
  if (words.includes(`|${word}|`)) return 0;
  if (words.includes(`|${word}`)) return 1;
  return words.includes(word) ? 2 : null;
}
