/** What a page showed for a moment: it goes away by itself, so that who looks late on a busy machine would not see it. */
import type { BrowserContext, Page } from '@playwright/test';

/** Begins to write down the texts of toasts; gives how to read what was said since, in its order. */
export const recordToasts = (page: Page): Promise<() => Promise<string[]>> => recordSeen(page, '.toast');

/** The same for whatever elements a selector fits, at their first sight. */
export async function recordSeen(page: Page, selector: string): Promise<() => Promise<string[]>> {
  const seen = await page.evaluateHandle((wanted) => {
    const texts: string[] = [];
    const known = new Set<Element>();
    const note = (element: Element): void => {
      if (!known.has(element)) texts.push(element.textContent ?? '');
      known.add(element);
    };
    const look = (node: Node): void => {
      if (!(node instanceof Element)) return;
      if (node.matches(wanted)) note(node);
      node.querySelectorAll(wanted).forEach(note);
    };
    look(document.body);
    new MutationObserver((changes) => {
      for (const { addedNodes, target, type } of changes) {
        if (type === 'childList') addedNodes.forEach(look);
        else if (target instanceof Element && target.matches(wanted)) note(target);
      }
    }).observe(document.body, { childList: true, subtree: true, attributeFilter: ['class'] });
    return texts;
  }, selector);
  return () => seen.jsonValue();
}

/** For a test of what a toast is beside: it stays until it is closed or replaced. To be called before the first page opens. */
export async function keepToasts(context: BrowserContext): Promise<void> {
  // static/ui/toast.ts
  const shownMs = 6_000;
  await context.addInitScript((ms) => {
    const set = window.setTimeout.bind(window);
    const kept = (work: TimerHandler, delayMs?: number, ...more: unknown[]): number =>
      set(work, delayMs === ms ? 3_600_000 : delayMs, ...more);
    Object.assign(window, { setTimeout: kept });
  }, shownMs);
}
