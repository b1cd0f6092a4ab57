/** Accounts that wait for an administrator, as whole clients meet it: let in by themselves, declined, loaded anew. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { AdminOutput } from '#contract/admin.ts';
import { startTestServer } from '../../server/testing/test-server.ts';
import type { TestServer } from '../../server/testing/test-server.ts';
import type { AccountPhase } from '../../static/features/account/account-state.ts';
import {
  createBrowser,
  online,
  openTab,
  password,
  prepareSignUp,
  signUp,
  stateWhere,
  pressUntilAnswered,
} from './node-client.ts';
import type { Browser, TestTab } from './node-client.ts';

let server: TestServer;
let owner: TestTab;
const tabs: TestTab[] = [];

const open = (browser: Browser): TestTab => {
  const tab = openTab(browser);
  tabs.push(tab);
  return tab;
};
const phaseWhere = (tab: TestTab, fits: (phase: AccountPhase) => boolean, what: string): Promise<unknown> =>
  stateWhere(tab.app.stores.account, ({ phase }) => fits(phase), what);
const isCalled =
  (name: AccountPhase['name']) =>
  (phase: AccountPhase): boolean =>
    phase.name === name;

/** Asks as the machine itself. */
async function ask(name: string, input: Record<string, unknown>): Promise<unknown> {
  const answer = await server.server.askAsHost(name, input);
  assert.ok(answer.ok, `${name}: ${JSON.stringify(answer)}`);
  return answer.value;
}
async function uidOfWaiting(username: string): Promise<string> {
  const found = (await ask('admin:people', {
    state: 'pending',
    query: username,
  })) as AdminOutput<'admin:people'>; // the name ties it
  return found.people[0]?.userUid ?? assert.fail(`${username} does not wait`);
}
const approve = async (username: string): Promise<unknown> =>
  ask('admin:approve', { userUid: await uidOfWaiting(username), roomUids: [] });

/** Signs up in a browser of their own, as far as the screen that waits. */
async function waitInBrowser(username: string): Promise<{ browser: Browser; tab: TestTab }> {
  const browser = createBrowser(server.url);
  const tab = open(browser);
  const typed = await prepareSignUp(tab, username, username);
  assert.equal((await tab.app.actions.account.confirmSheet(typed)).ok, true);
  await phaseWhere(tab, isCalled('waiting'), 'waiting');
  return { browser, tab };
}

before(async () => {
  server = await startTestServer();
  owner = open(createBrowser(server.url));
  await signUp(owner, 'alice', '김앨리스');
  await ask('admin:set-sign-up', { signUp: 'approval' });
});

after(async () => {
  for (const tab of tabs) await tab.close();
  await server.stop();
});

