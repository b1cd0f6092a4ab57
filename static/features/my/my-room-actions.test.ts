import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MyRoom, MyRoomChange } from '#contract/my-items.ts';
import type { Call } from '../../connection/socket-connection.ts';
import { fail, succeed } from '../../state/failure.ts';
import { createStore } from '../../state/store.ts';
import { createMyRoomActions } from './my-room-actions.ts';
import { emptyMy } from './my-state.ts';
import type { MyState } from './my-state.ts';

type Asked = MyRoomChange & { roomUid: string };

/** The actions over a store that is changed by hand, as events would. */
const arrange = (settings: MyRoom, lastSeq = 9) => {
  const my = createStore<MyState>({ ...emptyMy(), rooms: new Map([['room', settings]]) });
  const asked: Asked[] = [];
  let isOnline = true;
  const answer = async (_name: string, input: Asked) => {
    asked.push(input);
    return isOnline ? succeed({ settings: null }) : fail('OFFLINE');
  };
  // The only request that is made here is `my:set-room`.
  const call = answer as unknown as Call;
  const actions = createMyRoomActions({ call, my, lastSeqOf: () => lastSeq });
  const now = (next: MyRoom): void => my.patch({ rooms: new Map([['room', next]]) });
  return { actions, asked, now, goOffline: () => (isOnline = false), goOnline: () => (isOnline = true) };
};
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test('a mark goes once the room was opened and seen to its end', async () => {
  const { actions, asked } = arrange({ unreadFrom: 3 });
  actions.seen('room', 9);
  assert.deepEqual(asked, []);
  actions.opened('room');
  actions.seen('room', 8);
  assert.deepEqual(asked, []);
  actions.seen('room', 9);
  actions.seen('room', 9);
  assert.deepEqual(asked, [{ roomUid: 'room', unreadFrom: null }]);
  await settled();
  actions.seen('room', 9);
  assert.equal(asked.length, 1);
});

test('a mark that is set while the room is open stays until it is opened again, whoever set it', async () => {
  const { actions, asked, now } = arrange({ unreadFrom: 3 });
  actions.opened('room');
  await actions.change('room', { unreadFrom: 3 });
  actions.seen('room', 9);
  assert.deepEqual(asked, [{ roomUid: 'room', unreadFrom: 3 }]);
  actions.opened('room');
  // In another browser.
  now({ unreadFrom: 5 });
  actions.seen('room', 9);
  assert.equal(asked.length, 1);
  actions.opened('room');
  actions.seen('room', 9);
  assert.deepEqual(asked[1], { roomUid: 'room', unreadFrom: null });
});

test('without a connection the mark stays, and goes with the next row that is seen', async () => {
  const { actions, asked, goOffline, goOnline } = arrange({ unreadFrom: 3 });
  goOffline();
  actions.opened('room');
  actions.seen('room', 9);
  await settled();
  goOnline();
  actions.seen('room', 9);
  await settled();
  actions.seen('room', 9);
  assert.equal(asked.length, 2);
});

test('a room that is opened is not put away any more', () => {
  const { actions, asked } = arrange({ hiddenSeq: 9 });
  actions.opened('room');
  actions.opened('another');
  assert.deepEqual(asked, [{ roomUid: 'room', hiddenSeq: null }]);
});
