import { createDateWords } from './date-words.ts';
import type { Language, Locale } from './locale.ts';
import { createWordFill } from './word-fill.ts';
import { failureKey } from './wording.ts';
import type { FirstWording, LaterWording, TextKey, Words } from './wording.ts';

/** A locale that began with the first words; what later pieces say is added before the first of them is shown. */
export type GrowingLocale = Locale & { addWords: (words: LaterWording) => void };

/** A language by its words. */
export function createWordingLocale(language: Language, wording: FirstWording): GrowingLocale {
  const tag = language === 'ko' ? 'ko-KR' : 'en';
  const number = new Intl.NumberFormat(tag);
  const list = new Intl.ListFormat(tag, {
    style: language === 'ko' ? 'narrow' : 'long',
    type: 'conjunction',
  });
  const collator = new Intl.Collator(tag, { numeric: true, sensitivity: 'base' });

  const words: Partial<Record<TextKey, Words>> = { ...wording };
  const fill = createWordFill(words, tag);

  return {
    ...createDateWords(tag),
    language,
    t: (key, ...[values]) => fill(key, values ?? {}),
    failure: ({ code, retryAfterMs }) => {
      const key = failureKey(code);
      // Only later pieces meet the others; a key would say nothing at all.
      const sentence = fill(key in words ? key : 'failure.INTERNAL', {});
      if (retryAfterMs === undefined || retryAfterMs < 1_000) return sentence;
      return fill('failure.retryAfter', { sentence, seconds: Math.ceil(retryAfterMs / 1_000) });
    },
    number: (value) => number.format(value),
    list: (items) => (language === 'ko' ? items.join(', ') : list.format(items)),
    compare: (left, right) => collator.compare(left, right),
    addWords: (later) => void Object.assign(words, later),
  };
}
