import type { Failure } from '../state/failure.ts';
import { enLater } from './en-later.ts';
import { en } from './en.ts';
import { koLater } from './ko-later.ts';
import { ko } from './ko.ts';
import { createWordingLocale } from './wording-locale.ts';
import type { Parameters, TextKey, Words } from './wording.ts';
import type { DateWords } from './date-words.ts';

export type Language = 'ko' | 'en';

/** A language with everything that depends on it: texts, dates, numbers, order, lists. */
export type Locale = DateWords & {
  readonly language: Language;
  t: <Key extends TextKey>(key: Key, ...parameters: Parameters<Key>) => string;
  /** The sentence for a refusal, with the time to wait where the server gave one. */
  failure: (failure: Pick<Failure, 'code' | 'retryAfterMs'>) => string;
  number: (value: number) => string;
  /** "가, 나, 다" · "A, B and C". */
  list: (items: readonly string[]) => string;
  /** Order of names as people of this language expect it; digits by value. */
  compare: (left: string, right: string) => number;
};

/** All words of a language. */
export const allWords = {
  ko: { ...ko, ...koLater },
  en: { ...en, ...enLater },
} as const satisfies Record<Language, Record<TextKey, Words>>;

/** A language whose words came with the page that asks; pages that load them when needed take `wording-loading.ts`. */
export const createLocale = (language: Language): Locale => {
  const locale = createWordingLocale(language, allWords[language]);
  locale.addWords(allWords[language]);
  return locale;
};
