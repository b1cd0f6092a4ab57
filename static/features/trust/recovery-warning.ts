import { notice } from '../../ui/notice.ts';
import type { PageContext } from '../../page-context.ts';
import { presentLight } from './recovery-shown.ts';

/** What must be said before signing out or changing the password; null where nothing can be lost. */
export function recoveryWarning(
  context: PageContext,
  before: 'sign-out' | 'password-change',
): HTMLElement | null {
  const { locale } = context;
  const { reason } = presentLight(context);
  const isSignOut = before === 'sign-out';
  switch (reason) {
    case 'sheet':
      return notice('bad', locale.t(isSignOut ? 'recovery.warnSheet' : 'recovery.warnPasswordSheet'));
    case 'unsound':
      return notice('bad', locale.t(isSignOut ? 'recovery.warnUnsound' : 'recovery.warnPasswordUnsound'));
    case 'elsewhere':
      return isSignOut ? notice('warn', locale.t('recovery.warnElsewhere')) : null;
    default:
      return null;
  }
}
