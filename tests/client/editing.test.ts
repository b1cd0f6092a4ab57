/** Messages that change while everything else changes, too: through whole clients against a real server. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startTestServer } from '../../server/testing/test-server.ts';
import type { TestServer } from '../../server/testing/test-server.ts';
import type { MessageEntry } from '../../static/features/messages/message-state.ts';
import { stateWhere } from './node-client.ts';
import type { TestTab } from './node-client.ts';
import { openThreePeople, uidOf } from './three-people.ts';

describe('a message that changes', () => {
  let server: TestServer;
  let alice: TestTab;
  let bob: TestTab;
  let carol: TestTab;
  let roomUid: string;
  before(async () => {
    server = await startTestServer();
    ({ alice, bob, carol, roomUid } = await openThreePeople(server.url));
  });
  after(async () => {
    for (const tab of [alice, bob, carol]) await tab.close();
    await server.stop();
  });

  const rowsOf = (tab: TestTab): readonly MessageEntry[] =>
    tab.app.stores.rooms.get().byUid.get(roomUid)?.tail ?? [];
  const rowWhere = async (tab: TestTab, fits: (entry: MessageEntry) => boolean): Promise<MessageEntry> => {
    await stateWhere(tab.app.stores.rooms, () => rowsOf(tab).some(fits), 'the row');
    return rowsOf(tab).find(fits) ?? assert.fail();
  };
  const says = (text: string) => (entry: MessageEntry) =>
    entry.content.state === 'open' && entry.content.text === text && entry.content.isVerified;
  const isRecalled = (clientId: string) => (entry: MessageEntry) =>
    entry.message.clientId === clientId && entry.content.state === 'recalled';
  const send = async (tab: TestTab, text: string): Promise<MessageEntry> => {
    const sent = await tab.app.actions.messages.send(roomUid, text);
    assert.ok(sent.ok);
    return rowWhere(tab, says(text));
  };

  test('is edited for everybody, opens and verifies there, and its earlier texts can be read', async () => {
    const { message } = await send(alice, '처음');
    await rowWhere(bob, says('처음'));
    const edited = await alice.app.actions.editing.edit(message, '고친 글');
    assert.equal(edited.ok || edited.code, true);
    for (const tab of [alice, bob, carol]) await rowWhere(tab, says('고친 글'));
    const row = await rowWhere(bob, says('고친 글'));
    const versions = await bob.app.actions.editing.versions(row.message);
    assert.ok(versions.ok);
    assert.deepEqual(
      versions.value.map(({ n, content }) => [n, content.state === 'open' && content.text]),
      [[0, '처음']],
    );
  });

  test('can be edited across a new epoch, also while that is being made', async () => {
    const { message } = await send(bob, '새 열쇠 전');
    const [kicked, edited] = await Promise.all([
      alice.app.actions.rooms.kick(roomUid, uidOf(carol)),
      bob.app.actions.editing.edit(message, '새 열쇠와 함께'),
    ]);
    assert.equal(kicked.ok || kicked.code, true);
    assert.equal(edited.ok || edited.code, true);
    await rowWhere(alice, says('새 열쇠와 함께'));
    await stateWhere(carol.app.stores.rooms, ({ byUid }) => !byUid.has(roomUid), 'a room that is gone');
    const again = await bob.app.actions.editing.edit(
      (await rowWhere(bob, says('새 열쇠와 함께'))).message,
      '그 뒤에',
    );
    assert.equal(again.ok || again.code, true);
    await rowWhere(alice, says('그 뒤에'));
  });

  test('recalled and edited at one moment, it ends the same for everybody', async () => {
    for (let round = 0; round < 6; round += 1) {
      const { message } = await send(alice, `다툼 ${round}`);
      const { editing } = alice.app.actions;
      const work = [() => editing.recall(message), () => editing.edit(message, `고침 ${round}`)];
      if (round % 2 === 1) work.reverse();
      const results = await Promise.all(work.map((ask) => ask()));
      // An edit that comes second finds nothing to edit; a recall always works.
      for (const result of results) assert.ok(result.ok || result.code === 'MESSAGE_RECALLED');
      assert.ok(results.some(({ ok }) => ok));
      for (const tab of [alice, bob]) await rowWhere(tab, isRecalled(message.clientId));
    }
  });

  test('that is replied to is found wherever it is, and what is gone is said to be gone', async () => {
    const { message } = await send(alice, '물음');
    const name = `${uidOf(alice)}.${message.clientId}`;
    await rowWhere(bob, says('물음'));
    const answered = await bob.app.actions.messages.send(roomUid, '대답', name);
    assert.ok(answered.ok);
    const reply = await rowWhere(alice, says('대답'));
    assert.equal(reply.message.target, name);
    const fresh = await alice.app.actions.editing.look(roomUid, name);
    assert.equal(fresh.ok && fresh.value.content.state === 'open' && fresh.value.content.text, '물음');
    const nowhere = `${uidOf(alice)}.${'A'.repeat(22)}`;
    await bob.app.actions.editing.quote(roomUid, nowhere);
    assert.equal(bob.app.stores.quotes.get().get(nowhere), null);
  });
});
