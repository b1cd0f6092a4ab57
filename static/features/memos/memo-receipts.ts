/** Who has opened a memo of mine, and when. */
import type { Memo, MemoReceipt } from '#contract/memos.ts';
import { avatar } from '../../ui/avatar.ts';
import { h } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import { personName } from '../../ui/person-label.ts';
import { personMarks } from '../../ui/person-marks.ts';
import type { PageContext } from '../../page-context.ts';

export function receiptList(
  { app, locale }: PageContext,
  memo: Memo,
  receipts: readonly MemoReceipt[],
): HTMLElement {
  const { byUid } = app.stores.people.get();
  const now = app.clock.now();
  const nameOf = (uid: string): string => personName(locale, byUid.get(uid));
  const rank = ({ readAt, recalledAt }: MemoReceipt): number =>
    readAt === null ? (recalledAt === null ? 1 : 2) : 0;
  const sorted = [...receipts].sort(
    (left, right) => rank(left) - rank(right) || locale.compare(nameOf(left.userUid), nameOf(right.userUid)),
  );
  const read = receipts.filter(({ readAt }) => readAt !== null).length;
  const heading = memo.box === 'scheduled' ? locale.t('memos.readers') : locale.t('memos.receipts');
  const outcome = (receipt: MemoReceipt): HTMLElement | string => {
    if (memo.box === 'scheduled') return '';
    if (receipt.readAt !== null) {
      return h(
        'span',
        { class: 'receipt__read', title: locale.full(receipt.readAt) },
        icon('check', 'xs'),
        locale.t('memos.readAt', { time: locale.moment(receipt.readAt, now) }),
      );
    }
    return locale.t(receipt.recalledAt === null ? 'memos.notRead' : 'memos.takenBack');
  };
  return h(
    'section',
    { class: 'receipts', 'aria-label': heading },
    h(
      'h3',
      { class: 'receipts__title' },
      heading,
      h(
        'span',
        { class: 'receipts__count' },
        memo.box === 'scheduled' ? String(receipts.length) : `${read}/${receipts.length}`,
      ),
    ),
    h(
      'ul',
      { role: 'list' },
      ...sorted.map((receipt) =>
        h(
          'li',
          { class: 'receipt' },
          avatar({ id: receipt.userUid, name: nameOf(receipt.userUid), size: 's' }),
          h(
            'span',
            { class: 'receipt__name' },
            nameOf(receipt.userUid),
            ...personMarks(locale, app.stores.trust.get(), receipt.userUid),
          ),
          h('span', { class: 'receipt__outcome' }, outcome(receipt)),
        ),
      ),
    ),
  );
}
