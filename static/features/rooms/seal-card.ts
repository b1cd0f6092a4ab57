import { h } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { icon } from '../../ui/icon.ts';
import type { PageContext } from '../../page-context.ts';
import type { RoomEntry } from './room-state.ts';

/** Who can read this, and since when the key is the present one; all the rest is in the room's security panel. */
export function sealCard(context: PageContext, { room, keys: { verdict, changes } }: RoomEntry): HTMLElement {
  const { app, later, locale } = context;
  const count = verdict?.people.length ?? room.members.length;
  const history = verdict?.history ?? false;
  // It may be the work of a server that wants to read along: no promise beside it.
  const isHeld = verdict?.status === 'quarantined';
  // The verdict itself knows only what was loaded for it, which after a reload is one record and no change.
  const changed = changes.find((change) => change.epoch === verdict?.epoch);
  const age =
    changed === undefined
      ? ''
      : locale.t('details.epochAge', { date: locale.moment(changed.madeAt, app.clock.now()) });
  const number = locale.t('details.epoch', { number: verdict?.epoch ?? room.epoch });
  return h(
    'section',
    { class: 'seal', 'aria-label': locale.t('details.seal') },
    h(
      'h3',
      { class: isHeld ? 'seal__title seal__title--held' : 'seal__title' },
      icon(isHeld ? 'shield-alert' : 'lock', 's'),
      locale.t(isHeld ? 'details.quarantine' : 'details.seal'),
    ),
    !isHeld && h('p', {}, locale.t('details.sealText', { count })),
    !app.capabilities.isSecureContext && h('p', { class: 'seal__http' }, locale.t('details.http')),
    h(
      'p',
      { class: 'seal__epoch' },
      age === '' ? number : locale.t('common.separator', { first: number, second: age }),
      room.type === 'group' && h('span', {}, locale.t(history ? 'details.historyOn' : 'details.historyOff')),
    ),
    button({
      label: locale.t('trust.roomOpen'),
      kind: 'link',
      onClick: () =>
        later.use('trust', ({ trustParts }) => trustParts.openRoomSecurity(context, room.roomUid)),
    }),
  );
}
