import type { Words } from './wording.ts';

/**
 * Fills `{placeholders}` of a wording; `{count}` chooses the grammatical number, numbers are written as the language does.
 * Words that have not come yet show as their key: a mistake, which tests/bundle.test.ts finds, must not empty the screen.
 */
export function createWordFill<Key extends string>(
  wording: Readonly<Partial<Record<Key, Words>>>,
  tag: string,
): (key: Key, values: Readonly<Record<string, string | number>>) => string {
  const plural = new Intl.PluralRules(tag);
  const number = new Intl.NumberFormat(tag);
  return (key, values) => {
    const words = wording[key] ?? key;
    const count = values['count'];
    const isOne = typeof count === 'number' && plural.select(count) === 'one';
    const text = typeof words === 'string' ? words : isOne ? words.one : words.other;
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      if (value === undefined) return whole;
      return typeof value === 'number' ? number.format(value) : value;
    });
  };
}
