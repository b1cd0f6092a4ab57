/** One line of a conversation on the page. A sent message keeps its element when the stored row replaces the waiting one. */
import { h, replaceContent } from '../../ui/h.ts';
import type { Child } from '../../ui/h.ts';
import { avatar } from '../../ui/avatar.ts';
import { button } from '../../ui/button.ts';
import { icon } from '../../ui/icon.ts';
import type { Row } from '../../ui/virtual-list.ts';
import { isSealed } from '../../connection/outbox-state.ts';
import type { OutboxItem } from '../../connection/outbox-state.ts';
import type { MessageContent } from './message-state.ts';
import { startOfLocalDay } from './timeline-state.ts';
import type { TimelineItem } from './timeline-state.ts';
import { callsMe } from './mention-text.ts';
import { isSameQuote } from './quote-state.ts';
import { rowQuote } from './row-quote.ts';
import { messageText } from './message-text.ts';
import { membershipText } from './membership-text.ts';
import { unreadableText } from './unreadable-text.ts';
import { outboxActions, outboxMeta } from './outbox-row.ts';
import type { RowContext } from './row-context.ts';
import { createRowReactions, rowReactions } from './row-reactions.ts';
import { pinMark } from './row-pin.ts';
import { createPollBody } from './row-poll.ts';
import type { PollBody, PollRow } from './row-poll.ts';
import { unreadNumber } from './row-unread.ts';

export function createMessageRow(first: TimelineItem, context: RowContext): Row<TimelineItem> {
  const element = h('div', { role: 'listitem' });
  let shown: TimelineItem | null = null;
  let shownVersion: unknown;
  let shownText: { text: string; isCalling: boolean; node: HTMLElement } | null = null;
  let poll: PollBody | null = null;
  const reactions = createRowReactions(context.page);
  const textNode: TextNode = (text, row = false, isCalling = false) => {
    if (text === null) return poll?.shown() ?? shownText?.node ?? null;
    if (row !== false) return (poll ??= createPollBody(context.page)).show({ row, question: text });
    // Kept as it is while the text is the same: a fold that was opened stays open from "waiting" to "sent".
    if (shownText?.text !== text || shownText.isCalling !== isCalling) {
      const mark = isCalling ? context.markMentions : undefined;
      shownText = { text, isCalling, node: messageText(text, context.page, mark) };
    }
    return shownText.node;
  };
  const update = (item: TimelineItem): void => {
    const version = context.peopleVersion();
    if (shown !== null && shownVersion === version && isSameItem(shown, item)) return;
    shown = item;
    shownVersion = version;
    const focused = document.activeElement;
    draw(element, item, context, { textNode, reactions });
    // What is drawn again is the same element in places, which lost the focus on the way.
    if (focused instanceof HTMLElement && element.contains(focused) && focused !== document.activeElement)
      focused.focus({ preventScroll: true });
  };
  update(first);
  const dispose = (): void => {
    poll?.dispose();
    reactions.dispose();
  };
  return { element, update, dispose };
}

/** What a row keeps from one drawing to the next. */
type Kept = { textNode: TextNode; reactions: ReturnType<typeof createRowReactions> };

function draw(element: HTMLElement, item: TimelineItem, context: RowContext, kept: Kept): void {
  const { textNode } = kept;
  const { locale } = context;
  switch (item.kind) {
    case 'day':
      element.className = 'line line--day';
      replaceContent(element, h('span', { class: 'day' }, locale.day(item.startsAt)));
      return;
    case 'new-messages':
      element.className = 'line line--new';
      replaceContent(element, h('span', { class: 'new-line' }, locale.t('chat.newMessages')));
      return;
    case 'membership':
      element.className = 'line line--membership';
      replaceContent(
        element,
        h('span', { class: 'membership' }, membershipText(item, context), ...compareLinks(item, context)),
      );
      return;
    case 'message':
      element.className = rowClass(item, item.isOwn, item.entry.content.state);
      if (callsMe(item.entry.message, context.meUid)) element.classList.add('message--called');
      element.setAttribute('data-message', item.key);
      element.tabIndex = -1;
      replaceContent(element, ...messageParts(item, context, kept));
      return;
    case 'outbox':
      element.className = rowClass(item, true, 'open');
      replaceContent(element, ...outboxParts(item, context, textNode));
      return;
    default:
      assertNever(item);
  }
}

