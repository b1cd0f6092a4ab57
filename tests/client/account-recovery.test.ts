import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startTestServer } from '../../server/testing/test-server.ts';
import type { TestServer } from '../../server/testing/test-server.ts';
import type { KeyActions } from '../../static/features/account/key-actions.ts';
import { meOf, meUidOf } from '../../static/features/account/account-state.ts';
import { createBrowser, online, openTab, password, prepareSignUp, stateWhere } from './node-client.ts';
import type { Browser, TestTab } from './node-client.ts';

/** Somebody with a browser, a password and the sheet in the drawer. */
type Person = { name: string; tab: TestTab; browser: Browser; password: string; sheet: string };

let server: TestServer;
let alice: Person;
const tabs: TestTab[] = [];
const done = { ok: true, value: undefined };

const open = (browser: Browser): TestTab => {
  const tab = openTab(browser);
  tabs.push(tab);
  return tab;
};
const uidOf = (tab: TestTab): string => meUidOf(tab.app.stores.account.get()) ?? '';
const codeOf = (result: { ok: boolean; code?: string }): string => result.code ?? 'OK';

async function join(name: string): Promise<Person> {
  const browser = createBrowser(server.url);
  const tab = open(browser);
  const typed = await prepareSignUp(tab, name, `이름 ${name}`);
  const { phase } = tab.app.stores.account.get();
  assert.ok(phase.name === 'signing-up' && phase.signUp.step === 'sheet');
  const sheet = phase.signUp.sheetGroups.join(' ');
  assert.deepEqual(await tab.app.actions.account.confirmSheet(typed), done);
  await online(tab);
  return { name, tab, browser, password, sheet };
}

async function signInElsewhere(name: string, typed: string): Promise<TestTab> {
  const tab = open(createBrowser(server.url));
  await tab.app.start();
  assert.deepEqual(await tab.app.actions.account.signIn(name, typed), done);
  await online(tab);
  return tab;
}

async function refusedSignIn(name: string, typed: string): Promise<string> {
  const tab = open(createBrowser(server.url));
  await tab.app.start();
  const result = await tab.app.actions.account.signIn(name, typed);
  await tab.close();
  return codeOf(result);
}

/** A browser that nobody has signed in to, with the dialog's actions. */
async function atTheForm(): Promise<{ tab: TestTab; browser: Browser; keys: KeyActions }> {
  const browser = createBrowser(server.url);
  const tab = open(browser);
  await tab.app.start();
  return { tab, browser, keys: await tab.app.actions.loadKeys() };
}

/** Chooses a password; gives the groups that are asked back, and the sheet. */
async function choose(keys: KeyActions, next: string) {
  const made = await keys.choosePassword(next);
  assert.ok(made.ok, codeOf(made));
  const { sheetGroups, askedGroups } = made.value;
  const typed = [sheetGroups[askedGroups[0]] ?? '', sheetGroups[askedGroups[1]] ?? ''] as const;
  return { typed, sheet: sheetGroups.join(' ') };
}

const ended = (tab: TestTab): Promise<unknown> =>
  stateWhere(
    tab.app.stores.account,
    ({ phase }) => phase.name === 'signed-out' && phase.endReason === 'keys-changed',
    'signed out because the keys changed',
  );

/** Of the vault that the server has. */
async function counters({ cookies }: Browser): Promise<unknown> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await fetch(`${server.url}/api/vault`, { headers: { cookie, origin: server.url } });
  const { keys, pins } = Object(await answer.json());
  return { keys: Object(keys).counter, pins: Object(pins).counter };
}

/** A room of alice and this person, with a text of each. */
async function talk({ tab }: Person): Promise<string> {
  const made = await alice.tab.app.actions.rooms.createDirect(uidOf(tab));
  assert.ok(made.ok, codeOf(made));
  const { roomUid } = made.value;
  alice.tab.app.actions.rooms.open(roomUid);
  await stateWhere(tab.app.stores.rooms, ({ byUid }) => byUid.has(roomUid), 'the room');
  tab.app.actions.rooms.open(roomUid);
  await say(alice.tab, roomUid, '금고 번호는 4711');
  await reads(tab, roomUid, ['금고 번호는 4711']);
  await say(tab, roomUid, '적어 둘게요');
  await reads(tab, roomUid, ['금고 번호는 4711', '적어 둘게요']);
  return roomUid;
}

