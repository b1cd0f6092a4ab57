/** What is below a bubble: the reactions. */
import type { Message } from '#contract/messages.ts';
import type { PageContext } from '../../page-context.ts';
import { createLatePart } from '../../ui/late-part.ts';
import type { LatePart } from '../../ui/late-part.ts';

export const createRowReactions = (context: PageContext): LatePart<Message> =>
  createLatePart(async (into, latest) => {
    const { createReactionsView } = await context.later.load('reactions');
    return createReactionsView(context, into, latest());
  });

/** The element; null while there was never a reaction. */
export const rowReactions = (part: LatePart<Message>, message: Message): HTMLElement | null =>
  message.reactions === undefined && part.shown() === null ? null : part.show(message);
