/** Who holds a room's key and how well I know theirs; and whom only the server's list names. */
import { h } from '../../ui/h.ts';
import { avatar } from '../../ui/avatar.ts';
import { icon } from '../../ui/icon.ts';
import { personHandle, sharedNames } from '../../ui/person-label.ts';
import type { PersonTrust, RoomTrust } from '../../crypto/index.ts';
import type { PageContext } from '../../page-context.ts';
import { meUidOf } from '../account/account-state.ts';
import type { RoomEntry } from '../rooms/room-state.ts';
import { openPersonSecurity } from './person-security-view.ts';
import { nameOf, toneOf, trustLine } from './trust-words.ts';

const toneRank = { bad: 0, warn: 1, good: 2, plain: 3 } as const;

/** Those to look at first: contradictions, unconfirmed keys, then whom I verified. */
export function holdersPart(
  context: PageContext,
  { room, keys: { verdict } }: RoomEntry,
  trust: RoomTrust | null,
): HTMLElement | null {
  const { app, locale } = context;
  if (verdict === null || verdict.people.length === 0) return null;
  const trustByUid = new Map(trust?.people.map((person) => [person.userUid, person]));
  const meUid = meUidOf(app.stores.account.get()) ?? '';
  const { byUid } = app.stores.people.get();
  const namesakes = sharedNames(verdict.people.flatMap(({ userUid }) => byUid.get(userUid) ?? []));
  const rank = (userUid: string): number => {
    const known = trustByUid.get(userUid);
    return userUid === meUid ? 4 : known === undefined ? 3 : toneRank[toneOf(known)];
  };
  const people = [...verdict.people].sort(
    (left, right) =>
      rank(left.userUid) - rank(right.userUid) ||
      locale.compare(nameOf(context, left.userUid), nameOf(context, right.userUid)),
  );
  const labelOf = (userUid: string): string => {
    const person = byUid.get(userUid);
    return person !== undefined && namesakes.has(person.displayName) ? personHandle(person) : '';
  };
  return h(
    'section',
    { class: 'security__part' },
    h('h3', { class: 'security__title' }, locale.t('trust.holders', { count: people.length })),
    h(
      'ul',
      { class: 'holders', role: 'list' },
      ...people.map(({ userUid, version }) =>
        holder(context, {
          userUid,
          version,
          handle: labelOf(userUid),
          trust: trustByUid.get(userUid),
          onOpen: userUid === meUid ? null : () => openPersonSecurity(context, userUid, room.roomUid),
        }),
      ),
    ),
  );
}

type Holder = {
  userUid: string;
  version: number;
  handle: string;
  trust: PersonTrust | undefined;
  onOpen: (() => void) | null;
};

function holder(context: PageContext, { userUid, version, handle, trust, onOpen }: Holder): HTMLElement {
  const { locale } = context;
  const name = nameOf(context, userUid);
  const content = [
    avatar({ id: userUid, name, size: 's' }),
    h(
      'span',
      { class: 'holder__words' },
      h(
        'span',
        { class: 'holder__name' },
        name,
        handle !== '' && h('span', { class: 'holder__handle' }, handle),
      ),
      trust === undefined ? null : trustLine(context, trust),
    ),
    version > 1 && h('span', { class: 'holder__version' }, locale.t('trust.keyNumber', { number: version })),
    onOpen !== null && icon('chevron-right', 's'),
  ];
  return h(
    'li',
    {},
    onOpen === null
      ? h('div', { class: 'holder' }, ...content)
      : h(
          'button',
          { type: 'button', class: 'holder holder--button', 'data-focus': userUid, on: { click: onOpen } },
          ...content,
        ),
  );
}

export function outsidersPart(context: PageContext, { keys: { verdict } }: RoomEntry): HTMLElement | null {
  const { locale } = context;
  if (verdict === null || verdict.notInRecord.length === 0) return null;
  return h(
    'section',
    { class: 'security__part' },
    h('h3', { class: 'security__title' }, locale.t('trust.outsiders')),
    h('p', { class: 'security__text' }, locale.t('trust.outsidersText')),
    h(
      'p',
      { class: 'security__text security__text--warn' },
      locale.list(verdict.notInRecord.map((userUid) => nameOf(context, userUid))),
    ),
  );
}
