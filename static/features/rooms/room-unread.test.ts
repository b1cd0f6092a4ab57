import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { mutedForGood } from '#contract/my-items.ts';
import type { MyRoom } from '#contract/my-items.ts';
import type { Room } from '#contract/rooms.ts';
import { plainRoom } from '../../testing/plain-room.ts';
import { isNoticeWanted } from '../notifications/notice-rules.ts';
import { withMoved } from './favourite-order.ts';
import { muteEnd } from './mute-times.ts';
import {
  emptyRooms,
  isHiddenRoom,
  newRoomEntry,
  roomListItems,
  totalUnread,
  unreadCount,
  withRoom,
} from './room-state.ts';

const roomOf = (roomUid: string, lastSeq: number, readSeq: number, joinedSeq = 1): Room => ({
  roomUid,
  type: 'group',
  title: roomUid,
  rev: 1,
  lastSeq,
  createdAt: 0,
  ownerUid: 'alice',
  epoch: 1,
  epochHash: 'hash',
  isRekeyNeeded: false,
  ...plainRoom,
  members: [{ userUid: 'alice', joinedSeq, readSeq, joinedAt: 0, role: 'member' }],
});

const stateOf = (...rooms: Room[]) =>
  rooms.reduce((state, room) => withRoom(state, newRoomEntry(room, [])), emptyRooms());

const now = 1_000_000;

describe('what is unread', () => {
  test('is above the cursor, or from the mark on if that is earlier', () => {
    assert.equal(unreadCount(roomOf('a', 10, 7), 'alice'), 3);
    assert.equal(unreadCount(roomOf('a', 10, 10), 'alice', { unreadFrom: 4 }), 7);
    assert.equal(unreadCount(roomOf('a', 10, 10), 'alice', { unreadFrom: 10 }), 1);
    assert.equal(unreadCount(roomOf('a', 10, 2), 'alice', { unreadFrom: 8 }), 8);
    assert.equal(unreadCount(roomOf('a', 10, 10, 6), 'alice', { unreadFrom: 2 }), 5);
    assert.equal(unreadCount(roomOf('a', 10, 2), 'bob', { unreadFrom: 1 }), 0);
  });

  test('is the number of messages that can be read and are above the cursor or not below the mark', () => {
    const seq = fc.integer({ min: 0, max: 40 });
    const marks = fc.option(fc.integer({ min: 1, max: 45 }), { nil: undefined });
    fc.assert(
      fc.property(
        seq,
        seq,
        fc.integer({ min: 1, max: 40 }),
        marks,
        (lastSeq, cursor, joinedSeq, unreadFrom) => {
          const readSeq = Math.min(cursor, lastSeq);
          const settings: MyRoom = unreadFrom === undefined ? {} : { unreadFrom };
          const all = Array.from({ length: lastSeq }, (_, index) => index + 1);
          const unread = all.filter(
            (each) => each >= joinedSeq && (each > readSeq || each >= (unreadFrom ?? Infinity)),
          );
          assert.equal(
            unreadCount(roomOf('a', lastSeq, readSeq, joinedSeq), 'alice', settings),
            unread.length,
          );
        },
      ),
      { seed: 20_261_120 },
    );
  });

  test('the title counts rooms whose messages are told, and none that is put away', () => {
    const rooms = stateOf(
      roomOf('told', 3, 0),
      roomOf('muted', 9, 0),
      roomOf('marked', 5, 5),
      roomOf('away', 4, 0),
    );
    const mine = new Map<string, MyRoom>([
      ['muted', { mutedUntil: now + 1 }],
      ['marked', { unreadFrom: 4 }],
      ['away', { hiddenSeq: 4 }],
    ]);
    assert.equal(totalUnread(rooms, 'alice', mine, now), 3 + 2);
    // The mute is over.
    assert.equal(totalUnread(rooms, 'alice', mine, now + 1), 3 + 2 + 9);
    assert.equal(totalUnread(rooms, 'alice', new Map(), now), 3 + 9 + 4);
  });
});

describe('the list of rooms', () => {
  test('has favourites in their order above the others', () => {
    const rooms = stateOf(
      { ...roomOf('new', 1, 1), createdAt: 9 },
      { ...roomOf('old', 1, 1), createdAt: 1 },
      { ...roomOf('second', 1, 1), createdAt: 8 },
      roomOf('first', 1, 1),
    );
    const mine = new Map<string, MyRoom>([
      ['second', { favouriteRank: 5 }],
      ['first', { favouriteRank: 2 }],
    ]);
    const items = roomListItems(rooms, new Map(), 'alice', mine);
    assert.deepEqual(
      items.map(({ roomUid, favouriteRank }) => [roomUid, favouriteRank]),
      [
        ['first', 2],
        ['second', 5],
        ['new', null],
        ['old', null],
      ],
    );
  });

  test('a room that was put away comes back with the next message', () => {
    assert.equal(isHiddenRoom(roomOf('a', 4, 4), { hiddenSeq: 4 }), true);
    assert.equal(isHiddenRoom(roomOf('a', 5, 4), { hiddenSeq: 4 }), false);
    assert.equal(isHiddenRoom(roomOf('a', 0, 0), { hiddenSeq: 0 }), true);
    assert.equal(isHiddenRoom(roomOf('a', 4, 4), {}), false);
  });

  test('a favourite is moved within the list and not out of it', () => {
    const order = ['a', 'b', 'c'];
    assert.deepEqual(withMoved(order, 'c', 0), ['c', 'a', 'b']);
    assert.deepEqual(withMoved(order, 'a', 1), ['b', 'a', 'c']);
    assert.deepEqual(withMoved(order, 'a', 9), ['b', 'c', 'a']);
    for (const to of [0, -1]) assert.equal(withMoved(order, 'a', to), order);
    assert.equal(withMoved(order, 'x', 1), order);
  });
});

describe('whether a message is told', () => {
  test('depends on mute and level; a mute silences mentions, too', () => {
    assert.equal(isNoticeWanted(undefined, now, false), true);
    assert.equal(isNoticeWanted({ mutedUntil: now }, now, false), true);
    assert.equal(isNoticeWanted({ mutedUntil: now + 1 }, now, true), false);
    assert.equal(isNoticeWanted({ mutedUntil: mutedForGood }, now, false), false);
    assert.deepEqual(
      [true, false].map((isMention) => isNoticeWanted({ level: 'mentions' }, now, isMention)),
      [true, false],
    );
    assert.equal(isNoticeWanted({ level: 'none' }, now, true), false);
  });

  test('a mute until tomorrow ends at eight in the morning of the next day, also at the end of a month', () => {
    const lateEvening = new Date(2026, 0, 31, 23, 59).getTime();
    assert.equal(muteEnd('tomorrow', lateEvening), new Date(2026, 1, 1, 8).getTime());
    const early = new Date(2026, 0, 31, 0, 1).getTime();
    assert.equal(muteEnd('tomorrow', early), new Date(2026, 1, 1, 8).getTime());
    assert.equal(muteEnd('workday', early) - early, 8 * 3_600_000);
  });
});
