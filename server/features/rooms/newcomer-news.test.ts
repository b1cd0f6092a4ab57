import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { epochInput, nextIdentity, renewalWith } from '../../testing/people.ts';
import type { TestPerson } from '../../testing/people.ts';
import { createRoom, nextEpoch } from '../../testing/rooms.ts';
import { connectTestClient } from '../../testing/test-client.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

describe('who comes into a room', () => {
  let server: TestServer;
  let alice: TestClient;
  let bob: TestClient;
  let dora: TestPerson;
  let again: TestClient;
  before(async () => {
    server = await startTestServer();
    alice = await server.connectAs('alice');
    bob = await server.connectAs('bob');
    dora = await server.person('dora');
    const renewed = nextIdentity(dora);
    const { username, authKey, recoveryAuth, statement, statementSignature, userUid } = renewed;
    const proof = { userUid, isDeviceLost: false, authKey: alice.person.authKey };
    const { code } = await alice.ask('admin:make-reset-code', proof);
    const proofs = { username, code, authKey, recoveryAuth, statement, statementSignature };
    const input = { ...renewalWith({ keys: 2, pins: 2 }), ...proofs };
    const answer = await server.browser().request('POST', '/api/reset', input);
    assert.equal(answer.status, 200, answer.text);
    again = await connectTestClient(server.port, renewed);
  });
  after(() => server.stop());

  const newest = async (client: TestClient, { userUid }: { userUid: string }): Promise<number> => {
    const { person } = await client.next('person:updated', (event) => event.person.userUid === userUid);
    return person.identityVersion;
  };

  test('is known to everybody there by the present identity, not by one from before a reset', async () => {
    const room = await createRoom(alice, [bob.person], '회의');
    assert.deepEqual(bob.received('person:updated'), [], 'he shares no room with her');
    const epoch = nextEpoch(room, alice.person, [alice.person, bob.person, again.person]);
    await alice.ask('room:invite', { roomUid: room.roomUid, epoch: epochInput(epoch) });
    assert.equal(await newest(alice, dora), 2);
    assert.equal(await newest(bob, dora), 2);
  });

  test('learns the present identities of those who are there', async () => {
    const carol = await server.connectAs('carol');
    const room = await createRoom(alice, [again.person], '둘');
    const epoch = nextEpoch(room, alice.person, [alice.person, again.person, carol.person]);
    await alice.ask('room:invite', { roomUid: room.roomUid, epoch: epochInput(epoch) });
    await carol.next('room:joined', (event) => event.room.roomUid === room.roomUid);
    const told = carol
      .received('person:updated')
      .map(({ person }) => [person.userUid, person.identityVersion]);
    assert.deepEqual(told, [[dora.userUid, 2]], 'before the room, and nobody whose identity is the first');
  });

  test('learns them from a room that is made as well', async () => {
    const erin = await server.connectAs('erin');
    await createRoom(alice, [again.person, erin.person], '셋');
    assert.equal(await newest(erin, dora), 2);
  });
});
