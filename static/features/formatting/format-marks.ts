/**
 * Whether marks that could be formatting were meant so. Messages are full of stars, underscores and tildes that are not:
 * 2*3*4, 가로*세로*높이, x**2 + y**2, __init__, ^_^, (*^^*), 네~~좋아요~~.
 */

const letter = /[\p{L}\p{N}\ue000-\uf8ff]/u;
const latin = /[A-Za-z0-9]/;
/** What may stand before an underscore: nothing, white space, an opening bracket or quotation mark, another mark. */
const opening = /^$|[\s([{<"'“‘「『〈《（*~]/;

/** `start` and `end` enclose the marks, each of which is `width` characters wide. */
export function isMeant(
  kind: 'strong' | 'emphasis' | 'strike',
  text: string,
  start: number,
  end: number,
  width: number,
): boolean {
  const mark = text.charAt(start);
  const before = text.charAt(start - 1);
  const after = text.charAt(end);
  const inside = text.slice(start + width, end - width);
  // faces have no letters
  if (!letter.test(inside)) return false;
  const isInWord = letter.test(before) && letter.test(inside.charAt(0));
  switch (kind) {
    case 'strong':
      return mark === '*' && !isLatin(before, inside.charAt(0)) && !isLatin(inside.slice(-1), after);
    case 'emphasis':
      if (mark === '_') return opening.test(before) && !letter.test(after);
      return !isInWord && !isLatin(inside.slice(-1), after);
    default:
      return !isInWord;
  }
}

const isLatin = (left: string, right: string): boolean => latin.test(left) && latin.test(right);
