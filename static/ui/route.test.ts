import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRoute, writeRoute } from './route.ts';

const roomUid = 'abcdefghijklmnopqrstuA';

test('a route survives being written into the address', () => {
  for (const route of [
    { roomUid: null, isDetails: false },
    { roomUid, isDetails: false },
    { roomUid, isDetails: true },
    { roomUid: null, isDetails: false, memos: '' },
    { roomUid: null, isDetails: false, memos: roomUid },
  ]) {
    assert.deepEqual(readRoute(writeRoute(route)), route);
  }
});

test('an address that is none shows the list', () => {
  for (const hash of ['', '#', '#/nowhere', `#/${roomUid}/x`, `#/${roomUid}x`, '#/memos/x', '#/memos/']) {
    assert.deepEqual(readRoute(hash), { roomUid: null, isDetails: false });
  }
});
