/** The traffic light of a recovery, in the settings and as a dialog of the menu. */
import { h, replaceContent } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { openDialog } from '../../ui/dialog.ts';
import type { View } from '../../ui/view.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import type { RecoveryLight } from './recovery-light.ts';
import { followLight, presentLight } from './recovery-shown.ts';

const colours = ['red', 'yellow', 'green'] as const;

/** Three lamps of which one is lit; the words beside it say the same. */
const lamps = (lit: RecoveryLight['colour']): HTMLElement =>
  h(
    'span',
    { class: 'lamps', 'aria-hidden': 'true' },
    ...colours.map((colour) => h('span', { class: colour === lit ? `lamp lamp--${colour}` : 'lamp' })),
  );

function whyText({ app, locale }: PageContext, { reason }: RecoveryLight): string {
  const count = app.stores.trust.get().rehearsal?.waitingRooms ?? 0;
  return reason === 'waitingRooms'
    ? locale.t('recovery.why.waitingRooms', { count })
    : locale.t(`recovery.why.${reason}`);
}

/** The whole card: lamps, why, when it was checked, and what to do about it. */
export function createRecoveryCard(context: PageContext, onMakeSheet: () => void): View {
  const { app, locale } = context;
  const disposables = createDisposables();
  const words = h('div', { class: 'recovery__words', role: 'status' });
  const light = h('span', {});
  const checked = h('p', { class: 'recovery__checked' });
  const problem = h('p', { class: 'recovery__problem', role: 'alert' });
  const check = async (): Promise<void> => {
    replaceContent(problem);
    const result = await app.actions.recovery.rehearse();
    if (!result.ok && result.code !== 'CANCELLED') replaceContent(problem, locale.t('recovery.failed'));
  };
  const checkNow = button({
    label: locale.t('recovery.checkNow'),
    size: 'small',
    icon: 'rotate-cw',
    onClick: () => drop(check()),
  });
  const makeSheet = button({
    label: locale.t('sheet.make'),
    size: 'small',
    kind: 'primary',
    onClick: onMakeSheet,
  });
  const paint = (): void => {
    const present = presentLight(context);
    const { rehearsal, isRehearsing } = app.stores.trust.get();
    replaceContent(light, lamps(present.colour));
    replaceContent(
      words,
      h('b', { class: 'recovery__colour' }, locale.t(`recovery.lamp.${present.colour}`)),
      h('span', {}, isRehearsing ? locale.t('recovery.checking') : whyText(context, present)),
    );
    checked.hidden = rehearsal === null;
    if (rehearsal !== null) {
      const facts = { date: locale.full(rehearsal.at), count: rehearsal.rooms };
      replaceContent(checked, locale.t('recovery.checked', facts));
    }
    checkNow.disabled = isRehearsing;
    makeSheet.hidden = present.colour !== 'red';
  };
  disposables.add(...followLight(context, paint));
  paint();
  const element = h(
    'section',
    { class: 'recovery', 'aria-label': locale.t('recovery.title') },
    h('div', { class: 'recovery__top' }, light, words),
    checked,
    problem,
    h('div', { class: 'button-row recovery__deeds' }, makeSheet, checkNow),
  );
  return { element, dispose: disposables.dispose };
}

export function openRecovery(context: PageContext, onMakeSheet: () => void): void {
  const { locale } = context;
  const card = createRecoveryCard(context, () => {
    dialog.close();
    onMakeSheet();
  });
  const dialog = openDialog({
    title: locale.t('recovery.title'),
    closeLabel: locale.t('common.close'),
    size: 'small',
    body: [card.element],
    onClose: card.dispose,
  });
}
