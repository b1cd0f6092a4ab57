export type DateWords = {
  /** 10:42 */
  time: (at: number) => string;
  /** 10:42:05, for what happens within minutes. */
  second: (at: number) => string;
  /** 2026년 11월 20일 금요일 · Friday, 20 November 2026 */
  day: (at: number) => string;
  /** For a list: the time today, 어제, the weekday within a week, else the date. `now` is on the server's clock. */
  moment: (at: number, now: number) => string;
  /** Day and time in full, for tooltips and screen readers. */
  full: (at: number) => string;
  /** 11. 20. · 20 Nov */
  monthDay: (at: number) => string;
  /** 2026. 11. 20. */
  date: (at: number) => string;
};

const dayMs = 86_400_000;

/** Formats of dates in one language, in the browser's own time zone. */
export function createDateWords(tag: string): DateWords {
  const isKorean = tag.startsWith('ko');
  const format = (options: Intl.DateTimeFormatOptions): ((at: number) => string) => {
    const formatter = new Intl.DateTimeFormat(tag, options);
    return (at) => formatter.format(at);
  };
  const time = format(
    isKorean
      ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
      : { hour: 'numeric', minute: '2-digit' },
  );
  const second = format(
    isKorean
      ? { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }
      : { hour: 'numeric', minute: '2-digit', second: '2-digit' },
  );
  const weekday = format({ weekday: 'short' });
  const monthDay = format(
    isKorean ? { month: 'numeric', day: 'numeric' } : { month: 'short', day: 'numeric' },
  );
  const date = format({ year: 'numeric', month: 'numeric', day: 'numeric' });
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });

  return {
    time,
    second,
    day: format({ year: 'numeric', month: 'long', day: 'numeric', weekday: 'long' }),
    full: format({ dateStyle: 'long', timeStyle: 'short' }),
    date,
    monthDay,
    moment: (at, now) => {
      const days = daysBetween(at, now);
      if (days <= 0) return time(at);
      if (days === 1) return capital(relative.format(-1, 'day'));
      if (days < 7) return weekday(at);
      return new Date(at).getFullYear() === new Date(now).getFullYear() ? monthDay(at) : date(at);
    },
  };
}

const capital = (text: string): string => text.charAt(0).toLocaleUpperCase() + text.slice(1);

/** Calendar days from `at` to `now` (0: the same day), in the browser's time zone. */
export function daysBetween(at: number, now: number): number {
  return Math.round((startOfDay(now) - startOfDay(at)) / dayMs);
}

/** Midnight of the day of `at`. */
export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
