/** A person whose keys are gone, whole clients, a real server: colleagues confirm the new identity and give the keys back. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { TestClient } from '../../server/testing/test-client.ts';
import { startTestServer } from '../../server/testing/test-server.ts';
import type { TestServer } from '../../server/testing/test-server.ts';
import { realTimers } from '../../static/state/timers.ts';
import type { Timers } from '../../static/state/timers.ts';
import type { PersonTrust } from '../../static/crypto/index.ts';
import { createBrowser, online, openTab, password, signUp, stateWhere } from './node-client.ts';
import type { Browser, TestTab } from './node-client.ts';
import { uidOf } from './three-people.ts';

/** Pauses that spread work over minutes are no part of what is tested here. */
const hurried: Timers = { ...realTimers, after: (delayMs, work) => realTimers.after(delayMs / 20, work) };
const newPassword = 'another wooden floor';

let server: TestServer;
let owner: TestClient;
const tabs: TestTab[] = [];
before(async () => {
  server = await startTestServer();
  owner = await server.connectAs('alice');
});
afterEach(async () => {
  for (const tab of tabs.splice(0)) await tab.close();
});
after(() => server.stop());

const open = (browser: Browser = createBrowser(server.url)): TestTab => {
  const tab = openTab(browser, hurried);
  tabs.push(tab);
  return tab;
};
const join = async (username: string): Promise<TestTab> => {
  const tab = open();
  await signUp(tab, username, username);
  return tab;
};

const makeRoom = async (by: TestTab, title: string, others: readonly TestTab[]): Promise<string> => {
  const made = await by.app.actions.rooms.createGroup(title, others.map(uidOf));
  assert.ok(made.ok);
  const { roomUid } = made.value;
  for (const tab of [by, ...others]) {
    await stateWhere(tab.app.stores.rooms, ({ byUid }) => byUid.has(roomUid), title);
  }
  return roomUid;
};

const textsIn = (tab: TestTab, roomUid: string): string[] =>
  (tab.app.stores.rooms.get().byUid.get(roomUid)?.tail ?? []).map(({ content }) =>
    content.state === 'open' ? content.text : content.state,
  );

/** Waits until the newest rows of the room read like this. */
const reads = async (tab: TestTab, roomUid: string, ...texts: string[]): Promise<void> => {
  const shown = (): boolean => texts.every((text) => textsIn(tab, roomUid).includes(text));
  await stateWhere(tab.app.stores.rooms, shown, texts.join(', '));
};

const say = async (tab: TestTab, roomUid: string, text: string): Promise<void> => {
  tab.app.actions.rooms.open(roomUid);
  const sent = await tab.app.actions.messages.send(roomUid, text);
  assert.ok(sent.ok);
};
const sayTo = async (
  tab: TestTab,
  others: readonly TestTab[],
  roomUid: string,
  text: string,
): Promise<void> => {
  await say(tab, roomUid, text);
  for (const other of [tab, ...others]) {
    other.app.actions.rooms.open(roomUid);
    await reads(other, roomUid, text);
  }
};

const verdictOf = (tab: TestTab, roomUid: string) =>
  tab.app.stores.rooms.get().byUid.get(roomUid)?.keys.verdict ?? null;
const becomes = (
  tab: TestTab,
  roomUid: string,
  status: string,
  reason: string | null = null,
): Promise<unknown> =>
  stateWhere(
    tab.app.stores.rooms,
    () => verdictOf(tab, roomUid)?.status === status && verdictOf(tab, roomUid)?.reason === reason,
    `${status} ${reason ?? ''}`,
  );

/** The keys are lost: an admin's code, another password, an identity that nobody knows. */
const reset = async (lost: TestTab, username: string): Promise<TestTab> => {
  const userUid = uidOf(lost);
  await lost.close();
  const { code } = await owner.ask('admin:make-reset-code', {
    userUid,
    isDeviceLost: false,
    authKey: owner.person.authKey,
  });
  const tab = open();
  await tab.app.start();
  const keys = await tab.app.actions.loadKeys();
  assert.ok((await keys.openWithCode(username, code)).ok);
  assert.ok((await keys.choosePassword(newPassword)).ok);
  assert.ok((await keys.finishReentry(null)).ok);
  await online(tab);
  return tab;
};

