/** The lock in the head of a conversation: that the server cannot read it, or that this is not certain now. */
import { h, replaceContent, setAttribute } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import type { PageContext } from '../../page-context.ts';

/** A press opens the conversation's security. */
export function createHeaderSeal(
  context: PageContext,
  roomUid: string,
): { element: Node; update: () => void } {
  const { app, later, locale } = context;
  const element = h('button', {
    type: 'button',
    class: 'head__seal',
    title: locale.t('details.seal'),
    on: {
      click: () => later.use('trust', ({ trustParts }) => trustParts.openRoomSecurity(context, roomUid)),
    },
  });
  let shown: boolean | null = null;
  const update = (): void => {
    // It may be the work of a server that wants to read along: nothing green beside it.
    const isHeld = app.stores.rooms.get().byUid.get(roomUid)?.keys.verdict?.status === 'quarantined';
    if (isHeld === shown) return;
    shown = isHeld;
    setAttribute(element, 'data-held', isHeld ? '' : null);
    const words = isHeld ? locale.failure({ code: 'QUARANTINED' }) : locale.t('rooms.seal');
    replaceContent(
      element,
      icon(isHeld ? 'shield-alert' : 'lock', 'xs'),
      h('span', { class: 'head__seal-text' }, words),
    );
  };
  return { element, update };
}
