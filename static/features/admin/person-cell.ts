import { avatar } from '../../ui/avatar.ts';
import { h } from '../../ui/h.ts';
import type { Child } from '../../ui/h.ts';

type CellPerson = { userUid: string; displayName: string; username: string };

/** A person in a table: the initial, the name, and the user name that tells two people of one name apart. */
export const personCell = ({ userUid, displayName, username }: CellPerson, ...below: Child[]): HTMLElement =>
  h(
    'div',
    { class: 'person-cell' },
    avatar({ id: userUid, name: displayName, size: 's' }),
    h(
      'span',
      { class: 'person-cell__words' },
      h('span', { class: 'person-cell__name' }, displayName),
      h('span', { class: 'person-cell__handle' }, `@${username}`),
      ...below,
    ),
  );
