/** Favourites are put into order with the mouse or a pen. Fingers scroll the list; they have the menu. A later piece. */
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import { placeFavourite } from './favourite-order.ts';

const startAfterPx = 6;
const scrollZonePx = 28;
const scrollStepPx = 12;

type Drag = { row: HTMLElement; roomUid: string; startY: number; isMoving: boolean };

/** Lets the favourites of a list be dragged; returns how to stop. */
export function watchFavouriteDrag(
  context: PageContext,
  list: HTMLElement,
  scroller: HTMLElement,
): () => void {
  const disposables = createDisposables();
  let drag: Drag | null = null;
  /** The press that ends a drag must not open the room. */
  let isClickSpent = false;

  const rows = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>('[data-favourite="true"]')];
  /** The place that the dragged row would get: how many of the others have their middle above the pointer. */
  const placeAt = (y: number, dragged: HTMLElement): number =>
    rows().filter((row) => row !== dragged && middleOf(row) < y).length;
  const clearLine = (): void => {
    for (const row of list.querySelectorAll('[data-drop]')) row.removeAttribute('data-drop');
  };
  const showLine = (y: number, dragged: HTMLElement): void => {
    clearLine();
    const others = rows().filter((row) => row !== dragged);
    const place = placeAt(y, dragged);
    const below = others[place];
    if (below !== undefined) below.dataset['drop'] = 'above';
    else others[place - 1]?.setAttribute('data-drop', 'below');
  };
  const stop = (): void => {
    if (drag === null) return;
    drag.row.classList.remove('room-list__item--dragged');
    list.classList.remove('room-list__rows--dragging');
    clearLine();
    drag = null;
  };

  const onDown = (event: Event): void => {
    stop();
    isClickSpent = false;
    if (!(event instanceof PointerEvent) || event.pointerType === 'touch' || event.button !== 0) return;
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>('.room') : null;
    const row = button?.closest<HTMLElement>('[data-favourite="true"]');
    const roomUid = button?.dataset['room'];
    if (row === null || row === undefined || roomUid === undefined) return;
    drag = { row, roomUid, startY: event.clientY, isMoving: false };
  };
  const onMove = (event: Event): void => {
    if (drag === null || !(event instanceof PointerEvent)) return;
    if (!drag.isMoving && Math.abs(event.clientY - drag.startY) < startAfterPx) return;
    drag.isMoving = true;
    drag.row.classList.add('room-list__item--dragged');
    list.classList.add('room-list__rows--dragging');
    showLine(event.clientY, drag.row);
    const { top, bottom } = scroller.getBoundingClientRect();
    if (event.clientY < top + scrollZonePx) scroller.scrollBy(0, -scrollStepPx);
    if (event.clientY > bottom - scrollZonePx) scroller.scrollBy(0, scrollStepPx);
  };
  const onUp = (event: Event): void => {
    if (drag === null || !(event instanceof PointerEvent)) return;
    const { roomUid, row, isMoving } = drag;
    if (isMoving) {
      isClickSpent = true;
      drop(placeFavourite(context, roomUid, placeAt(event.clientY, row)));
    }
    stop();
  };
  const onClick = (event: Event): void => {
    if (!isClickSpent) return;
    isClickSpent = false;
    event.preventDefault();
    event.stopPropagation();
  };
  const onKey = (event: Event): void => {
    if (!(event instanceof KeyboardEvent) || event.key !== 'Escape' || drag?.isMoving !== true) return;
    isClickSpent = true;
    stop();
  };

  disposables.listen(list, 'pointerdown', onDown);
  disposables.listen(window, 'pointermove', onMove);
  disposables.listen(window, 'pointerup', onUp);
  disposables.listen(window, 'pointercancel', stop);
  disposables.listen(document, 'keydown', onKey);
  // Pictures would be dragged by the browser.
  disposables.listen(list, 'dragstart', (event) => event.preventDefault());
  list.addEventListener('click', onClick, true);
  disposables.add(() => list.removeEventListener('click', onClick, true), stop);
  return disposables.dispose;
}

const middleOf = (row: HTMLElement): number => {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
};
