import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createRoom } from '../../testing/rooms.ts';
import { connectTestClient } from '../../testing/test-client.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

/** More than one unit leaves, and more than two. */
const count = 20;

describe('somebody in many groups', () => {
  let server: TestServer;
  let alice: TestClient;
  let bob: TestClient;
  let carol: TestClient;
  let shared: string[];
  let own: string[];
  before(async () => {
    server = await startTestServer();
    [alice, bob, carol] = await Promise.all([
      server.connectAs('alice'),
      server.connectAs('bob'),
      server.connectAs('carol'),
    ]);
    shared = [];
    for (let number = 1; number <= count; number += 1) {
      shared.push((await createRoom(alice, [bob.person, carol.person], `방 ${number}`)).roomUid);
    }
    own = [];
    for (let number = 1; number <= count; number += 1) {
      own.push((await createRoom(bob, [], `혼자 ${number}`)).roomUid);
    }
  });
  after(() => server.stop());

  const membersIn = async (roomUids: readonly string[]) => {
    const { rooms } = await alice.ask('room:list', {});
    const byUid = new Map(rooms.map(({ room }) => [room.roomUid, room]));
    return roomUids.map((roomUid) => {
      const room = byUid.get(roomUid);
      return { isRekeyNeeded: room?.isRekeyNeeded, uids: room?.members.map(({ userUid }) => userUid).sort() };
    });
  };
  const everywhere = (isRekeyNeeded: boolean, ...people: TestClient[]) =>
    shared.map(() => ({ isRekeyNeeded, uids: people.map(({ userUid }) => userUid).sort() }));

  test('is out of all of them once disabled, and is proposed to all of them when back', async () => {
    assert.deepEqual(await membersIn(shared), everywhere(false, alice, bob, carol));
    const { authKey } = alice.person;
    await alice.ask('admin:disable', { userUid: bob.userUid, authKey });
    assert.deepEqual(await membersIn(shared), everywhere(true, alice, carol));
    await alice.ask('admin:enable', { userUid: bob.userUid });
    const { waiting } = await alice.ask('room:requests', {});
    const asking = waiting.filter(({ userUid }) => userUid === bob.userUid).map(({ roomUid }) => roomUid);
    assert.deepEqual(asking.sort(), [...shared].sort());
    const back = await connectTestClient(server.port, bob.person);
    const { rooms } = await back.ask('room:list', {});
    assert.deepEqual(
      rooms.map(({ room }) => room.roomUid).sort(),
      [...own].sort(),
      'their own are still there',
    );
    back.close();
  });

  test('is out of all of them when the device is lost', async () => {
    const { authKey } = alice.person;
    const wish = { userUid: carol.userUid, isDeviceLost: true, authKey };
    await alice.ask('admin:make-reset-code', wish);
    assert.deepEqual(await membersIn(shared), everywhere(true, alice));
  });

  test('leaves none where the last owner cannot be disabled', async () => {
    const answer = await server.server.askAsHost('admin:disable', { userUid: alice.userUid });
    assert.equal(answer.ok ? 'OK' : answer.code, 'LAST_OWNER');
    assert.deepEqual(await membersIn(shared), everywhere(true, alice));
  });
});
