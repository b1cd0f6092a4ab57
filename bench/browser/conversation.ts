/** What the product's own page does on screen: how long until a room is painted, and which tasks kept the page busy. */

const rowSelector = '.chat__log .message .bubble';

/** Resolves with the ms from the click on the first room until its newest rows are on screen, all of them opened. */
export function openFirstRoom(): Promise<number> {
  const room = document.querySelector<HTMLElement>('.room-list__item .room');
  if (room === null) throw new Error('no room is listed');
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    room.click();
    const look = (): void => {
      const rows = document.querySelectorAll(rowSelector);
      const isPainted = rows.length > 0 && document.querySelector('.chat__log .bubble--sealed') === null;
      // the task after the next frame begins when that frame has been painted
      if (isPainted) requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - startedAt)));
      else if (performance.now() - startedAt > 10_000) reject(new Error('the room was not painted in 10 s'));
      else requestAnimationFrame(look);
    };
    look();
  });
}

let lengths: number[] = [];
let observer: PerformanceObserver | null = null;

export function beginLongTasks(): void {
  lengths = [];
  observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) lengths.push(duration);
  });
  observer.observe({ entryTypes: ['longtask'] });
}

/** Lengths (ms) of the page's tasks over 50 ms since the beginning. */
export async function endLongTasks(): Promise<number[]> {
  await new Promise((resolve) => setTimeout(resolve, 100));
  observer?.disconnect();
  return lengths;
}

/** The smallest number that a rendered row's text ends with: tells how far up the scrolling got. Rows are in any order. */
export function smallestRowNumber(): number {
  const texts = [...document.querySelectorAll(rowSelector)].map((row) => row.textContent ?? '');
  return Math.min(...texts.flatMap((text) => /(\d+)\s*$/.exec(text)?.[1] ?? []).map(Number));
}
