import { replaceContent, h } from '../../ui/h.ts';
import { openDialog } from '../../ui/dialog.ts';
import { createViewSlot } from '../../ui/view.ts';
import type { View } from '../../ui/view.ts';
import type { PageContext } from '../../page-context.ts';
import type { PendingSheet } from './account-state.ts';
import type { KeyActions } from './key-actions.ts';
import type { ReentryPerson } from './reentry-actions.ts';
import { codeStep, neitherStep, passwordStep, sheetStep, wayStep } from './reentry-steps.ts';
import type { ReentryWay, StepDeps } from './reentry-steps.ts';
import { createSheetGuard } from './sheet-guard.ts';
import { createSheetView } from './sheet-view.ts';

/**
 * The password is forgotten: by the sheet, by an admin's code, or whom to ask. Nothing changes before the last step, so
 * closing it leaves everything as it was.
 */
export function openForgotPassword(context: PageContext): void {
  const { locale, toasts } = context;
  const body = h('div', { class: 'reentry' });
  const slot = createViewSlot(body);
  const guard = createSheetGuard(context, {
    close: () => dialog.close(),
    consequence: locale.t('reentry.discardText'),
  });
  let keys: KeyActions | null = null;

  /** The code comes with the first step that needs it. */
  const loadKeys = async (): Promise<KeyActions> => (keys ??= await context.app.actions.loadKeys());
  const show = (step: (deps: StepDeps) => View): void => {
    replaceContent(body);
    slot.show(step({ context, loadKeys, onBack: showWays }));
    body.querySelector<HTMLElement>('input:not([readonly]), button')?.focus();
  };
  const showWays = (): void =>
    show((deps) => wayStep(deps, { sheet: showSheet, code: showCode, neither: showNeither }));
  const showNeither = (): void => show(neitherStep);
  const showSheet = (): void => show((deps) => sheetStep(deps, (person) => showPassword('sheet', person)));
  const showCode = (): void => show((deps) => codeStep(deps, (person) => showPassword('code', person)));
  const showPassword = (way: ReentryWay, person: ReentryPerson): void =>
    show((deps) => passwordStep(deps, person, (sheet) => showNewSheet(way, person, sheet)));

  const showNewSheet = (way: ReentryWay, person: ReentryPerson, sheet: PendingSheet): void => {
    const finish = async (typed: readonly [string, string] | null) => {
      const result = await guard.during((await loadKeys()).finishReentry(typed));
      if (!result.ok) return result;
      keys = null;
      dialog.close();
      toasts.show({ text: locale.t(way === 'sheet' ? 'reentry.done' : 'reentry.doneCode') });
      return result;
    };
    guard.shown(true);
    replaceContent(body);
    slot.show(
      createSheetView({
        context,
        facts: {
          groups: sheet.sheetGroups,
          username: person.username,
          server: location.origin,
          madeAt: context.app.clock.now(),
        },
        askedGroups: sheet.askedGroups,
        busyText: locale.t('reentry.finishing'),
        finishLabel: locale.t('reentry.finish'),
        failureText: (failure) =>
          failure.isRetryable ? locale.t('reentry.unknown') : locale.failure(failure),
        onConfirm: finish,
        onLater: () => finish(null),
        onCancel: () => guard.mayClose(),
      }),
    );
  };

  const dialog = openDialog({
    title: locale.t('reentry.title'),
    closeLabel: locale.t('common.close'),
    size: 'wide',
    body: [body],
    mayClose: guard.mayClose,
    onClose: () => {
      keys?.cancelReentry();
      slot.dispose();
    },
  });
  showWays();
}
