import type { OpenFailure } from '../../crypto/index.ts';
import type { Locale } from '../../locales/locale.ts';

/** Why a message is not shown, and what to do about it. */
export function unreadableText(reason: OpenFailure, locale: Locale): string {
  switch (reason) {
    case 'NO_KEY':
      return locale.t('chat.noKey');
    case 'TAMPERED':
      return locale.t('chat.tampered');
    case 'STALE_EPOCH':
      return locale.t('chat.staleEpoch');
    case 'QUARANTINED':
      return locale.t('chat.quarantined');
    case 'UNKNOWN_VERSION':
      return locale.t('chat.unknownVersion');
    default:
      return reason satisfies never;
  }
}
