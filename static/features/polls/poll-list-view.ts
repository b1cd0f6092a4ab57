/** The polls of a room in the details pane: what was asked, how it stands, and the way to each. */
import { h, replaceContent } from '../../ui/h.ts';
import { button } from '../../ui/button.ts';
import { createCalmTask } from '../../ui/calm-task.ts';
import { emptyState } from '../../ui/empty-state.ts';
import { personName } from '../../ui/person-label.ts';
import type { View } from '../../ui/view.ts';
import { createDisposables } from '../../state/disposables.ts';
import { drop } from '../../state/drop.ts';
import type { FailureCode } from '../../state/failure.ts';
import type { PageContext } from '../../page-context.ts';
import { contentPreview } from '../messages/content-preview.ts';
import { messageName } from '../messages/message-state.ts';
import type { MessageEntry } from '../messages/message-state.ts';
import { deadlineTexts } from './poll-deadline.ts';

export type PollListDeps = {
  context: PageContext;
  roomUid: string;
  onOpenMessage: (seq: number, name: string) => void;
};

export function createPollListView({ context, roomUid, onOpenMessage }: PollListDeps): View {
  const { app, locale } = context;
  const disposables = createDisposables();
  const element = h('div', { class: 'poll-list' });
  /** As the server gave them; rows that are loaded in the conversation are newer. */
  let listed: readonly MessageEntry[] = [];
  let hasMore = false;
  let failure: FailureCode | null = null;
  let isLoading = false;
  let isGone = false;

  const entries = (): MessageEntry[] => {
    const entry = app.stores.rooms.get().byUid.get(roomUid);
    const byName = new Map(listed.map((one) => [messageName(one.message), one]));
    for (const row of [...(entry?.detached ?? []), ...(entry?.tail ?? [])]) {
      const name = messageName(row.message);
      const isPoll = row.message.kind === 'poll' && row.content.state !== 'sealed';
      if (isPoll && (byName.get(name)?.message.rev ?? 0) <= row.message.rev) byName.set(name, row);
    }
    return [...byName.values()]
      .filter(({ content }) => content.state !== 'recalled')
      .sort((left, right) => right.message.seq - left.message.seq);
  };
  const load = async (before: number | null): Promise<void> => {
    if (isLoading) return;
    isLoading = true;
    task.request();
    const result = await app.actions.polls.list(roomUid, before);
    isLoading = false;
    if (isGone) return;
    failure = result.ok ? null : result.code;
    if (result.ok) {
      listed = before === null ? result.value.entries : [...listed, ...result.value.entries];
      hasMore = result.value.hasMore;
    }
    task.request();
  };
  const paint = (): void => {
    const shown = entries();
    const oldest = listed[listed.length - 1]?.message.seq ?? null;
    replaceContent(
      element,
      shown.length > 0 &&
        h(
          'ul',
          { class: 'poll-list__items', role: 'list' },
          ...shown.map((entry) => pollItem(context, entry, onOpenMessage)),
        ),
      shown.length === 0 &&
        (isLoading
          ? h('p', { class: 'poll-list__note' }, locale.t('common.loading'))
          : emptyState({ title: locale.t('polls.empty'), text: locale.t('polls.emptyText') })),
      failure !== null && h('p', { class: 'poll-list__note' }, locale.failure({ code: failure })),
      (hasMore || failure !== null) &&
        button({
          label: locale.t(failure === null ? 'polls.older' : 'common.retry'),
          kind: 'link',
          onClick: () => drop(load(oldest)),
        }),
    );
  };
  const task = createCalmTask(element, paint);
  disposables.add(
    app.stores.rooms.subscribe((state) => state.byUid.get(roomUid)?.tail, task.request),
    app.stores.rooms.subscribe((state) => state.byUid.get(roomUid)?.detached, task.request),
    // What changed meanwhile in rows that are not loaded is in no event.
    app.stores.connection.subscribe(
      ({ phase }) => phase === 'online',
      (isOnline) => isOnline && drop(load(null)),
    ),
    task.cancel,
    () => (isGone = true),
  );
  paint();
  drop(load(null));
  return { element, dispose: disposables.dispose };
}

function pollItem(
  { app, locale }: PageContext,
  { message, content }: MessageEntry,
  onOpenMessage: PollListDeps['onOpenMessage'],
): HTMLElement {
  const now = app.clock.now();
  const { poll, seq, senderUid, sentAt } = message;
  const question = content.state === 'open' ? content.text : contentPreview(content, locale);
  const author = personName(locale, app.stores.people.get().byUid.get(senderUid));
  const facts =
    poll === undefined
      ? []
      : [locale.t('polls.voterCount', { count: poll.voters }), ...deadlineTexts(poll, now, locale)];
  return h(
    'li',
    { class: 'poll-list__item' },
    h(
      'button',
      {
        type: 'button',
        class: 'poll-list__button',
        title: locale.t('polls.goTo'),
        on: { click: () => onOpenMessage(seq, messageName(message)) },
      },
      h('span', { class: 'poll-list__question', dir: 'auto' }, question),
      h('span', { class: 'poll-list__facts' }, facts.join(' · ')),
      h(
        'span',
        { class: 'poll-list__from' },
        locale.t('common.separator', { first: author, second: locale.moment(sentAt, now) }),
      ),
    ),
  );
}
