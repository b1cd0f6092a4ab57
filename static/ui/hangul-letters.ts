/** Hangul syllables as letters. By the arithmetic of their code points (Unicode 3.12): 19 initials × 21 vowels × 28 finals. */

const initials = Array.from('ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ');
const vowels = 'ㅏ ㅐ ㅑ ㅒ ㅓ ㅔ ㅕ ㅖ ㅗ ㅗㅏ ㅗㅐ ㅗㅣ ㅛ ㅜ ㅜㅓ ㅜㅔ ㅜㅣ ㅠ ㅡ ㅡㅣ ㅣ'.split(' ');
const finals =
  ' ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ'.split(
    ' ',
  );
const syllablesPerInitial = vowels.length * finals.length;

/** The place of a syllable in the block that begins with 가, or -1. */
const placeOf = (letter: string): number => (/^[가-힣]$/.test(letter) ? letter.charCodeAt(0) - 0xac00 : -1);

/** The first consonant of a syllable; null for anything else. */
export function initialOf(letter: string): string | null {
  const place = placeOf(letter);
  return place < 0 ? null : (initials[Math.floor(place / syllablesPerInitial)] ?? null);
}

/** Every syllable as the keys that it is typed with (값 → ㄱㅏㅂㅅ, 과 → ㄱㅗㅏ); everything else stays. */
export const disassemble = (text: string): string => Array.from(text, lettersOf).join('');

function lettersOf(letter: string): string {
  const place = placeOf(letter);
  if (place < 0) return letter;
  const vowel = vowels[Math.floor((place % syllablesPerInitial) / finals.length)] ?? '';
  return `${initialOf(letter) ?? ''}${vowel}${finals[place % finals.length] ?? ''}`;
}
