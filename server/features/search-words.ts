/** From what somebody typed into a search box to what the database is asked. */

/** Each word is looked for by itself, so that "sales kim" and "kim sales" find the same people. */
export const searchWords = (query: string | undefined): string[] =>
  (query ?? '')
    .normalize('NFC')
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, 5);

/** Matches the word anywhere; `!` escapes. Only ASCII letters change case, as in the database's `lower()`. */
export const likePattern = (word: string): string =>
  `%${word.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replace(/[!%_]/g, '!$&')}%`;
