/** The panel from which an emoji is chosen: the six of the quick row, a search in two languages, and all others by kind. */
import { h, replaceContent, setText } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import { openPopover } from '../../ui/popover.ts';
import { roveFocus, setTabStop } from '../../ui/roving-focus.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import type { Emoji } from './emoji-list.ts';
import { createEmojiSearch } from './emoji-search.ts';
import type { EmojiSearch } from './emoji-search.ts';
import { drawnEmojis } from './emoji-support.ts';
import { emojiGrid } from './emoji-grid.ts';
import { quickButtons } from './quick-row.ts';

/** The kinds in the list's own numbers, and what stands for each. */
const groups = [
  [0, '😀', 'emoji.smileys'],
  [1, '👋', 'emoji.people'],
  [3, '🐻', 'emoji.nature'],
  [4, '🍎', 'emoji.food'],
  [5, '🚗', 'emoji.travel'],
  [6, '⚽', 'emoji.activities'],
  [7, '💡', 'emoji.objects'],
  [8, '🔣', 'emoji.symbols'],
  [9, '🏳️', 'emoji.flags'],
] as const;

let known: { emojis: readonly Emoji[]; search: EmojiSearch } | null = null;

/** Opens the picker beside `anchor`. */
export function openEmojiPicker(
  context: PageContext,
  anchor: HTMLElement,
  onPick: (emoji: string) => void,
): void {
  const { locale } = context;
  const pick = (emoji: string): void => {
    popover.close();
    onPick(emoji);
  };
  const box = h('input', {
    class: 'emoji-picker__box',
    type: 'search',
    placeholder: locale.t('emoji.search'),
    'aria-label': locale.t('emoji.search'),
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const tabs = groups.map(([group, sign, name]) =>
    h(
      'button',
      {
        type: 'button',
        class: 'emoji-picker__tab',
        title: locale.t(name),
        'aria-label': locale.t(name),
        'aria-pressed': 'false',
        tabindex: -1,
        on: { click: () => showGroup(group) },
      },
      sign,
    ),
  );
  const kinds = h(
    'div',
    { class: 'emoji-picker__tabs', role: 'group', 'aria-label': locale.t('emoji.kinds') },
    ...tabs,
  );
  roveFocus(kinds, () => tabs);
  const quick = quickButtons(pick, 'emoji-picker__emoji');
  const heading = h('p', { class: 'emoji-picker__heading', role: 'status' });
  const list = h('div', { class: 'emoji-picker__list scroll' });
  const body = h(
    'div',
    { class: 'emoji-picker' },
    h(
      'div',
      { class: 'emoji-picker__quick', role: 'group', 'aria-label': locale.t('reactions.quick') },
      ...quick,
    ),
    h('div', { class: 'emoji-picker__field' }, icon('search', 's'), box),
    kinds,
    heading,
    list,
  );

  const show = (emojis: readonly Emoji[]): void =>
    replaceContent(list, emojiGrid(emojis, locale.language, heading.textContent ?? '', pick));
  const mark = (index: number): void => {
    tabs.forEach((tab, at) => tab.setAttribute('aria-pressed', at === index ? 'true' : 'false'));
    setTabStop(tabs, tabs[Math.max(0, index)]);
  };
  const showGroup = (group: number): void => {
    const index = groups.findIndex(([number]) => number === group);
    const [, , name] = groups[index] ?? groups[0];
    box.value = '';
    mark(index);
    setText(heading, locale.t(name));
    show(known?.emojis.filter((emoji) => emoji.group === group) ?? []);
    list.scrollTop = 0;
  };
  const search = (): void => {
    if (box.value.trim() === '') {
      showGroup(0);
      return;
    }
    const found = known?.search(box.value) ?? [];
    mark(-1);
    const isNone = found.length === 0 && known !== null;
    setText(heading, isNone ? locale.t('emoji.none') : locale.t('emoji.found', { count: found.length }));
    show(found);
    list.scrollTop = 0;
  };
  box.addEventListener('input', search);
  box.addEventListener('keydown', (event) => {
    if (event.isComposing || event.key !== 'ArrowDown') return;
    event.preventDefault();
    list.querySelector<HTMLElement>('button')?.focus();
  });

  // In a box the focus would bring up a phone's keyboard, over what there is to choose from.
  const isTouch = matchMedia('(pointer: coarse)').matches;
  const focus = (isTouch ? quick[0] : undefined) ?? box;
  const popover = openPopover(anchor, { label: locale.t('reactions.pick'), body, focus });
  const load = async (): Promise<void> => {
    setText(heading, locale.t('common.loading'));
    try {
      const { listEmojis } = await context.later.load('emojis');
      if (known === null) {
        const emojis = drawnEmojis(listEmojis());
        known = { emojis, search: createEmojiSearch(emojis) };
      }
      search();
    } catch {
      setText(heading, locale.failure({ code: 'OFFLINE' }));
    }
  };
  if (known === null) drop(load());
  else search();
}
