import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestServer } from '../../server/testing/test-server.ts';
import type { TestServer } from '../../server/testing/test-server.ts';
import { itemsOfRoom } from '../../static/connection/outbox-state.ts';
import { meUidOf } from '../../static/features/account/account-state.ts';
import { waitingText } from '../../static/features/messages/waiting-text.ts';
import { createLocale } from '../../static/locales/locale.ts';
import { createBrowser, openTab, signUp, stateWhere } from './node-client.ts';
import type { TestTab } from './node-client.ts';

let server: TestServer;
const tabs: TestTab[] = [];

before(async () => {
  server = await startTestServer({ config: { socketSendMessagePerMinute: 3 } });
});
after(async () => {
  for (const tab of tabs) await tab.close();
  await server.stop();
});

test('whoever sends faster than the server allows reads below every message why it waits and until when', async () => {
  const alice = openTab(createBrowser(server.url));
  const bob = openTab(createBrowser(server.url));
  tabs.push(alice, bob);
  await signUp(alice, 'alice', '김앨리스');
  await signUp(bob, 'bob', '이밥');
  const made = await alice.app.actions.rooms.createDirect(meUidOf(bob.app.stores.account.get()) ?? '');
  assert.ok(made.ok);
  const { roomUid } = made.value;
  for (let number = 1; number <= 6; number += 1) {
    assert.equal((await alice.app.actions.messages.send(roomUid, `${number}`)).ok, true);
  }
  const isResting = ({ state }: ReturnType<typeof itemsOfRoom>[number]): boolean =>
    state.name === 'waiting' && state.reason === 'RATE_LIMITED' && state.retryAt !== null;
  const state = await stateWhere(
    alice.app.stores.outbox,
    (outbox) => outbox.items.length === 3 && outbox.items.some(isResting),
    'three messages held back',
  );
  const waiting = itemsOfRoom(state, roomUid);
  // the ones behind the first wait for the same, and are not simply "being sent"
  assert.deepEqual(waiting.map(isResting), [true, true, true]);
  for (const item of waiting) {
    assert.ok(item.state.name === 'waiting' && item.state.retryAt !== null);
    const words = waitingText(item.state, createLocale('ko')) ?? '';
    assert.ok(words.includes(createLocale('ko').second(item.state.retryAt)), words);
  }
});
