import { limits } from '#contract/limits.ts';

/** 0: too short; then weak, fair, good, strong. A hint while typing; the refusal of weak passwords is the crypto's. */
export type PasswordStrength = 0 | 1 | 2 | 3 | 4;

export type PasswordAdvice = { strength: PasswordStrength; missing: number; hasOwnName: boolean };

/** How well a password would withstand guessing, by its length and variety; parts of one's own names do not count. */
export function adviseOnPassword(password: string, ownNames: readonly string[]): PasswordAdvice {
  const letters = Array.from(password.normalize('NFKC'));
  const lower = password.toLowerCase();
  const hasOwnName = ownNames.some((name) => name.length >= 3 && lower.includes(name.toLowerCase()));
  const missing = Math.max(0, limits.passwordMin - letters.length);
  if (missing > 0) return { strength: 0, missing, hasOwnName };
  return { strength: hasOwnName ? 1 : strengthOfBits(bitsOf(letters)), missing, hasOwnName };
}

/** Rough bits: distinct steps between neighbours count fully, repeats and runs (aaaa, 1234) hardly. */
function bitsOf(letters: readonly string[]): number {
  const perLetter = Math.log2(alphabetSize(letters.join('')));
  let counted = 0;
  const seenPairs = new Set<string>();
  letters.forEach((letter, index) => {
    const previous = letters[index - 1] ?? '';
    const step = (letter.codePointAt(0) ?? 0) - (previous.codePointAt(0) ?? 0);
    const isRun = previous !== '' && Math.abs(step) <= 1;
    counted += isRun || seenPairs.has(previous + letter) ? 0.2 : 1;
    seenPairs.add(previous + letter);
  });
  return counted * perLetter;
}

function alphabetSize(text: string): number {
  let size = 0;
  if (/[a-z]/.test(text)) size += 26;
  if (/[A-Z]/.test(text)) size += 26;
  if (/[0-9]/.test(text)) size += 10;
  if (/[가-힣]/.test(text)) size += 1_200;
  if (/[^a-zA-Z0-9가-힣]/.test(text)) size += 20;
  return Math.max(size, 2);
}

function strengthOfBits(bits: number): PasswordStrength {
  if (bits < 38) return 1;
  if (bits < 56) return 2;
  return bits < 75 ? 3 : 4;
}
