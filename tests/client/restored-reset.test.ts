/** A backup from before somebody's reset: colleagues know a newer key of theirs than the server. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { meOf } from '../../static/features/account/account-state.ts';
import { online, password, stateWhere } from './node-client.ts';
import type { TestTab } from './node-client.ts';
import { codeOf, done, isSendable, knows, openOffice, reads, settle, valueOf } from './restored-office.ts';
import type { Office } from './restored-office.ts';

const later = 'another wooden floor';

/** By an admin's code, with the password `later`; gives the sheet of it. */
async function reset(office: Office, tab: TestTab): Promise<void> {
  const keys = await tab.app.actions.loadKeys();
  assert.equal(codeOf(await keys.openWithCode('bob', await office.makeCode('bob'))), 'OK');
  const made = await keys.choosePassword(later);
  assert.ok(made.ok);
  const { sheetGroups, askedGroups } = made.value;
  const typed = [sheetGroups[askedGroups[0]] ?? '', sheetGroups[askedGroups[1]] ?? ''] as const;
  assert.equal(codeOf(await keys.finishReentry(typed)), 'OK');
  await online(tab);
}

const versionOf = (tab: TestTab): number => meOf(tab.app.stores.account.get())?.identityVersion ?? 0;

/** Bob reads his digits out, and somebody types them. */
async function confirm(typist: TestTab, bob: TestTab, bobUid: string): Promise<void> {
  const version = versionOf(bob);
  await stateWhere(
    typist.app.stores.people,
    ({ byUid }) => byUid.get(bobUid)?.identityVersion === version,
    'the new identity',
  );
  const digits = await bob.app.actions.trust.ownDigits();
  assert.ok(digits.ok);
  const confirmed = await typist.app.actions.trust.confirmIdentity(bobUid, version, digits.value);
  assert.deepEqual(confirmed, { ok: true, value: { ok: true } });
}

const namesVersion = (tab: TestTab, roomUid: string, userUid: string, version: number): Promise<unknown> =>
  knows(tab, roomUid, ({ keys }) =>
    (keys.verdict?.people ?? []).some((person) => person.userUid === userUid && person.version === version),
  );

/** Alice, bob and carol in a group and a pair; bob was reset after the backup, and everybody wrote with his new keys. */
async function officeAfterReset() {
  const office = await openOffice({ isHurried: true });
  const [alice, carol] = [office.tab('alice'), office.tab('carol')];
  const group = await valueOf(
    alice.app.actions.rooms.createGroup('주간 회의', [office.uid('bob'), office.uid('carol')]),
  );
  const pair = await valueOf(alice.app.actions.rooms.createDirect(office.uid('bob')));
  for (const name of ['alice', 'bob', 'carol'] as const) {
    await knows(office.tab(name), group, isSendable);
    office.tab(name).app.actions.rooms.open(group);
  }
  await done(alice.app.actions.messages.send(group, '백업 전'));
  for (const name of ['alice', 'bob', 'carol'] as const) await reads(office.tab(name), group, ['백업 전']);
  await knows(office.tab('bob'), pair, isSendable);
  const copy = await office.backUp();

  await office.tab('bob').close();
  const bob = await office.freshTab('bob');
  await reset(office, bob);
  office.moveTo('bob', bob);
  assert.equal(versionOf(bob), 2);
  await confirm(alice, bob, office.uid('bob'));
  for (const roomUid of [group, pair]) await knows(bob, roomUid, isSendable);
  await namesVersion(carol, group, office.uid('bob'), 2);
  await namesVersion(alice, pair, office.uid('bob'), 2);
  bob.app.actions.rooms.open(group);
  await done(bob.app.actions.messages.send(group, '새 열쇠로'));
  for (const tab of [alice, bob, carol]) {
    await reads(tab, group, ['백업 전', '새 열쇠로']);
    await settle(tab);
  }
  await office.stop();
  await office.restore(copy);
  return { office, alice, bob, carol, group, pair };
}

