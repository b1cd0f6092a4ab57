import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startTestServer } from '../../server/testing/test-server.ts';
import type { TestServer } from '../../server/testing/test-server.ts';
import { meUidOf } from '../../static/features/account/account-state.ts';
import type { MessageEntry } from '../../static/features/messages/message-state.ts';
import { unreadCount } from '../../static/features/rooms/room-state.ts';
import { createBrowser, online, openTab, password, signUp, stateWhere } from './node-client.ts';
import type { Browser, TestTab } from './node-client.ts';

let server: TestServer;
let alice: TestTab;
let bob: TestTab;
let bobsBrowser: Browser;
const tabs: TestTab[] = [];

const open = (browser: Browser): TestTab => {
  const tab = openTab(browser);
  tabs.push(tab);
  return tab;
};
const uidOf = (tab: TestTab): string => meUidOf(tab.app.stores.account.get()) ?? '';
const textOf = ({ content }: MessageEntry): string =>
  content.state === 'open' ? content.text : content.state;
const textsOf = (tab: TestTab, roomUid: string): string[] =>
  (tab.app.stores.rooms.get().byUid.get(roomUid)?.tail ?? []).map(textOf);
const texts = (tab: TestTab, roomUid: string, wanted: string[]): Promise<unknown> =>
  stateWhere(
    tab.app.stores.rooms,
    () => JSON.stringify(textsOf(tab, roomUid)) === JSON.stringify(wanted),
    `the texts ${wanted.join(', ')}`,
  );
const send = async (tab: TestTab, roomUid: string, text: string): Promise<void> => {
  const sent = await tab.app.actions.messages.send(roomUid, text);
  assert.equal(sent.ok, true);
};
const roomOf = async (made: Promise<{ ok: boolean; value?: { roomUid: string } }>): Promise<string> => {
  const result = await made;
  assert.ok(result.value, JSON.stringify(result));
  return result.value.roomUid;
};
const knows = (tab: TestTab, roomUid: string): Promise<unknown> =>
  stateWhere(tab.app.stores.rooms, (state) => state.byUid.has(roomUid), 'the room');

before(async () => {
  server = await startTestServer();
  alice = open(createBrowser(server.url));
  await signUp(alice, 'alice', '김앨리스');
  bobsBrowser = createBrowser(server.url);
  bob = open(bobsBrowser);
  await signUp(bob, 'bob', '이밥');
});

after(async () => {
  for (const tab of tabs) await tab.close();
  await server.stop();
});

describe('two people', () => {
  let direct: string;

  test('open a direct conversation and read what the other writes', async () => {
    direct = await roomOf(alice.app.actions.rooms.createDirect(uidOf(bob)));
    alice.app.actions.rooms.open(direct);
    await knows(bob, direct);
    bob.app.actions.rooms.open(direct);
    await send(alice, direct, '안녕하세요');
    await send(alice, direct, '회의는 세 시입니다');
    await texts(bob, direct, ['안녕하세요', '회의는 세 시입니다']);
    await send(bob, direct, '네!');
    await texts(alice, direct, ['안녕하세요', '회의는 세 시입니다', '네!']);
  });

  test('have their signatures verified after the rows were opened', async () => {
    const state = await stateWhere(
      bob.app.stores.rooms,
      (rooms) => {
        const tail = rooms.byUid.get(direct)?.tail ?? [];
        return (
          tail.length === 3 && tail.every(({ content }) => content.state === 'open' && content.isVerified)
        );
      },
      'three verified rows',
    );
    assert.equal(state.byUid.get(direct)?.room.lastSeq, 3);
  });

  test('leave the outbox empty once everything was acknowledged', async () => {
    await stateWhere(alice.app.stores.outbox, ({ items }) => items.length === 0, 'an empty outbox');
  });

  test('get the same room when they open it again', async () => {
    assert.equal(await roomOf(bob.app.actions.rooms.createDirect(uidOf(alice))), direct);
  });

  test('see what is unread, and read it by having it on screen', async () => {
    const unread = (): number => {
      const entry = alice.app.stores.rooms.get().byUid.get(direct);
      return entry === undefined ? -1 : unreadCount(entry.room, uidOf(alice));
    };
    // what bob wrote before is unread, too: one alone says nothing about the message that counts here
    alice.app.actions.rooms.rowSeen(direct, 3);
    await stateWhere(alice.app.stores.rooms, () => unread() === 0, 'nothing unread yet');
    await send(bob, direct, '읽어 주세요');
    await stateWhere(alice.app.stores.rooms, () => unread() === 1, 'one unread');
    alice.app.actions.rooms.rowSeen(direct, 4);
    await stateWhere(alice.app.stores.rooms, () => unread() === 0, 'nothing unread');
    await stateWhere(
      bob.app.stores.rooms,
      (state) =>
        state.byUid.get(direct)?.room.members.find(({ userUid }) => userUid === uidOf(alice))?.readSeq === 4,
      'the cursor of the other',
    );
  });
});

