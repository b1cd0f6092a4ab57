/**
 * On phones the screen keyboard covers the page without resizing it (Safari) or while `100dvh` still means the whole
 * screen: the height that is left becomes a variable of the style sheet. Returns how to stop.
 */
export function followVisualViewport(): () => void {
  const viewport = window.visualViewport;
  const root = document.documentElement;
  if (viewport === null || viewport === undefined || !matchMedia('(pointer: coarse)').matches)
    return () => undefined;
  const follow = (): void => {
    // Zoomed in, the visual viewport is a detail of the page and says nothing about the keyboard.
    if (viewport.scale > 1.01) return;
    root.style.setProperty('--page-height', `${viewport.height}px`);
    // Safari scrolls the page under the keyboard to show the box; the page is as high as what is left, so undo it.
    if (viewport.offsetTop > 0) window.scrollTo(0, 0);
  };
  viewport.addEventListener('resize', follow);
  viewport.addEventListener('scroll', follow);
  follow();
  return () => {
    viewport.removeEventListener('resize', follow);
    viewport.removeEventListener('scroll', follow);
    root.style.removeProperty('--page-height');
  };
}
