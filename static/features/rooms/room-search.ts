import { h } from '../../ui/h.ts';
import { iconButton } from '../../ui/button.ts';
import { bindEnter, isComposingKey } from '../../ui/enter-key.ts';
import { hasLooseJamo } from '../../ui/hangul-search.ts';
import { icon } from '../../ui/icon.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';

export type RoomSearch = {
  readonly element: HTMLElement;
  query: () => string;
  /** Empties the box, without taking the focus. */
  clear: () => void;
  focus: () => void;
  dispose: () => void;
};

type Callbacks = { onChange: () => void; onEnter: () => void; onDown: () => void };

const askDelayMs = 250;

/** The search box over the room list; it also asks the directory, once the typing pauses. */
export function createRoomSearch({ app, locale }: PageContext, callbacks: Callbacks): RoomSearch {
  const disposables = createDisposables();
  const label = locale.t('rooms.search');
  const box = h('input', {
    class: 'find__input',
    type: 'search',
    placeholder: label,
    'aria-label': label,
    autocomplete: 'off',
    spellcheck: 'false',
    maxlength: 100,
  });
  const keys = h('kbd', { class: 'find__keys', 'aria-hidden': 'true' }, shortcutLabel());
  const clear = iconButton({ icon: 'x', label: locale.t('rooms.searchClear'), class: 'find__clear' });
  const element = h('div', { class: 'find', role: 'search' }, icon('search', 's'), box, keys, clear);
  let timer: ReturnType<typeof setTimeout> | undefined;

  const changed = (): void => {
    const query = box.value.trim();
    clear.hidden = box.value === '';
    keys.hidden = box.value !== '';
    clearTimeout(timer);
    if (query !== '') {
      // The directory knows no initial consonants: it lists everybody, and the matching is done here.
      const asked = hasLooseJamo(query) ? '' : query;
      timer = setTimeout(() => drop(app.actions.directory.search(asked)), askDelayMs);
    }
    callbacks.onChange();
  };
  const erase = (): void => {
    if (box.value === '') return;
    box.value = '';
    changed();
  };
  const empty = (): void => {
    erase();
    box.focus();
  };
  box.addEventListener('input', changed);
  clear.addEventListener('click', empty);
  box.addEventListener('keydown', (event) => {
    if (isComposingKey(event)) return;
    if (event.key === 'Escape' && box.value !== '') {
      event.preventDefault();
      empty();
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      callbacks.onDown();
    }
  });
  disposables.add(bindEnter({ box, onEnter: () => box.value.trim() !== '' && callbacks.onEnter() }), () =>
    clearTimeout(timer),
  );
  clear.hidden = true;
  return {
    element,
    query: () => box.value.trim(),
    clear: erase,
    focus: () => {
      box.focus();
      box.select();
    },
    dispose: disposables.dispose,
  };
}

const shortcutLabel = (): string => (/Mac|iPhone|iPad/.test(navigator.platform) ? '⌘ K' : 'Ctrl K');
