/** Rows of an export that spreadsheets open. Pure. */

/** Tells Excel that UTF-8 follows. */
export const byteOrderMark = '\ufeff';

/**
 * One line. Every cell is quoted, and one that begins like a formula gets an apostrophe first, or a spreadsheet would
 * calculate what a stranger wrote into a name.
 */
export const csvLine = (cells: readonly string[]): string => `${cells.map(cell).join(',')}\r\n`;

const cell = (text: string): string => {
  const harmless = /^[\s]*[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
};
