/**
 * One Tab stop for a whole list: arrow keys, Home and End move among the elements that `items` returns (asked for
 * at each key, so that the list may change). Put it on the list's element.
 */
export function roveFocus(list: HTMLElement, items: () => HTMLElement[]): void {
  list.addEventListener('keydown', (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const all = items();
    const at = all.findIndex((item) => item === document.activeElement);
    if (at < 0) return;
    const to = nextIndex(event.key, at, all.length);
    const target = to === null ? undefined : all[to];
    if (target === undefined) return;
    event.preventDefault();
    setTabStop(all, target);
    target.focus();
  });
}

/** Makes `stop` the one element of the list that Tab reaches. */
export function setTabStop(items: readonly HTMLElement[], stop: HTMLElement | undefined): void {
  for (const item of items) item.tabIndex = item === stop ? 0 : -1;
}

function nextIndex(key: string, at: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return Math.min(at + 1, count - 1);
    case 'ArrowUp':
    case 'ArrowLeft':
      return Math.max(at - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}
