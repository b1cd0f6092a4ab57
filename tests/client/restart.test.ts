import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { startTestServer } from '../../server/testing/test-server.ts';
import { meUidOf } from '../../static/features/account/account-state.ts';
import { connectionLost, createBrowser, online, openTab, signUp, stateWhere } from './node-client.ts';

test('clients come back after a restart of the server and lose, double or reorder nothing', async (t) => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'maru-restart-'));
  let server = await startTestServer({ dataDir });
  const { port } = server;
  const alice = openTab(createBrowser(server.url));
  const bob = openTab(createBrowser(server.url));
  t.after(async () => {
    for (const tab of [alice, bob]) await tab.close();
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  await signUp(alice, 'alice', '김앨리스');
  await signUp(bob, 'bob', '이밥');
  const bobUid = meUidOf(bob.app.stores.account.get()) ?? '';
  const made = await alice.app.actions.rooms.createGroup('재시작', [bobUid]);
  assert.ok(made.ok);
  const { roomUid } = made.value;
  await stateWhere(bob.app.stores.rooms, (state) => state.byUid.has(roomUid), 'the room');
  for (const tab of [alice, bob]) tab.app.actions.rooms.open(roomUid);

  const sendMany = async (from: number): Promise<void> => {
    for (let number = from; number < from + 20; number += 1) {
      for (const tab of [alice, bob]) await tab.app.actions.messages.send(roomUid, `${number}`);
    }
  };
  const sending = sendMany(0);
  await server.server.stop();
  await sending;
  for (const tab of [alice, bob]) await connectionLost(tab);
  await sendMany(20);
  server = await startTestServer({ dataDir, config: { port } });

  const waiting = (tab: typeof alice): number => tab.app.stores.outbox.get().items.length;
  for (const tab of [alice, bob]) {
    tab.app.wakeUp();
    await online(tab);
    // one after another, each as soon as the machine gets to it
    for (let left = waiting(tab); left > 0; left = waiting(tab)) {
      const before = left;
      await stateWhere(tab.app.stores.outbox, ({ items }) => items.length < before, `fewer than ${before}`);
    }
  }
  const rowsOf = (tab: typeof alice) => tab.app.stores.rooms.get().byUid.get(roomUid)?.tail ?? [];
  for (const tab of [alice, bob]) {
    await stateWhere(
      tab.app.stores.rooms,
      () => rowsOf(tab).length === 80 && rowsOf(tab).every(({ content }) => content.state === 'open'),
      'eighty opened messages',
    );
  }
  assert.deepEqual(
    rowsOf(alice).map(({ message }) => message.envelope),
    rowsOf(bob).map(({ message }) => message.envelope),
  );
  const numbersBy = (senderUid: string): number[] =>
    rowsOf(bob).flatMap(({ message, content }) =>
      message.senderUid === senderUid && content.state === 'open' ? [Number(content.text)] : [],
    );
  const inOrder = Array.from({ length: 40 }, (_none, index) => index);
  assert.deepEqual(numbersBy(bobUid), inOrder);
  assert.deepEqual(numbersBy(meUidOf(alice.app.stores.account.get()) ?? ''), inOrder);
});
