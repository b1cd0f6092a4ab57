import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Person } from '#contract/accounts.ts';
import type { Room } from '#contract/rooms.ts';
import type { RoomReason, RoomVerdict } from '../../crypto/index.ts';
import { createLocale } from '../../locales/locale.ts';
import type { PlainTextKey } from '../../locales/wording.ts';
import { plainRoom } from '../../testing/plain-room.ts';
import { emptyRooms, newRoomEntry, withRoom } from '../rooms/room-state.ts';
import { adviceFor, rowAdviceFor } from './room-reasons.ts';
import { changedPeople, waitingRooms } from './trust-state.ts';

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

test('a room waits for a colleague while it names an identity of mine from before', () => {
  const room = (roomUid: string): Room => ({
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