describe('an account that waits for an administrator', () => {
  test('is let in by the page itself, with the keys that the page made', async () => {
    const { tab } = await waitInBrowser('bob');
    await approve('bob');
    tab.app.wakeUp();
    await online(tab);
    assert.equal(tab.app.stores.account.get().phase.name, 'signed-in');
    assert.equal(tab.app.stores.account.get().isSheetUnconfirmed, false);
  });

  test('waits on in a page that is loaded anew, which asks for the password once', async () => {
    const { browser, tab } = await waitInBrowser('carol');
    await tab.close();
    const again = open(browser);
    await again.app.start();
    await phaseWhere(
      again,
      (phase) => phase.name === 'waiting' && phase.username === 'carol',
      'waiting again',
    );
    await approve('carol');
    again.app.wakeUp();
    await phaseWhere(again, isCalled('locked'), 'the password is asked for');
    assert.equal((await again.app.actions.account.unlock(password)).ok, true);
    await online(again);
  });

  test('waits in another browser, too, after a sign-in, and is let in there with the password that was typed', async () => {
    const { tab } = await waitInBrowser('dora');
    const other = open(createBrowser(server.url));
    await other.app.start();
    const signedIn = await other.app.actions.account.signIn('dora', password);
    assert.equal(signedIn.ok ? 'in' : signedIn.code, 'APPROVAL_PENDING');
    await phaseWhere(other, isCalled('waiting'), 'waiting');
    await approve('dora');
    other.app.wakeUp();
    await online(other);
    tab.app.wakeUp();
    await online(tab);
  });

  test('is told to the owner, in every browser, and to nobody else', async () => {
    await waitInBrowser('gina');
    const { counts } = (await ask('admin:people', { limit: 1 })) as AdminOutput<'admin:people'>; // the name ties it
    const isAll = (waiting: number): boolean => waiting === counts.pending;
    await stateWhere(owner.app.stores.waitingPeople, isAll, 'told');
    const later = open(createBrowser(server.url));
    await later.app.start();
    assert.equal((await later.app.actions.account.signIn('alice', password)).ok, true);
    await stateWhere(later.app.stores.waitingPeople, isAll, 'asked');
    await approve('gina');
    await stateWhere(owner.app.stores.waitingPeople, (waiting) => waiting < counts.pending, 'told again');
    const member = open(createBrowser(server.url));
    await member.app.start();
    assert.equal((await member.app.actions.account.signIn('gina', password)).ok, true);
    await online(member);
    assert.equal(member.app.stores.waitingPeople.get(), 0);
    await later.app.actions.account.signOut();
    assert.equal(later.app.stores.waitingPeople.get(), 0);
  });

  test('is told when it does not wait any more, and may ask again under the same name', async () => {
    const { browser, tab } = await waitInBrowser('erin');
    await ask('admin:decline', { userUid: await uidOfWaiting('erin') });
    tab.app.wakeUp();
    await phaseWhere(
      tab,
      (phase) => phase.name === 'signed-out' && phase.endReason === 'not-waiting',
      'declined',
    );
    await tab.close();
    const again = open(browser);
    const typed = await prepareSignUp(again, 'erin', 'Erin');
    assert.equal((await again.app.actions.account.confirmSheet(typed)).ok, true);
    await phaseWhere(again, isCalled('waiting'), 'waiting');
  });

  test('is left for another account, and a page loaded anew shows the sign-in form', async () => {
    const { browser, tab } = await waitInBrowser('frank');
    tab.app.actions.account.leaveWaiting();
    assert.equal(tab.app.stores.account.get().phase.name, 'signed-out');
    await tab.close();
    const again = open(browser);
    await again.app.start();
    assert.deepEqual(again.app.stores.account.get().phase, {
      name: 'signed-out',
      endReason: null,
      isBusy: false,
    });
  });

  test('sees that the server is away, and goes on when it answers', async () => {
    const { tab } = await waitInBrowser('grace');
    tab.setNetwork(false);
    tab.app.wakeUp();
    await phaseWhere(tab, (phase) => phase.name === 'waiting' && phase.isServerAway, 'the server is away');
    await approve('grace');
    tab.setNetwork(true);
    tab.app.wakeUp();
    await online(tab);
  });
});

test('an invitation passes the approval by; a wrong one is refused before any keys are made', async () => {
  const made = (await ask('admin:make-invitation', {})) as AdminOutput<'admin:make-invitation'>; // the name ties it
  const tab = open(createBrowser(server.url));
  await tab.app.start();
  const form = { username: 'heidi', displayName: 'Heidi', department: '', title: '', setUpCode: '' };
  const wrong = await tab.app.actions.account.signUp({ ...form, invitationCode: 'AAAA-AAAA-AAAA' }, password);
  assert.equal(wrong.ok ? 'made' : wrong.code, 'INVITATION_WRONG');
  const right = await tab.app.actions.account.signUp(
    { ...form, invitationCode: made.code.toLowerCase() },
    password,
  );
  assert.equal(right.ok, true);
  assert.equal((await pressUntilAnswered(() => tab.app.actions.account.confirmSheetLater())).ok, true);
  await online(tab);
});