const say = async (tab: TestTab, roomUid: string, text: string): Promise<void> => {
  assert.equal((await tab.app.actions.messages.send(roomUid, text)).ok, true);
};

const textsOf = (tab: TestTab, roomUid: string): string[] =>
  (tab.app.stores.rooms.get().byUid.get(roomUid)?.tail ?? []).map(({ content }) =>
    content.state === 'open' ? content.text : content.state,
  );

async function reads(tab: TestTab, roomUid: string, wanted: string[]): Promise<void> {
  await stateWhere(tab.app.stores.rooms, ({ byUid }) => byUid.has(roomUid), 'the room');
  tab.app.actions.rooms.open(roomUid);
  const isRead = (): boolean => JSON.stringify(textsOf(tab, roomUid)) === JSON.stringify(wanted);
  await stateWhere(tab.app.stores.rooms, isRead, `the texts ${wanted.join(', ')}`);
}

before(async () => {
  server = await startTestServer();
  alice = await join('alice');
});

after(async () => {
  for (const tab of tabs) await tab.close();
  await server.stop();
});

describe('the recovery sheet', () => {
  test('gives a browser that was wiped every room back, with a new password and a new sheet', async () => {
    const bob = await join('bob');
    const roomUid = await talk(bob);
    const { tab, keys } = await atTheForm();
    assert.equal(codeOf(await keys.openWithSheet('bob', `${bob.sheet.slice(0, -1)}U`)), 'BAD_SHEET');
    assert.equal(codeOf(await keys.openWithSheet('bob', alice.sheet)), 'RECOVERY_WRONG');
    assert.equal(codeOf(await keys.openWithSheet('nobody', bob.sheet)), 'RECOVERY_WRONG');
    assert.equal(codeOf(await keys.choosePassword('wide wooden table')), 'NOTHING_PENDING');
    const opened = await keys.openWithSheet('BOB', bob.sheet.toLowerCase());
    assert.deepEqual(opened, { ok: true, value: { username: 'bob', displayName: '이름 bob' } });
    assert.equal(codeOf(await keys.choosePassword('bob')), 'WEAK_PASSWORD');
    const { typed, sheet } = await choose(keys, 'wide wooden table');
    assert.equal(codeOf(await keys.finishReentry(['0000', '0000'])), 'SHEET_MISMATCH');
    assert.deepEqual(await keys.finishReentry(typed), done);
    await online(tab);
    await reads(tab, roomUid, ['금고 번호는 4711', '적어 둘게요']);
    assert.equal(tab.app.stores.account.get().isSheetUnconfirmed, false);
    await ended(bob.tab);

    assert.equal(await refusedSignIn('bob', password), 'WRONG_PASSWORD');
    const elsewhere = await signInElsewhere('bob', 'wide wooden table');
    await reads(elsewhere, roomUid, ['금고 번호는 4711', '적어 둘게요']);
    const later = (await atTheForm()).keys;
    assert.equal(codeOf(await later.openWithSheet('bob', bob.sheet)), 'RECOVERY_WRONG', 'used');
    assert.equal((await later.openWithSheet('bob', sheet)).ok, true);
  });

  test('an interrupted recovery leaves everything as it was', async () => {
    const carol = await join('carol');
    const { tab, keys } = await atTheForm();
    assert.equal((await keys.openWithSheet('carol', carol.sheet)).ok, true);
    await choose(keys, 'wide wooden table');
    await tab.close();
    await signInElsewhere('carol', password);
    const again = (await atTheForm()).keys;
    assert.equal((await again.openWithSheet('carol', carol.sheet)).ok, true);
    again.cancelReentry();
    assert.equal(codeOf(await again.finishReentry(null)), 'NOTHING_PENDING');
  });

  test('a lost answer: the same once more signs in, and the sheet that was shown is in force', async () => {
    const dave = await join('dave');
    const { tab, keys } = await atTheForm();
    assert.equal((await keys.openWithSheet('dave', dave.sheet)).ok, true);
    const { typed, sheet } = await choose(keys, 'wide wooden table');
    tab.loseNextAnswer();
    const lost = await keys.finishReentry(null);
    assert.equal(lost.ok || lost.isRetryable, true);
    await ended(dave.tab);
    assert.deepEqual(await keys.finishReentry(typed), done);
    await online(tab);
    // what the server stored first says "later", and so does this browser
    assert.equal(tab.app.stores.account.get().isSheetUnconfirmed, true);
    await signInElsewhere('dave', 'wide wooden table');
    assert.equal((await (await atTheForm()).keys.openWithSheet('dave', sheet)).ok, true);
  });

  test('what another browser pins meanwhile is taken in, under the sheet that was written down', async () => {
    const erin = await join('erin');
    const { tab, browser, keys } = await atTheForm();
    assert.equal((await keys.openWithSheet('erin', erin.sheet)).ok, true);
    const { typed, sheet } = await choose(keys, 'wide wooden table');
    const roomUid = await talk(erin);
    // signing out saves the pins of the new conversation
    assert.deepEqual(await erin.tab.app.actions.account.signOut(), done);
    assert.deepEqual(await keys.finishReentry(typed), done);
    await online(tab);
    await reads(tab, roomUid, ['금고 번호는 4711', '적어 둘게요']);
    const again = (await atTheForm()).keys;
    assert.equal((await again.openWithSheet('erin', sheet)).ok, true);
    // registered 1, signed out 2, recovered 3: made for 2 at first
    assert.deepEqual(await counters(browser), { keys: 2, pins: 3 });
  });
});

