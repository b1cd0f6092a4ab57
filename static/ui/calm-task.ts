import { createFrameTask } from './frame-task.ts';
import type { FrameTask } from './frame-task.ts';

/** Longer than anybody presses for a click; a scroll bar that is held says nothing when it is let go. */
const longestPressMs = 1_000;

/**
 * A frame task that paints what can be clicked in `element`. It waits while something there is pressed: an element that is
 * replaced or moved between press and release gets no click, and the person would have to press again.
 */
export function createCalmTask(element: HTMLElement, paint: () => void): FrameTask {
  let pressedAt = -Infinity;
  const task = createFrameTask(() => {
    if (performance.now() - pressedAt < longestPressMs) task.request();
    else paint();
  });
  const release = (): void => {
    pressedAt = -Infinity;
  };
  // first of all listeners: what a click brings about is painted at once; only the primary button brings one about
  const press = ({ button }: PointerEvent): void => {
    if (button === 0) pressedAt = performance.now();
  };
  element.addEventListener('pointerdown', press, true);
  for (const end of ['click', 'pointercancel'] as const) element.addEventListener(end, release, true);
  return task;
}
