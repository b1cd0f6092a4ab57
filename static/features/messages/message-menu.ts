/** The menu of one message. A later piece. */
import { pinMenu } from '../pins/pin-deeds.ts';
import { openMenu } from '../../ui/menu.ts';
import type { MenuHead, MenuItem } from '../../ui/menu.ts';
import { messageCommands } from './message-commands.ts';
import type { MessageCommand } from './message-commands.ts';
import type { MessageTarget } from './message-target.ts';

/** With fewer than these in sight nothing is folded. */
const fewRows = 4;

/** `createHead` makes what stands above the commands; it is given what closes the menu. */
export function openMessageMenu(
  anchor: HTMLElement,
  target: MessageTarget,
  createHead: ((close: () => void) => MenuHead) | null = null,
): void {
  const { locale } = target.context;
  const shown = messageCommands.filter((command) => command.isShown(target));
  const rowsOf = (isWanted: (command: MessageCommand) => boolean): MenuItem[] =>
    shown.filter(isWanted).map((command) => ({
      label: command.label(target),
      icon: command.icon,
      isDanger: command.isDanger === true,
      onClick: () => command.run(target),
    }));
  const isRare = (command: MessageCommand): boolean => command.isRare === true;
  const usual = [
    ...rowsOf((command) => !isRare(command) && command.isDanger !== true),
    ...asGroup(pinMenu(target.context, target.entry.message)),
    // what takes something away stands last
    ...asGroup(rowsOf((command) => !isRare(command) && command.isDanger === true)),
  ];
  const rare = rowsOf(isRare);
  const isFolded = usual.length >= fewRows;
  const close = openMenu(anchor, locale.t('message.menu'), isFolded ? usual : [...usual, ...rare], {
    head: createHead?.(() => close()) ?? null,
    fold: isFolded ? { label: locale.t('message.more'), items: rare } : null,
  });
}

const asGroup = (items: readonly MenuItem[]): MenuItem[] =>
  items.map((item, index) => ({ ...item, startsGroup: index === 0 }));
