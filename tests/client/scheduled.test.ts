/** Messages for later, through whole clients against a real server: sealed anew when the keys move on. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startTestServer } from '../../server/testing/test-server.ts';
import type { TestServer } from '../../server/testing/test-server.ts';
import { epochOf } from '../../static/features/scheduled/scheduled-state.ts';
import { stateWhere } from './node-client.ts';
import type { TestTab } from './node-client.ts';
import { openThreePeople, uidOf } from './three-people.ts';

const hourMs = 3_600_000;

describe('a message for later', () => {
  let server: TestServer;
  let alice: TestTab;
  let bob: TestTab;
  let carol: TestTab;
  let roomUid: string;
  before(async () => {
    server = await startTestServer({ isClockStill: true });
    ({ alice, bob, carol, roomUid } = await openThreePeople(server.url));
  });
  after(async () => {
    for (const tab of [alice, bob, carol]) await tab.close();
    await server.stop();
  });

  const reads = (tab: TestTab, text: string): Promise<unknown> =>
    stateWhere(
      tab.app.stores.rooms,
      ({ byUid }) =>
        (byUid.get(roomUid)?.tail ?? []).some(
          ({ content }) => content.state === 'open' && content.text === text && content.isVerified,
        ),
      text,
    );
  const only = (tab: TestTab) => [...tab.app.stores.scheduled.get().byId.values()][0];
  const isOpenAs = (tab: TestTab, text: string): Promise<unknown> =>
    stateWhere(
      tab.app.stores.scheduled,
      () => {
        const content = only(tab)?.content;
        return content?.state === 'open' && content.text === text;
      },
      text,
    );

  test('shows to its author, is changed, and arrives at its time for everybody', async () => {
    const at = server.clock.now() + hourMs;
    const done = await alice.app.actions.scheduled.schedule(roomUid, '내일 봐요', at);
    assert.equal(done.ok || done.code, true);
    await isOpenAs(alice, '내일 봐요');
    const { clientId } = only(alice)?.message ?? assert.fail();
    const changed = await alice.app.actions.scheduled.change(clientId, '모레 봐요', at);
    assert.equal(changed.ok || changed.code, true);
    await isOpenAs(alice, '모레 봐요');
    server.clock.advance(hourMs);
    for (const tab of [alice, bob, carol]) await reads(tab, '모레 봐요');
    await stateWhere(alice.app.stores.scheduled, ({ byId }) => byId.size === 0, 'none left');
  });

  test('is sealed anew as soon as somebody was removed, and arrives', async () => {
    const at = server.clock.now() + hourMs;
    assert.ok((await bob.app.actions.scheduled.schedule(roomUid, '셋이 아니라 둘', at)).ok);
    await isOpenAs(bob, '셋이 아니라 둘');
    const kicked = await alice.app.actions.rooms.kick(roomUid, uidOf(carol));
    assert.equal(kicked.ok || kicked.code, true);
    await stateWhere(
      bob.app.stores.scheduled,
      () => epochOf(only(bob)?.message ?? { envelope: '' }) === 2,
      'the newest epoch',
    );
    server.clock.advance(hourMs);
    for (const tab of [alice, bob]) await reads(tab, '셋이 아니라 둘');
  });

  test('can be sent now and taken back', async () => {
    const at = server.clock.now() + hourMs;
    assert.ok((await alice.app.actions.scheduled.schedule(roomUid, '취소할 글', at)).ok);
    await isOpenAs(alice, '취소할 글');
    const { clientId } = only(alice)?.message ?? assert.fail();
    assert.ok((await alice.app.actions.scheduled.cancel(clientId)).ok);
    await stateWhere(alice.app.stores.scheduled, ({ byId }) => byId.size === 0, 'none left');
    assert.ok((await alice.app.actions.scheduled.schedule(roomUid, '바로 갈 글', at)).ok);
    await isOpenAs(alice, '바로 갈 글');
    const second = only(alice)?.message ?? assert.fail();
    const sent = await alice.app.actions.scheduled.change(second.clientId, '바로 간 글', server.clock.now());
    assert.equal(sent.ok || sent.code, true);
    for (const tab of [alice, bob]) await reads(tab, '바로 간 글');
  });
});
