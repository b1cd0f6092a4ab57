import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Person } from '#contract/accounts.ts';
import type { Room } from '#contract/rooms.ts';
import type { RoomReason, RoomVerdict } from '../../crypto/index.ts';
import { createLocale } from '../../locales/locale.ts';
import type { PlainTextKey } from '../../locales/wording.ts';
import { plainRoom } from '../../testing/plain-room.ts';
import { emptyRooms, newRoomEntry, withRoom } from '../rooms/room-state.ts';
import { adviceFor, rowAdviceFor } from './room-reasons.ts';
import { changedPeople, findOthersAnew, waitingRooms } from './trust-state.ts';

const person = (userUid: string, identityVersion: number, state: Person['state'] = 'active'): Person => ({
  userUid,
  username: userUid,
  displayName: userUid,
  department: '',
  title: '',
  statusText: '',
  state,
  identityVersion,
  rev: 1,
});

const verdict = (people: [userUid: string, version: number][], facts: Partial<RoomVerdict> = {}) =>
  ({
    roomUid: 'room',
    status: 'sendable',
    reason: null,
    subject: null,
    epoch: 3,
    type: 'group',
    history: false,
    people: people.map(([userUid, version]) => ({ userUid, version, fingerprint: 'x' })),
    toRemove: [],
    notInRecord: [],
    changes: [],
    nameWarnings: [],
    renewable: [],
    markChanged: [],
    ...facts,
  }) satisfies RoomVerdict;

const groupRoom = (roomUid: string): Room => ({
  roomUid,
  type: 'group',
  title: roomUid,
  rev: 1,
  lastSeq: 0,
  createdAt: 0,
  ownerUid: null,
  epoch: 1,
  epochHash: 'h',
  isRekeyNeeded: false,
  ...plainRoom,
  members: [],
});

test('a person whose published identity is newer than the record has changed, until somebody confirmed it', () => {
  const people = new Map(
    [person('me', 2), person('ann', 2), person('ben', 1), person('gone', 2, 'disabled')].map((one) => [
      one.userUid,
      one,
    ]),
  );
  const named: [string, number][] = [
    ['me', 1],
    ['ann', 1],
    ['ben', 1],
    ['gone', 1],
    ['unknown', 1],
  ];
  assert.deepEqual(changedPeople(verdict(named), people, 'me'), ['ann']);
  assert.deepEqual(changedPeople(verdict(named, { renewable: ['ann'] }), people, 'me'), []);
  assert.deepEqual(changedPeople(verdict([['ann', 2]]), people, 'me'), []);
});

describe('whoever lost their keys begins a room anew', () => {
  const member = (userUid: string) => ({
    userUid,
    joinedSeq: 1,
    readSeq: 0,
    joinedAt: 0,
    role: 'member' as const,
  });
  const roomOf = (...userUids: string[]) => ({
    room: { ...groupRoom('room'), members: userUids.map(member) },
  });
  const peopleOf = (...people: Person[]) => ({ byUid: new Map(people.map((one) => [one.userUid, one])) });
  const named = verdict([
    ['me', 1],
    ['ann', 1],
    ['ben', 1],
  ]);
  const added = (userUid: string, version: number) => ({ userUid, version, displayName: userUid });

  test('only where nobody whom its record names can act any more', () => {
    const room = roomOf('me', 'ann', 'ben');
    const all = (ben: Person) => peopleOf(person('me', 2), person('ann', 2), ben);
    assert.equal(findOthersAnew(room, named, all(person('ben', 1)), 'me'), null, 'ben has his keys');
    const anew = [added('ann', 2), added('ben', 2)];
    assert.deepEqual(findOthersAnew(room, named, all(person('ben', 2)), 'me'), anew);
    const disabled = findOthersAnew(room, named, all(person('ben', 1, 'disabled')), 'me');
    assert.deepEqual(disabled, [added('ann', 2), added('ben', 1)], 'whoever is disabled cannot act');
  });

  test('also where whoever has keys is no member any more, and alone where nobody else is left', () => {
    const people = peopleOf(person('me', 2), person('ann', 2), person('ben', 1));
    assert.deepEqual(findOthersAnew(roomOf('me', 'ann'), named, people, 'me'), [added('ann', 2)]);
    assert.deepEqual(findOthersAnew(roomOf('me'), named, people, 'me'), []);
  });

  test('not while somebody of it is unknown here: nobody would be left out unseen', () => {
    const people = peopleOf(person('me', 2), person('ann', 2));
    assert.equal(findOthersAnew(roomOf('me', 'ann', 'new'), verdict([['ann', 1]]), people, 'me'), null);
  });
});

test('a room waits for a colleague while it names an identity of mine from before', () => {
  const room = groupRoom;
  const entries = [
    ['waits', verdict([], { status: 'waiting', reason: 'OWN_VERSION_OLD' })],
    ['works', verdict([])],
    ['unseen', null],
  ] as const; // pairs of exactly this form
  let rooms = emptyRooms();
  for (const [roomUid, judged] of entries) {
    const entry = newRoomEntry(room(roomUid), []);
    rooms = withRoom(rooms, { ...entry, keys: { ...entry.keys, verdict: judged } });
  }
  assert.deepEqual(waitingRooms(rooms), ['waits']);
});

test('what to do is said in both languages, and digits are asked for only where they help', () => {
  for (const language of ['ko', 'en'] as const) {
    const { t } = createLocale(language);
    const say = (key: PlainTextKey): string => t(key);
    const digits: RoomReason[] = [
      'FORK',
      'NEW_CHAIN',
      'CREATOR_NOT_MEMBER',
      'PIN_CONFLICT',
      'UNCONFIRMED_VERSION',
    ];
    for (const reason of digits) {
      assert.match(adviceFor(reason).deed, /-digits$/);
      assert.match(say(adviceFor(reason).todo), /숫자|digits/);
    }
    assert.equal(adviceFor('OWN_VERSION_OLD').deed, 'own-digits');
    const helpless: RoomReason[] = ['BAD_SIGNATURE', 'BROKEN_CHAIN', 'BEHIND_WATERMARK', 'KEY_MISSING'];
    for (const reason of helpless) assert.equal(adviceFor(reason).deed, 'retry');
    assert.notEqual(say(rowAdviceFor('TAMPERED').why), say(rowAdviceFor('NO_KEY').why));
  }
});
