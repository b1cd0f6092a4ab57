/** What can be done with a room of the list: its menu by mouse, finger and keyboard, the order of favourites. A later piece. */
import { h, setText } from '../../ui/h.ts';
import { iconButton } from '../../ui/button.ts';
import { icon } from '../../ui/icon.ts';
import { createFrameTask } from '../../ui/frame-task.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import { watchFavouriteDrag } from './favourite-drag.ts';
import { shiftFavourite } from './favourite-order.ts';
import { hiddenUids, openHiddenRooms } from './hidden-rooms-view.ts';
import { openRoomMenu } from './room-menu.ts';

export type RoomToolsDeps = {
  context: PageContext;
  /** Rows are `li` with a `.room` button that has `data-room`. */
  list: HTMLElement;
  scroller: HTMLElement;
  onOpenRoom: (roomUid: string) => void;
  onHidden: (roomUid: string) => void;
};

const rowClass = 'room-list__item--tools';
const longPressMs = 450;
const moveTolerancePx = 10;

/** Adds them to a list that is there; returns how to stop. */
export function attachRoomTools(deps: RoomToolsDeps): () => void {
  const { context, list, scroller } = deps;
  const disposables = createDisposables();
  const open = (anchor: HTMLElement, roomUid: string): void => {
    openRoomMenu(anchor, deps, roomUid);
  };
  disposables.add(
    watchMore(deps, open),
    watchPresses(list, open),
    watchFavouriteDrag(context, list, scroller),
    showHiddenEntry(deps),
  );
  const onKey = (event: Event): void => {
    if (!(event instanceof KeyboardEvent) || !event.altKey || event.ctrlKey || event.metaKey) return;
    const roomUid = roomButton(event.target)?.dataset['room'];
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : null;
    if (by === null || roomUid === undefined) return;
    event.preventDefault();
    drop(shiftFavourite(context, roomUid, by));
  };
  disposables.listen(list, 'keydown', onKey);
  return disposables.dispose;
}

const roomButton = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('.room[data-room]') : null;

/** One button for the whole list, in the row that is under the pointer or has the focus. */
function watchMore(
  { context: { locale }, list }: RoomToolsDeps,
  open: (anchor: HTMLElement, roomUid: string) => void,
): () => void {
  const disposables = createDisposables();
  let current: string | null = null;
  const more = iconButton({
    icon: 'ellipsis',
    label: locale.t('roomMenu.label'),
    class: 'room-list__more',
    onClick: () => {
      if (current !== null) open(more, current);
    },
  });
  more.setAttribute('aria-haspopup', 'menu');
  const isHeld = (): boolean =>
    more === document.activeElement || more.getAttribute('aria-expanded') === 'true';
  const showAt = (target: EventTarget | null): void => {
    const row = target instanceof Element ? target.closest('.room-list__item') : null;
    const roomUid = row?.querySelector<HTMLElement>('.room[data-room]')?.dataset['room'];
    if (row === null || roomUid === undefined || (current === roomUid && more.parentNode === row)) return;
    current = roomUid;
    more.parentElement?.classList.remove(rowClass);
    row.classList.add(rowClass);
    row.appendChild(more);
  };
  const hide = (): void => {
    more.parentElement?.classList.remove(rowClass);
    more.remove();
  };
  const onOver = (event: Event): void => {
    if (event instanceof PointerEvent && event.pointerType !== 'touch' && !isHeld()) showAt(event.target);
  };
  const onFocus = (event: Event): void => {
    if (roomButton(event.target) !== null) showAt(event.target);
  };
  const onLeave = (): void => {
    if (!isHeld() && !list.contains(document.activeElement)) hide();
  };
  disposables.listen(list, 'pointerover', onOver);
  disposables.listen(list, 'pointerleave', onLeave);
  disposables.listen(list, 'focusin', onFocus);
  disposables.add(hide);
  return disposables.dispose;
}

/** Right click, the menu key (which browsers report as one), and a long press of a finger. */
function watchPresses(list: HTMLElement, open: (anchor: HTMLElement, roomUid: string) => void): () => void {
  const disposables = createDisposables();
  let press: { timer: ReturnType<typeof setTimeout>; x: number; y: number } | null = null;
  /** After a long press neither the click nor the browser's own menu may follow. */
  let isSpent = false;
  const endPress = (): void => {
    if (press !== null) clearTimeout(press.timer);
    press = null;
  };
  const openFor = (button: HTMLElement | null): void => {
    const roomUid = button?.dataset['room'];
    if (button === null || roomUid === undefined) return;
    if (button.getAttribute('aria-expanded') !== 'true') open(button, roomUid);
  };
  const onMenu = (event: Event): void => {
    const button = roomButton(event.target);
    if (button === null) return;
    event.preventDefault();
    endPress();
    openFor(button);
  };
  const onDown = (event: Event): void => {
    endPress();
    isSpent = false;
    const button = roomButton(event.target);
    if (!(event instanceof PointerEvent) || event.pointerType !== 'touch' || button === null) return;
    const timer = setTimeout(() => {
      press = null;
      isSpent = true;
      openFor(button);
    }, longPressMs);
    press = { timer, x: event.clientX, y: event.clientY };
  };
  const onMove = (event: Event): void => {
    if (press === null || !(event instanceof PointerEvent)) return;
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) > moveTolerancePx) endPress();
  };
  const onClick = (event: Event): void => {
    if (!isSpent) return;
    isSpent = false;
    event.preventDefault();
    event.stopPropagation();
  };
  disposables.listen(list, 'contextmenu', onMenu);
  disposables.listen(list, 'pointerdown', onDown);
  disposables.listen(list, 'pointermove', onMove);
  for (const type of ['pointerup', 'pointercancel']) disposables.listen(list, type, endPress);
  list.addEventListener('click', onClick, true);
  disposables.add(endPress, () => list.removeEventListener('click', onClick, true));
  return disposables.dispose;
}

/** Below the list: what was put away. */
function showHiddenEntry({ context, scroller, onOpenRoom }: RoomToolsDeps): () => void {
  const { app, locale } = context;
  const { rooms, my } = app.stores;
  const text = h('span', {});
  const entry = h(
    'button',
    {
      type: 'button',
      class: 'room-list__hidden',
      'aria-haspopup': 'dialog',
      on: { click: () => openHiddenRooms(context, onOpenRoom) },
    },
    icon('eye-off', 's'),
    text,
  );
  const paint = (): void => {
    const count = hiddenUids(app).length;
    entry.hidden = count === 0;
    setText(text, locale.t('roomMenu.hiddenEntry', { count }));
  };
  const task = createFrameTask(paint);
  const stops = [
    rooms.subscribe((state) => state.byUid, task.request),
    my.subscribe((state) => state.rooms, task.request),
  ];
  scroller.appendChild(entry);
  paint();
  return () => {
    for (const stop of stops) stop();
    task.cancel();
    entry.remove();
  };
}
