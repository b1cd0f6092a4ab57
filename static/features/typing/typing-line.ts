import { h, setText } from '../../ui/h.ts';
import { personName } from '../../ui/person-label.ts';
import { createFrameTask } from '../../ui/frame-task.ts';
import type { View } from '../../ui/view.ts';
import { createDisposables } from '../../state/disposables.ts';
import type { PageContext } from '../../page-context.ts';

/** Somebody who pauses while typing is not announced again and again. */
const quietMs = 30_000;
const nobody: readonly string[] = [];

/** The line above the composer that says who is typing. It is read out when it appears after a while, not at each change. */
export function createTypingLine(context: PageContext, roomUid: string): View {
  const { app, locale } = context;
  const { typing, people } = app.stores;
  const disposables = createDisposables();
  const words = h('span', { class: 'typing__words' });
  const element = h(
    'div',
    { class: 'typing', hidden: true },
    h('span', { class: 'typing__dots', 'aria-hidden': 'true' }, h('i', {}), h('i', {}), h('i', {})),
    words,
  );
  let heardAt = Number.NEGATIVE_INFINITY;
  const uidsHere = (): readonly string[] => typing.get().uidsByRoom.get(roomUid) ?? nobody;
  const paint = (): void => {
    const userUids = uidsHere();
    element.hidden = userUids.length === 0;
    if (userUids.length === 0) return;
    const text = typingText(userUids);
    setText(words, text);
    const now = performance.now();
    if (now - heardAt > quietMs) context.announce(text);
    heardAt = now;
  };
  const task = createFrameTask(paint);
  disposables.add(
    typing.subscribe(uidsHere, task.request),
    people.subscribe((state) => state.byUid, task.request),
    task.cancel,
  );
  paint();
  return { element, dispose: disposables.dispose };

  function typingText([first = '', second, third]: readonly string[]): string {
    const nameOf = (uid: string): string => personName(locale, people.get().byUid.get(uid));
    if (third !== undefined) return locale.t('typing.many');
    if (second === undefined) return locale.t('typing.one', { name: nameOf(first) });
    return locale.t('typing.two', { first: nameOf(first), second: nameOf(second) });
  }
}
