import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { SignedIn } from '#contract/accounts.ts';
import type { ErrorCode } from '#contract/error-codes.ts';
import type { StatementRow } from '#contract/sealed.ts';
import { epochInput, laterIdentity, nextIdentity, randomB64, renewalWith } from '../../testing/people.ts';
import type { TestEpoch, TestPerson } from '../../testing/people.ts';
import { copyStopped, createDataFolder, restoreCopy } from '../../testing/restored-server.ts';
import { createRoom, messageFor, nextEpoch } from '../../testing/rooms.ts';
import type { TestRoom } from '../../testing/rooms.ts';
import { connectTestClient } from '../../testing/test-client.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

const codeOf = (answer: object) =>
  Object('body' in answer ? answer.body : answer).code as ErrorCode | undefined;
const versionOf = ({ entry }: TestPerson): number => Number(entry.split('.')[1]);
const ownStatement = (person: TestPerson) => ({
  version: versionOf(person),
  statement: person.statement,
  signature: person.statementSignature,
});
const statementOf = (person: TestPerson): StatementRow => ({
  userUid: person.userUid,
  ...ownStatement(person),
});
const people = ['alice', 'bob', 'carol', 'dave', 'erin'] as const;
type Name = (typeof people)[number];

describe('a server that went back to before a reset', () => {
  const folder = createDataFolder();
  let server: TestServer;
  const personByName = new Map<Name, TestPerson>();
  const person = (name: Name): TestPerson => personByName.get(name) ?? assert.fail();
  let alice: TestClient;
  let group: TestRoom;
  let other: TestRoom;

  before(async () => {
    server = await startTestServer({ dataDir: folder.dataDir });
    for (const name of people) personByName.set(name, await server.person(name));
    alice = await connectTestClient(server.port, person('alice'));
    group = await createRoom(alice, [person('bob')], '회의');
    other = await createRoom(alice, [person('bob')], '다른 방');
    alice.close();
    await server.server.stop();
    await restoreCopy(folder.dataDir, copyStopped(folder.dataDir));
    server = await startTestServer({ dataDir: folder.dataDir });
    alice = await connectTestClient(server.port, person('alice'));
  });
  after(async () => {
    alice.close();
    await server.stop();
    folder.remove();
  });

  const post = (path: string, body: object) => server.browser().request('POST', path, body);
  const makeCode = async ({ userUid }: TestPerson): Promise<string> =>
    (
      await alice.ask('admin:make-reset-code', {
        userUid,
        isDeviceLost: false,
        authKey: alice.person.authKey,
      })
    ).code;
  const resetOf = (renewed: TestPerson, code: string, counters: { keys: number; pins: number }) => {
    const { username, authKey, recoveryAuth, statement, statementSignature } = renewed;
    const proofs = { username, code, authKey, recoveryAuth, statement, statementSignature };
    return { ...renewalWith(counters), ...proofs };
  };
  const giveBack = (room: TestRoom, epochs: TestEpoch[], statements: StatementRow[]) =>
    alice.call('room:restore', { roomUid: room.roomUid, epochs: epochs.map(epochInput), statements });
  const statements = async (asked: { userUid: string; version?: number }): Promise<string[]> =>
    (await alice.ask('identity:get', { people: [asked] })).statements.map(({ statement }) => statement);
  const identityVersion = async ({ userUid }: TestPerson): Promise<number | undefined> =>
    (await alice.ask('people:get', { userUids: [userUid] })).people[0]?.identityVersion;

  test('takes a room whose record names the newer key, with its statement, and believes neither about the account', async () => {
    const bob = person('bob');
    const renewed = nextIdentity(bob);
    const second = nextEpoch(group, alice.person, [alice.person, renewed]);
    const third = nextEpoch({ ...group, epoch: second }, renewed, [alice.person, renewed]);
    const without = await giveBack(group, [second, third], []);
    assert.equal(codeOf(without), 'RECORD_INVALID');
    const forged = { ...statementOf(renewed), signature: statementOf(bob).signature };
    assert.equal(codeOf(await giveBack(group, [second, third], [forged])), 'IDENTITY_INVALID');
    const mislabelled = { ...statementOf(renewed), version: 3 };
    assert.equal(codeOf(await giveBack(group, [second, third], [mislabelled])), 'RECORD_INVALID');

    const answer = await giveBack(group, [second, third], [statementOf(renewed)]);
    assert.ok(answer.ok, codeOf(answer));
    assert.equal(answer.value.room.epoch, 3);
    assert.deepEqual(await statements({ userUid: bob.userUid, version: 2 }), [renewed.statement]);
    assert.deepEqual(await statements({ userUid: bob.userUid }), [bob.statement], 'the newest is his own');
    assert.equal(await identityVersion(bob), 1);

    // a colleague who claims another key under that version takes no place but one of their own
    const made = nextIdentity(bob);
    const lie = nextEpoch(other, alice.person, [alice.person, made]);
    assert.ok((await giveBack(other, [lie], [statementOf(made)])).ok);
    assert.deepEqual(
      new Set(await statements({ userUid: bob.userUid, version: 2 })),
      new Set([renewed.statement, made.statement]),
    );

    // the room goes on with whom its record names; somebody whom it does not name comes in by no claim
    const fourth = nextEpoch({ ...group, epoch: third }, alice.person, [alice.person, renewed]);
    await alice.ask('room:rekey', { roomUid: group.roomUid, epoch: epochInput(fourth) });
    await alice.ask('message:send', messageFor({ ...group, epoch: fourth }));
    const room = await createRoom(alice, [], '혼자');
    const inviting = nextEpoch(room, alice.person, [alice.person, renewed]);
    const invited = await alice.call('room:invite', { roomUid: room.roomUid, epoch: epochInput(inviting) });
    assert.equal(codeOf(invited), 'RECORD_INVALID');
  });

  test('lets the next reset leave versions out that colleagues may know, once', async () => {
    const carol = person('carol');
    const code = await makeCode(carol);
    const opened = await post('/api/reset/open', { username: 'carol', code });
    const { identityVersion: known } = opened.body as { identityVersion: number };
    assert.ok(known >= 11 && known <= 40, String(known));
    const taken = await post('/api/reset', resetOf(nextIdentity(carol), code, { keys: 2, pins: 2 }));
    assert.equal(codeOf(taken), 'IDENTITY_INVALID');
    const renewed = laterIdentity(carol, known + 1);
    const input = resetOf(renewed, code, { keys: 2, pins: 2 });
    const signedIn = (await post('/api/reset', input)).body as SignedIn;
    assert.equal(signedIn.me.identityVersion, known + 1);
    assert.equal((await post('/api/reset', input)).status, 200, 'the same again is answered again');

    const again = await makeCode(carol);
    const next = laterIdentity(carol, known + 2);
    assert.equal((await post('/api/reset', resetOf(next, again, { keys: 3, pins: 3 }))).status, 200);
  });

  test('takes a newer identity from the person alone, with the password of either side', async () => {
    const dave = person('dave');
    const first = await connectTestClient(server.port, dave);
    const elsewhere = await connectTestClient(server.port, dave);
    const room = await createRoom(first, [alice.person], '데이브의 방');
    const renewed = nextIdentity(dave);
    const { salt, kdf, passwordWrap, recoveryWrap, keys: part, pins } = renewalWith({ keys: 4, pins: 4 });
    const { authKey, recoveryAuth } = renewed;
    const password = { salt, kdf, authKey };
    const wraps = { passwordWrap, recoveryWrap, recoveryAuth };
    const keys = { authKey: dave.authKey, part, wraps: { ...wraps, password } };
    const from = { keys: 1, pins: 1 };
    const give = (changes: object) =>
      first.call('vault:restore', {
        from,
        pins,
        keys: { ...keys, statements: [ownStatement(renewed)], ...changes },
      });
    const refusals: [object, ErrorCode][] = [
      [{ authKey: randomB64(32) }, 'WRONG_PASSWORD'],
      [{ statements: [ownStatement(nextIdentity(person('erin')))] }, 'IDENTITY_INVALID'],
      [{ statements: [ownStatement(dave)] }, 'IDENTITY_INVALID'],
      [{ statements: [ownStatement(laterIdentity(dave, 200))] }, 'IDENTITY_INVALID'],
      [{ statements: [ownStatement(renewed), ownStatement(nextIdentity(dave))] }, 'IDENTITY_INVALID'],
      [
        { statements: [{ ...ownStatement(renewed), signature: dave.statementSignature }] },
        'IDENTITY_INVALID',
      ],
      [{ wraps }, 'INVALID_INPUT'],
    ];
    for (const [changes, code] of refusals) assert.equal(codeOf(await give(changes)), code);
    assert.equal(await identityVersion(dave), 1);

    const given = await give({});
    assert.ok(given.ok, codeOf(given));
    assert.deepEqual([given.value.keys, given.value.salt], [part, salt]);
    assert.equal(await identityVersion(dave), 2);
    const isDave = ({ person: { userUid } }: { person: { userUid: string } }) => userUid === dave.userUid;
    assert.equal((await alice.next('person:updated', isDave)).person.identityVersion, 2);
    assert.deepEqual(await elsewhere.next('session:ended'), { reason: 'keys-changed' });
    assert.ok(
      (await first.call('room:get', { roomUid: room.roomUid })).ok,
      'the session that gave it goes on',
    );
    const login = (key: string) => post('/api/login', { username: 'dave', authKey: key });
    assert.equal(codeOf(await login(dave.authKey)), 'WRONG_PASSWORD');
    assert.equal((await login(authKey)).status, 200);
    const old = await first.ask('vault:old', {});
    assert.deepEqual(
      old.oldVaults.map(({ identityVersion: version }) => version),
      [1],
    );

    // there is nothing more that it could have lost
    const third = nextIdentity(renewed);
    const again = await first.call('vault:restore', {
      from: { keys: 4, pins: 4 },
      pins: { ...pins, counter: 5 },
      keys: { ...keys, authKey, part: { ...part, counter: 5 }, statements: [ownStatement(third)] },
    });
    assert.equal(codeOf(again), 'FORBIDDEN');
    const code = await makeCode(dave);
    const opened = await post('/api/reset/open', { username: 'dave', code });
    assert.equal((opened.body as { identityVersion: number }).identityVersion, 2);
    first.close();
    elsewhere.close();
  });
});
