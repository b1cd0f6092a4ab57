/** The menu of one message. A later piece. */
import { pinMenu } from '../pins/pin-deeds.ts';
import { openMenu } from '../../ui/menu.ts';
import type { MenuHead } from '../../ui/menu.ts';
import { messageCommands } from './message-commands.ts';
import type { MessageTarget } from './message-target.ts';

/** `createHead` makes what stands above the commands; it is given what closes the menu. */
export function openMessageMenu(
  anchor: HTMLElement,
  target: MessageTarget,
  createHead: ((close: () => void) => MenuHead) | null = null,
): void {
  const { locale } = target.context;
  const items = messageCommands
    .filter((command) => command.isShown(target))
    .map((command) => ({
      label: command.label(target),
      icon: command.icon,
      isDanger: command.isDanger === true,
      onClick: () => command.run(target),
    }));
  // Before what takes something away.
  const firstDanger = items.findIndex(({ isDanger }) => isDanger);
  const rows = [
    ...items.slice(0, firstDanger),
    ...pinMenu(target.context, target.entry.message),
    ...items.slice(firstDanger),
  ];
  const close = openMenu(anchor, locale.t('message.menu'), rows, createHead?.(() => close()) ?? null);
}
