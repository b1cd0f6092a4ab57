import { drop } from '../state/drop.ts';
import type { Disposables } from '../state/disposables.ts';
import { afterPaint } from './idle.ts';
import { createViewSlot } from './view.ts';
import type { View } from './view.ts';

/** Shows a view in `host` a moment after what is around it; where the server, which has its code, is away it does not come. */
export function showLate(host: HTMLElement, disposables: Disposables, load: () => Promise<View>): void {
  const slot = createViewSlot(host);
  let isGone = false;
  disposables.add(() => (isGone = true), slot.dispose);
  const show = async (): Promise<void> => {
    const view = await load();
    if (isGone) view.dispose();
    else slot.show(view);
  };
  afterPaint(() => {
    if (!isGone) drop(show().catch(() => undefined));
  });
}
