import { h } from './h.ts';
import { roveFocus, setTabStop } from './roving-focus.ts';
import { createViewSlot } from './view.ts';
import type { View } from './view.ts';

export type Tab = { id: string; label: string; create: () => View };

export type TabsInput = {
  label: string;
  /** Of the ids, where more than one set of tabs can be on the page. */
  prefix?: string;
  tabs: readonly Tab[];
  /** The tab to begin with; the first one if there is none of that id. */
  startsWith?: string | null;
  onShow?: (id: string) => void;
};

/** Tabs over one panel; only the panel that is shown exists. */
export function createTabs({ label, prefix = 'tab', tabs, startsWith, onShow }: TabsInput): View {
  const panelId = `${prefix}-panel`;
  const panel = h('div', { class: 'tabs__panel', role: 'tabpanel', id: panelId, tabindex: -1 });
  const slot = createViewSlot(panel);
  const buttons = tabs.map((tab) =>
    h(
      'button',
      {
        type: 'button',
        class: 'tabs__tab',
        role: 'tab',
        id: `${prefix}-${tab.id}`,
        'aria-controls': panelId,
        on: { click: () => show(tab.id), focus: () => show(tab.id) },
      },
      tab.label,
    ),
  );
  let shown = '';
  const show = (id: string): void => {
    const index = tabs.findIndex((tab) => tab.id === id);
    const tab = tabs[index];
    if (tab === undefined || id === shown) return;
    shown = id;
    buttons.forEach((button, at) => button.setAttribute('aria-selected', at === index ? 'true' : 'false'));
    setTabStop(buttons, buttons[index]);
    panel.setAttribute('aria-labelledby', `${prefix}-${id}`);
    slot.show(tab.create());
    onShow?.(id);
  };
  const list = h('div', { class: 'tabs__list', role: 'tablist', 'aria-label': label }, ...buttons);
  roveFocus(list, () => buttons);
  show((tabs.find((tab) => tab.id === startsWith) ?? tabs[0])?.id ?? '');
  return { element: h('div', { class: 'tabs' }, list, panel), dispose: slot.dispose };
}
