/** A sheet that is shown and not in force yet must not be lost by a stray press beside its dialog. */
import { openConfirm } from '../../ui/confirm-dialog.ts';
import { succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { PageContext } from '../../page-context.ts';

export type SheetGuard = {
  /** A sheet is on screen, or none any more. */
  shown: (isShown: boolean) => void;
  /** True if nothing would be lost; else asks, and closes the dialog if that is what the user wants. */
  mayClose: () => boolean;
  /** While the sheet is being put in force the dialog stays. */
  during: (storing: Promise<Result<void>>) => Promise<Result<void>>;
};

/** `close` closes the dialog without asking; `consequence` says what becomes of everything else. */
export function createSheetGuard(
  { locale }: PageContext,
  { close, consequence }: { close: () => void; consequence: string },
): SheetGuard {
  let isShown = false;
  let isStoring = false;
  let isUnknown = false;
  return {
    shown: (next) => {
      isShown = next;
      isUnknown = false;
    },
    mayClose: () => {
      if (!isShown) return true;
      if (isStoring) return false;
      openConfirm({
        locale,
        title: locale.t('sheet.discardTitle'),
        text: [isUnknown ? locale.t('sheet.discardUnknown') : consequence],
        confirmLabel: locale.t('sheet.discard'),
        isDanger: true,
        onConfirm: async () => succeed(undefined),
        onDone: close,
      });
      return false;
    },
    during: async (storing) => {
      isStoring = true;
      const result = await storing;
      isStoring = false;
      // It was sent, and may be in force.
      isUnknown ||= !result.ok && result.isRetryable;
      return result;
    },
  };
}
