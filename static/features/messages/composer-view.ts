import { limits } from '#contract/limits.ts';
import { h, setAttribute, setText } from '../../ui/h.ts';
import { iconButton } from '../../ui/button.ts';
import { afterPaint } from '../../ui/idle.ts';
import { bindEnter } from '../../ui/enter-key.ts';
import { icon } from '../../ui/icon.ts';
import type { View } from '../../ui/view.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import { succeed } from '../../state/failure.ts';
import type { Failure } from '../../state/failure.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import type { RoomEntry } from '../rooms/room-state.ts';
import { createModeBar } from './composer-mode.ts';
import type { ComposerMode } from './composer-mode.ts';
import { messageName } from './message-state.ts';
import type { MessageEntry } from './message-state.ts';
import type { ComposerModes } from './message-target.ts';
import { sendingState } from './sending-state.ts';
import type { SendingState } from './sending-state.ts';

export type ComposerDeps = { context: PageContext; roomUid: string; placeholder: string; onSent: () => void };

export type ComposerView = View &
  ComposerModes & {
    focus: () => void;
    setPlaceholder: (text: string) => void;
    /** Puts a text in front of what is being written. */
    insert: (text: string) => void;
  };

/** The count of characters appears when this few are left. */
const countFrom = 500;

/** The box at the bottom: grows with its text, keeps a draft, sends with Enter by the rules of composition-enter.ts. */
export function createComposerView({ context, roomUid, placeholder, onSent }: ComposerDeps): ComposerView {
  const { app, locale } = context;
  const { drafts, rooms, people } = app.stores;
  const disposables = createDisposables();
  const box = h('textarea', {
    class: 'composer__box',
    rows: 1,
    dir: 'auto',
    placeholder,
    'aria-label': placeholder,
    'aria-describedby': 'composer-note',
    enterkeyhint: isPhone() ? 'enter' : 'send',
  });
  const send = iconButton({ icon: 'send-horizontal', label: locale.t('chat.send'), class: 'composer__send' });
  const add = iconButton({ icon: 'plus', label: locale.t('chat.add'), class: 'composer__add' });
  add.addEventListener('click', () =>
    context.later.use('composerMenu', ({ openComposerMenu }) =>
      openComposerMenu(context, roomUid, add, { text: () => box.value, clear: empty }),
    ),
  );
  const count = h('span', { class: 'composer__count', 'aria-live': 'off', hidden: true });
  const noteText = h('span', {});
  const note = h(
    'p',
    { class: 'composer__note', id: 'composer-note', hidden: true },
    icon('info', 'xs'),
    noteText,
  );
  const frame = h('div', { class: 'composer__frame' }, add, box, count, send);
  const bar = createModeBar(context, () => setMode({ kind: 'new' }));
  const element = h('div', { class: 'composer' }, note, bar.element, frame);

  let problem: string | null = null;
  let isTouched = false;
  const state = (): SendingState =>
    sendingState(
      rooms.get().byUid.get(roomUid),
      people.get().byUid,
      locale,
      meUidOf(app.stores.account.get()) ?? '',
    );

  const show = (): void => {
    const { isBlocked, reason, isReadOnly = false } = state();
    const left = limits.messageTextMax - box.value.length;
    const text = problem ?? reason;
    note.hidden = text === null;
    element.classList.toggle('composer--closed', isReadOnly);
    const isBad = problem !== null || (isBlocked && !isReadOnly);
    note.className = isBad ? 'composer__note composer__note--bad' : 'composer__note';
    setText(noteText, text ?? '');
    count.hidden = left > countFrom;
    count.classList.toggle('composer__count--over', left < 0);
    setText(count, countText(context, left));
    send.disabled = isBlocked || box.value.trim() === '' || left < 0;
    add.disabled = isBlocked;
    setAttribute(box, 'aria-invalid', left < 0 ? 'true' : null);
  };
  const fit = (): void => {
    // Measured from its smallest height, or it would never shrink. The composer keeps its own height meanwhile: the
    // list above would grow for a moment, and so lose its place at the end.
    element.style.setProperty('min-height', `${element.offsetHeight}px`);
    box.style.setProperty('height', 'auto');
    box.style.setProperty('height', `${box.scrollHeight}px`);
    element.style.removeProperty('min-height');
  };
  const setValue = (text: string): void => {
    box.value = text;
    fit();
    show();
  };
  const refuse = (text: string, failure: Failure): void => {
    // Typed on meanwhile: what could not be sent goes in front of it.
    setValue(box.value === '' ? text : `${text}\n${box.value}`);
    app.actions.drafts.set(roomUid, box.value);
    problem = locale.failure(failure);
    show();
    const { code, subject } = failure;
    if (code !== 'VERIFIED_CHANGED' || subject === undefined) return;
    context.later.use('trust', ({ trustParts }) =>
      trustParts.openVerifiedSend(context, roomUid, subject, () => drop(submit())),
    );
  };
  const empty = (): void => {
    setValue('');
    app.actions.drafts.set(roomUid, '');
  };
  let mode: ComposerMode = { kind: 'new' };
  const setMode = (next: ComposerMode): void => {
    // What was being written before a message was changed comes back.
    if (mode.kind === 'edit') setValue(mode.draft);
    mode = next;
    bar.show(mode);
    problem = null;
    if (next.kind === 'edit') {
      const { content } = next.entry;
      setValue(content.state === 'open' ? content.text : '');
    }
    show();
    box.focus();
  };
  const saveEdit = async (entry: MessageEntry, text: string): Promise<void> => {
    const isSame = entry.content.state === 'open' && entry.content.text === text.trim();
    send.disabled = true;
    const result = isSame ? succeed(undefined) : await app.actions.editing.edit(entry.message, text);
    // Given up, or another message chosen meanwhile.
    if (mode.kind !== 'edit' || mode.entry !== entry) return;
    if (result.ok) setMode({ kind: 'new' });
    else problem = locale.failure(result);
    show();
  };
  const submit = async (): Promise<void> => {
    const text = box.value;
    if (text.trim() === '' || text.length > limits.messageTextMax || state().isBlocked) return;
    problem = null;
    if (mode.kind === 'edit') {
      await saveEdit(mode.entry, text);
      return;
    }
    const target = mode.kind === 'reply' ? messageName(mode.entry.message) : null;
    if (target !== null) setMode({ kind: 'new' });
    setValue('');
    app.actions.typing.sent(roomUid);
    onSent();
    const result = await app.actions.messages.send(roomUid, text, target);
    if (!result.ok) refuse(text, result);
    // Only now: until the outbox has it, the draft is what a crash would leave.
    else app.actions.drafts.set(roomUid, box.value);
  };

  box.addEventListener('input', () => {
    isTouched = true;
    problem = null;
    fit();
    show();
    if (mode.kind !== 'edit') app.actions.drafts.set(roomUid, box.value);
    // Composing a syllable is input, too; emptying the box is not typing.
    if (box.value.trim() !== '') app.actions.typing.typed(roomUid);
  });
  send.addEventListener('click', () => {
    drop(submit());
    box.focus();
  });
  // A tap on the button must not take the focus from the box: the phone's keyboard would close and open again.
  send.addEventListener('mousedown', (event) => event.preventDefault());
  disposables.add(
    bindEnter({ box, onEnter: () => drop(submit()), isActive: () => !isPhone() }),
    rooms.subscribe((all) => all.byUid.get(roomUid), show),
    people.subscribe((all) => all.byUid, show),
    drafts.subscribe(
      (all) => all.textByRoom.get(roomUid) ?? '',
      (text) => {
        if (!isTouched && box.value === '') setValue(text);
      },
    ),
  );
  box.addEventListener('keydown', (event) => {
    if (event.isComposing) return;
    const mark = markOf(event);
    if (mark !== undefined) {
      event.preventDefault();
      context.later.use('formatTools', ({ markSelection }) => markSelection(box, mark));
    }
    if (event.key === 'Escape' && mode.kind !== 'new') {
      event.preventDefault();
      setMode({ kind: 'new' });
    }
    if (event.key === 'ArrowUp' && box.value === '' && mode.kind === 'new') {
      const own = lastOwnText(rooms.get().byUid.get(roomUid), meUidOf(app.stores.account.get()));
      if (own === null) return;
      event.preventDefault();
      edit(own);
    }
  });
  const edit = (entry: MessageEntry): void => {
    const draft = mode.kind === 'edit' ? mode.draft : box.value;
    setMode({ kind: 'edit', entry, draft });
  };
  let isGone = false;
  disposables.add(() => (isGone = true));
  const completeNames = async (): Promise<void> => {
    const { createMentionCompletion } = await context.later.load('mentionTools');
    if (!isGone) disposables.add(createMentionCompletion(context, roomUid, box, frame).dispose);
  };
  // Without the server there is no list of names; whoever types one in full calls them all the same.
  afterPaint(() => drop(completeNames().catch(() => undefined)));
  // Whoever leaves the box or the room may reload the page next.
  const keepDraft = (): void => drop(app.actions.drafts.flush());
  disposables.listen(box, 'blur', keepDraft);
  disposables.add(keepDraft);
  disposables.listen(window, 'resize', fit);
  setValue(drafts.get().textByRoom.get(roomUid) ?? '');
  requestAnimationFrame(fit);
  return {
    element,
    dispose: disposables.dispose,
    focus: () => box.focus(),
    reply: (entry) => setMode({ kind: 'reply', entry }),
    edit,
    setPlaceholder: (text) => {
      setAttribute(box, 'placeholder', text);
      setAttribute(box, 'aria-label', text);
    },
    insert: (text) => {
      setValue(box.value === '' ? text : `${text}\n${box.value}`);
      app.actions.drafts.set(roomUid, box.value);
      box.focus();
    },
  };
}

/** The newest text of mine that is on screen: what the arrow upwards changes. */
function lastOwnText(entry: RoomEntry | undefined, meUid: string | null): MessageEntry | null {
  const own = (entry?.tail ?? []).filter(
    ({ message, content }) =>
      message.senderUid === meUid && message.kind === 'text' && content.state === 'open',
  );
  return own.at(-1) ?? null;
}

function countText({ locale }: PageContext, left: number): string {
  return left >= 0
    ? locale.t('chat.charactersLeft', { count: left })
    : locale.t('chat.tooLong', { count: -left });
}

/** By the place of the key: with a Korean layout it has another letter. */
const markKeys: Readonly<Record<string, string>> = { KeyB: '**', KeyI: '*' };

/** Ctrl+B and Ctrl+I. */
const markOf = ({ ctrlKey, metaKey, altKey, shiftKey, code }: KeyboardEvent): string | undefined =>
  (ctrlKey || metaKey) && !altKey && !shiftKey ? markKeys[code] : undefined;

/** A screen keyboard: Enter makes a new line there, and the button sends. */
const isPhone = (): boolean => matchMedia('(pointer: coarse) and (hover: none)').matches;