/** Somebody's key changed, and a colleague says that it is right: whoever wants to be sure themselves compares. */
const compareLinks = ({ change }: Membership, context: RowContext): HTMLElement[] =>
  change.confirmed
    .filter((userUid) => userUid !== context.meUid)
    .map((userUid) =>
      button({
        label: context.locale.t('chat.compare'),
        kind: 'link',
        onClick: () => context.openSecurity(userUid),
      }),
    );

/**
 * The node of a text, the same one for the same text, or of a poll in its place; for null, what was shown last, if anything.
 */
type TextNode = (text: string | null, poll?: PollRow | false, isCalling?: boolean) => HTMLElement | null;

type Message = Extract<TimelineItem, { kind: 'message' }>;
type Outbox = Extract<TimelineItem, { kind: 'outbox' }>;
type Membership = Extract<TimelineItem, { kind: 'membership' }>;

function rowClass(item: Message | Outbox, isOwn: boolean, state: MessageContent['state']): string {
  const classes = ['message', isOwn ? 'message--mine' : 'message--theirs'];
  if (item.isGroupStart) classes.push('message--first');
  if (item.isGroupEnd) classes.push('message--last');
  if (state === 'unreadable') classes.push('message--unreadable');
  return classes.join(' ');
}

function messageParts(item: Message, context: RowContext, { textNode, reactions }: Kept): Child[] {
  const { message } = item.entry;
  const name = context.nameOf(message.senderUid);
  const head = item.isGroupStart && !item.isOwn;
  return [
    head && avatar({ id: message.senderUid, name }),
    head &&
      h(
        'div',
        { class: 'message__who' },
        name,
        h('span', { class: 'message__role' }, context.roleOf(message.senderUid)),
      ),
    !head && !item.isOwn && h('span', { class: 'visually-hidden' }, `${name}: `),
    item.isOwn && h('span', { class: 'visually-hidden' }, `${context.locale.t('common.me')}: `),
    h('div', { class: 'message__line' }, bubble(item, context, textNode), messageMeta(item, context)),
    rowReactions(reactions, message),
  ];
}

function bubble({ entry, quote }: Message, context: RowContext, textNode: TextNode): HTMLElement {
  const { message, content } = entry;
  switch (content.state) {
    case 'open':
      return h(
        'div',
        { class: 'bubble' },
        quote !== null && rowQuote(quote, context),
        textNode(content.text, content.pollOptions !== undefined && entry, message.mentions !== undefined),
        warning(content, message.sentAt, context),
      );
    case 'sealed': {
      // My own message was readable a moment ago, from the outbox: it stays so while the stored row is opened.
      const known = textNode(null);
      if (known !== null) return h('div', { class: 'bubble' }, known);
      return h('div', { class: 'bubble bubble--sealed' }, h('span', {}, context.locale.t('chat.sealed')));
    }
    case 'recalled':
      return h(
        'div',
        { class: 'bubble bubble--recalled' },
        icon('info', 's'),
        h('span', {}, context.locale.t('chat.recalled')),
      );
    case 'unreadable':
      return h(
        'div',
        { class: 'bubble bubble--unreadable' },
        icon(content.reason === 'NO_KEY' ? 'key-round' : 'shield-alert', 's'),
        h(
          'span',
          {},
          h('span', {}, unreadableText(content.reason, context.locale)),
          ' ',
          button({
            label: context.locale.t('chat.why'),
            kind: 'link',
            onClick: () => context.explain(message, content.reason),
          }),
        ),
      );
    default:
      return assertNever(content);
  }
}

