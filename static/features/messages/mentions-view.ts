import { succeed } from '../../state/failure.ts';
import type { PageContext } from '../../page-context.ts';
import { openPlaceList } from './place-list.ts';
import type { OpenMessage } from './place-list.ts';

/** Messages of others that call me, the newest first. */
export function openMentions(context: PageContext, onOpen: OpenMessage): void {
  const { app, locale } = context;
  let before: number | null = null;
  openPlaceList({
    context,
    title: locale.t('mentions.title'),
    empty: { icon: 'at-sign', title: locale.t('mentions.none'), text: locale.t('mentions.noneText') },
    next: async () => {
      const found = await app.actions.editing.mentions(before);
      if (!found.ok) return found;
      const { mentions, hasMore } = found.value;
      before = mentions[mentions.length - 1]?.sentAt ?? before;
      const places = mentions.map(({ roomUid, seq, message, sentAt }) => ({
        roomUid,
        seq,
        name: message,
        at: sentAt,
      }));
      return succeed({ places, hasMore });
    },
    onOpen,
  });
}
