/** The lock in the head of a conversation: that the server cannot read it, or that this is not certain now. */
import { h, replaceContent, setAttribute, setText } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import type { PageContext } from '../../page-context.ts';

export type HeaderSeal = { element: HTMLElement; update: () => void };

/** A press opens the conversation's security. */
export function createHeaderSeal(context: PageContext, roomUid: string): HeaderSeal {
  const { app, later, locale } = context;
  const place = h('span', { class: 'head__seal-icon' });
  const text = h('span', { class: 'head__seal-text' });
  const open = (): void =>
    later.use('trust', ({ trustParts }) => trustParts.openRoomSecurity(context, roomUid));
  const element = h(
    'button',
    { type: 'button', class: 'head__seal', title: locale.t('details.seal'), on: { click: open } },
    place,
    text,
  );
  let shown: boolean | null = null;
  const update = (): void => {
    // It may be the work of a server that wants to read along: nothing green beside it.
    const isHeld = app.stores.rooms.get().byUid.get(roomUid)?.keys.verdict?.status === 'quarantined';
    if (isHeld === shown) return;
    shown = isHeld;
    setAttribute(element, 'class', isHeld ? 'head__seal head__seal--held' : 'head__seal');
    replaceContent(place, icon(isHeld ? 'shield-alert' : 'lock', 'xs'));
    setText(text, locale.t(isHeld ? 'rooms.sealHeld' : 'rooms.seal'));
  };
  update();
  return { element, update };
}
