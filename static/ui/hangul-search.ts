import { disassemble, initialOf } from './hangul-letters.ts';

/**
 * Whether `query` finds `text`: any part of it, letters of any case, Hangul by initial consonants (ㄱㅁㅅ) and by
 * syllables that are still being typed ("김ㅁ", "김미", "갑" on the way to "가방"). White space in both is ignored.
 */
export function matchesSearch(query: string, text: string): boolean {
  const wanted = Array.from(normalise(query));
  if (wanted.length === 0) return true;
  const letters = Array.from(normalise(text));
  return letters.some((_, from) => matchesFrom(wanted, letters, from));
}

const normalise = (text: string): string => text.normalize('NFC').toLowerCase().replace(/\s+/g, '');

function matchesFrom(wanted: readonly string[], letters: readonly string[], from: number): boolean {
  for (const [index, letter] of wanted.entries()) {
    const target = letters[from + index];
    if (target === undefined) return false;
    if (letter === target || isInitialOf(letter, target)) continue;
    // Only the last syllable may be unfinished; its final consonant may be the next syllable's first.
    const isLast = index === wanted.length - 1;
    return isLast && isBeginningOf(letter, letters.slice(from + index, from + index + 2).join(''));
  }
  return true;
}

const isInitialOf = (letter: string, target: string): boolean =>
  /[ㄱ-ㅎ]/.test(letter) && initialOf(target) === letter;

const isBeginningOf = (letter: string, target: string): boolean =>
  /[가-힣]/.test(letter) && disassemble(target).startsWith(disassemble(letter));

/** Whether a query holds consonants or vowels on their own, which only this client can search for. */
export const hasLooseJamo = (query: string): boolean => /[ㄱ-ㅎㅏ-ㅣ]/.test(query);
