import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { VaultPart } from '#contract/accounts.ts';
import { startTestServer } from '../../server/testing/test-server.ts';
import type { TestServer } from '../../server/testing/test-server.ts';
import { meUidOf } from '../../static/features/account/account-state.ts';
import {
  connectionLost,
  createBrowser,
  online,
  openTab,
  password,
  signUp,
  stateWhere,
} from './node-client.ts';
import type { Browser, TestTab } from './node-client.ts';

let server: TestServer;
let alice: TestTab;
let alicesBrowser: Browser;
let bobsBrowser: Browser;
const dataDir = mkdtempSync(path.join(tmpdir(), 'maru-shared-'));
const tabs: TestTab[] = [];

const open = (browser: Browser): TestTab => {
  const tab = openTab(browser);
  tabs.push(tab);
  return tab;
};
const uidOf = (tab: TestTab): string => meUidOf(tab.app.stores.account.get()) ?? '';
const phaseOf = (tab: TestTab): string => tab.app.stores.account.get().phase.name;

const done = { ok: true, value: undefined };
const nextPassword = 'wide wooden table';

/** As the server has them for whoever is signed in. */
async function storedPins({ cookies }: Browser): Promise<VaultPart> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const response = await fetch(`${server.url}/api/vault`, { headers: { cookie } });
  const { pins } = (await response.json()) as { pins: VaultPart };
  return pins;
}

before(async () => {
  server = await startTestServer({ dataDir });
  alicesBrowser = createBrowser(server.url);
  alice = open(alicesBrowser);
  await signUp(alice, 'alice', '김앨리스');
  bobsBrowser = createBrowser(server.url);
  const bob = open(bobsBrowser);
  await signUp(bob, 'bob', '이밥');
  await bob.close();
});

after(async () => {
  for (const tab of tabs) await tab.close();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('one browser', () => {
  test('that signs out in one tab keeps nothing, whatever its other tabs had open', async () => {
    const second = open(alicesBrowser);
    await second.app.start();
    await online(second);
    const uid = uidOf(alice);
    second.app.actions.drafts.set('A'.repeat(22), '쓰다 만 글');
    assert.equal((await alice.app.actions.account.signOut()).ok, true);
    await stateWhere(second.app.stores.account, ({ phase }) => phase.name === 'signed-out', 'signed out');
    assert.deepEqual(await alicesBrowser.storage.listDrafts(uid), []);
    assert.deepEqual((await alicesBrowser.storage.loadCache(uid)).rooms, []);
    await second.close();
  });

  test('that could not tell the server of a sign-out does not end the next session instead', async () => {
    assert.equal((await alice.app.actions.account.signIn('alice', password)).ok, true);
    await online(alice);
    alice.setNetwork(false);
    assert.equal((await alice.app.actions.account.signOut()).ok, true);
    alice.setNetwork(true);
    assert.equal((await alice.app.actions.account.signIn('alice', password)).ok, true);
    await online(alice);
    const { sessions } = alice.app.actions;
    await sessions.load();
    assert.equal(alice.app.stores.sessions.get().sessions.length, 1, 'the session that was to end has ended');
    await alice.close();
    alice = open(alicesBrowser);
    await alice.app.start();
    assert.equal(phaseOf(alice), 'signed-in');
    await online(alice);
  });

  test('goes on in all its tabs under the password and the sheet that one of them changed', async () => {
    const second = open(alicesBrowser);
    await second.app.start();
    await online(second);
    const { account } = second.app.stores;
    const known = account.get().keysChangedAt;
    const taken = (): Promise<unknown> =>
      stateWhere(account, ({ keysChangedAt }) => keysChangedAt !== known, 'the new vault key');
    const keys = await alice.app.actions.loadKeys();
    assert.deepEqual(await keys.changePassword(password, nextPassword), done);
    await taken();
    assert.equal(account.get().keysChangedAt, alice.app.stores.account.get().keysChangedAt);

    // It opens what the first one seals, and knows the password that is in force.
    await second.crypto().mergePins(await storedPins(alicesBrowser));
    const secondKeys = await second.app.actions.loadKeys();
    assert.deepEqual(await secondKeys.changePassword(nextPassword, password), done);
    await stateWhere(
      alice.app.stores.account,
      ({ keysChangedAt }) => keysChangedAt === account.get().keysChangedAt,
      'the vault key of the second tab',
    );
    await alice.crypto().mergePins(await storedPins(alicesBrowser));
    await second.close();
  });

  test('whose cookie has become somebody else’s reloads, and touches nothing of theirs', async () => {
    const uid = uidOf(alice);
    // As if another tab had signed in as bob, and its word had not reached this one.
    alicesBrowser.cookies.clear();
    for (const [name, value] of bobsBrowser.cookies) alicesBrowser.cookies.set(name, value);
    const { port } = server;
    await server.server.stop();
    await connectionLost(alice);
    server = await startTestServer({ dataDir, config: { port } });
    const reloaded = new Promise<void>((resolve) => alice.onReload(resolve));
    alice.app.wakeUp();
    await reloaded;
    assert.equal(uidOf(alice), uid);
    assert.equal(alice.app.stores.connection.get().phase === 'online', false);
  });

  test('begins one session however often it is asked to start', async () => {
    const tab = open(bobsBrowser);
    const first = tab.app.start();
    assert.equal(tab.app.start(), first);
    await first;
    await online(tab);
    assert.equal(phaseOf(tab), 'signed-in');
  });
});
