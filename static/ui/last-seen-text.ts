import type { Locale } from '../locales/locale.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** When somebody who is gone was there last: minutes and hours ago on the same day, then the day. */
export function lastSeenText(locale: Locale, at: number, now: number): string {
  const agoMs = Math.max(0, now - at);
  if (agoMs < 2 * minuteMs) return locale.t('presence.justNow');
  if (agoMs < hourMs) return locale.t('presence.minutesAgo', { count: Math.floor(agoMs / minuteMs) });
  if (agoMs < 12 * hourMs) return locale.t('presence.hoursAgo', { count: Math.floor(agoMs / hourMs) });
  return locale.t('presence.lastSeen', { time: locale.moment(at, now) });
}