/** What colleagues do: the digits are read out and typed. */
const confirm = async (tab: TestTab, person: TestTab): Promise<void> => {
  const digits = await person.app.actions.trust.ownDigits();
  assert.ok(digits.ok);
  const userUid = uidOf(person);
  const wrong = digits.value.replace(/^./, (digit) => String((Number(digit) + 1) % 10));
  const refused = await tab.app.actions.trust.confirmIdentity(userUid, 2, wrong);
  assert.ok(refused.ok && !refused.value.ok && refused.value.reason === 'DIGITS_WRONG');
  const spoken = digits.value.replace(/(....)/g, '$1 ');
  const confirmed = await tab.app.actions.trust.confirmIdentity(userUid, 2, spoken);
  assert.deepEqual(confirmed, { ok: true, value: { ok: true } });
};

describe('somebody whose keys are gone', () => {
  test('reads everything of the rooms shared with one colleague who typed the digits, and sends what waited', async () => {
    const [bob, carol, dave] = [await join('bob'), await join('carol'), await join('dave')];
    const together = await makeRoom(carol, '셋', [bob, dave]);
    const pair = await makeRoom(carol, '둘', [bob]);
    const elsewhere = await makeRoom(dave, '다른 방', [bob]);
    await sayTo(dave, [bob, carol], together, '어제 이야기');
    await sayTo(carol, [bob], pair, '둘만의 이야기');
    await sayTo(dave, [bob], elsewhere, '다른 이야기');

    const again = await reset(bob, 'bob');
    for (const roomUid of [together, pair, elsewhere]) {
      await stateWhere(again.app.stores.rooms, ({ byUid }) => byUid.has(roomUid), 'the rooms');
      await becomes(again, roomUid, 'waiting', 'OWN_VERSION_OLD');
    }
    again.app.actions.rooms.open(together);
    assert.ok((await again.app.actions.messages.send(together, '제가 돌아왔습니다')).ok);
    // nobody is kept from writing meanwhile: the old identity stays named
    await say(carol, together, '기다리는 중');
    await reads(dave, together, '기다리는 중');

    await confirm(carol, again);
    await becomes(again, together, 'sendable');
    await becomes(again, pair, 'sendable');
    await reads(again, together, '어제 이야기', '기다리는 중', '제가 돌아왔습니다');
    await reads(carol, together, '제가 돌아왔습니다');
    again.app.actions.rooms.open(pair);
    await reads(again, pair, '둘만의 이야기');
    // dave's client is told of the new record like everybody else's, and checks it in its own time
    const lineOf = (tab: TestTab) =>
      tab.app.stores.rooms
        .get()
        .byUid.get(together)
        ?.keys.changes.find(({ confirmed }) => confirmed.length > 0);
    await stateWhere(dave.app.stores.rooms, () => lineOf(dave) !== undefined, 'the line of the new identity');
    const line = lineOf(dave);
    assert.deepEqual([line?.creatorUid, line?.confirmed], [uidOf(carol), [uidOf(again)]]);

    // where carol is not, it takes somebody else
    assert.equal(verdictOf(again, elsewhere)?.reason, 'OWN_VERSION_OLD');
    await confirm(dave, again);
    await becomes(again, elsewhere, 'sendable');
    again.app.actions.rooms.open(elsewhere);
    await reads(again, elsewhere, '다른 이야기');
  });

  test('gets what was written before the confirming colleague came from somebody who was there', async () => {
    const [erin, frank, grace] = [await join('erin'), await join('frank'), await join('grace')];
    const roomUid = await makeRoom(frank, '셋', [erin]);
    await sayTo(frank, [erin], roomUid, '둘이서');
    assert.ok((await frank.app.actions.rooms.invite(roomUid, [uidOf(grace)])).ok);
    await stateWhere(grace.app.stores.rooms, ({ byUid }) => byUid.has(roomUid), 'the room');
    await sayTo(grace, [erin, frank], roomUid, '셋이서');

    const again = await reset(erin, 'erin');
    await becomes(again, roomUid, 'waiting', 'OWN_VERSION_OLD');
    await confirm(grace, again);
    await becomes(again, roomUid, 'sendable');
    again.app.actions.rooms.open(roomUid);
    await reads(again, roomUid, '셋이서');
    // grace has no key of the time before her, and her word opens nothing of it
    const [early] = textsIn(again, roomUid);
    assert.notEqual(early, '둘이서');
    await confirm(frank, again);
    await reads(again, roomUid, '둘이서', '셋이서');
  });

  test('and the other one, too: they begin anew, by digits that one reads out to the other', async () => {
    const [heidi, ivan] = [await join('heidi'), await join('ivan')];
    const roomUid = await makeRoom(heidi, '둘', [ivan]);
    await sayTo(heidi, [ivan], roomUid, '예전 이야기');
    const newHeidi = await reset(heidi, 'heidi');
    const newIvan = await reset(ivan, 'ivan');
    for (const tab of [newHeidi, newIvan]) await becomes(tab, roomUid, 'waiting', 'OWN_VERSION_OLD');
    const ivanVersion = ({ byUid }: { byUid: ReadonlyMap<string, { identityVersion: number }> }): boolean =>
      byUid.get(uidOf(newIvan))?.identityVersion === 2;
    const elsewhere = open();
    await elsewhere.app.start();
    assert.ok((await elsewhere.app.actions.account.signIn('heidi', newPassword)).ok);
    await online(elsewhere);
    elsewhere.app.actions.rooms.open(roomUid);
    await becomes(elsewhere, roomUid, 'waiting', 'OWN_VERSION_OLD');
    await stateWhere(newHeidi.app.stores.people, ivanVersion, 'his new identity');
    await confirm(newHeidi, newIvan);
    await becomes(newHeidi, roomUid, 'sendable');
    // her other browser takes what her own key signed, and nobody reads anything out there
    await becomes(elsewhere, roomUid, 'sendable');
    newIvan.app.actions.rooms.open(roomUid);
    await becomes(newIvan, roomUid, 'quarantined', 'NEW_CHAIN');
    const { trust } = newIvan.app.actions;
    const digits = await newHeidi.app.actions.trust.roomDigits(roomUid);
    assert.ok(digits.ok);
    const wrong = await trust.confirmRecord(roomUid, '000000000000');
    assert.ok(wrong.ok && !wrong.value.ok);
    assert.deepEqual(await trust.confirmRecord(roomUid, digits.value), { ok: true, value: { ok: true } });
    await becomes(newIvan, roomUid, 'sendable');
    await sayTo(newIvan, [newHeidi], roomUid, '다시 시작');
  });

  test('goes on alone when nobody else is left, and whoever is added again later takes that by digits', async () => {
    const [kim, lee] = [await join('kim'), await join('lee')];
    const roomUid = await makeRoom(kim, '둘이었던 방', [lee]);
    await sayTo(kim, [lee], roomUid, '예전 이야기');
    const again = await reset(kim, 'kim');
    await becomes(again, roomUid, 'waiting', 'OWN_VERSION_OLD');
    assert.ok((await lee.app.actions.rooms.leave(roomUid)).ok);
    // or the room that he has afterwards may be the one that he left
    await stateWhere(lee.app.stores.rooms, ({ byUid }) => !byUid.has(roomUid), 'no room any more');
    await becomes(again, roomUid, 'sendable');
    assert.ok((await again.app.actions.rooms.invite(roomUid, [uidOf(lee)])).ok);
    await stateWhere(lee.app.stores.rooms, ({ byUid }) => byUid.has(roomUid), 'the room, once more');
    lee.app.actions.rooms.open(roomUid);
    await becomes(lee, roomUid, 'quarantined', 'NEW_CHAIN');
    const digits = await again.app.actions.trust.roomDigits(roomUid);
    assert.ok(digits.ok);
    const typed = await lee.app.actions.trust.confirmRecord(roomUid, digits.value);
    assert.deepEqual(typed, { ok: true, value: { ok: true } });
    await becomes(lee, roomUid, 'sendable');
    await sayTo(lee, [again], roomUid, '다시 둘');
  });

  test('is known by the new identity where they come in, also to those who had no room with them meanwhile', async () => {
    const [nora, omar, paul] = [await join('nora'), await join('omar'), await join('paul')];
    const former = await makeRoom(nora, '예전 방', [omar]);
    await sayTo(nora, [omar], former, '예전 이야기');
    assert.ok((await nora.app.actions.rooms.leave(former)).ok);
    await stateWhere(nora.app.stores.rooms, ({ byUid }) => !byUid.has(former), 'no room with him');
    const again = await reset(omar, 'omar');
    const roomUid = await makeRoom(paul, '새 방', [nora]);
    assert.ok((await paul.app.actions.rooms.invite(roomUid, [uidOf(again)])).ok);
    nora.app.actions.rooms.open(roomUid);
    await becomes(nora, roomUid, 'quarantined', 'UNCONFIRMED_VERSION');
    // what her screen asks for are the digits of the version that it knows
    const shown = await nora.app.actions.trust.personTrust(uidOf(again), roomUid);
    assert.ok(shown.ok);
    assert.deepEqual([shown.value.version, shown.value.state], [2, 'unconfirmed']);
    await confirm(nora, again);
    await becomes(nora, roomUid, 'sendable');
    await sayTo(nora, [again, paul], roomUid, '오랜만입니다');
  });
});

