import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startTestServer } from '../../server/testing/test-server.ts';
import type { TestServer } from '../../server/testing/test-server.ts';
import {
  createBrowser,
  online,
  openTab,
  password,
  prepareSignUp,
  stateWhere,
  pressUntilAnswered,
} from './node-client.ts';
import type { Browser, TestTab } from './node-client.ts';

let server: TestServer;
const tabs: TestTab[] = [];

const open = (browser: Browser): TestTab => {
  const tab = openTab(browser);
  tabs.push(tab);
  return tab;
};
const isLit = (tab: TestTab): boolean => tab.app.stores.account.get().isSheetUnconfirmed;
const signInElsewhere = async (username: string): Promise<TestTab> => {
  const tab = open(createBrowser(server.url));
  await tab.app.start();
  assert.deepEqual(await tab.app.actions.account.signIn(username, password), { ok: true, value: undefined });
  await online(tab);
  return tab;
};

before(async () => {
  server = await startTestServer();
});

after(async () => {
  for (const tab of tabs) await tab.close();
  await server.stop();
});

describe('the light of a recovery sheet that was not typed back', () => {
  let alice: TestTab;
  let browser: Browser;

  test('is lit in every browser after "later", and stays lit over a sign-out', async () => {
    browser = createBrowser(server.url);
    alice = open(browser);
    await prepareSignUp(alice, 'alice', '김앨리스');
    const registered = await pressUntilAnswered(() => alice.app.actions.account.confirmSheetLater());
    assert.deepEqual(registered, { ok: true, value: undefined });
    await online(alice);
    assert.equal(isLit(alice), true);
    assert.equal(isLit(await signInElsewhere('alice')), true);
    assert.equal((await alice.app.actions.account.signOut()).ok, true);
    assert.equal(isLit(alice), false, 'nobody is signed in');
    assert.equal((await alice.app.actions.account.signIn('alice', password)).ok, true);
    await online(alice);
    assert.equal(isLit(alice), true);
  });

  test('does not go out for a wrong password: no sheet is shown at all', async () => {
    const refused = await alice.app.actions.sheet.replaceSheet('something else entirely');
    assert.equal(refused.ok || refused.code, 'WRONG_PASSWORD');
    assert.equal(alice.app.stores.pendingSheet.get(), null);
    assert.equal(isLit(alice), true);
  });

  test('goes out with a new sheet that was typed back, here and elsewhere', async () => {
    const { sheet } = alice.app.actions;
    assert.deepEqual(await sheet.replaceSheet(password), { ok: true, value: undefined });
    const shown = alice.app.stores.pendingSheet.get();
    assert.ok(shown);
    const mistyped = await sheet.confirmNewSheet(['0000', '0000']);
    assert.equal(mistyped.ok || mistyped.code, 'SHEET_MISMATCH');
    assert.equal(isLit(alice), true);
    const [first, second] = shown.askedGroups;
    const typed = [shown.sheetGroups[first] ?? '', shown.sheetGroups[second] ?? ''] as const;
    assert.deepEqual(await sheet.confirmNewSheet(typed), { ok: true, value: undefined });
    assert.equal(isLit(alice), false);
    assert.equal(isLit(await signInElsewhere('alice')), false);
    await alice.close();
    const again = open(browser);
    await again.app.start();
    assert.equal(again.app.stores.account.get().phase.name, 'signed-in');
    assert.equal(isLit(again), false);
  });

  test('goes out, and the sheet that was shown is in force, when the answer to the first attempt was lost', async () => {
    const dave = open(createBrowser(server.url));
    await prepareSignUp(dave, 'dave', '최데이브');
    assert.equal((await pressUntilAnswered(() => dave.app.actions.account.confirmSheetLater())).ok, true);
    await online(dave);
    const { sheet } = dave.app.actions;
    assert.equal((await sheet.replaceSheet(password)).ok, true);
    const shown = dave.app.stores.pendingSheet.get();
    assert.ok(shown);
    const [first, second] = shown.askedGroups;
    const typed = [shown.sheetGroups[first] ?? '', shown.sheetGroups[second] ?? ''] as const;
    dave.loseNextAnswer();
    const lost = await sheet.confirmNewSheet(typed);
    assert.equal(lost.ok || lost.isRetryable, true);
    assert.deepEqual(dave.app.stores.pendingSheet.get(), shown, 'the sheet stays on screen');
    assert.deepEqual(await sheet.confirmNewSheet(typed), { ok: true, value: undefined });
    assert.equal(isLit(dave), false);
    const back = open(createBrowser(server.url));
    await back.app.start();
    const keys = await back.app.actions.loadKeys();
    assert.equal((await keys.openWithSheet('dave', shown.sheetGroups.join(' '))).ok, true);
  });

  test('is never lit for somebody who typed the sheet back at sign-up', async () => {
    const bob = open(createBrowser(server.url));
    const typed = await prepareSignUp(bob, 'bob', '이밥');
    assert.equal((await bob.app.actions.account.confirmSheet(typed)).ok, true);
    assert.equal(isLit(bob), false);
    assert.equal(isLit(await signInElsewhere('bob')), false);
  });

  test('keeps to what was sent first when the answer to a registration was lost', async () => {
    const carol = open(createBrowser(server.url));
    const typed = await prepareSignUp(carol, 'carol', '박캐롤');
    carol.loseNextAnswer();
    const lost = await carol.app.actions.account.confirmSheetLater();
    assert.equal(lost.ok || lost.isRetryable, true);
    await stateWhere(carol.app.stores.account, ({ phase }) => phase.name === 'signing-up', 'the sheet');
    assert.deepEqual(await carol.app.actions.account.confirmSheet(typed), { ok: true, value: undefined });
    // The server had stored the first request; its vault says "later", and so does this browser.
    assert.equal(isLit(carol), true);
    assert.equal(isLit(await signInElsewhere('carol')), true);
  });
});
