/** Twelve digits as people read, say and type them. Pure. */

/** What somebody typed, with blanks, hyphens or full-width digits of a Korean or Japanese keyboard, as plain digits. */
const plainDigits = (typed: string): string => typed.normalize('NFKC').replace(/[\s\-–—.,]/g, '');

/** The twelve digits, or null while they are not twelve. */
export const typedDigits = (typed: string): string | null => {
  const digits = plainDigits(typed);
  return /^[0-9]{12}$/.test(digits) ? digits : null;
};

/** In groups of four, as they are read out. */
export const digitGroups = (digits: string): string[] => digits.match(/.{1,4}/g) ?? [];

/** For a screen reader: digit by digit, or it says a number in the billions. */
export const spokenDigits = (digits: string): string =>
  digitGroups(digits)
    .map((group) => group.split('').join(' '))
    .join(', ');
