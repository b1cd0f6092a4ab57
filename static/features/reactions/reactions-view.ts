/** The pills below a bubble: each emoji with the number of people, mine marked; a press adds or takes back my own. */
import type { Message } from '#contract/messages.ts';
import { h, replaceContent, setAttribute, setText } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import { personName } from '../../ui/person-label.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import { openEmojiPicker } from './emoji-picker.ts';
import { quickRow } from './quick-row.ts';
import { reactionPills } from './reaction-state.ts';
import type { EmojisByToken, ReactionPill } from './reaction-state.ts';
import { hideTip, showTip } from './reaction-tip.ts';

export type ReactionsView = { update: (message: Message) => void; dispose: () => void };

/** So many names are said; the others are counted. */
const mostNames = 12;
const longPressMs = 450;

/** Puts the pills of a message into `element`, and keeps them there. */
export function createReactionsView(
  context: PageContext,
  element: HTMLElement,
  first: Message,
): ReactionsView {
  const { app, locale } = context;
  const disposables = createDisposables();
  const buttons = new Map<string, PillButton>();
  let message = first;
  let emojis: EmojisByToken = new Map();
  let isDisposed = false;
  const meUid = (): string => meUidOf(app.stores.account.get()) ?? '';
  element.className = 'reactions';
  element.setAttribute('role', 'group');
  element.setAttribute('aria-label', locale.t('reactions.label'));
  const label = locale.t('reactions.add');
  const add = h(
    'button',
    {
      type: 'button',
      class: 'reaction reaction--add',
      title: label,
      'aria-label': label,
      'aria-haspopup': 'dialog',
      on: { click: () => pickReaction(context, add, () => message) },
    },
    icon('smile-plus', 's'),
  );

  const draw = (): void => {
    const pills = reactionPills(message.reactions ?? [], emojis, meUid());
    const shown = new Set(pills.map(({ emoji }) => emoji));
    for (const [emoji, button] of buttons) {
      if (shown.has(emoji)) continue;
      button.dispose();
      buttons.delete(emoji);
    }
    const elements = pills.map((pill) => {
      const known = buttons.get(pill.emoji) ?? createPillButton(context, () => message, pill.emoji);
      buttons.set(pill.emoji, known);
      known.update(pill);
      return known.element;
    });
    // Only what is new is put in: a button that has the focus keeps it.
    const wanted = pills.length === 0 ? [] : [...elements, add];
    if (
      wanted.some((node, at) => element.childNodes[at] !== node) ||
      element.childNodes.length !== wanted.length
    )
      replaceContent(element, ...wanted);
  };
  const isComplete = (): boolean => (message.reactions ?? []).every(({ token }) => emojis.has(token));
  const read = async (): Promise<void> => {
    const asked = message;
    const result = await app.actions.reactions.read(asked);
    if (isDisposed || message !== asked || !result.ok) return;
    emojis = result.value;
    draw();
  };
  const update = (next: Message): void => {
    message = next;
    if (isComplete()) draw();
    else drop(read());
  };
  const readMissing = (): void => {
    if (!isComplete()) drop(read());
  };
  disposables.add(
    // What could not be opened may be now: the server is back, or the room has been looked at anew.
    app.stores.connection.subscribe((state) => state.phase, readMissing),
    app.stores.rooms.subscribe((state) => state.byUid.get(first.roomUid)?.keys.verdict, readMissing),
    app.stores.people.subscribe((state) => state.byUid, draw),
    () => {
      isDisposed = true;
      for (const button of buttons.values()) button.dispose();
    },
  );
  update(first);
  return { update, dispose: disposables.dispose };
}

type PillButton = { element: HTMLElement; update: (pill: ReactionPill) => void; dispose: () => void };

function createPillButton(context: PageContext, message: () => Message, emoji: string): PillButton {
  const count = h('span', { class: 'reaction__count' });
  const who = h('span', { class: 'visually-hidden' });
  const element = h(
    'button',
    { type: 'button', class: 'reaction' },
    h('span', { class: 'reaction__emoji' }, emoji),
    ' ',
    count,
    who,
  );
  let names = '';
  let press: ReturnType<typeof setTimeout> | null = null;
  let isLongPress = false;
  const show = (): void => showTip(element, names);
  const hide = (): void => hideTip(element);
  const endPress = (): void => {
    if (press !== null) clearTimeout(press);
    press = null;
  };
  element.addEventListener('click', () => {
    // The finger that asked who it was did not want to react.
    if (isLongPress) isLongPress = false;
    else drop(toggleReaction(context, message(), emoji));
  });
  element.addEventListener('pointerenter', (event) => {
    if (event.pointerType !== 'touch') show();
  });
  element.addEventListener('pointerleave', () => {
    endPress();
    hide();
  });
  element.addEventListener('focus', show);
  element.addEventListener('blur', hide);
  element.addEventListener('pointerdown', (event) => {
    isLongPress = false;
    if (event.pointerType !== 'touch') return;
    // The row's own long press opens its menu.
    event.stopPropagation();
    press = setTimeout(() => {
      isLongPress = true;
      show();
    }, longPressMs);
  });
  for (const type of ['pointerup', 'pointercancel'] as const) element.addEventListener(type, endPress);
  element.addEventListener('contextmenu', (event) => {
    if (isLongPress) event.preventDefault();
  });
  return {
    element,
    update: ({ people, isMine }) => {
      names = namesOf(context, people);
      setText(count, String(people.length));
      element.className = isMine ? 'reaction reaction--mine' : 'reaction';
      setAttribute(element, 'aria-pressed', isMine ? 'true' : 'false');
      setText(who, context.locale.t('reactions.who', { names }));
    },
    dispose: () => {
      endPress();
      hide();
    },
  };
}

/** "나, 김앨리스, 이밥 외 3명": myself first. */
function namesOf({ app, locale }: PageContext, people: readonly string[]): string {
  const meUid = meUidOf(app.stores.account.get());
  const { byUid } = app.stores.people.get();
  const names = [...people]
    .sort((left, right) => Number(right === meUid) - Number(left === meUid))
    .slice(0, mostNames)
    .map((userUid) => (userUid === meUid ? locale.t('common.me') : personName(locale, byUid.get(userUid))));
  const listed = names.join(', ');
  const more = people.length - names.length;
  return more > 0 ? locale.t('reactions.others', { names: listed, count: more }) : listed;
}

/** Adds or takes back, and says what came of it. */
export async function toggleReaction(
  { app, locale, toasts, announce }: PageContext,
  message: Message,
  emoji: string,
): Promise<void> {
  const result = await app.actions.reactions.toggle(message, emoji);
  if (!result.ok) toasts.show({ text: locale.failure(result), isProblem: true });
  else announce(locale.t(result.value.isOn ? 'reactions.added' : 'reactions.removed', { emoji }));
}

/** The picker for a message. */
export function pickReaction(context: PageContext, anchor: HTMLElement, message: () => Message): void {
  const { locale, toasts } = context;
  if (message().envelope === null)
    toasts.show({ text: locale.failure({ code: 'MESSAGE_RECALLED' }), isProblem: true });
  else openEmojiPicker(context, anchor, (emoji) => drop(toggleReaction(context, message(), emoji)));
}

/** The row of six for a message's menu; `anchor` is what the menu hangs on. */
export const reactionMenuRow = (
  context: PageContext,
  anchor: HTMLElement,
  message: Message,
  close: () => void,
) =>
  quickRow(context, {
    pick: (emoji) => {
      close();
      drop(toggleReaction(context, message, emoji));
    },
    more: () => {
      close();
      pickReaction(context, anchor, () => message);
    },
  });
