/** What can be put into a conversation beside a text: the menu behind the composer's plus. A new one is a line here. */
import { openMenu } from '../../ui/menu.ts';
import type { IconName } from '../../ui/icon.ts';
import type { PageContext } from '../../page-context.ts';
import type { Locale } from '../../locales/locale.ts';

/** What stands in the box. */
export type ComposerText = { text: () => string; clear: () => void };

export type ComposerCommand = {
  label: (locale: Locale) => string;
  icon: IconName;
  run: (context: PageContext, roomUid: string, composer: ComposerText) => void;
};

const commands: readonly ComposerCommand[] = [
  {
    label: (locale) => locale.t('scheduled.new'),
    icon: 'clock',
    run: (context, roomUid, composer) =>
      context.later.use('scheduled', ({ openScheduleDialog, tomorrowMorning }) =>
        openScheduleDialog(context, {
          text: composer.text(),
          deliverAt: tomorrowMorning(context.app.clock.now()),
          onSave: (text, deliverAt) => context.app.actions.scheduled.schedule(roomUid, text, deliverAt),
          onDone: composer.clear,
        }),
      ),
  },
  {
    label: (locale) => locale.t('polls.new'),
    icon: 'chart-bar-big',
    run: (context, roomUid) =>
      context.later.use('pollDialog', (piece) => piece.openPollDialog(context, { roomUid })),
  },
  {
    label: (locale) => locale.t('format.help'),
    icon: 'bold',
    run: (context) => context.later.use('formatTools', (piece) => piece.openFormatHelp(context)),
  },
];

export function openComposerMenu(
  context: PageContext,
  roomUid: string,
  anchor: HTMLElement,
  composer: ComposerText,
): void {
  const { locale } = context;
  openMenu(
    anchor,
    locale.t('chat.add'),
    commands.map(({ label, icon, run }) => ({
      label: label(locale),
      icon,
      onClick: () => run(context, roomUid, composer),
    })),
  );
}
