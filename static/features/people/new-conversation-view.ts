import { limits } from '#contract/limits.ts';
import { button } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import { bindEnter } from '../../ui/enter-key.ts';
import { createField } from '../../ui/field.ts';
import { createFormNotice } from '../../ui/notice.ts';
import { checkBox } from '../../ui/check-box.ts';
import { h, setText } from '../../ui/h.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import { createPeoplePicker } from './people-picker.ts';

/** One person makes a direct conversation (the existing one, if there is one), several a group with a name. */
export function openNewConversation(
  context: PageContext,
  onOpened: (roomUid: string) => void,
  onDiscover: () => void,
): void {
  const { app, locale } = context;
  const problem = createFormNotice();
  const title = createField({
    label: locale.t('create.groupTitle'),
    name: 'room-title',
    hint: locale.t('create.groupTitleHint'),
    maxLength: limits.roomTitleMax,
  });
  const start = button({ label: locale.t('create.start'), kind: 'primary', onClick: () => drop(create()) });
  const label = start.querySelector('span') ?? start;
  let isBusy = false;
  let history = false;
  const historyTick = checkBox(
    locale.t('roomSettings.history'),
    locale.t('create.historyHint'),
    false,
    (isOn) => (history = isOn),
  );
  const discover = button({
    label: locale.t('discover.title'),
    icon: 'compass',
    kind: 'quiet',
    onClick: () => {
      dialog.close();
      onDiscover();
    },
  });

  const show = (): void => {
    const count = picker.chosen().length;
    title.element.hidden = count < 2;
    historyTick.hidden = count < 2;
    start.disabled = count === 0 || isBusy;
    const idle = count < 2 ? locale.t('create.start') : locale.t('create.startGroup', { count });
    setText(label, isBusy ? locale.t('create.working') : idle);
  };
  const picker = createPeoplePicker({ context, presentUids: new Set(), onChange: () => show() });

  const create = async (): Promise<void> => {
    const userUids = picker.chosen();
    const only = userUids.length === 1 ? userUids[0] : undefined;
    if (userUids.length === 0 || isBusy) return;
    if (only === undefined && title.input.value.trim() === '') {
      title.setHint(locale.t('create.groupTitleMissing'), 'bad');
      title.input.focus();
      return;
    }
    isBusy = true;
    problem.show(null);
    show();
    const result =
      only === undefined
        ? await app.actions.rooms.createGroup(title.input.value.trim(), userUids, history)
        : await app.actions.rooms.createDirect(only);
    isBusy = false;
    show();
    if (!result.ok) {
      problem.show(locale.failure(result));
      return;
    }
    dialog.close();
    onOpened(result.value.roomUid);
  };

  const stopEnter = bindEnter({ box: title.input, onEnter: () => drop(create()) });
  title.input.addEventListener('input', () => title.setHint(locale.t('create.groupTitleHint')));
  const dialog = openDialog({
    title: locale.t('create.title'),
    closeLabel: locale.t('common.close'),
    body: [problem.element, picker.element, title.element, historyTick],
    foot: [
      h('span', { class: 'dialog__foot-side' }, discover),
      button({ label: locale.t('common.cancel'), onClick: () => dialog.close() }),
      start,
    ],
    focus: picker.box,
    onClose: () => {
      stopEnter();
      picker.dispose();
    },
  });
  show();
}
