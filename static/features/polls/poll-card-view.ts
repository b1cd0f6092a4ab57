/** A poll in its conversation: live results, my choice, and what may be done with it. */
import { h, replaceContent, setAttribute, setText } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { openConfirm } from '../../ui/confirm-dialog.ts';
import { icon } from '../../ui/icon.ts';
import type { View } from '../../ui/view.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import type { PollRow } from '../messages/row-poll.ts';
import { memberOf } from '../rooms/room-state.ts';
import { createDeadlineTimer, deadlineTexts } from './poll-deadline.ts';
import { createOptionRows } from './poll-option-rows.ts';
import { pollSourceOf } from './poll-source.ts';
import type { PollSource } from './poll-source.ts';
import { isCountedElsewhere, isPollClosed, pressedChoice } from './poll-results.ts';
import { openVoters } from './poll-voters-view.ts';

export type PollCard = View & { update: (row: PollRow) => void };

export function createPollCard(context: PageContext, row: PollRow): PollCard {
  const { app, locale, toasts, announce } = context;
  const disposables = createDisposables();
  const first = pollSourceOf(row);
  let source = first;
  /** What I pressed and the server has not said yet. */
  let pending: readonly string[] | null = null;
  let presses = 0;

  const rows = createOptionRows(locale, first, (id) => press(id));
  const note = h('p', { class: 'poll__note', hidden: true });
  const link = (label: string, onClick: () => void) => button({ label, kind: 'link', onClick });
  const takeBack = link(locale.t('polls.takeBack'), () => drop(vote([])));
  const voters = link(locale.t('polls.showVoters'), () => openVoters(context, () => source));
  const close = link(locale.t('polls.close'), () => askToClose(context, source.id));
  const foot = h('p', { class: 'poll__foot' });
  const actions = h('div', { class: 'poll__actions' }, takeBack, voters, close);
  const element = h('div', { class: 'poll' }, pollHead(context, first), rows.element, note, foot, actions);

  const myVote = () => app.stores.polls.get().myVotes.get(source.id);
  const isVotable = (): boolean => {
    const { poll, options, isSent } = source;
    if (!isSent || poll === null || isCountedElsewhere(options, poll)) return false;
    return !isPollClosed(poll, app.clock.now());
  };
  const isForgotten = (): boolean => source.poll?.isAnonymous === true && source.poll.closedAt !== null;
  const chosen = (): readonly string[] => (isForgotten() ? [] : (pending ?? myVote()?.optionIds ?? []));

  const paint = (): void => {
    const { poll, isSent } = source;
    const now = app.clock.now();
    const isOpen = isVotable();
    rows.update(source, { chosen: chosen(), isVotable: isOpen, isWaiting: pending !== null });
    const count = poll?.voters ?? 0;
    showFacts(foot, [
      ...(isSent ? [locale.t('polls.voterCount', { count })] : []),
      ...(poll === null ? [] : deadlineTexts(poll, now, locale)),
    ]);
    const closesAt = poll?.closesAt ?? null;
    setAttribute(foot, 'title', closesAt === null ? null : locale.full(closesAt));
    const isOdd = poll !== null && isCountedElsewhere(source.options, poll);
    note.hidden = !isOdd && !isForgotten();
    setText(note, note.hidden ? '' : locale.t(isOdd ? 'polls.mismatch' : 'polls.forgotten'));
    takeBack.hidden = !isOpen || chosen().length === 0;
    voters.hidden = !isSent || poll === null || poll.isAnonymous || count === 0;
    close.hidden = !isOpen || !mayClose(context, source);
    foot.hidden = poll === null;
    actions.hidden = takeBack.hidden && voters.hidden && close.hidden;
    element.classList.toggle('poll--closed', poll !== null && isPollClosed(poll, now));
    timer.follow(poll);
  };
  const timer = createDeadlineTimer(app.clock, paint);

  const vote = async (optionIds: readonly string[]): Promise<void> => {
    presses += 1;
    const press = presses;
    pending = optionIds;
    // The button that was pressed goes away with the vote: the focus must not fall out of the card.
    if (document.activeElement === takeBack) rows.focus();
    paint();
    const result = await app.actions.polls.vote(source.id, optionIds);
    // Pressed again meanwhile: that one decides what is shown.
    if (press !== presses) return;
    pending = null;
    paint();
    if (result.ok) announce(votedText(context, source, optionIds));
    else toasts.show({ text: locale.failure(result), isProblem: true, subject: source.id });
  };
  const press = (optionId: string): void => {
    if (!isVotable()) return;
    const isMultiple = source.poll?.isMultiple === true;
    const before = chosen();
    if (!isMultiple && before.includes(optionId)) return;
    drop(vote(pressedChoice(before, optionId, isMultiple)));
  };
  /** My own vote does not travel with the row: it is asked for once, and again after a lost connection. */
  const look = (): void => {
    const isOnline = app.stores.connection.get().phase === 'online';
    if (isOnline && source.isSent && !isForgotten()) drop(app.actions.polls.look(source.id));
  };

  disposables.add(
    timer.stop,
    app.stores.polls.subscribe(() => myVote(), paint),
    app.stores.connection.subscribe(({ phase }) => phase, look),
    app.stores.rooms.subscribe((state) => state.byUid.get(source.roomUid)?.room, paint),
  );
  paint();
  look();
  return {
    element,
    dispose: disposables.dispose,
    update(next) {
      const wasSent = source.isSent;
      source = pollSourceOf(next);
      paint();
      if (!wasSent) look();
    },
  };
}

/** Each in one piece, wherever the line breaks; drawn only when one of them is another. */
function showFacts(foot: HTMLElement, facts: readonly string[]): void {
  if (foot.textContent === facts.map((fact) => `${fact} `).join('')) return;
  replaceContent(foot, ...facts.flatMap((fact) => [h('span', { class: 'poll__fact' }, fact), ' ']));
}

function pollHead({ locale }: PageContext, { question, poll }: PollSource): HTMLElement {
  const marks = h('span', { class: 'poll__marks' });
  const words = [
    poll?.isMultiple === true ? locale.t('polls.multiple') : '',
    poll?.isAnonymous === true ? locale.t('polls.anonymous') : '',
  ].filter((text) => text !== '');
  replaceContent(marks, [locale.t('polls.label'), ...words].join(' · '));
  return h(
    'div',
    { class: 'poll__head' },
    h('p', { class: 'poll__kind' }, icon('chart-bar-big', 'xs'), marks),
    h('p', { class: 'poll__question', dir: 'auto' }, question),
  );
}

function votedText({ locale }: PageContext, { options }: PollSource, optionIds: readonly string[]): string {
  if (optionIds.length === 0) return locale.t('polls.announceNone');
  const texts = options.filter(({ id }) => optionIds.includes(id)).map(({ text }) => text);
  return locale.t('polls.announceVote', { options: locale.list(texts) });
}

/** Its author, and who looks after the room. */
function mayClose({ app }: PageContext, { authorUid, roomUid }: PollSource): boolean {
  const meUid = meUidOf(app.stores.account.get()) ?? '';
  const room = app.stores.rooms.get().byUid.get(roomUid)?.room;
  if (room === undefined) return false;
  const role = memberOf(room, meUid)?.role ?? 'member';
  return authorUid === meUid || role !== 'member';
}

function askToClose({ app, locale }: PageContext, id: string): void {
  openConfirm({
    locale,
    title: locale.t('polls.closeTitle'),
    text: [locale.t('polls.closeText')],
    confirmLabel: locale.t('polls.close'),
    onConfirm: () => app.actions.polls.close(id),
  });
}
