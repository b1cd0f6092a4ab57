import type { OutboxItemState } from '../../connection/outbox-state.ts';
import type { Locale } from '../../locales/locale.ts';

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
  return time === null
    ? locale.t('chat.waitingFor', { reason: words })
    : locale.t('chat.waitingUntil', { reason: words, time });
}
