/** Asked once, before the first send after the identity of a person whom I had verified has changed. `onGoOn`: sends it now; null where nothing was written yet. */
import { h } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import { createFormNotice } from '../../ui/notice.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import { openPersonSecurity } from './person-security-view.ts';
import { nameOf } from './trust-words.ts';

export function openVerifiedSend(
  context: PageContext,
  roomUid: string,
  userUid: string,
  onGoOn: (() => void) | null,
): void {
  const { app, locale } = context;
  const problem = createFormNotice();
  const goOn = async (): Promise<void> => {
    loseMark.disabled = true;
    const result = await app.actions.trust.dropMark(userUid);
    loseMark.disabled = false;
    if (!result.ok) {
      problem.show(locale.failure(result));
      return;
    }
    dialog.close();
    onGoOn?.();
  };
  const loseMark = button({
    label: locale.t(onGoOn === null ? 'trust.dropMark' : 'trust.send.goOn'),
    onClick: () => drop(goOn()),
  });
  const compare = button({
    label: locale.t('trust.send.compare'),
    kind: 'primary',
    icon: 'shield-check',
    onClick: () => {
      dialog.close();
      openPersonSecurity(context, userUid, roomUid);
    },
  });
  const dialog = openDialog({
    title: locale.t('trust.send.title', { name: nameOf(context, userUid) }),
    closeLabel: locale.t('common.close'),
    size: 'small',
    body: [problem.element, h('p', { class: 'dialog__text' }, locale.t('trust.send.text'))],
    foot: [loseMark, compare],
    focus: compare,
  });
}
