import { h, setText } from '../../ui/h.ts';
import { icon } from '../../ui/icon.ts';
import type { Locale } from '../../locales/locale.ts';
import type { RoomEntry } from '../rooms/room-state.ts';

export type FirstUnreadButton = {
  readonly element: HTMLElement;
  /** With the seq of the uppermost message on screen. */
  show: (entry: RoomEntry, firstSeq: number) => void;
};

/** Above a conversation, until the first message that was unread when it was opened has been on screen: the way there. */
export function createFirstUnreadButton(locale: Locale, onJump: (seq: number) => void): FirstUnreadButton {
  let lineSeq: number | null = null;
  const text = h('span', {});
  const element = h(
    'button',
    {
      type: 'button',
      class: 'jump jump--up',
      hidden: true,
      on: { click: () => lineSeq !== null && onJump(lineSeq) },
    },
    icon('arrow-down', 's'),
    text,
  );
  let isReached = false;
  const show: FirstUnreadButton['show'] = ({ newLineSeq, room }, firstSeq) => {
    if (newLineSeq !== lineSeq) {
      lineSeq = newLineSeq;
      isReached = false;
      if (lineSeq !== null) setText(text, locale.t('rooms.unread', { count: room.lastSeq - lineSeq + 1 }));
    }
    isReached ||= lineSeq === null || firstSeq <= lineSeq;
    element.hidden = isReached;
  };
  return { element, show };
}
