/** Marks of formatting around a part of a text. Pure. */

/** `text` takes the place of `from`–`to`; afterwards `start`–`end` is chosen. */
export type MarkedText = { from: number; to: number; text: string; start: number; end: number };

/** Puts `mark` around what is chosen, without the white space at its ends; a second time takes the marks away. */
export function withMarks(
  value: string,
  selectionStart: number,
  selectionEnd: number,
  mark: string,
): MarkedText {
  const chosen = value.slice(selectionStart, selectionEnd);
  const start = selectionStart + (chosen.length - chosen.trimStart().length);
  const end = Math.max(start, selectionEnd - (chosen.length - chosen.trimEnd().length));
  const inside = value.slice(start, end);
  const { length } = mark;
  if (isMarked(value, start - length, end + length, mark)) {
    const from = start - length;
    return { from, to: end + length, text: inside, start: from, end: from + inside.length };
  }
  if (inside.length > 2 * length && isMarked(value, start, end, mark)) {
    const text = inside.slice(length, -length);
    return { from: start, to: end, text, start, end: start + text.length };
  }
  return { from: start, to: end, text: mark + inside + mark, start: start + length, end: end + length };
}

/** Whether exactly these marks, and no longer ones, stand at both ends of a range. */
function isMarked(value: string, from: number, to: number, mark: string): boolean {
  const { length } = mark;
  const letter = mark.charAt(0);
  const opens = value.slice(from, from + length) === mark && value.slice(to - length, to) === mark;
  if (from < 0 || !opens || to - from < 2 * length) return false;
  const runBefore = runOf(value, from, letter, 1);
  const runAfter = runOf(value, to - 1, letter, -1);
  // "***" is bold and italic: both marks are there
  const fits = (run: number): boolean => run === length || run === 3 || run === to - from;
  return fits(runBefore + runOf(value, from - 1, letter, -1)) && fits(runAfter + runOf(value, to, letter, 1));
}

function runOf(value: string, at: number, letter: string, step: 1 | -1): number {
  let run = 0;
  while (value.charAt(at + run * step) === letter) run += 1;
  return run;
}
