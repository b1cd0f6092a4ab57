import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Member } from '#contract/rooms.ts';
import { createEventHub } from '../../connection/event-hub.ts';
import { succeed } from '../../state/failure.ts';
import { createStore } from '../../state/store.ts';
import { createManualTimers } from '../../testing/manual-timers.tests.ts';
import type { RoomEntry } from '../rooms/room-state.ts';
import { createTypingActions } from './typing-actions.ts';
import { emptyTyping } from './typing-state.ts';

const member = (userUid: string): Member => ({
  userUid,
  joinedSeq: 1,
  readSeq: 0,
  joinedAt: 0,
  role: 'member',
});

const start = (memberUids: readonly string[] = ['alice', 'bob', 'carol']) => {
  const timers = createManualTimers();
  const hub = createEventHub();
  hub.release();
  const told: string[] = [];
  const typing = createStore(emptyTyping());
  const room = { roomUid: 'room', members: memberUids.map(member) };
  // of a room only its members are looked at
  const byUid = new Map([['room', { room } as unknown as RoomEntry]]);
  const rooms = createStore({ byUid, isLoaded: true, openRoomUid: 'room' });
  const actions = createTypingActions({
    connection: {
      on: hub.on,
      call: async (name, input) => {
        told.push(`${name} ${(input as { roomUid: string }).roomUid}`); // what typing asks has a room
        return succeed({}) as never; // the answer is not looked at
      },
    },
    rooms,
    typing,
    timers,
    meUid: 'alice',
  });
  const types = (userUid: string): void => hub.receive('typing:started', { roomUid: 'room', userUid });
  const seen = (): readonly string[] => typing.get().uidsByRoom.get('room') ?? [];
  return { timers, hub, told, actions, types, seen };
};

describe('others who type', () => {
  test('are shown until six seconds after the last word of it', () => {
    const { timers, types, seen } = start();
    types('bob');
    timers.advance(3_000);
    types('bob');
    types('carol');
    timers.advance(5_999);
    assert.deepEqual(seen(), ['bob', 'carol']);
    timers.advance(1);
    assert.deepEqual(seen(), []);
  });

  test('stop at once with their message, when they go offline, and when they leave', () => {
    const { hub, types, seen, timers } = start();
    types('bob');
    types('carol');
    hub.receive('message:sent', { message: { roomUid: 'other', senderUid: 'bob' } });
    assert.deepEqual(seen(), ['bob', 'carol'], 'a message elsewhere says nothing of this room');
    hub.receive('message:sent', { message: { roomUid: 'room', senderUid: 'bob' } });
    assert.deepEqual(seen(), ['carol']);
    types('bob');
    hub.receive('message:changed', { message: { roomUid: 'room', senderUid: 'bob' } });
    assert.deepEqual(seen(), ['carol'], 'what bob typed was an edit');
    hub.receive('presence:changed', { online: [], away: [], offline: ['carol'] });
    assert.deepEqual(seen(), []);
    types('bob');
    hub.receive('room:changed', { roomUid: 'room', removed: ['bob'] });
    assert.deepEqual(seen(), []);
    types('carol');
    hub.receive('room:gone', { roomUid: 'room' });
    assert.deepEqual(seen(), []);
    timers.advance(10_000);
    assert.deepEqual(seen(), []);
  });

  test('who begins anew after a message is shown for the whole time again', () => {
    const { hub, types, seen, timers } = start();
    types('bob');
    timers.advance(4_000);
    hub.receive('message:sent', { message: { roomUid: 'room', senderUid: 'bob' } });
    types('bob');
    timers.advance(2_500);
    assert.deepEqual(seen(), ['bob'], 'the end of the first time is not the end of the second');
    timers.advance(3_500);
    assert.deepEqual(seen(), []);
  });

  test('are forgotten with the connection, and nothing comes back', () => {
    const { actions, types, seen, timers, hub } = start();
    types('bob');
    actions.clear();
    assert.deepEqual(seen(), []);
    timers.advance(10_000);
    types('bob');
    actions.stop();
    assert.deepEqual(seen(), []);
    hub.receive('typing:started', { roomUid: 'room', userUid: 'carol' });
    assert.deepEqual(seen(), []);
  });

  test('are neither oneself nor somebody who is not in the room', () => {
    const { types, seen } = start();
    types('alice');
    types('zoe');
    assert.deepEqual(seen(), []);
  });
});

describe('my own typing', () => {
  test('is told at once, then every three seconds, and at once again after a message', () => {
    const { actions, told, timers } = start();
    for (let i = 0; i < 30; i += 1) {
      actions.typed('room');
      timers.advance(100);
    }
    assert.equal(told.length, 1);
    actions.typed('room');
    assert.deepEqual(told, ['typing:start room', 'typing:start room']);
    actions.sent('room');
    actions.typed('room');
    assert.equal(told.length, 3);
  });

  test('goes on after the clock was set back', () => {
    const { actions, told, timers } = start();
    actions.typed('room');
    timers.setBack(3_600_000);
    actions.typed('room');
    assert.equal(told.length, 2);
  });

  test('is told to nobody in a large room, nor where nobody else is', () => {
    const crowd = Array.from({ length: 201 }, (_, index) => `person${index}`);
    for (const people of [crowd, ['alice']]) {
      const { actions, told } = start(people);
      actions.typed('room');
      assert.deepEqual(told, []);
    }
    const { actions, told } = start(crowd.slice(1));
    actions.typed('room');
    assert.equal(told.length, 1);
  });
});