describe('three browsers of one person', () => {
  test('come to know the same of others, whichever of them was told', async () => {
    const [judy, mike] = [await join('judy'), await join('mike')];
    const roomUid = await makeRoom(judy, '둘', [mike]);
    await sayTo(judy, [mike], roomUid, '안녕하세요');
    const second = await signInElsewhere('judy');
    const third = await signInElsewhere('judy');
    for (const tab of [second, third]) {
      tab.app.actions.rooms.open(roomUid);
      await reads(tab, roomUid, '안녕하세요');
    }
    // each is told something else
    const number = await judy.app.actions.trust.safetyNumber(uidOf(mike));
    assert.ok(number.ok);
    assert.deepEqual(await judy.app.actions.trust.markVerified(uidOf(mike), number.value), {
      ok: true,
      value: true,
    });
    const again = await reset(mike, 'mike');
    const isRenewed = ({ byUid }: { byUid: ReadonlyMap<string, { identityVersion: number }> }): boolean =>
      byUid.get(uidOf(again))?.identityVersion === 2;
    await stateWhere(second.app.stores.people, isRenewed, 'the new identity');
    await confirm(second, again);
    await becomes(again, roomUid, 'sendable');
    // whoever signs out leaves what they know in the vault
    for (const tab of [judy, second]) assert.ok((await tab.app.actions.account.signOut()).ok);
    const known = await trustOnceKnown(
      third,
      uidOf(again),
      ({ mark, state }) => mark !== 'none' && state === 'digits',
    );
    assert.deepEqual([known.mark, known.confirmed?.version], ['changed', 2]);
    const fresh = await signInElsewhere('judy');
    const found = await trustOnceKnown(fresh, uidOf(again), ({ state }) => state === 'digits');
    assert.equal(found.mark, 'changed');
    fresh.app.actions.rooms.open(roomUid);
    await reads(fresh, roomUid, '안녕하세요');
    await becomes(fresh, roomUid, 'sendable');
    const asked = await fresh.app.actions.messages.send(roomUid, '누구신가요');
    assert.ok(!asked.ok && asked.code === 'VERIFIED_CHANGED' && asked.subject === uidOf(again));
    assert.ok((await fresh.app.actions.trust.dropMark(uidOf(again))).ok);
    await sayTo(fresh, [again], roomUid, '표시 없이 계속');
  });

  const signInElsewhere = async (username: string): Promise<TestTab> => {
    const tab = open();
    await tab.app.start();
    assert.ok((await tab.app.actions.account.signIn(username, password)).ok);
    await online(tab);
    return tab;
  };

  /** Other browsers' pins come by the vault, which says only that it changed. */
  const trustOnceKnown = async (tab: TestTab, userUid: string, fits: (known: PersonTrust) => boolean) => {
    for (let look = 0; look < 600; look += 1) {
      const known = await tab.app.actions.trust.personTrust(userUid, null);
      assert.ok(known.ok);
      if (fits(known.value)) return known.value;
      await new Promise((resolve) => {
        hurried.after(1_000, () => resolve(undefined));
      });
    }
    throw new Error('never known');
  };
});
