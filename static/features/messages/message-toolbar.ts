/**
 * The buttons that appear at a message under the pointer, with the keyboard's focus, or after a long press. There is one
 * toolbar for a whole list, put into the row that it is about: thousands of rows need no buttons of their own.
 */
import { h } from '../../ui/h.ts';
import { iconButton } from '../../ui/button.ts';
import { createDisposables } from '../../state/disposables.ts';
import type { Locale } from '../../locales/locale.ts';

export type MessageToolbarDeps = {
  locale: Locale;
  /** The list; its rows of messages have `data-message`. */
  list: HTMLElement;
  /** Whether there is anything to do with this message. */
  canAct: (name: string) => boolean;
  onReply: (name: string) => void;
  onReact: (name: string, anchor: HTMLElement) => void;
  onMenu: (name: string, anchor: HTMLElement) => void;
};

export type MessageToolbar = {
  /** After rows were drawn: the toolbar goes with its row, or away. */
  keep: () => void;
  dispose: () => void;
};

const longPressMs = 450;
const moveTolerancePx = 10;

export function createMessageToolbar(deps: MessageToolbarDeps): MessageToolbar {
  const { list, locale } = deps;
  const disposables = createDisposables();
  let name: string | null = null;
  const act = (work: (name: string) => void) => () => {
    if (name !== null) work(name);
  };
  const more = iconButton({
    icon: 'ellipsis',
    label: locale.t('message.menu'),
    onClick: act((current) => deps.onMenu(current, more)),
  });
  const react = iconButton({
    icon: 'smile-plus',
    label: locale.t('message.react'),
    onClick: act((current) => deps.onReact(current, react)),
  });
  more.setAttribute('aria-haspopup', 'menu');
  react.setAttribute('aria-haspopup', 'dialog');
  const reply = iconButton({ icon: 'reply', label: locale.t('message.reply'), onClick: act(deps.onReply) });
  const element = h(
    'div',
    { class: 'row-tools', role: 'toolbar', 'aria-label': locale.t('message.tools') },
    react,
    reply,
    more,
  );

  const rowOf = (target: EventTarget | null): HTMLElement | null =>
    target instanceof Element ? target.closest<HTMLElement>('[data-message]') : null;
  const rowNamed = (wanted: string): HTMLElement | undefined =>
    list.querySelector<HTMLElement>(`[data-message="${wanted}"]`) ?? undefined;
  const hide = (): void => {
    name = null;
    element.remove();
  };
  const showAt = (row: HTMLElement | null): void => {
    const wanted = row?.dataset['message'];
    if (row === null || wanted === undefined || !deps.canAct(wanted)) {
      hide();
      return;
    }
    if (wanted === name && element.parentNode === row) return;
    name = wanted;
    row.appendChild(element);
  };
  const isOpen = (): boolean => element.querySelector('[aria-expanded="true"]') !== null;
  /** While what it opened is open or its buttons have the focus it stays, whatever slides under a pointer at rest. */
  const isHeld = (): boolean => element.contains(document.activeElement) || isOpen();

  const onOver = (event: Event): void => {
    if (event instanceof PointerEvent && event.pointerType === 'touch') return;
    const row = rowOf(event.target);
    if (row !== null && !isHeld()) showAt(row);
  };
  const onLeave = (): void => {
    if (!isHeld()) hide();
  };
  const onFocus = (event: Event): void => {
    const row = rowOf(event.target);
    if (row !== null) showAt(row);
  };

  let press: { timer: ReturnType<typeof setTimeout>; x: number; y: number } | null = null;
  let endEcho = (): void => undefined;
  const endPress = (): void => {
    if (press !== null) clearTimeout(press.timer);
    press = null;
  };
  const onDown = (event: Event): void => {
    endPress();
    const row = rowOf(event.target);
    if (!(event instanceof PointerEvent) || event.pointerType !== 'touch' || row === null) return;
    const open = (): void => {
      press = null;
      showAt(row);
      if (name === null) return;
      endEcho();
      endEcho = swallowEcho();
      deps.onMenu(name, more);
    };
    press = { timer: setTimeout(open, longPressMs), x: event.clientX, y: event.clientY };
  };
  /** A mouse that moves takes the toolbar along: menus give the focus back to it, and that must not nail it to a row. */
  const follow = (event: PointerEvent): void => {
    const row = rowOf(event.target);
    const hasMoved = event.movementX !== 0 || event.movementY !== 0;
    if (event.pointerType === 'touch' || row === null || !hasMoved || isOpen()) return;
    if (row.dataset['message'] === name) return;
    const hadFocus = element.contains(document.activeElement);
    showAt(row);
    // The button that had the focus is at another message now.
    if (hadFocus) list.focus({ preventScroll: true });
  };
  const onMove = (event: Event): void => {
    if (!(event instanceof PointerEvent)) return;
    follow(event);
    if (press === null) return;
    const far = Math.hypot(event.clientX - press.x, event.clientY - press.y);
    if (far > moveTolerancePx) endPress();
  };

  // It may come when a row has been under the pointer, or had the focus, for a while. Where nothing hovers, a row counts as
  // hovered because the finger that opened the room was there.
  const hovers = matchMedia('(hover: none)').matches ? '' : '[data-message]:hover, ';
  showAt(rowOf(list.querySelector(`${hovers}[data-message]:focus-within`)));
  disposables.listen(list, 'pointerover', onOver);
  disposables.listen(list, 'pointerleave', onLeave);
  disposables.listen(list, 'focusin', onFocus);
  disposables.listen(list, 'pointerdown', onDown);
  disposables.listen(list, 'pointermove', onMove);
  for (const type of ['pointerup', 'pointercancel']) disposables.listen(list, type, endPress);
  disposables.listen(list, 'scroll', endPress, { passive: true });
  const onKey = (event: Event): void => {
    if (!(event instanceof KeyboardEvent)) return;
    moveFocus(event, list);
    const isMenuKey = event.key === 'Enter' || event.key === 'ContextMenu';
    // On the row itself: what is inside it has keys of its own.
    if (!isMenuKey || event.target !== rowOf(event.target) || name === null) return;
    event.preventDefault();
    deps.onMenu(name, more);
  };
  disposables.listen(list, 'keydown', onKey);
  disposables.add(endPress, hide, () => endEcho());
  return {
    keep: () => {
      if (name === null) return;
      const row = rowNamed(name);
      if (row === undefined || !deps.canAct(name)) hide();
      else if (element.parentNode !== row) row.appendChild(element);
    },
    dispose: disposables.dispose,
  };
}

