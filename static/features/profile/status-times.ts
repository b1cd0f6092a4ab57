/** When a status ends, as people say it. Pure. */

/** `kept`: the end that the present status has. */
export type StatusEnd = 'kept' | 'never' | 'half-hour' | 'hour' | 'today' | 'date';

const minuteMs = 60_000;

/** The last minute of a day, in this browser's time zone: what "until Friday" means. */
export const endOfDay = (at: number): number => new Date(at).setHours(23, 59, 0, 0);

/** What the present end is among the choices; the last minute of today is one of them already. */
export function presentEnd(until: number | undefined, now: number): StatusEnd {
  if (until === undefined || until <= now) return 'never';
  return until === endOfDay(now) ? 'today' : 'kept';
}

/** The time that a choice other than `kept` stands for; null for never. `date` is `yyyy-mm-dd`, as a date box gives it. */
export function statusEndAt(end: StatusEnd, date: string, now: number): number | null {
  if (end === 'never' || end === 'kept') return null;
  if (end === 'half-hour') return now + 30 * minuteMs;
  if (end === 'hour') return now + 60 * minuteMs;
  // In the last minute of the day there is no more of today: then until the end of tomorrow.
  if (end === 'today') return endOfDay(now) > now ? endOfDay(now) : endOfDay(now + 2 * minuteMs);
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  return endOfDay(new Date(year, month - 1, day).getTime());
}

/** A day as a date box takes it. */
export function dateValue(at: number): string {
  const day = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}
