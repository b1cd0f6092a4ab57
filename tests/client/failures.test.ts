import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startTestServer } from '../../server/testing/test-server.ts';
import type { TestServer } from '../../server/testing/test-server.ts';
import { meUidOf } from '../../static/features/account/account-state.ts';
import { createBrowser, online, openTab, password, signUp, stateWhere } from './node-client.ts';
import type { Browser, TestTab } from './node-client.ts';

let server: TestServer;
let alice: TestTab;
let bob: TestTab;
let alicesBrowser: Browser;
let direct: string;
const tabs: TestTab[] = [];

const open = (browser: Browser): TestTab => {
  const tab = openTab(browser);
  tabs.push(tab);
  return tab;
};
const uidOf = (tab: TestTab): string => meUidOf(tab.app.stores.account.get()) ?? '';
const textsOf = (tab: TestTab): string[] =>
  (tab.app.stores.rooms.get().byUid.get(direct)?.tail ?? []).map(({ content }) =>
    content.state === 'open' ? content.text : content.state,
  );
const lastTextIs = (tab: TestTab, text: string): Promise<unknown> =>
  stateWhere(tab.app.stores.rooms, () => textsOf(tab).at(-1) === text, text);

before(async () => {
  server = await startTestServer();
  alicesBrowser = createBrowser(server.url);
  alice = open(alicesBrowser);
  await signUp(alice, 'alice', '김앨리스');
  bob = open(createBrowser(server.url));
  await signUp(bob, 'bob', '이밥');
  const made = await alice.app.actions.rooms.createDirect(uidOf(bob));
  assert.ok(made.ok);
  direct = made.value.roomUid;
  await stateWhere(bob.app.stores.rooms, (state) => state.byUid.has(direct), 'the room');
  for (const tab of [alice, bob]) tab.app.actions.rooms.open(direct);
});

after(async () => {
  for (const tab of tabs) await tab.close();
  await server.stop();
});

describe('several tabs of one browser', () => {
  test('show and send one outbox, and the message arrives once', async () => {
    const second = open(alicesBrowser);
    await second.app.start();
    await online(second);
    second.app.actions.rooms.open(direct);
    await Promise.all([
      alice.app.actions.messages.send(direct, '첫째 탭'),
      second.app.actions.messages.send(direct, '둘째 탭'),
    ]);
    const areBothThere = (): boolean => textsOf(bob).sort().join() === '둘째 탭,첫째 탭';
    await stateWhere(bob.app.stores.rooms, areBothThere, 'two messages');
    await stateWhere(second.app.stores.rooms, () => textsOf(second).length === 2, 'two messages');
    await stateWhere(second.app.stores.outbox, ({ items }) => items.length === 0, 'an empty outbox');
    assert.deepEqual(await alicesBrowser.storage.listOutbox(uidOf(alice)), []);
    await second.close();
  });

  test('share drafts, sealed', async () => {
    const second = open(alicesBrowser);
    await second.app.start();
    await online(second);
    alice.app.actions.drafts.set(direct, '쓰다 만 글');
    await alice.app.flush();
    await stateWhere(
      second.app.stores.drafts,
      ({ textByRoom }) => textByRoom.get(direct) === '쓰다 만 글',
      'the draft of the other tab',
    );
    const [stored] = await alicesBrowser.storage.listDrafts(uidOf(alice));
    assert.ok(stored);
    assert.equal(Buffer.from(stored.sealed).includes('쓰다'), false);
    await second.close();
  });
});

describe('a message', () => {
  test('that was written while the connection was away is sent once it is back', async () => {
    await alice.close();
    alice = open(alicesBrowser);
    await alice.app.start();
    const sent = alice.app.actions.messages.send(direct, '아직 연결 전');
    assert.equal((await sent).ok, true);
    await online(alice);
    await lastTextIs(bob, '아직 연결 전');
  });

  test('is refused before it is kept if there is nothing in it or too much', async () => {
    const { send } = alice.app.actions.messages;
    await stateWhere(alice.app.stores.outbox, ({ items }) => items.length === 0, 'an empty outbox');
    const empty = await send(direct, ' \n ');
    assert.equal(empty.ok || empty.code, 'EMPTY_TEXT');
    const long = await send(direct, '가'.repeat(10_001));
    assert.equal(long.ok || long.code, 'TEXT_TOO_LONG');
    assert.deepEqual(alice.app.stores.outbox.get().items, []);
  });
});

describe('the end of a session', () => {
  test('by another device keeps draft and unsent message, and a sign-in brings both back', async () => {
    const { account, sessions, drafts } = alice.app.actions;
    drafts.set(direct, '긴 글의 시작');
    const other = open(createBrowser(server.url));
    await other.app.start();
    assert.deepEqual(await other.app.actions.account.signIn('alice', password), {
      ok: true,
      value: undefined,
    });
    await online(other);
    await sessions.load();
    const mine = alice.app.stores.sessions.get().sessions.find(({ isCurrent }) => isCurrent);
    assert.ok(mine);
    assert.equal((await other.app.actions.sessions.revoke(mine.sessionUid)).ok, true);
    const ended = await stateWhere(
      alice.app.stores.account,
      ({ phase }) => phase.name === 'signed-out' && phase.endReason === 'revoked',
      'the end of the session',
    );
    assert.equal(ended.phase.name, 'signed-out');
    assert.equal(alice.app.stores.drafts.get().textByRoom.size, 0);
    assert.deepEqual(await account.signIn('alice', password), { ok: true, value: undefined });
    await stateWhere(
      alice.app.stores.drafts,
      ({ textByRoom }) => textByRoom.get(direct) === '긴 글의 시작',
      'the draft',
    );
    await online(alice);
  });

  test('by the user warns of unsent messages and then wipes this browser', async () => {
    const { account, messages } = alice.app.actions;
    const entry = alice.app.stores.rooms.get().byUid.get(direct);
    assert.ok(entry);
    // The account of the other person goes away: what is sent now fails and stays.
    assert.deepEqual(await bob.app.actions.account.deleteAccount(password), { ok: true, value: undefined });
    await messages.send(direct, '받는 사람이 없다');
    await stateWhere(
      alice.app.stores.outbox,
      ({ items }) => items[0]?.state.name === 'failed' && items[0].state.reason === 'PERSON_DISABLED',
      'a failed message',
    );
    const refused = await account.signOut();
    assert.equal(refused.ok || refused.code, 'UNSENT_MESSAGES');
    const uid = uidOf(alice);
    assert.deepEqual(await account.signOut({ evenIfUnsent: true }), { ok: true, value: undefined });
    const { storage } = alicesBrowser;
    assert.deepEqual(await storage.listOutbox(uid), []);
    assert.deepEqual(await storage.listDrafts(uid), []);
    assert.deepEqual((await storage.loadCache(uid)).rooms, []);
    assert.equal(bob.app.stores.account.get().phase.name, 'signed-out');
    await alice.app.start();
    assert.equal(alice.app.stores.account.get().phase.name, 'signed-out');
  });
});
