import type { OutboxItemState } from '../../connection/outbox-state.ts';
import type { Locale } from '../../locales/locale.ts';
import type { FailureCode } from '../../state/failure.ts';

/** Somebody has to do something first: the time of the next attempt, seconds away each time, would promise what it cannot keep. */
const waitsForSomebody: ReadonlySet<FailureCode> = new Set([
  'OWN_VERSION_OLD',
  'NOT_IN_RECORD',
  'MEMBERS_DIFFER',
  'KEY_MISSING',
]);

/** Why a message has not gone yet, and when it goes on; null while it is simply on its way. */
export function waitingText(
  { reason, retryAt }: Extract<OutboxItemState, { name: 'waiting' }>,
  locale: Locale,
): string | null {
  if (reason === null) return null;
  // A time and not a countdown: it stays true while nobody draws the row again. It is on this browser's clock.
  const time = retryAt === null ? null : locale.second(retryAt);
  // The refusal's own sentence asks for another try, which this does by itself.
  if (reason === 'RATE_LIMITED' && time !== null) return locale.t('chat.waitingRate', { time });
  const words = locale.failure({ code: reason });
  return time === null || waitsForSomebody.has(reason)
    ? locale.t('chat.waitingFor', { reason: words })
    : locale.t('chat.waitingUntil', { reason: words, time });
}
