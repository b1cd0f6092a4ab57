/** The body of a poll's row: its question at once, and the card as soon as its code has come. */
import type { OutboxItem } from '../../connection/outbox-state.ts';
import type { PageContext } from '../../page-context.ts';
import { h, replaceContent } from '../../ui/h.ts';
import { createLatePart } from '../../ui/late-part.ts';
import type { LatePart } from '../../ui/late-part.ts';
import type { MessageEntry } from './message-state.ts';

/** A poll that is stored, or on its way out. */
export type PollRow = MessageEntry | OutboxItem;

export type PollBody = LatePart<{ row: PollRow; question: string }>;

export const createPollBody = (context: PageContext): PollBody =>
  createLatePart(async (into, latest) => {
    replaceContent(into, h('div', { class: 'bubble__text', dir: 'auto' }, latest().question));
    const { createPollCard } = await context.later.load('pollCard');
    const card = createPollCard(context, latest().row);
    replaceContent(into, card.element);
    return { update: ({ row }) => card.update(row), dispose: card.dispose };
  });
