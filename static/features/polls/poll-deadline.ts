/** What is said of a poll's deadline, and when it has to be said anew. */
import type { Poll } from '#contract/poll.ts';
import type { Locale } from '../../locales/locale.ts';
import { startOfDay } from '../../locales/date-words.ts';
import type { Clock } from '../../state/clock.ts';
import { isPollClosed } from './poll-results.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** That it is closed, or when it closes and how long that is; nothing for an open poll without a deadline. */
export function deadlineTexts(poll: Poll, now: number, locale: Locale): string[] {
  const { closesAt } = poll;
  if (isPollClosed(poll, now)) return [locale.t('polls.closed')];
  if (closesAt === null) return [];
  const isToday = startOfDay(closesAt) === startOfDay(now);
  const time = locale.time(closesAt);
  const when = isToday ? time : `${locale.monthDay(closesAt)} ${time}`;
  return [locale.t('polls.closes', { when }), leftText(closesAt - now, locale)];
}

function leftText(ms: number, locale: Locale): string {
  if (ms >= 2 * dayMs) return locale.t('polls.days', { count: Math.floor(ms / dayMs) });
  if (ms >= hourMs) return locale.t('polls.hours', { count: Math.floor(ms / hourMs) });
  if (ms >= minuteMs) return locale.t('polls.minutes', { count: Math.floor(ms / minuteMs) });
  return locale.t('polls.soon');
}

/** Calls `onTurn` at every full minute before the deadline, and at the deadline itself. */
export function createDeadlineTimer(clock: Clock, onTurn: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waitsFor: number | null = null;
  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
    waitsFor = null;
  };
  const follow = (poll: Poll | null): void => {
    const now = clock.now();
    const closesAt = poll === null || isPollClosed(poll, now) ? null : poll.closesAt;
    if (closesAt === waitsFor && timer !== undefined) return;
    stop();
    if (closesAt === null) return;
    waitsFor = closesAt;
    const leftMs = closesAt - now;
    // A little late rather than early, or it would find the same minute and wait for nothing.
    const delayMs = leftMs <= minuteMs ? leftMs : leftMs % minuteMs || minuteMs;
    timer = setTimeout(() => {
      stop();
      onTurn();
    }, delayMs + 20);
  };
  return { follow, stop };
}
