import type { AdminPerson } from '#contract/admin-people.ts';
import { openConfirm } from '../../ui/confirm-dialog.ts';
import { h } from '../../ui/h.ts';
import type { AdminContext } from './admin-context.ts';
import { resultOf } from './admin-context.ts';
import { createRoomChoice } from './room-choice.ts';

/** Lets somebody in who waits, and proposes them to rooms: whoever runs one of these adds them by one press. */
export function openApproval(context: AdminContext, person: AdminPerson, onDone: () => void): void {
  const { bridge, locale, toasts } = context;
  const { userUid, displayName: name, username, department, title } = person;
  const rooms = createRoomChoice(context);
  const work = [department, title].filter((part) => part !== '').join(' ');
  openConfirm({
    locale,
    title: locale.say('people.approveTitle', { name }),
    text: [
      [`@${username}`, work].filter((part) => part !== '').join(' · '),
      locale.say('people.approveText'),
    ],
    confirmLabel: locale.say('people.approve'),
    extra: [
      h('h3', { class: 'people__subtitle' }, locale.say('people.rooms')),
      h('p', { class: 'field__hint' }, locale.say('people.roomsText')),
      rooms.element,
    ],
    onConfirm: async () =>
      resultOf(await bridge.call('admin:approve', { userUid, roomUids: [...rooms.chosen()] })),
    onDone: () => {
      rooms.dispose();
      const count = rooms.chosen().length;
      const text =
        count === 0
          ? locale.say('people.approved', { name })
          : locale.say('people.approvedRooms', { name, count });
      toasts.show({ text, subject: 'people' });
      onDone();
    },
  });
}