/**
 * A finger that stays down is told as a press of the right mouse button, too, at once or when it is lifted: that must not close
 * what the long press opened, nor bring the browser's own menu. Ends with the next press.
 */
function swallowEcho(): () => void {
  const swallow = (event: Event): void => {
    event.preventDefault();
    event.stopPropagation();
  };
  const end = (): void => {
    for (const type of ['mousedown', 'contextmenu']) window.removeEventListener(type, swallow, true);
    window.removeEventListener('pointerdown', end, true);
  };
  for (const type of ['mousedown', 'contextmenu']) window.addEventListener(type, swallow, true);
  window.addEventListener('pointerdown', end, true);
  return end;
}

/** Up and down go from message to message once one of them, or the list itself, has the focus. */
function moveFocus(event: KeyboardEvent, list: HTMLElement): void {
  if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
  const { activeElement } = document;
  const rows = [...list.querySelectorAll<HTMLElement>('[data-message]')];
  const at = rows.findIndex((row) => row === activeElement);
  if (at < 0 && activeElement !== list) return;
  const next = at < 0 ? lastOnScreen(rows, list) : rows[at + (event.key === 'ArrowUp' ? -1 : 1)];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

function lastOnScreen(rows: readonly HTMLElement[], list: HTMLElement): HTMLElement | undefined {
  const { bottom } = list.getBoundingClientRect();
  return rows.filter((row) => row.getBoundingClientRect().top < bottom - 24).at(-1) ?? rows.at(-1);
}
