import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { limits } from '#contract/limits.ts';
import type { Answer } from '#contract/request.ts';
import { epochInput, nextIdentity, randomB64, renewalWith } from '../../testing/people.ts';
import type { TestEpoch, TestPerson } from '../../testing/people.ts';
import { createRoom, messageFor, nextEpoch } from '../../testing/rooms.ts';
import type { TestRoom } from '../../testing/rooms.ts';
import { connectTestClient } from '../../testing/test-client.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

const codeOf = (answer: Answer<unknown>): string => (answer.ok ? 'OK' : answer.code);

describe('healing', () => {
  let server: TestServer;
  let alice: TestClient;
  let bob: TestClient;
  let carol: TestClient;
  let made = 0;
  before(async () => {
    server = await startTestServer();
    [alice, bob, carol] = await Promise.all([
      server.connectAs('alice'),
      server.connectAs('bob'),
      server.connectAs('carol'),
    ]);
  });
  after(() => server.stop());

  const newPerson = (): Promise<TestPerson> => {
    made += 1;
    return server.person(`person${made}`);
  };
  const resetsOf = new Map<string, number>();
  const reset = async (person: TestPerson): Promise<TestPerson> => {
    const renewed = nextIdentity(person);
    const { username, authKey, recoveryAuth, statement, statementSignature, userUid } = renewed;
    const { code } = await alice.ask('admin:make-reset-code', {
      userUid,
      isDeviceLost: false,
      authKey: alice.person.authKey,
    });
    const counter = (resetsOf.get(userUid) ?? 1) + 1;
    resetsOf.set(userUid, counter);
    const proofs = { username, code, authKey, recoveryAuth, statement, statementSignature };
    const input = { ...renewalWith({ keys: counter, pins: counter }), ...proofs };
    const answer = await server.browser().request('POST', '/api/reset', input);
    assert.equal(answer.status, 200, answer.text);
    return renewed;
  };
  const rekey = (client: TestClient, { roomUid }: TestRoom, epoch: TestEpoch) =>
    client.call('room:rekey', { roomUid, epoch: epochInput(epoch) });
  const wrapsOf = async (client: TestClient, { roomUid }: TestRoom) =>
    (await client.ask('epoch:list', { roomUid, from: 1 })).epochs.map(({ wrap, wrapVersion }) => ({
      wrap,
      wrapVersion,
    }));

  test('a newer identity enters in the old one’s place, the newest one only, by somebody whom the record names', async () => {
    const person = await newPerson();
    const room = await createRoom(alice, [bob.person, person], '회의');
    const second = await reset(person);
    const third = await reset(second);
    const by = (creator: TestPerson, ...people: TestPerson[]) => nextEpoch(room, creator, people);
    const overtaken = await rekey(alice, room, by(alice.person, alice.person, bob.person, second));
    assert.equal(codeOf(overtaken), 'RECORD_INVALID', 'not the newest');
    const own = await server.connectAs(person.username).catch(() => null);
    assert.equal(own, null, 'the old password is gone');
    const right = by(alice.person, alice.person, bob.person, third);
    assert.equal(codeOf(await rekey(alice, room, right)), 'OK');
    const back = nextEpoch({ ...room, epoch: right }, bob.person, [alice.person, bob.person, person]);
    assert.equal(codeOf(await rekey(bob, room, back)), 'RECORD_INVALID', 'a withdrawn key does not return');
  });

  test('keys for the new identity lie beside those of the old one, from any member, each once', async () => {
    const person = await newPerson();
    const room = await createRoom(alice, [bob.person, person], '인수인계');
    const { roomUid } = room;
    assert.deepEqual((await bob.ask('keys:wanted', { roomUid })).missing, []);
    const renewed = await reset(person);
    const wanted = { roomUid, userUid: person.userUid, version: 2, epoch: 1 };
    assert.deepEqual((await bob.ask('keys:wanted', { roomUid })).missing, [wanted]);
    const everywhere = await bob.ask('keys:wanted', {});
    assert.ok(everywhere.missing.some((key) => key.roomUid === roomUid && key.epoch === 1));
    assert.deepEqual(
      everywhere.missing.filter(({ version }) => version === 1),
      [],
    );
    assert.equal(everywhere.next, null);
    const wrap = randomB64(160);
    const shared = { userUid: person.userUid, version: 2, epoch: 1, wrap };
    assert.deepEqual(await bob.ask('keys:share', { roomUid, wraps: [shared] }), { added: 1 });
    const again = { ...shared, wrap: randomB64(160) };
    assert.deepEqual(await alice.ask('keys:share', { roomUid, wraps: [again] }), { added: 0 });
    assert.deepEqual((await alice.ask('keys:wanted', { roomUid })).missing, []);
    for (const wrong of [
      { ...shared, version: 3 },
      { ...shared, epoch: 2 },
    ]) {
      assert.equal(codeOf(await bob.call('keys:share', { roomUid, wraps: [wrong] })), 'FORBIDDEN');
    }
    assert.equal(codeOf(await carol.call('keys:share', { roomUid, wraps: [shared] })), 'NOT_FOUND');
    const epoch = nextEpoch(room, alice.person, [alice.person, bob.person, renewed]);
    assert.equal(codeOf(await rekey(alice, room, epoch)), 'OK');
    assert.deepEqual((await bob.ask('keys:wanted', { roomUid })).missing, [], 'the new epoch has one');
  });

  test('a bad wrap is put aside, another member fills it in, and the same giver not for ever', async () => {
    const room = await createRoom(alice, [bob.person, carol.person], '금고');
    const { roomUid } = room;
    const slot = { epoch: 1, version: 1 };
    assert.deepEqual(await carol.ask('keys:bad', { roomUid, wraps: [slot] }), { putAside: 1 });
    await bob.next('keys:missing', (event) => event.roomUid === roomUid);
    assert.deepEqual(await carol.ask('keys:bad', { roomUid, wraps: [slot] }), { putAside: 0 });
    assert.deepEqual(await wrapsOf(carol, room), [{ wrap: null, wrapVersion: undefined }]);
    const wanted = { roomUid, userUid: carol.userUid, ...slot };
    assert.deepEqual((await bob.ask('keys:wanted', { roomUid })).missing, [wanted]);
    assert.ok((await bob.ask('keys:wanted', {})).missing.some((key) => key.roomUid === roomUid));
    const share = (by: TestClient) =>
      by.ask('keys:share', {
        roomUid,
        wraps: [{ userUid: carol.userUid, ...slot, wrap: randomB64(160) }],
      });
    // alice made the epoch: the wrap that was bad counts as hers
    assert.deepEqual(await share(alice), { added: 1 });
    await carol.ask('keys:bad', { roomUid, wraps: [slot] });
    assert.deepEqual(
      (await alice.ask('keys:wanted', { roomUid })).missing,
      [],
      'she is not asked a third time',
    );
    assert.deepEqual(await share(alice), { added: 0 });
    assert.deepEqual(await share(bob), { added: 1 });
    assert.equal((await wrapsOf(carol, room))[0]?.wrapVersion, 1);
  });

  test('whatever is put in the place of a good key, and however often it is reported, the good one is still handed out', async () => {
    const people = await Promise.all([newPerson(), newPerson(), newPerson()]);
    const person = await newPerson();
    const room = await createRoom(alice, [bob.person, carol.person, person, ...people], '짬짜미');
    const { roomUid } = room;
    const client = await connectRenewed(await reset(person));
    const seen = async () => (await client.ask('epoch:list', { roomUid, from: 1 })).epochs[0];
    const good = (await seen())?.wrap;
    assert.ok(good, 'that of the old identity');
    const slot = { epoch: 1, version: 2 };
    const givers = [
      alice,
      bob,
      carol,
      ...(await Promise.all(people.map(({ username }) => server.connectAs(username)))),
    ];
    const given: string[] = [];
    for (const giver of givers) {
      const wrap = randomB64(160);
      const wraps = [{ userUid: person.userUid, ...slot, wrap }];
      assert.deepEqual(await giver.ask('keys:share', { roomUid, wraps }), { added: 1 });
      given.push(wrap);
      assert.deepEqual(await client.ask('keys:bad', { roomUid, wraps: [slot] }), { putAside: 1 });
    }
    const last = randomB64(160);
    const wraps = [{ userUid: person.userUid, ...slot, wrap: last }];
    assert.deepEqual(await alice.ask('keys:share', { roomUid, wraps }), { added: 1 });
    assert.deepEqual(await client.ask('keys:bad', { roomUid, wraps: [slot] }), { putAside: 0 });
    const row = await seen();
    assert.deepEqual([row?.wrap, row?.wrapVersion], [last, 2]);
    const others = [{ version: 1, wrap: good }, ...given.map((wrap) => ({ version: 2, wrap }))];
    assert.deepEqual(row?.otherWraps, others);
    // nor is anything lost by reporting the good one: by mistake, or with somebody else's session
    await client.ask('keys:bad', { roomUid, wraps: [{ epoch: 1, version: 1 }] });
    assert.ok((await seen())?.otherWraps?.some(({ wrap }) => wrap === good));
  });

  test('what one member reports as bad has an end', async () => {
    const people = await Promise.all([newPerson(), newPerson(), newPerson()]);
    const room = await createRoom(alice, [bob.person, carol.person, ...people], '끝');
    const { roomUid } = room;
    const slot = { epoch: 1, version: 1 };
    const givers = [
      alice,
      bob,
      ...(await Promise.all(people.map(({ username }) => server.connectAs(username)))),
    ];
    let putAside = 0;
    for (const giver of [...givers, ...givers]) {
      putAside += (await carol.ask('keys:bad', { roomUid, wraps: [slot] })).putAside;
      const wraps = [{ userUid: carol.userUid, ...slot, wrap: randomB64(160) }];
      await giver.ask('keys:share', { roomUid, wraps });
    }
    assert.equal(putAside, limits.badWrapsMax);
    assert.notEqual((await wrapsOf(carol, room))[0]?.wrap, null, 'the last one stays');
  });

  test('a wrap that nobody could give again is never put aside: it may be the only copy of the key', async () => {
    const person = await newPerson();
    const client = await server.connectAs(person.username);
    const slot = { epoch: 1, version: 1 };
    const report = (by: TestClient, { roomUid }: TestRoom) => by.ask('keys:bad', { roomUid, wraps: [slot] });
    const isKept = async (by: TestClient, room: TestRoom) => (await wrapsOf(by, room))[0]?.wrap !== null;

    const alone = await createRoom(client, [], '혼자');
    assert.deepEqual(await report(client, alone), { putAside: 0 });
    assert.ok(await isKept(client, alone));

    const left = await createRoom(client, [bob.person], '다 나간 방');
    await bob.ask('room:leave', { roomUid: left.roomUid });
    assert.deepEqual(await report(client, left), { putAside: 0 }, 'who left gives nothing');

    const other = await newPerson();
    const anew = await createRoom(client, [other], '새 신원');
    await reset(other);
    assert.deepEqual(await report(client, anew), { putAside: 0 }, 'nor who has only an old identity’s key');

    // the creator is the only giver, and gives twice at most
    const pair = await createRoom(bob, [person], '둘');
    const { roomUid } = pair;
    assert.deepEqual(await report(client, pair), { putAside: 1 });
    const wraps = [{ userUid: person.userUid, ...slot, wrap: randomB64(160) }];
    assert.deepEqual(await bob.ask('keys:share', { roomUid, wraps }), { added: 1 });
    assert.deepEqual(await report(client, pair), { putAside: 0 }, 'a third one would be refused');
    assert.ok(await isKept(client, pair));

    const { authKey } = alice.person;
    const third = await newPerson();
    const disabled = await createRoom(client, [third], '쉬는 동료');
    await alice.ask('admin:disable', { userUid: third.userUid, authKey });
    assert.deepEqual(await report(client, disabled), { putAside: 0 }, 'nor who is disabled');
  });

  test('a chain begins anew only where nobody of the last record can act', async () => {
    const [first, second] = await Promise.all([newPerson(), newPerson()]);
    const client = await server.connectAs(first.username);
    const room = await createRoom(client, [second], '둘');
    const anew = (creator: TestPerson, ...people: TestPerson[]): TestEpoch => {
      const epoch = nextEpoch(room, creator, people);
      const record = epoch.record.replace(room.epoch.hash, '-');
      return { ...epoch, record, signature: creator.sign(record) };
    };
    const secondNew = await reset(second);
    const early = anew(first, first, secondNew);
    assert.equal(codeOf(await rekey(client, room, early)), 'RECORD_INVALID', 'the first one can act');
    const firstNew = await reset(first);
    const signedIn = await connectRenewed(firstNew);
    const old = anew(firstNew, firstNew, second);
    assert.equal(codeOf(await rekey(signedIn, room, old)), 'RECORD_INVALID', 'an old identity');
    const invited = anew(firstNew, firstNew, secondNew);
    const invite = await signedIn.call('room:invite', { roomUid: room.roomUid, epoch: epochInput(invited) });
    assert.equal(codeOf(invite), 'RECORD_INVALID', 'not by the way');
    assert.equal(codeOf(await rekey(signedIn, room, invited)), 'OK');
  });

  test('who has left the room stands in nobody’s way', async () => {
    const [first, second] = await Promise.all([newPerson(), newPerson()]);
    const leaver = await server.connectAs(second.username);
    const room = await createRoom(await server.connectAs(first.username), [second], '곧 혼자');
    const { roomUid } = room;
    const firstNew = await reset(first);
    const client = await connectRenewed(firstNew);
    const epoch = nextEpoch(room, firstNew, [firstNew]);
    const record = epoch.record.replace(room.epoch.hash, '-');
    const anew = { ...epoch, record, signature: firstNew.sign(record) };
    assert.equal(codeOf(await rekey(client, room, anew)), 'RECORD_INVALID', 'the second one can act');
    await leaver.ask('room:leave', { roomUid });
    assert.equal(codeOf(await client.call('message:send', messageFor(room))), 'REKEY_NEEDED');
    assert.equal(codeOf(await rekey(client, room, anew)), 'OK');
    const sent = await client.call('message:send', messageFor({ roomUid, epoch: { epoch: 2 } }));
    assert.equal(codeOf(sent), 'OK');
  });

  const connectRenewed = (person: TestPerson): Promise<TestClient> => connectTestClient(server.port, person);

  test('everybody learns of which epochs they have keys, a page of rooms at a time', async () => {
    const person = await newPerson();
    const client = await server.connectAs(person.username);
    const rooms = [
      await createRoom(client, [bob.person], '하나'),
      await createRoom(client, [bob.person], '둘'),
    ];
    const [first] = rooms;
    assert.ok(first);
    const epoch = nextEpoch(first, person, [person, bob.person]);
    assert.equal(codeOf(await rekey(client, first, epoch)), 'OK');
    const held = await client.ask('keys:held', {});
    const expected = rooms
      .map(({ roomUid }) => ({ roomUid, oldest: 1, newest: roomUid === first.roomUid ? 2 : 1 }))
      .sort((left, right) => (left.roomUid < right.roomUid ? -1 : 1));
    assert.deepEqual(held, { rooms: expected, next: null });
    const later = await client.ask('keys:held', { after: expected[0]?.roomUid ?? '' });
    assert.deepEqual(later.rooms, expected.slice(1));
  });
});
