/** Another time for a memo that waits. */
import type { Memo } from '#contract/memos.ts';
import { button } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import { h } from '../../ui/h.ts';
import { createFormNotice } from '../../ui/notice.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import type { MemoDesk } from './memo-desk.ts';
import { dateAndTime, timeOf } from '../../ui/day-time.ts';
import { createTimeFields } from '../../ui/time-fields.ts';

export function openReschedule(context: PageContext, desk: MemoDesk, memo: Memo): void {
  const { app, locale, toasts } = context;
  const problem = createFormNotice();
  const fields = createTimeFields(locale, dateAndTime(memo.deliverAt ?? app.clock.now()), () =>
    problem.show(null),
  );
  const save = async (): Promise<void> => {
    const deliverAt = timeOf(fields.value());
    if (deliverAt === null) {
      problem.show(locale.t('memos.needTime'));
      return;
    }
    submit.disabled = true;
    const result = await app.actions.memos.reschedule(memo.memoUid, deliverAt);
    submit.disabled = false;
    if (!result.ok) {
      problem.show(locale.failure(result));
      return;
    }
    dialog.close();
    desk.reload();
    toasts.show({ text: locale.t('memos.willDeliver', { time: locale.full(deliverAt) }) });
  };
  const submit = button({
    label: locale.t('memos.reschedule'),
    kind: 'primary',
    onClick: () => drop(save()),
  });
  const dialog = openDialog({
    title: locale.t('memos.reschedule'),
    closeLabel: locale.t('common.close'),
    size: 'small',
    body: [
      problem.element,
      h('p', { class: 'dialog__text' }, locale.t('memos.rescheduleText')),
      fields.element,
    ],
    foot: [button({ label: locale.t('common.cancel'), onClick: () => dialog.close() }), submit],
  });
}
