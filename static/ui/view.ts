/** A piece of the page: its element, and what ends its listening. A view patches its own element only. */
export type View = { readonly element: HTMLElement; dispose: () => void };

/** Shows one view at a time inside `host`, disposing the one before it. */
export type ViewSlot = { show: (view: View | null) => void; dispose: () => void };

export function createViewSlot(host: HTMLElement): ViewSlot {
  let shown: View | null = null;
  const show = (view: View | null): void => {
    const previous = shown;
    shown = view;
    if (previous !== null) {
      previous.element.remove();
      previous.dispose();
    }
    if (view !== null) host.appendChild(view.element);
  };
  return { show, dispose: () => show(null) };
}
