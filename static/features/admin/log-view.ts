import type { AdminLocale } from '../../locales/admin-locale.ts';
import { createChoice } from '../../ui/choice.ts';
import { h } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import type { View } from '../../ui/view.ts';
import type { AdminContext } from './admin-context.ts';
import { createLogLines, linesShownMax } from './log-lines.ts';
import { folderButton } from './folder-button.ts';
import { pageHead } from './page-head.ts';
import { createRefresh } from './refresh.ts';

type Level = 'trace' | 'info' | 'warn' | 'error';

/** The newest lines of the log, following as they come, by level and by words. */
export function createLogView(context: AdminContext): View {
  const { bridge, locale } = context;
  let level: Level = 'info';
  let lastId = 0;
  let request = 0;
  const search = h('input', {
    class: 'field__input log__search',
    type: 'search',
    placeholder: locale.say('log.search'),
    'aria-label': locale.say('log.search'),
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const shown = createLogLines(locale);

  const load = async (isFresh: boolean): Promise<void> => {
    request += isFresh ? 1 : 0;
    const mine = request;
    const query = search.value.trim();
    const answer = await bridge.call('admin:log', {
      level,
      limit: linesShownMax,
      ...(query === '' ? {} : { query }),
      ...(isFresh ? {} : { after: lastId }),
    });
    // the filter has changed meanwhile, or there is nothing to add
    if (!answer.ok || mine !== request) return;
    const { lines } = answer.value;
    // after a restart the server counts from the beginning again
    const isNewLog = answer.value.lastId < lastId;
    lastId = answer.value.lastId;
    if (isNewLog && !isFresh) return load(true);
    shown.show(lines, isFresh);
  };

  let isFirst = true;
  const refresh = createRefresh(2_000, async () => {
    const isFresh = isFirst;
    isFirst = false;
    await load(isFresh);
  });
  const restart = (): void => {
    isFirst = true;
    refresh.now();
  };
  let typing: ReturnType<typeof setTimeout> | undefined;
  search.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(restart, 200);
  });
  const choice = levelChoice(locale, level, (next) => {
    level = next;
    restart();
  });
  const element = h(
    'div',
    { class: 'log' },
    pageHead(
      locale.say('admin.log'),
      [locale.say('log.note')],
      [folderButton(context, 'open-logs-folder', locale.say('desktop.openLogs'))],
    ),
    h('div', { class: 'log__filter' }, choice, h('div', { class: 'log__find' }, icon('search', 's'), search)),
    ...shown.elements,
  );
  return {
    element,
    dispose: () => {
      clearTimeout(typing);
      refresh.dispose();
    },
  };
}

const levelChoice = (locale: AdminLocale, value: Level, onChange: (level: Level) => void): HTMLElement =>
  createChoice<Level>({
    label: locale.say('log.level'),
    value,
    options: [
      { value: 'trace', label: locale.say('log.levelAll') },
      { value: 'info', label: locale.say('log.levelInfo') },
      { value: 'warn', label: locale.say('log.levelWarn') },
      { value: 'error', label: locale.say('log.levelError') },
    ],
    onChange,
  });
