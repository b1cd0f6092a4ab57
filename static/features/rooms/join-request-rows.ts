import type { JoinRequest, JoinRequestOrigin } from '#contract/join-requests.ts';
import { h } from '../../ui/h.ts';
import { avatar } from '../../ui/avatar.ts';
import { button } from '../../ui/button.ts';
import { personHandle, personName } from '../../ui/person-label.ts';
import { drop } from '../../state/drop.ts';
import type { Result } from '../../state/failure.ts';
import type { PageContext } from '../../page-context.ts';
import { waitingFor } from './join-request-changes.ts';

/** Who asks to be let in, for whoever may answer; nothing if nobody does. */
export function requestRows(context: PageContext, roomUid: string): HTMLElement | false {
  const { app, locale } = context;
  const waiting = waitingFor(app.stores.joinRequests.get(), roomUid);
  if (waiting.length === 0) return false;
  return h(
    'section',
    { class: 'requests', 'aria-label': locale.t('requests.title') },
    h('h3', { class: 'requests__title' }, locale.t('requests.count', { count: waiting.length })),
    h('ul', { role: 'list' }, ...waiting.map((request) => requestRow(context, request))),
  );
}

/** Why somebody is to be let in, and what the press that does it is called. */
const originWords = {
  asked: { note: null, accept: 'requests.accept', name: 'requests.acceptName' },
  approved: { note: 'requests.approved', accept: 'requests.add', name: 'requests.addName' },
  again: { note: 'requests.again', accept: 'requests.addAgain', name: 'requests.addAgainName' },
} as const satisfies Record<JoinRequestOrigin, unknown>;

function requestRow(context: PageContext, { roomUid, userUid, origin }: JoinRequest): HTMLElement {
  const { app, locale, toasts } = context;
  const person = app.stores.people.get().byUid.get(userUid);
  const name = personName(locale, person);
  const answer = async (
    asked: () => Promise<Result<void>>,
    text: string,
    waiting?: string,
  ): Promise<void> => {
    for (const control of controls) control.disabled = true;
    const subject = `request ${roomUid} ${userUid}`;
    if (waiting !== undefined) toasts.show({ text: waiting, isLasting: true, subject });
    const result = await asked();
    for (const control of controls) control.disabled = false;
    if (result.ok) toasts.show({ text, subject });
    else toasts.show({ text: locale.failure(result), isProblem: true, subject });
  };
  const words = originWords[origin];
  const accept = button({
    label: locale.t(words.accept),
    kind: 'primary',
    size: 'small',
    onClick: () =>
      drop(
        answer(
          () => app.actions.rooms.invite(roomUid, [userUid]),
          locale.t('requests.accepted', { name }),
          locale.t('create.working'),
        ),
      ),
  });
  const decline = button({
    label: locale.t('requests.decline'),
    size: 'small',
    onClick: () =>
      drop(
        answer(
          () => app.actions.administration.decline(roomUid, userUid),
          locale.t('requests.declined', { name }),
        ),
      ),
  });
  accept.setAttribute('data-focus', `accept ${userUid}`);
  decline.setAttribute('data-focus', `decline ${userUid}`);
  for (const [control, label] of [
    [accept, locale.t(words.name, { name })],
    [decline, locale.t('requests.declineName', { name })],
  ] as const) {
    control.setAttribute('aria-label', label);
  }
  const controls = [accept, decline];
  return h(
    'li',
    { class: 'member requests__row' },
    avatar({ id: userUid, name, size: 's' }),
    h(
      'span',
      { class: 'member__words' },
      h('span', { class: 'member__name' }, name),
      person !== undefined && h('span', { class: 'member__role' }, personHandle(person)),
      words.note !== null && h('span', { class: 'requests__why' }, locale.t(words.note)),
    ),
    h('span', { class: 'requests__answers' }, accept, decline),
  );
}
