/** The locale of the administrator's pages: the product's own, and the words and numbers that only these pages have. */
import type { adminKo } from './admin-ko.ts';
import type { Locale } from './locale.ts';
import { createWordFill } from './word-fill.ts';
import type { PlaceholderOf, Words } from './wording.ts';

export type AdminKey = keyof typeof adminKo;

/** A whole language. A key that is missing or left over does not compile. */
export type AdminWording = Record<AdminKey, Words>;

type Parameters<Key extends AdminKey> =
  PlaceholderOf<(typeof adminKo)[Key]> extends never
    ? []
    : [Record<PlaceholderOf<(typeof adminKo)[Key]>, string | number>];

/** The keys whose texts are complete as they are. */
export type PlainAdminKey = {
  [Key in AdminKey]: Parameters<Key> extends [] ? Key : never;
}[AdminKey];

export type AdminLocale = Locale & {
  say: <Key extends AdminKey>(key: Key, ...parameters: Parameters<Key>) => string;
  /** Two or three digits that matter: 0.42 · 7.3 · 128. */
  short: (value: number) => string;
  /** 1.4 GB; powers of 1024, as Windows counts. */
  bytes: (value: number) => string;
  /** 3일 4시간 · 12 min */
  duration: (ms: number) => string;
  /** 10:42:07 */
  clock: (at: number) => string;
};

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** Adds the words of these pages to a language. */
export function createAdminLocale(locale: Locale, wording: AdminWording): AdminLocale {
  const tag = locale.language === 'ko' ? 'ko-KR' : 'en';
  const fill = createWordFill(wording, tag);
  const formats = [0, 1, 2].map(
    (digits) => new Intl.NumberFormat(tag, { minimumFractionDigits: 0, maximumFractionDigits: digits }),
  );
  const clock = new Intl.DateTimeFormat(tag, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const short = (value: number): string => {
    const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
    return (formats[digits] ?? formats[0])?.format(value) ?? String(value);
  };
  const say: AdminLocale['say'] = (key, ...[values]) => fill(key, values ?? {});
  return {
    ...locale,
    say,
    short,
    bytes: (value) => {
      const step = value < 1024 ? 0 : Math.min(4, Math.floor(Math.log(value) / Math.log(1024)));
      return `${short(value / 1024 ** step)} ${byteUnits[step] ?? 'B'}`;
    },
    duration: (ms) => {
      const seconds = Math.max(0, Math.floor(ms / 1_000));
      const minutes = Math.floor(seconds / 60);
      const hours = Math.floor(minutes / 60);
      if (hours >= 48) return say('duration.days', { days: Math.floor(hours / 24), hours: hours % 24 });
      if (hours >= 1) return say('duration.hours', { hours, minutes: minutes % 60 });
      return minutes >= 1 ? say('duration.minutes', { minutes }) : say('duration.seconds', { seconds });
    },
    clock: (at) => clock.format(at),
  };
}