/** That it is pinned, that I saved it, and that it was edited. */
function rowMarks({ entry, isSaved }: Message, context: RowContext): Child[] {
  const { locale } = context;
  const { editedAt } = entry.message;
  return [
    pinMark(entry.message, context),
    isSaved &&
      h(
        'span',
        { class: 'meta__mark', title: locale.t('chat.saved') },
        icon('bookmark', 'xs'),
        h('span', { class: 'visually-hidden' }, locale.t('chat.saved')),
      ),
    editedAt !== undefined &&
      h('span', { class: 'meta__mark', title: locale.full(editedAt) }, locale.t('chat.edited')),
  ];
}

/** When it was written, if it waited; the day only where it is another one than that of the message. */
function composedText(composedAt: number | null, sentAt: number, locale: RowContext['locale']): string {
  if (composedAt === null) return '';
  const isSameDay = startOfLocalDay(composedAt) === startOfLocalDay(sentAt);
  return locale.t('chat.composedAt', {
    time: isSameDay ? locale.time(composedAt) : locale.full(composedAt),
  });
}

function warning(
  content: Extract<MessageContent, { state: 'open' }>,
  sentAt: number,
  { locale }: RowContext,
): HTMLElement | null {
  const words = [
    content.isClockOff ? locale.t('chat.clockOff') : '',
    content.isOrderOdd ? locale.t('chat.orderOdd') : '',
    composedText(content.composedAt, sentAt, locale),
  ].filter((text) => text !== '');
  return words.length === 0 ? null : h('div', { class: 'bubble__note' }, words.join(' · '));
}

function messageMeta(item: Message, context: RowContext): HTMLElement {
  const { locale } = context;
  const { sentAt } = item.entry.message;
  return h(
    'div',
    { class: 'meta' },
    unreadNumber(item, context),
    ...rowMarks(item, context),
    item.isGroupEnd && h('span', { class: 'meta__time', title: locale.full(sentAt) }, locale.time(sentAt)),
  );
}

function outboxParts(item: Outbox, context: RowContext, textNode: TextNode): Child[] {
  const { text, poll } = item.item;
  return [
    h('span', { class: 'visually-hidden' }, `${context.locale.t('common.me')}: `),
    h(
      'div',
      { class: 'message__line' },
      h(
        'div',
        { class: item.item.state.name === 'failed' ? 'bubble bubble--failed' : 'bubble' },
        isSealed(item.item)
          ? context.locale.t('rooms.unreadablePreview')
          : textNode(text, poll !== undefined && item.item),
      ),
      outboxMeta(item, context),
    ),
    outboxActions(item, context),
  ];
}

/** Rows are compared by what they show, so that a new list of the same rows draws nothing. */
function isSameItem(left: TimelineItem, right: TimelineItem): boolean {
  if (left === right) return true;
  if (left.kind === 'message' && right.kind === 'message') {
    return (
      left.entry === right.entry &&
      left.unreadBy === right.unreadBy &&
      left.isSaved === right.isSaved &&
      isSameQuote(left.quote, right.quote) &&
      left.isGroupStart === right.isGroupStart &&
      left.isGroupEnd === right.isGroupEnd
    );
  }
  if (left.kind === 'outbox' && right.kind === 'outbox') {
    return (
      isSameOutboxItem(left.item, right.item) &&
      left.isWaitEnd === right.isWaitEnd &&
      left.isGroupStart === right.isGroupStart &&
      left.isGroupEnd === right.isGroupEnd
    );
  }
  return left.kind === right.kind;
}

const isSameOutboxItem = (left: OutboxItem, right: OutboxItem): boolean =>
  left.state === right.state && left.text === right.text;

function assertNever(value: never): never {
  throw new TypeError(`unknown line: ${JSON.stringify(value)}`);
}
