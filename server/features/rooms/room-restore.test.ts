import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { StatementRow } from '#contract/sealed.ts';
import { createPerson, createEpoch, epochInput, registrationOf } from '../../testing/people.ts';
import type { TestEpoch, TestPerson } from '../../testing/people.ts';
import { copyStopped, createDataFolder, restoreCopy } from '../../testing/restored-server.ts';
import { createRoom, messageFor, nextEpoch } from '../../testing/rooms.ts';
import type { TestRoom } from '../../testing/rooms.ts';
import { connectTestClient } from '../../testing/test-client.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

const statementOf = ({ userUid, statement, statementSignature }: TestPerson): StatementRow => ({
  userUid,
  version: 1,
  statement,
  signature: statementSignature,
});
const following = (room: TestRoom, epoch: TestEpoch): TestRoom => ({ ...room, epoch });

describe('rooms after a restore', () => {
  const folder = createDataFolder();
  let server: TestServer;
  let alice: TestClient;
  let bob: TestClient;
  let carol: TestClient;
  let dave: TestClient;
  /** An account made after the backup. */
  const erin = createPerson('erin');
  let kicking: TestRoom;
  let inviting: TestRoom;
  let leaving: TestRoom;
  let forked: TestRoom;
  const people = new Map<string, TestPerson>();
  const join = (name: string): Promise<TestClient> => {
    const person = people.get(name);
    assert.ok(person !== undefined);
    return connectTestClient(server.port, person);
  };

  before(async () => {
    server = await startTestServer({ dataDir: folder.dataDir });
    for (const name of ['alice', 'bob', 'carol', 'dave']) people.set(name, await server.person(name));
    [alice, bob, carol, dave] = [
      await join('alice'),
      await join('bob'),
      await join('carol'),
      await join('dave'),
    ];
    kicking = await createRoom(alice, [bob.person, dave.person], '내보내기');
    inviting = await createRoom(alice, [bob.person], '초대');
    leaving = await createRoom(alice, [bob.person, dave.person], '나가기');
    forked = await createRoom(alice, [bob.person], '갈라짐');
    await alice.ask('message:send', messageFor(inviting));
    for (const client of [alice, bob, carol, dave]) client.close();
    await server.server.stop();
    await restoreCopy(folder.dataDir, copyStopped(folder.dataDir));
    server = await startTestServer({ dataDir: folder.dataDir });
    [alice, bob, carol, dave] = [
      await join('alice'),
      await join('bob'),
      await join('carol'),
      await join('dave'),
    ];
  });
  after(async () => {
    for (const client of [alice, bob, carol, dave]) client.close();
    await server.stop();
    folder.remove();
  });

  const giveBack = (
    client: TestClient,
    room: TestRoom,
    epochs: TestEpoch[],
    statements: StatementRow[] = [],
  ) =>
    client.call('room:restore', {
      roomUid: room.roomUid,
      title: '돌아온 방',
      epochs: epochs.map(epochInput),
      statements,
    });

  test('the server says when it was restored', async () => {
    const { restoredAt } = await alice.ask('restore:get', {});
    assert.ok(restoredAt !== null && Math.abs(restoredAt - Date.now()) < 60_000);
  });

  test('somebody who was removed after the backup is removed again, with sockets and wraps', async () => {
    const epoch = nextEpoch(kicking, alice.person, [alice.person, bob.person]);
    const answer = await giveBack(alice, kicking, [kicking.epoch, epoch]);
    assert.ok(answer.ok);
    assert.deepEqual(answer.value.room.members.map(({ userUid }) => userUid).sort(), [
      ...[alice.userUid, bob.userUid].sort(),
    ]);
    assert.equal(answer.value.room.epoch, 2);
    assert.equal(answer.value.room.isRekeyNeeded, false);
    const { removed, epochHash } = await bob.next(
      'room:changed',
      ({ roomUid }) => roomUid === kicking.roomUid,
    );
    assert.deepEqual([removed, epochHash], [[dave.userUid], epoch.hash]);
    await dave.next('room:gone', ({ roomUid }) => roomUid === kicking.roomUid);
    // what dave knew of the room brings him nothing
    const again = await giveBack(dave, kicking, [kicking.epoch]);
    assert.equal(again.ok || again.code, 'NOT_FOUND');
    await alice.ask('message:send', messageFor(following(kicking, epoch)));
    await bob.next('message:sent', ({ message }) => message.roomUid === kicking.roomUid);
    assert.equal(dave.received('message:sent').length, 0);
    const { epochs } = await bob.ask('epoch:list', { roomUid: kicking.roomUid, from: 1 });
    assert.equal(epochs[1]?.wrap, epoch.wraps.find(({ userUid }) => userUid === bob.userUid)?.wrap);
  });

  test('somebody who was invited after the backup brings the chain, and reads from there on', async () => {
    const second = nextEpoch(inviting, alice.person, [alice.person, bob.person, carol.person]);
    const third = nextEpoch(following(inviting, second), carol.person, [
      alice.person,
      bob.person,
      carol.person,
    ]);
    const answer = await giveBack(carol, inviting, [inviting.epoch, second, third]);
    assert.ok(answer.ok);
    const { room } = answer.value;
    assert.deepEqual([room.epoch, room.title], [3, '초대']);
    const mine = room.members.find(({ userUid }) => userUid === carol.userUid);
    assert.equal(mine?.joinedSeq, 2);
    const joined = await carol.next('room:joined', (state) => state.room.roomUid === inviting.roomUid);
    assert.equal(joined.lastMessage, null);
    // the same again changes nothing
    const again = await giveBack(bob, inviting, [second, third]);
    assert.ok(again.ok);
    assert.equal(again.value.room.rev, room.rev);
  });

  test('a wrap that is there is not overwritten', async () => {
    const { epochs } = await bob.ask('epoch:list', { roomUid: inviting.roomUid, from: 1 });
    const others = createEpoch({
      roomUid: inviting.roomUid,
      type: 'group',
      creator: alice.person,
      people: [alice.person, bob.person],
    });
    const mixed = { ...inviting.epoch, wraps: others.wraps };
    assert.ok((await giveBack(alice, inviting, [mixed])).ok);
    assert.deepEqual((await bob.ask('epoch:list', { roomUid: inviting.roomUid, from: 1 })).epochs, epochs);
  });

  test('who left since the restore stays out, and whose account vanished counts as gone: a new epoch is due', async () => {
    await dave.ask('room:leave', { roomUid: leaving.roomUid });
    const everybody = [alice.person, bob.person, dave.person, erin];
    const second = nextEpoch(leaving, bob.person, everybody);
    const third = nextEpoch(following(leaving, second), erin, everybody);
    const chain = [second, third];
    const unknown = await giveBack(bob, leaving, chain);
    assert.equal(unknown.ok || unknown.code, 'PERSON_UNKNOWN');
    const forged = { ...statementOf(erin), signature: statementOf(bob.person).signature };
    const refused = await giveBack(bob, leaving, chain, [forged]);
    assert.equal(refused.ok || refused.code, 'IDENTITY_INVALID');
    const answer = await giveBack(bob, leaving, chain, [statementOf(erin)]);
    assert.ok(answer.ok);
    const { room } = answer.value;
    assert.deepEqual(
      new Set(room.members.map(({ userUid }) => userUid)),
      new Set([alice.userUid, bob.userUid]),
    );
    assert.equal(room.isRekeyNeeded, true);
    const wanted = await Promise.race(
      [alice, bob].map((client) => client.next('rekey:wanted', (wish) => wish.epoch === 3)),
    );
    assert.equal(wanted.roomUid, leaving.roomUid);
    // the one who vanished leaves a uid and a statement, and nobody takes the uid
    const { people: found } = await alice.ask('people:get', { userUids: [erin.userUid] });
    assert.deepEqual(
      found.map(({ state }) => state),
      ['deleted'],
    );
    const sneaking = await server.browser().request('POST', '/api/register', registrationOf(erin));
    assert.equal(sneaking.status, 409);
  });

  test('another record at the same epoch is a fork and takes nobody’s place', async () => {
    const mine = nextEpoch(forked, alice.person, [alice.person, bob.person]);
    const theirs = nextEpoch(forked, bob.person, [alice.person, bob.person]);
    await bob.ask('room:rekey', { roomUid: forked.roomUid, epoch: epochInput(theirs) });
    const third = nextEpoch(following(forked, mine), alice.person, [alice.person, bob.person]);
    for (const chain of [[mine], [mine, third], [third]]) {
      const answer = await giveBack(alice, forked, chain);
      assert.equal(answer.ok || answer.code, 'EPOCH_CONFLICT');
    }
    assert.equal((await alice.ask('room:get', { roomUid: forked.roomUid })).room.epochHash, theirs.hash);
  });

  test('a room that was made after the backup comes back from its first record on', async () => {
    const first = createEpoch({
      roomUid: createPerson('x').userUid,
      type: 'group',
      creator: alice.person,
      people: [alice.person, bob.person],
    });
    const room: TestRoom = { ...forked, roomUid: first.record.split('|')[2] ?? '', epoch: first };
    const second = nextEpoch(room, alice.person, [alice.person, bob.person, carol.person]);
    const late = await giveBack(bob, room, [second]);
    assert.equal(late.ok || late.code, 'NOT_FOUND');
    const stranger = await giveBack(dave, room, [first, second]);
    assert.equal(stranger.ok || stranger.code, 'NOT_FOUND');
    const answer = await giveBack(bob, room, [first, second]);
    assert.ok(answer.ok);
    assert.deepEqual(
      [answer.value.room.title, answer.value.room.ownerUid, answer.value.room.members.length],
      ['돌아온 방', alice.userUid, 3],
    );
    await carol.next('room:joined', (state) => state.room.roomUid === room.roomUid);
    await carol.ask('message:send', messageFor(following(room, second)));
    await alice.next('message:sent', ({ message }) => message.roomUid === room.roomUid);
  });

  test('an outsider who knows the newest record lets nobody in with it', async () => {
    const inside = { ...forked.epoch };
    const own = createEpoch({
      roomUid: forked.roomUid,
      type: 'group',
      creator: dave.person,
      people: [alice.person, bob.person, dave.person],
      previous: inside,
    });
    const answer = await giveBack(dave, forked, [inside, own]);
    assert.equal(answer.ok || answer.code, 'RECORD_INVALID');
    const alone = await giveBack(dave, forked, [own]);
    assert.equal(alone.ok || alone.code, 'NOT_FOUND');
  });

  test('a record with wraps for some, or with another signature, is refused', async () => {
    const { room } = await alice.ask('room:get', { roomUid: kicking.roomUid });
    const newest = { epoch: room.epoch, hash: room.epochHash };
    const wish = { roomUid: kicking.roomUid, type: 'group', people: [alice.person, bob.person] } as const;
    const next = createEpoch({ ...wish, creator: bob.person, previous: newest });
    const some = await giveBack(bob, kicking, [{ ...next, wraps: next.wraps.slice(1) }]);
    assert.equal(some.ok || some.code, 'WRAPS_INCOMPLETE');
    const forged = await giveBack(bob, kicking, [{ ...next, signature: alice.person.sign(next.record) }]);
    assert.equal(forged.ok || forged.code, 'RECORD_INVALID');
    assert.ok((await giveBack(bob, kicking, [{ ...next, wraps: [] }])).ok, 'nobody had its key');
  });
});

test('a server that was never restored takes nothing back', async () => {
  const server = await startTestServer();
  const alice = await server.connectAs('alice');
  const room = await createRoom(alice, [await server.person('bob')], '회의');
  const epoch = nextEpoch(room, alice.person, [alice.person]);
  const answer = await alice.call('room:restore', {
    roomUid: room.roomUid,
    epochs: [epochInput(epoch)],
    statements: [],
  });
  assert.equal(answer.ok || answer.code, 'FORBIDDEN');
  assert.deepEqual(await alice.ask('restore:get', {}), { restoredAt: null });
  await server.stop();
});
