/** `admin people`, `approve`, `decline`, `disable`, `enable`, `role`, `reset-code`, `rooms`. */
import { AccountState } from '#contract/admin-people.ts';
import { Role } from '#contract/accounts.ts';
import type { Command, Context } from './admin-context.ts';
import { choiceOf, findPerson, findRoom, nameOf, numberOf, valueOf, wordAt } from './admin-context.ts';
import { table, timeText } from './admin-table.ts';

const subject = (context: Context) => findPerson(context, wordAt(context, 1, '<user>'));

const people: Command = async (context) => {
  const { ask, say, args } = context;
  const state = valueOf(context, 'state');
  const role = valueOf(context, 'role');
  const limit = numberOf(context, 'limit');
  const query = args.words.slice(1).join(' ');
  const value = await ask('admin:people', {
    ...(query === '' ? {} : { query }),
    ...(state === undefined ? {} : { state: choiceOf(state, AccountState.options) }),
    ...(role === undefined ? {} : { role: choiceOf(role, Role.options) }),
    ...(limit === undefined ? {} : { limit }),
  });
  const rows = value.people.map((person) => [
    `@${person.username}`,
    person.displayName,
    [person.department, person.title].filter((text) => text !== '').join(' '),
    say(`role_${person.role}`),
    say(`state_${person.state}`),
    person.stateSince === null ? '' : timeText(person.stateSince),
  ]);
  const { active, pending, disabled } = value.counts;
  const parts = [table(rows), value.hasMore ? say('more') : '', say('counts', active, pending, disabled)];
  return { value, text: parts.filter((part) => part !== '').join('\n') };
};

const approve: Command = async (context) => {
  const { ask, say, args } = context;
  const person = await subject(context);
  const roomUids: string[] = [];
  for (const typed of args.values.rooms ?? []) roomUids.push((await findRoom(context, typed)).roomUid);
  const value = await ask('admin:approve', { userUid: person.userUid, roomUids });
  const proposed = roomUids.length === 0 ? [] : [say('proposed', roomUids.length)];
  return { value, text: [say('approved', nameOf(person)), ...proposed].join('\n') };
};

const decline: Command = async (context) => {
  const { ask, say, sure } = context;
  const person = await subject(context);
  await sure(say('askDecline', nameOf(person)));
  const value = await ask('admin:decline', { userUid: person.userUid });
  return { value, text: say('declined', nameOf(person)) };
};

const disable: Command = async (context) => {
  const { ask, say, sure } = context;
  const person = await subject(context);
  await sure(say('askDisable', nameOf(person)));
  const value = await ask('admin:disable', { userUid: person.userUid });
  return { value, text: say('disabled', nameOf(person)) };
};

const enable: Command = async (context) => {
  const { ask, say } = context;
  const person = await subject(context);
  const value = await ask('admin:enable', { userUid: person.userUid });
  const text =
    person.state === 'active'
      ? say('inUse', nameOf(person))
      : say('enabled', nameOf(person), person.formerRooms);
  return { value, text };
};

const role: Command = async (context) => {
  const { ask, say, sure } = context;
  const person = await subject(context);
  const wanted = choiceOf(wordAt(context, 2, Role.options.join('|')), Role.options);
  const name = say(`role_${wanted}`);
  await sure(say('askRole', nameOf(person), name));
  const value = await ask('admin:set-role', { userUid: person.userUid, role: wanted });
  return { value, text: say('roleSet', nameOf(person), name) };
};

const resetCode: Command = async (context) => {
  const { ask, say, sure, args } = context;
  const person = await subject(context);
  const isDeviceLost = args.flags.has('deviceLost');
  const { roomsToHeal, roomsLost } = await ask('admin:reset-outlook', { userUid: person.userUid });
  const warning = say('askReset', nameOf(person), roomsToHeal, roomsLost);
  await sure(warning, ...(isDeviceLost ? [say('askLost')] : []));
  const value = await ask('admin:make-reset-code', { userUid: person.userUid, isDeviceLost });
  const text = `${say('resetCode', nameOf(person), timeText(value.expiresAt))}\n  ${value.code}`;
  return { value, text };
};

const rooms: Command = async (context) => {
  const { ask, say, args } = context;
  const query = args.words.slice(1).join(' ');
  const value = await ask('admin:rooms', query === '' ? {} : { query });
  const rows = value.rooms.map((room) => [room.roomUid, room.title, String(room.memberCount), room.owner]);
  const parts = [rows.length === 0 ? say('nothing') : table(rows), ...(value.hasMore ? [say('more')] : [])];
  return { value, text: parts.join('\n') };
};

export const peopleCommands = {
  people,
  approve,
  decline,
  disable,
  enable,
  role,
  rooms,
  'reset-code': resetCode,
} as const satisfies Record<string, Command>;