describe('another password', () => {
  test('signs all other browsers out at once; this one goes on, and the sheet stays', async () => {
    const frank = await join('frank');
    const roomUid = await talk(frank);
    const elsewhere = await signInElsewhere('frank', password);
    const changedAt = frank.tab.app.stores.account.get().keysChangedAt ?? 0;
    const keys = await frank.tab.app.actions.loadKeys();
    assert.equal(codeOf(await keys.changePassword('not this one', 'wide wooden table')), 'WRONG_PASSWORD');
    assert.equal(codeOf(await keys.changePassword(password, 'frank')), 'WEAK_PASSWORD');
    assert.deepEqual(await keys.changePassword(password, 'wide wooden table'), done);
    await ended(elsewhere);
    assert.ok((frank.tab.app.stores.account.get().keysChangedAt ?? 0) >= changedAt);
    await say(frank.tab, roomUid, '비밀번호를 바꿨습니다');
    const texts = ['금고 번호는 4711', '적어 둘게요', '비밀번호를 바꿨습니다'];
    await reads(alice.tab, roomUid, texts);

    assert.equal(await refusedSignIn('frank', password), 'WRONG_PASSWORD');
    await reads(await signInElsewhere('frank', 'wide wooden table'), roomUid, texts);
    assert.equal((await (await atTheForm()).keys.openWithSheet('frank', frank.sheet)).ok, true);
    assert.deepEqual(await keys.changePassword('wide wooden table', 'narrow wooden table'), done);

    await frank.tab.close();
    const reloaded = open(frank.browser);
    await reloaded.app.start();
    assert.equal(reloaded.app.stores.account.get().phase.name, 'signed-in', 'still without a password');
    await reads(reloaded, roomUid, texts);
  });

  test('a lost answer: asking again finds out that the new one is in force', async () => {
    const grace = await join('grace');
    const keys = await grace.tab.app.actions.loadKeys();
    grace.tab.loseNextAnswer();
    const lost = await keys.changePassword(password, 'wide wooden table');
    assert.equal(lost.ok || lost.isRetryable, true);
    assert.deepEqual(await keys.changePassword(password, 'wide wooden table'), done);
    await signInElsewhere('grace', 'wide wooden table');
    assert.equal(await refusedSignIn('grace', password), 'WRONG_PASSWORD');
  });

  test('pins that another browser saved first are merged, and the change goes through', async () => {
    const heidi = await join('heidi');
    const elsewhere = await signInElsewhere('heidi', password);
    const keys = await heidi.tab.app.actions.loadKeys();
    const made = await elsewhere.app.actions.rooms.createDirect(uidOf(alice.tab));
    assert.ok(made.ok);
    assert.deepEqual(await elsewhere.app.actions.account.signOut(), done);
    assert.deepEqual(await keys.changePassword(password, 'wide wooden table'), done);
    const next = await signInElsewhere('heidi', 'wide wooden table');
    assert.equal(meOf(next.app.stores.account.get())?.username, 'heidi');
    assert.deepEqual(await counters(heidi.browser), { keys: 2, pins: 3 });
  });
});

