/** Who voted for what, asked for when somebody wants to know. */
import type { PollVoters } from '#contract/polls.ts';
import { h, replaceContent } from '../../ui/h.ts';
import { avatar } from '../../ui/avatar.ts';
import { openDialog } from '../../ui/dialog.ts';
import { personHandle, personName } from '../../ui/person-label.ts';
import { drop } from '../../state/drop.ts';
import type { PageContext } from '../../page-context.ts';
import type { PollSource } from './poll-source.ts';
import { pollResults } from './poll-results.ts';
import type { PollResult } from './poll-results.ts';

/** `source` gives the poll as it is shown now. */
export function openVoters(context: PageContext, source: () => PollSource): void {
  const { app, locale } = context;
  const list = h('div', { class: 'poll-voters', 'aria-live': 'polite' }, locale.t('common.loading'));
  openDialog({
    title: locale.t('polls.voters'),
    closeLabel: locale.t('common.close'),
    body: [h('p', { class: 'dialog__text', dir: 'auto' }, source().question), list],
  });
  const load = async (): Promise<void> => {
    const result = await app.actions.polls.voters(source().id);
    if (!result.ok) {
      replaceContent(list, locale.failure(result));
      return;
    }
    const voters = result.value ?? [];
    await app.actions.directory.ensurePeople([...new Set(voters.flatMap(({ userUids }) => userUids))]);
    const { options, poll } = source();
    const results = pollResults(options, poll);
    replaceContent(list, ...results.map((option) => optionVoters(context, option, voters)));
  };
  drop(load());
}

function optionVoters(
  { app, locale }: PageContext,
  option: PollResult,
  voters: readonly PollVoters[],
): HTMLElement {
  const { byUid } = app.stores.people.get();
  const userUids = voters.find(({ optionId }) => optionId === option.id)?.userUids ?? [];
  const people = userUids
    .map((userUid) => ({ userUid, person: byUid.get(userUid), name: personName(locale, byUid.get(userUid)) }))
    .sort((left, right) => locale.compare(left.name, right.name));
  // Voted since the card was drawn, or gone since they voted: the totals know more people than can be named, or fewer.
  const departed = Math.max(0, option.votes - people.length);
  return h(
    'section',
    { class: 'poll-voters__option' },
    h(
      'h3',
      { class: 'poll-voters__title' },
      h('span', { class: 'poll-voters__text', dir: 'auto' }, option.text),
      h('span', { class: 'poll-voters__count' }, locale.number(people.length + departed)),
    ),
    people.length + departed === 0 && h('p', { class: 'poll-voters__none' }, locale.t('polls.nobody')),
    h(
      'ul',
      { class: 'poll-voters__people' },
      ...people.map(({ userUid, person, name }) =>
        h(
          'li',
          { class: 'poll-voters__person' },
          avatar({ id: userUid, name, size: 's' }),
          h('span', { class: 'poll-voters__name' }, name),
          person !== undefined &&
            person.state !== 'deleted' &&
            h('span', { class: 'poll-voters__role' }, personHandle(person)),
        ),
      ),
      departed > 0 &&
        h('li', { class: 'poll-voters__none' }, locale.t('polls.departed', { count: departed })),
    ),
  );
}