describe('a reset that the backup does not know, and the browser that has its keys', () => {
  let world: Awaited<ReturnType<typeof officeAfterReset>>;
  before(async () => {
    world = await officeAfterReset();
  });
  after(() => world.office.close());

  test('colleagues write to each other with the newer record before the person is back', async () => {
    const { office, alice, carol, group } = world;
    for (const name of ['alice', 'carol'] as const) await office.signIn(name);
    for (const tab of [alice, carol]) {
      await knows(tab, group, isSendable);
      await namesVersion(tab, group, office.uid('bob'), 2);
      tab.app.actions.rooms.open(group);
    }
    await done(carol.app.actions.messages.send(group, '밥은 아직'));
    for (const tab of [alice, carol]) await reads(tab, group, ['백업 전', '밥은 아직']);
  });

  test('the password of the backup is asked for first, then the one of the newer keys', async () => {
    const { office, bob } = world;
    const { signIn } = bob.app.actions.account;
    await office.atTheForm('bob');
    assert.equal(codeOf(await signIn('bob', later)), 'WRONG_PASSWORD');
    assert.equal(codeOf(await signIn('bob', password)), 'NEWER_KEYS');
    assert.equal(codeOf(await signIn('bob', password, 'a third wooden floor')), 'WRONG_KEY');
    assert.equal(codeOf(await signIn('bob', password, later)), 'OK');
    await online(bob);
    assert.equal(versionOf(bob), 2);
    assert.equal(bob.app.stores.account.get().isSheetUnconfirmed, false);
  });

  test('everybody writes and reads in every room, and nobody has anything to confirm', async () => {
    const { alice, bob, carol, group, pair } = world;
    for (const tab of [alice, bob, carol]) await knows(tab, group, isSendable);
    bob.app.actions.rooms.open(group);
    await done(bob.app.actions.messages.send(group, '돌아왔어요'));
    for (const tab of [alice, bob, carol]) await reads(tab, group, ['백업 전', '밥은 아직', '돌아왔어요']);
    for (const tab of [alice, bob]) {
      await knows(tab, pair, isSendable);
      tab.app.actions.rooms.open(pair);
    }
    await done(alice.app.actions.messages.send(pair, '둘만의 글'));
    for (const tab of [alice, bob]) await reads(tab, pair, ['둘만의 글']);
  });

  test('from then on the newer password opens it anywhere, and a reset goes on from the newer version', async () => {
    const { office, bob, group } = world;
    const fresh = await office.freshTab('bob');
    assert.equal(codeOf(await fresh.app.actions.account.signIn('bob', password)), 'WRONG_PASSWORD');
    assert.equal(codeOf(await fresh.app.actions.account.signIn('bob', later)), 'OK');
    await online(fresh);
    await knows(fresh, group, isSendable);
    assert.equal(versionOf(fresh), 2);
    await bob.close();
    const again = await office.freshTab('bob');
    await reset(office, again);
    assert.equal(versionOf(again), 3);
  });
});

describe('a reset that the backup does not know, and nobody who has its keys', () => {
  let world: Awaited<ReturnType<typeof officeAfterReset>>;
  before(async () => {
    world = await officeAfterReset();
  });
  after(() => world.office.close());

  test('the old keys come in, and the conversations say that they are not those that are named', async () => {
    const { office, group } = world;
    for (const name of ['alice', 'carol'] as const) {
      await office.signIn(name);
      await knows(office.tab(name), group, isSendable);
    }
    const old = await office.freshTab('bob');
    assert.equal(codeOf(await old.app.actions.account.signIn('bob', password)), 'OK');
    await online(old);
    assert.equal(versionOf(old), 1);
    await knows(old, group, ({ keys }) => keys.verdict?.reason === 'OWN_KEY');
    await old.close();
  });

  test('a code makes a version that nobody has seen, and the digits of it bring everything back', async () => {
    const { office, alice, carol, group, pair } = world;
    const bob = await office.freshTab('bob');
    await reset(office, bob);
    assert.ok(versionOf(bob) > 11, String(versionOf(bob)));
    for (const roomUid of [group, pair]) {
      await knows(bob, roomUid, ({ keys }) => keys.verdict?.reason === 'OWN_VERSION_OLD');
    }
    await confirm(alice, bob, office.uid('bob'));
    for (const roomUid of [group, pair]) await knows(bob, roomUid, isSendable);
    for (const tab of [alice, carol]) await namesVersion(tab, group, office.uid('bob'), versionOf(bob));
    bob.app.actions.rooms.open(group);
    await done(bob.app.actions.messages.send(group, '세 번째 열쇠로'));
    for (const tab of [alice, bob, carol]) {
      tab.app.actions.rooms.open(group);
      await reads(tab, group, ['백업 전', '세 번째 열쇠로']);
    }
    await knows(carol, group, isSendable);
  });
});
