import { succeed } from '../../state/failure.ts';
import type { PageContext } from '../../page-context.ts';
import { openPlaceList } from './place-list.ts';
import type { OpenMessage } from './place-list.ts';

/** What is not on screen yet comes page by page. */
const pageSize = 20;

/** My list of saved messages, the newest first. */
export function openSaved(context: PageContext, onOpen: OpenMessage): void {
  const { app, locale } = context;
  const places = [...app.stores.my.get().saved]
    .sort(([, left], [, right]) => right.at - left.at)
    .map(([name, { roomUid, seq, at }]) => ({ roomUid, seq, name, at }));
  openPlaceList({
    context,
    title: locale.t('message.savedTitle'),
    empty: {
      icon: 'bookmark',
      title: locale.t('message.savedNone'),
      text: locale.t('message.savedNoneText'),
    },
    next: () => Promise.resolve(succeed({ places: places.splice(0, pageSize), hasMore: places.length > 0 })),
    onOpen,
    remove: {
      label: locale.t('message.unsave'),
      run: (entry) => app.actions.editing.save(entry.message, false),
    },
  });
}
