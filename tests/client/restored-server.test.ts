/** An office whose administrator restored yesterday's backup. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { memberOf } from '../../static/features/rooms/room-state.ts';
import { createBrowser, online, openTab, password, stateWhere } from './node-client.ts';
import type { TestTab } from './node-client.ts';
import {
  done,
  isSendable,
  isSendableAt,
  knows,
  openOffice,
  reads,
  room,
  settle,
  valueOf,
} from './restored-office.ts';

describe('two people and a group after a restore', () => {
  let office: Awaited<ReturnType<typeof openOffice>>;
  let alice: TestTab;
  let bob: TestTab;
  let carol: TestTab;
  let group: string;
  let left: string;
  let made: string;

  before(async () => {
    office = await openOffice();
    alice = office.tab('alice');
    bob = office.tab('bob');
    carol = office.tab('carol');
    const { rooms, messages } = alice.app.actions;
    group = await valueOf(rooms.createGroup('주간 회의', [office.uid('bob')]));
    left = await valueOf(rooms.createGroup('셋이서', [office.uid('bob'), office.uid('carol')]));
    for (const tab of [alice, bob]) {
      await knows(tab, group, () => true);
      tab.app.actions.rooms.open(group);
    }
    await done(messages.send(group, '백업 전'));
    for (const tab of [alice, bob]) await reads(tab, group, ['백업 전']);
    await knows(carol, left, isSendable);
    const copy = await office.backUp();

    // what the backup does not know: carol in the group, carol out of the other one, a room, a message
    await done(rooms.invite(group, [office.uid('carol')]));
    await done(rooms.kick(left, office.uid('carol')));
    made = await valueOf(bob.app.actions.rooms.createGroup('나중에 만든 방', [office.uid('alice')]));
    await done(messages.send(group, '백업 후'));
    for (const tab of [alice, bob, carol]) {
      await knows(tab, group, isSendableAt(2));
    }
    for (const tab of [alice, bob]) {
      await knows(tab, made, isSendable);
      await knows(tab, left, isSendableAt(2));
    }
    await stateWhere(carol.app.stores.rooms, ({ byUid }) => !byUid.has(left), 'a room that is gone');
    for (const tab of [alice, bob, carol]) await settle(tab);
    await office.stop();
    await done(bob.app.actions.messages.send(made, '서버가 없을 때'));
    await office.restore(copy);
  });
  after(() => office.close());

  test('everybody signs in again, and is told', async () => {
    // the remover first; the one who was removed afterwards
    for (const name of ['alice', 'bob', 'carol'] as const) {
      await office.signIn(name);
      const { restoredAt } = office.tab(name).app.stores.account.get();
      assert.ok(restoredAt !== null && Math.abs(restoredAt - Date.now()) < 60_000, name);
    }
    alice.app.actions.account.closeRestoreNotice();
    assert.equal(alice.app.stores.account.get().restoredAt, null);
  });

  test('a room whose epoch moved on works for all who were in it, with what was said before the backup', async () => {
    for (const tab of [alice, bob, carol]) {
      await knows(tab, group, isSendableAt(2));
      tab.app.actions.rooms.open(group);
    }
    await done(carol.app.actions.messages.send(group, '다시 왔어요'));
    for (const tab of [alice, bob]) await reads(tab, group, ['백업 전', '다시 왔어요']);
    await reads(carol, group, ['다시 왔어요']);
  });

  test('somebody who was removed stays removed', async () => {
    await knows(alice, left, isSendableAt(2));
    assert.equal(memberOf(room(alice, left)?.room ?? assert.fail(), office.uid('carol')), undefined);
    assert.equal(room(carol, left), undefined);
  });

  test('a room that was made after the backup is back, and what waited for the server is sent once', async () => {
    for (const tab of [alice, bob]) {
      await knows(tab, made, isSendable);
      tab.app.actions.rooms.open(made);
    }
    assert.equal(room(alice, made)?.room.title, '나중에 만든 방');
    await stateWhere(bob.app.stores.outbox, ({ items }) => items.length === 0, 'an empty outbox');
    for (const tab of [alice, bob]) await reads(tab, made, ['서버가 없을 때']);
  });

  test('a reload goes on from there', async () => {
    await alice.close();
    await alice.app.start();
    await online(alice);
    await knows(alice, group, isSendable);
    assert.equal(alice.app.stores.account.get().restoredAt, null);
  });
});

describe('a vault that changed after the backup', () => {
  let office: Awaited<ReturnType<typeof openOffice>>;
  before(async () => {
    office = await openOffice();
  });
  after(() => office.close());

  const replaceSheet = async (): Promise<void> => {
    const { app } = office.tab('alice');
    await done(app.actions.sheet.replaceSheet(password));
    const sheet = app.stores.pendingSheet.get();
    assert.ok(sheet);
    const [first, second] = sheet.askedGroups;
    await done(
      app.actions.sheet.confirmNewSheet([sheet.sheetGroups[first] ?? '', sheet.sheetGroups[second] ?? '']),
    );
  };

  test('is refused under the same generation, and given back after a restore', async () => {
    const alice = office.tab('alice');
    const copy = await office.backUp();
    await replaceSheet();
    await office.stop();

    await office.goBackSilently(copy, null);
    const other = openTab({ ...office.browser('alice'), cookies: new Map(), channel: new Set() });
    await other.app.start();
    const refused = await other.app.actions.account.signIn('alice', password);
    assert.equal(refused.ok || refused.code, 'VAULT_OLDER');
    await other.close();
    await office.stop();

    await office.restore(copy);
    await office.signIn('alice');
    assert.equal(alice.app.stores.account.get().isSheetUnconfirmed, false);
    // a browser that knows nothing finds the newest vault
    const fresh = openTab(createBrowser(office.browser('alice').url));
    await fresh.app.start();
    await done(fresh.app.actions.account.signIn('alice', password));
    await online(fresh);
    assert.equal(fresh.app.stores.account.get().isSheetUnconfirmed, false);
    await fresh.close();
  });
});

describe('a server that lies about a restore', () => {
  let office: Awaited<ReturnType<typeof openOffice>>;
  before(async () => {
    office = await openOffice();
  });
  after(() => office.close());

  test('gets no old epoch accepted and nothing sealed with one', async () => {
    const [alice, bob] = [office.tab('alice'), office.tab('bob')];
    const group = await valueOf(
      alice.app.actions.rooms.createGroup('비밀', [office.uid('bob'), office.uid('carol')]),
    );
    for (const tab of [alice, bob]) await knows(tab, group, isSendable);
    const copy = await office.backUp();
    await done(alice.app.actions.rooms.kick(group, office.uid('carol')));
    for (const tab of [alice, bob]) await knows(tab, group, isSendableAt(2));
    await settle(alice);
    await office.stop();
    await office.goBackSilently(copy, 'another generation');
    alice.app.wakeUp();
    await online(alice);
    await knows(
      alice,
      group,
      ({ room: { epoch }, keys: { verdict } }) => epoch === 1 && verdict?.reason === 'BEHIND_WATERMARK',
    );
    const sent = await alice.app.actions.messages.send(group, 'carol이 읽으면 안 되는 글');
    assert.equal(sent.ok || sent.code, 'BEHIND_WATERMARK');
  });
});
