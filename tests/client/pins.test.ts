import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startTestServer } from '../../server/testing/test-server.ts';
import type { TestServer } from '../../server/testing/test-server.ts';
import { meUidOf } from '../../static/features/account/account-state.ts';
import type { MessageEntry } from '../../static/features/messages/message-state.ts';
import { messageName } from '../../static/features/messages/message-state.ts';
import type { RoomPins } from '../../static/features/pins/pin-state.ts';
import { noticeKey, noticesOf, plainPinsOf } from '../../static/features/pins/pin-state.ts';
import { createBrowser, online, openTab, signUp, stateWhere } from './node-client.ts';
import type { Browser, TestTab } from './node-client.ts';

let server: TestServer;
let alice: TestTab;
let bob: TestTab;
let bobsBrowser: Browser;
let roomUid: string;
const tabs: TestTab[] = [];

const open = (browser: Browser): TestTab => {
  const tab = openTab(browser);
  tabs.push(tab);
  return tab;
};
const pinsOf = (tab: TestTab): RoomPins | undefined => tab.app.stores.pins.get().byRoom.get(roomUid);
const textOf = (entry: MessageEntry | undefined): string =>
  entry?.content.state === 'open' ? entry.content.text : '';
const noticeText = (tab: TestTab): string => {
  const pins = pinsOf(tab);
  return pins === undefined ? '' : textOf(noticesOf(pins)[0]);
};
const pinsWhere = (tab: TestTab, fits: (pins: RoomPins) => boolean, what: string) =>
  stateWhere(tab.app.stores.pins, ({ byRoom }) => fits(byRoom.get(roomUid) ?? none), what);
const none: RoomPins = { entries: new Map(), notices: new Map(), folded: null };

/** A message of alice, as her own client has it once it is stored and opened. */
async function send(text: string): Promise<MessageEntry> {
  const find = () =>
    alice.app.stores.rooms
      .get()
      .byUid.get(roomUid)
      ?.tail.find((entry) => textOf(entry) === text);
  assert.ok((await alice.app.actions.messages.send(roomUid, text)).ok);
  await stateWhere(alice.app.stores.rooms, () => find() !== undefined, text);
  const entry = find();
  assert.ok(entry);
  return entry;
}

before(async () => {
  server = await startTestServer();
  alice = open(createBrowser(server.url));
  await signUp(alice, 'alice', '김앨리스');
  bobsBrowser = createBrowser(server.url);
  bob = open(bobsBrowser);
  await signUp(bob, 'bob', '이밥');
  const bobUid = meUidOf(bob.app.stores.account.get()) ?? '';
  const made = await alice.app.actions.rooms.createGroup('공지방', [bobUid]);
  assert.ok(made.ok);
  ({ roomUid } = made.value);
  await stateWhere(bob.app.stores.rooms, ({ byUid }) => byUid.has(roomUid), 'the room at bob');
  for (const tab of [alice, bob]) tab.app.actions.rooms.open(roomUid);
});
after(async () => {
  for (const tab of tabs) await tab.close();
  await server.stop();
});

test('pins and notices are followed live, opened, and gone with a recall', async () => {
  const { pins, editing } = alice.app.actions;
  const first = await send('고정할 글');
  const second = await send('올릴 글');
  assert.ok((await bob.app.actions.pins.load(roomUid)).ok);
  assert.ok((await pins.pin(first.message, true)).ok);
  assert.ok((await pins.raise(second.message, true)).ok);
  await pinsWhere(bob, (seen) => textOf(plainPinsOf(seen)[0]) === '고정할 글', 'the pin');
  await stateWhere(bob.app.stores.pins, () => noticeText(bob) === '올릴 글', 'the notice');
  const name = messageName(second.message);
  assert.deepEqual(pinsOf(bob)?.notices.get(name), { acknowledged: 0, people: 1, isAcknowledged: false });

  assert.ok((await editing.edit(second.message, '고쳐 올린 글')).ok);
  await stateWhere(bob.app.stores.pins, () => noticeText(bob) === '고쳐 올린 글', 'its new text');

  assert.ok((await pins.load(roomUid)).ok);
  assert.ok((await bob.app.actions.pins.acknowledge(second.message)).ok);
  await pinsWhere(alice, (seen) => seen.notices.get(name)?.acknowledged === 1, 'the number at alice');
  await pinsWhere(bob, (seen) => seen.notices.get(name)?.isAcknowledged === true, 'my own answer');

  assert.ok((await editing.recall(second.message)).ok);
  await pinsWhere(bob, (seen) => noticesOf(seen).length === 0, 'no notice');
  assert.equal(pinsOf(bob)?.entries.size, 1);
});

test('a reminder waits for who was away, and goes from all their tabs when they acknowledge', async () => {
  const { message } = await send('꼭 읽어 주세요');
  const { pins } = alice.app.actions;
  assert.ok((await pins.raise(message, true)).ok);
  const reminded = await pins.remind(message);
  assert.ok(reminded.ok && reminded.value.people === 1);
  const reminders = (tab: TestTab) => tab.app.stores.pins.get().reminders;
  await stateWhere(bob.app.stores.pins, () => reminders(bob).length === 1, 'the reminder');
  const again = await pins.remind(message);
  assert.equal(again.ok ? 'OK' : again.code, 'RATE_LIMITED');

  const later = open(bobsBrowser);
  await later.app.start();
  await online(later);
  await stateWhere(later.app.stores.pins, () => reminders(later).length === 1, 'the reminder, later');
  assert.ok((await later.app.actions.pins.acknowledge(message)).ok);
  for (const tab of [bob, later]) {
    await stateWhere(tab.app.stores.pins, () => reminders(tab).length === 0, 'no reminder');
  }
});

test('what is folded away stays so in another tab of this browser', async () => {
  assert.ok((await bob.app.actions.pins.load(roomUid)).ok);
  const [notice] = noticesOf(pinsOf(bob) ?? none);
  assert.ok(notice);
  await bob.app.actions.pins.fold(roomUid, notice);
  assert.equal(pinsOf(bob)?.folded, noticeKey(notice));
  const later = open(bobsBrowser);
  await later.app.start();
  await online(later);
  assert.ok((await later.app.actions.pins.load(roomUid)).ok);
  assert.equal(pinsOf(later)?.folded, noticeKey(notice));
});
