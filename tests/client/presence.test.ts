import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { startTestServer } from '../../server/testing/test-server.ts';
import { meUidOf } from '../../static/features/account/account-state.ts';
import { emptyPresence } from '../../static/features/presence/presence-state.ts';
import { connectionLost, createBrowser, online, openTab, signUp, stateWhere } from './node-client.ts';

test('nobody is shown as online while the connection is lost, and everybody again after it is back', async () => {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'maru-presence-'));
  let server = await startTestServer({ dataDir });
  const { port } = server;
  const alice = openTab(createBrowser(server.url));
  const bob = openTab(createBrowser(server.url));
  try {
    await signUp(alice, 'alice', '김앨리스');
    await signUp(bob, 'bob', '이밥');
    const bobUid = meUidOf(bob.app.stores.account.get()) ?? '';
    const made = await alice.app.actions.rooms.createDirect(bobUid);
    assert.ok(made.ok);
    const { presence } = alice.app.stores;
    await stateWhere(presence, (state) => state.isKnown && state.onlineUids.has(bobUid), 'bob online');

    await server.server.stop();
    for (const tab of [alice, bob]) await connectionLost(tab);
    assert.deepEqual(presence.get(), emptyPresence());

    server = await startTestServer({ dataDir, config: { port } });
    for (const tab of [bob, alice]) {
      tab.app.wakeUp();
      await online(tab);
    }
    await stateWhere(presence, (state) => state.isKnown && state.onlineUids.has(bobUid), 'bob online again');
  } finally {
    for (const tab of [alice, bob]) await tab.close();
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