describe('an admin’s code', () => {
  const codeFor = async (person: Person): Promise<string> => {
    const input = { userUid: uidOf(person.tab), isDeviceLost: false };
    const answer = await server.server.askAsHost('admin:make-reset-code', input);
    assert.ok(answer.ok);
    return String(Object(answer.value).code);
  };

  test('makes a new identity that everybody hears of; a sheet found later brings the old texts back', async () => {
    const ivan = await join('ivan');
    const roomUid = await talk(ivan);
    const userUid = uidOf(ivan.tab);
    const code = await codeFor(ivan);
    const { tab, browser, keys } = await atTheForm();
    assert.equal(codeOf(await keys.openWithCode('ivan', 'AAAA-BBBB-CCCC')), 'RESET_CODE_WRONG');
    assert.equal((await keys.openWithCode('ivan', code)).ok, true);
    const { typed } = await choose(keys, 'wide wooden table');
    assert.deepEqual(await keys.finishReentry(typed), done);
    await online(tab);
    await ended(ivan.tab);
    assert.equal(meOf(tab.app.stores.account.get())?.identityVersion, 2);
    await stateWhere(
      alice.tab.app.stores.people,
      ({ byUid }) => byUid.get(userUid)?.identityVersion === 2,
      'the new version',
    );
    assert.equal(codeOf(await (await atTheForm()).keys.openWithCode('ivan', code)), 'RESET_CODE_WRONG');

    const inside = await tab.app.actions.loadKeys();
    const listed = await inside.listOldVaults();
    assert.deepEqual(listed.ok && listed.value.map(({ identityVersion }) => identityVersion), [1]);
    assert.equal(codeOf(await inside.mergeOldSheet(alice.sheet)), 'RECOVERY_WRONG');
    const reloaded = new Promise<void>((resolve) => tab.onReload(resolve));
    tab.loseNextAnswer();
    const lost = await inside.mergeOldSheet(ivan.sheet);
    assert.equal(lost.ok || lost.isRetryable, true);
    assert.deepEqual(await inside.mergeOldSheet(ivan.sheet), done);
    await reloaded;
    await tab.close();
    const again = open(browser);
    await again.app.start();
    await online(again);
    await reads(again, roomUid, ['금고 번호는 4711', '적어 둘게요']);
    assert.deepEqual(await (await again.app.actions.loadKeys()).listOldVaults(), { ok: true, value: [] });
  });

  test('a lost answer of a reset is found out by asking again', async () => {
    const judy = await join('judy');
    const code = await codeFor(judy);
    const { tab, keys } = await atTheForm();
    assert.equal((await keys.openWithCode('judy', code)).ok, true);
    const { typed } = await choose(keys, 'wide wooden table');
    tab.loseNextAnswer();
    const lost = await keys.finishReentry(typed);
    assert.equal(lost.ok || lost.isRetryable, true);
    assert.deepEqual(await keys.finishReentry(typed), done);
    await online(tab);
    assert.equal(meOf(tab.app.stores.account.get())?.identityVersion, 2);
    await signInElsewhere('judy', 'wide wooden table');
  });
});
