/** What the first screen knows of pins: the notices that I was reminded of. The lists of rooms come later. No DOM. */
import type { NoticeReminder } from '#contract/pins.ts';
import type { Connection } from '../../connection/socket-connection.ts';
import type { Store } from '../../state/store.ts';
import { messageName } from '../messages/message-state.ts';
import type { RoomPins } from './pin-state.ts';

export type PinsState = {
  /** Not acknowledged yet. */
  reminders: readonly NoticeReminder[];
  /** Of the rooms whose pins were looked at. */
  byRoom: ReadonlyMap<string, RoomPins>;
};

export const noPins = (): PinsState => ({ reminders: [], byRoom: new Map() });

export type ReminderFollower = {
  synced: (reminders: readonly NoticeReminder[]) => void;
  stop: () => void;
};

/** Keeps the reminders current: each goes when I acknowledge, and when its message is no notice any more. */
export function followReminders({ on }: Pick<Connection, 'on'>, pins: Store<PinsState>): ReminderFollower {
  const without = (name: string): readonly NoticeReminder[] =>
    pins.get().reminders.filter(({ message }) => message !== name);
  const remove = (name: string): void => {
    const reminders = without(name);
    if (reminders.length !== pins.get().reminders.length) pins.patch({ reminders });
  };
  const undo = [
    on('notice:reminded', ({ reminder }) =>
      pins.patch({ reminders: [...without(reminder.message), reminder] }),
    ),
    on('notice:acknowledged', ({ message }) => remove(message)),
    on('message:changed', ({ message }) => {
      if (message.pin?.notice === undefined) remove(messageName(message));
    }),
    on('room:gone', ({ roomUid }) =>
      pins.patch({ reminders: pins.get().reminders.filter((one) => one.roomUid !== roomUid) }),
    ),
  ];
  return {
    synced: (reminders) => pins.patch({ reminders }),
    stop: () => {
      for (const stop of undo) stop();
    },
  };
}
