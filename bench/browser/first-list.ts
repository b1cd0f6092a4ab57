/** A sign-in in the product's own page: when all rooms are listed, and what had been asked of the server until then. */
import type { FirstList } from '../product/page-answers.ts';
import { beginLongTasks, endLongTasks } from './conversation.ts';

const patienceMs = 120_000;

const entriesOf = (path: RegExp): PerformanceResourceTiming[] =>
  (performance.getEntriesByType('resource') as PerformanceResourceTiming[]).filter(({ name }) =>
    path.test(name),
  );

const recordRequests = (): number => entriesOf(/\/api\/rooms\/[^/]+\/epochs/).length;

/** Resolves with the time of the frame in which the page shows so many of these; rejects after two minutes. */
function shown(count: () => number, wanted: number, what: string): Promise<number> {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const there = count();
      // the task after the next frame begins when that frame has been painted
      if (there >= wanted) requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
      else if (performance.now() - startedAt > patienceMs) reject(new Error(`${there} of ${wanted} ${what}`));
      else requestAnimationFrame(look);
    };
    look();
  });
}

const listedRooms = (): number => document.querySelectorAll('.room-list__item .room').length;

const openedPreviews = (words: string): number =>
  [...document.querySelectorAll('.room__preview')].filter(({ textContent }) => textContent.includes(words))
    .length;

/** Presses the button of a form that is filled in. So many `rooms` are to be listed; `words` are in each last message. */
export async function measureFirstList(rooms: number, words: string): Promise<FirstList> {
  performance.setResourceTimingBufferSize(10_000);
  beginLongTasks();
  document.querySelector<HTMLElement>('form button[type=submit]')?.click();
  const listedAt = await shown(listedRooms, rooms, 'rooms');
  const list = recordRequests();
  const openedAt = await shown(() => openedPreviews(words), rooms, 'opened messages');
  const previews = recordRequests();
  const signedInAt = entriesOf(/\/api\/login$/).at(-1)?.responseEnd ?? Number.NaN;
  return {
    listMs: listedAt - signedInAt,
    previewsMs: openedAt - signedInAt,
    recordRequests: { list, previews },
    longTasksMs: await endLongTasks(),
  };
}