describe('a group', () => {
  let carol: TestTab;
  let group: string;

  before(async () => {
    carol = open(createBrowser(server.url));
    await signUp(carol, 'carol', '박캐롤');
    group = await roomOf(alice.app.actions.rooms.createGroup('재무팀', [uidOf(bob)]));
    await knows(bob, group);
  });

  test('reads on after somebody was invited, and the invited person reads from then on', async () => {
    for (const tab of [alice, bob]) tab.app.actions.rooms.open(group);
    await send(alice, group, '비밀');
    await texts(bob, group, ['비밀']);
    assert.deepEqual(await alice.app.actions.rooms.invite(group, [uidOf(carol)]), {
      ok: true,
      value: undefined,
    });
    await knows(carol, group);
    carol.app.actions.rooms.open(group);
    await send(bob, group, '어서 오세요');
    await texts(carol, group, ['어서 오세요']);
    await texts(alice, group, ['비밀', '어서 오세요']);
  });

  test('seals what is written while an invitation is under way for the invited, too', async () => {
    const made = await roomOf(alice.app.actions.rooms.createGroup('환영', [uidOf(bob)]));
    const inviting = alice.app.actions.rooms.invite(made, [uidOf(carol)]);
    await send(alice, made, '어서 오세요, 캐롤');
    assert.equal((await inviting).ok, true);
    await knows(carol, made);
    carol.app.actions.rooms.open(made);
    await texts(carol, made, ['어서 오세요, 캐롤']);
  });

  test('shows who was added, where it happened', async () => {
    const state = await stateWhere(
      bob.app.stores.rooms,
      (rooms) => (rooms.byUid.get(group)?.keys.changes.length ?? 0) >= 2,
      'the changes',
    );
    const added = state.byUid.get(group)?.keys.changes.find((change) => change.added.includes(uidOf(carol)));
    assert.equal(added?.afterSeq, 1);
    assert.equal(added?.creatorUid, uidOf(alice));
  });

  test('shows a title that has changed until it was acknowledged, but not to whoever changed it', async () => {
    const made = await roomOf(alice.app.actions.rooms.createGroup('봄 소풍', [uidOf(bob)]));
    await knows(bob, made);
    for (const tab of [alice, bob]) tab.app.actions.rooms.open(made);
    const warnings = (tab: TestTab) =>
      tab.app.stores.rooms.get().byUid.get(made)?.keys.verdict?.nameWarnings ?? null;
    const isWarned = (tab: TestTab, count: number): Promise<unknown> =>
      stateWhere(tab.app.stores.rooms, () => warnings(tab)?.length === count, `${count} warnings`);
    for (const tab of [alice, bob]) await isWarned(tab, 0);
    const titles: unknown[] = [];
    const stop = alice.app.stores.rooms.subscribe(
      () => warnings(alice),
      (present) => void titles.push(...(present ?? [])),
    );
    assert.equal((await alice.app.actions.rooms.rename(made, ' 가을 소풍 ')).ok, true);
    await isWarned(bob, 1);
    assert.deepEqual(warnings(bob), [{ kind: 'retitled', title: '가을 소풍', pinnedTitle: '봄 소풍' }]);
    await bob.app.actions.rooms.acknowledgeTitle(made, '가을 소풍');
    await isWarned(bob, 0);
    await send(bob, made, '좋아요');
    await texts(alice, made, ['좋아요']);
    assert.equal(alice.app.stores.rooms.get().byUid.get(made)?.room.title, '가을 소풍');
    assert.deepEqual(titles, []);
    stop();
  });

  test('gets a new key after somebody left, and the next message goes through by itself', async () => {
    assert.equal((await carol.app.actions.rooms.leave(group)).ok, true);
    await stateWhere(carol.app.stores.rooms, (state) => !state.byUid.has(group), 'the room gone');
    await send(bob, group, '우리끼리');
    await texts(alice, group, ['비밀', '어서 오세요', '우리끼리']);
    const entry = alice.app.stores.rooms.get().byUid.get(group);
    assert.equal(entry?.room.isRekeyNeeded, false);
    assert.equal(entry?.room.epoch, 3);
  });

  test('removes somebody: the room is gone for them and the rest go on', async () => {
    assert.equal((await alice.app.actions.rooms.kick(group, uidOf(bob))).ok, true);
    await stateWhere(bob.app.stores.rooms, (state) => !state.byUid.has(group), 'the room gone');
    await send(alice, group, '혼자');
    await texts(alice, group, ['비밀', '어서 오세요', '우리끼리', '혼자']);
  });
});

describe('a browser', () => {
  test('stays signed in over a reload, shows its cache and reads what came meanwhile', async () => {
    const [direct = ''] = [...bob.app.stores.rooms.get().byUid.keys()];
    await bob.close();
    await send(alice, direct, '다녀오셨어요?');
    await stateWhere(alice.app.stores.outbox, ({ items }) => items.length === 0, 'an empty outbox');
    bob = open(bobsBrowser);
    await bob.app.start();
    assert.equal(bob.app.stores.account.get().phase.name, 'signed-in');
    await online(bob);
    bob.app.actions.rooms.open(direct);
    await stateWhere(
      bob.app.stores.rooms,
      () => textsOf(bob, direct).at(-1) === '다녀오셨어요?',
      'the new row',
    );
  });

  test('opens the history again after a sign-out and a sign-in with the password', async () => {
    assert.deepEqual(await bob.app.actions.account.signOut(), { ok: true, value: undefined });
    assert.equal(bob.app.stores.account.get().phase.name, 'signed-out');
    assert.equal(bob.app.stores.rooms.get().byUid.size, 0);
    const wrong = await bob.app.actions.account.signIn('bob', 'something else entirely');
    assert.equal(wrong.ok || wrong.code, 'WRONG_PASSWORD');
    assert.deepEqual(await bob.app.actions.account.signIn('Bob', password), { ok: true, value: undefined });
    await online(bob);
    const [direct = ''] = [...bob.app.stores.rooms.get().byUid.keys()];
    bob.app.actions.rooms.open(direct);
    await stateWhere(bob.app.stores.rooms, () => textsOf(bob, direct)[0] === '안녕하세요', 'the first row');
  });
});
