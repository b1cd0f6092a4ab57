/** What can be done with the messages of a list: the toolbar on their rows and the menu behind it. A later piece. */
import type { PageContext } from '../../page-context.ts';
import { openMessageMenu } from './message-menu.ts';
import type { MessageEntry } from './message-state.ts';
import type { ComposerModes } from './message-target.ts';
import { createMessageToolbar } from './message-toolbar.ts';
import type { MessageToolbar } from './message-toolbar.ts';

export type MessageToolsDeps = {
  context: PageContext;
  roomUid: string;
  meUid: string;
  /** The list; its rows of messages have `data-message`. */
  list: HTMLElement;
  entryNamed: (name: string) => MessageEntry | null;
  composer: ComposerModes;
};

export function createMessageTools(deps: MessageToolsDeps): MessageToolbar {
  const { context, composer, list } = deps;
  const withEntry =
    <Rest extends unknown[]>(act: (entry: MessageEntry, ...rest: Rest) => void) =>
    (name: string, ...rest: Rest): void => {
      const entry = deps.entryNamed(name);
      if (entry !== null) act(entry, ...rest);
    };
  return createMessageToolbar({
    locale: context.locale,
    list,
    canAct: (name) => deps.entryNamed(name) !== null,
    onReact: withEntry(({ message }, anchor: HTMLElement) =>
      context.later.use('reactions', (piece) => piece.pickReaction(context, anchor, () => message)),
    ),
    onReply: withEntry(composer.reply),
    onMenu: withEntry((entry, anchor: HTMLElement) => {
      const { message } = entry;
      const isOwn = message.senderUid === deps.meUid;
      const target = { context, roomUid: deps.roomUid, entry, isOwn, composer };
      context.later.use('reactions', ({ reactionMenuRow }) => {
        const head = (close: () => void) => reactionMenuRow(context, anchor, message, close);
        openMessageMenu(anchor, target, message.envelope === null ? null : head);
      });
    }),
  });
}
