import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Answer } from '#contract/request.ts';
import { epochInput } from '../../testing/people.ts';
import { createRoom, messageFor, nextEpoch } from '../../testing/rooms.ts';
import type { TestRoom } from '../../testing/rooms.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

const codeOf = (answer: Answer<unknown>): string => (answer.ok ? 'OK' : answer.code);

/** A PNG of one pixel, with something after it that makes it another picture. */
const picture = (salt: string): string =>
  Buffer.concat([
    Buffer.from('89504e470d0a1a0a0000000d4948445200000001000000010806000000', 'hex'),
    Buffer.from(salt.padEnd(12)),
  ]).toString('base64');

describe('the administration of a room', () => {
  let server: TestServer;
  let alice: TestClient;
  let bob: TestClient;
  let carol: TestClient;
  let dave: TestClient;
  before(async () => {
    server = await startTestServer();
    [alice, bob, carol, dave] = await Promise.all([
      server.connectAs('alice'),
      server.connectAs('bob'),
      server.connectAs('carol'),
      server.connectAs('dave'),
    ]);
  });
  after(() => server.stop());

  const createGroup = (...others: TestClient[]): Promise<TestRoom> =>
    createRoom(
      alice,
      others.map((client) => client.person),
      '주간 회의',
    );
  const changeOf = (client: TestClient, { roomUid }: TestRoom, rev: number) =>
    client.next('room:changed', (change) => change.roomUid === roomUid && change.rev === rev);
  const roleOf = (members: readonly { userUid: string; role: string }[], { userUid }: TestClient) =>
    members.find((member) => member.userUid === userUid)?.role;
  const audit = async (client: TestClient, { roomUid }: TestRoom) =>
    (await client.ask('room:audit', { roomUid })).entries;

  test('the owner makes admins, who may change the room; everybody sees it at once, outsiders nothing', async () => {
    const room = await createGroup(bob, carol);
    const { roomUid } = room;
    assert.equal(codeOf(await bob.call('room:describe', { roomUid, description: 'x' })), 'FORBIDDEN');
    const wish = { roomUid, userUid: bob.userUid, role: 'admin' } as const;
    assert.equal(codeOf(await bob.call('room:set-role', wish)), 'FORBIDDEN');
    await alice.ask('room:set-role', wish);
    const change = await changeOf(carol, room, 2);
    assert.deepEqual(
      change.changed.map(({ userUid, role }) => [userUid, role]),
      [[bob.userUid, 'admin']],
    );
    const again = await alice.ask('room:set-role', wish);
    assert.equal(again.room.rev, 2, 'a repeat changes nothing');
    await bob.ask('room:describe', { roomUid, description: ' 매주 월요일\r\n10시 ' });
    assert.equal((await changeOf(carol, room, 3)).description, '매주 월요일\n10시');
    await bob.ask('room:rename', { roomUid, title: '월요 회의' });
    assert.equal((await changeOf(carol, room, 4)).title, '월요 회의');
    const toCarol = { roomUid, userUid: carol.userUid, role: 'admin' } as const;
    assert.equal(codeOf(await bob.call('room:set-role', toCarol)), 'FORBIDDEN');
    const { room: seen } = await carol.ask('room:get', { roomUid });
    assert.deepEqual([roleOf(seen.members, alice), roleOf(seen.members, bob)], ['owner', 'admin']);
    await dave.ask('account:me', {});
    assert.deepEqual(
      dave.received('room:changed').filter((event) => event.roomUid === roomUid),
      [],
    );
  });

  test('handing over makes the old owner an admin, also when it is said twice', async () => {
    const room = await createGroup(bob);
    const wish = { roomUid: room.roomUid, userUid: bob.userUid };
    assert.equal(codeOf(await bob.call('room:hand-over', wish)), 'FORBIDDEN');
    await alice.ask('room:hand-over', wish);
    const change = await changeOf(bob, room, 2);
    assert.equal(change.ownerUid, bob.userUid);
    assert.deepEqual(change.changed.map((member) => member.role).sort(), ['admin', 'owner']);
    assert.equal((await alice.ask('room:hand-over', wish)).room.rev, 2);
    const back = { roomUid: room.roomUid, userUid: alice.userUid };
    await bob.ask('room:hand-over', back);
    const nobody = { roomUid: room.roomUid, userUid: carol.userUid };
    assert.equal(codeOf(await alice.call('room:hand-over', nobody)), 'NOT_FOUND');
  });

  test('two people who become the owner at once: one does', async () => {
    const room = await createGroup(bob, carol);
    const to = ({ userUid }: TestClient) => ({ roomUid: room.roomUid, userUid });
    const answers = await Promise.all([
      alice.call('room:hand-over', to(bob)),
      alice.call('room:hand-over', to(carol)),
    ]);
    assert.deepEqual(answers.map(codeOf).sort(), ['FORBIDDEN', 'OK']);
    const { room: seen } = await alice.ask('room:get', { roomUid: room.roomUid });
    assert.equal(seen.members.filter(({ role }) => role === 'owner').length, 1);
  });

  test('an admin removes members, neither the owner nor another admin', async () => {
    const room = await createGroup(bob, carol, dave);
    const { roomUid } = room;
    for (const { userUid } of [bob, carol]) {
      await alice.ask('room:set-role', { roomUid, userUid, role: 'admin' });
    }
    const kick = (by: TestClient, whom: TestClient) => {
      const left = [alice, bob, carol, dave].filter((client) => client !== whom);
      const people = left.map(({ person }) => person);
      const epoch = epochInput(nextEpoch(room, by.person, people));
      return by.call('room:kick', { roomUid, userUid: whom.userUid, epoch });
    };
    assert.equal(
      codeOf(await bob.call('room:leave', { roomUid: room.epoch.hash.slice(0, 22) })),
      'INVALID_INPUT',
    );
    assert.equal(codeOf(await kick(bob, alice)), 'FORBIDDEN');
    assert.equal(codeOf(await kick(bob, carol)), 'FORBIDDEN');
    assert.equal(codeOf(await kick(bob, dave)), 'OK');
  });

  test('a leaving owner hands over to an admin before older members', async () => {
    const room = await createGroup(bob, carol);
    const { roomUid } = room;
    await alice.ask('room:set-role', { roomUid, userUid: carol.userUid, role: 'admin' });
    await alice.ask('room:leave', { roomUid });
    const change = await changeOf(bob, room, 3);
    assert.equal(change.ownerUid, carol.userUid);
    assert.deepEqual(
      change.changed.map(({ userUid, role }) => [userUid, role]),
      [[carol.userUid, 'owner']],
    );
    const [newest] = await audit(carol, room);
    assert.deepEqual(
      [newest?.action, newest?.subject, newest?.details],
      ['room-handed-over', carol.userUid, { reason: 'left' }],
    );
  });

  test('in an announcement room only owner and admins write', async () => {
    const room = await createGroup(bob);
    const { roomUid } = room;
    await alice.ask('room:set-policies', { roomUid, post: 'admins' });
    assert.equal((await changeOf(bob, room, 2)).policies.post, 'admins');
    assert.equal(codeOf(await bob.call('message:send', messageFor(room))), 'POSTING_RESTRICTED');
    await alice.ask('message:send', messageFor(room));
    await alice.ask('room:set-role', { roomUid, userUid: bob.userUid, role: 'admin' });
    assert.equal(codeOf(await bob.call('message:send', messageFor(room))), 'OK');
    await alice.ask('room:set-role', { roomUid, userUid: bob.userUid, role: 'member' });
    await alice.ask('room:set-policies', { roomUid, post: 'everyone' });
    assert.equal(codeOf(await bob.call('message:send', messageFor(room))), 'OK');
  });

  test('where only admins invite, a member cannot', async () => {
    const room = await createGroup(bob);
    const { roomUid } = room;
    await alice.ask('room:set-policies', { roomUid, invite: 'admins', mentionAll: 'admins' });
    const epoch = nextEpoch(room, bob.person, [alice.person, bob.person, carol.person]);
    const invite = { roomUid, epoch: epochInput(epoch) };
    assert.equal(codeOf(await bob.call('room:invite', invite)), 'INVITING_RESTRICTED');
    await alice.ask('room:set-role', { roomUid, userUid: bob.userUid, role: 'admin' });
    assert.equal(codeOf(await bob.call('room:invite', invite)), 'OK');
    const unchanged = await alice.ask('room:set-policies', { roomUid, invite: 'admins' });
    assert.equal(unchanged.room.policies.mentionAll, 'admins');
  });

  test('a picture is seen by members at an address of its own, and gone when it is taken away', async () => {
    const room = await createGroup(bob);
    const { roomUid } = room;
    const { room: changed } = await alice.ask('room:set-picture', { roomUid, picture: picture('one') });
    const address = `/api/rooms/${roomUid}/picture/${changed.pictureHash}`;
    const seen = await bob.http('GET', address);
    assert.equal(seen.status, 200);
    assert.equal(seen.headers.get('content-type'), 'image/png');
    assert.equal(seen.headers.get('x-content-type-options'), 'nosniff');
    assert.match(seen.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    assert.match(seen.headers.get('cache-control') ?? '', /private.*immutable/);
    assert.ok(seen.text.includes('one'));
    assert.equal((await carol.http('GET', address)).status, 404);
    assert.equal((await server.browser().request('GET', address)).status, 401);
    assert.equal((await bob.http('GET', address.slice(0, -1) + 'A')).status, 404);
    await alice.ask('room:set-policies', { roomUid, isListed: true });
    assert.equal((await carol.http('GET', address)).status, 200);
    const drawing = Buffer.from('<svg/>').toString('base64');
    assert.equal(
      codeOf(await alice.call('room:set-picture', { roomUid, picture: drawing })),
      'PICTURE_INVALID',
    );
    const { room: plain } = await alice.ask('room:set-picture', { roomUid, picture: null });
    assert.equal(plain.pictureHash, null);
    assert.equal((await bob.http('GET', address)).status, 404);
  });

  test('a direct room has nothing to administer', async () => {
    const { roomUid } = await createRoom(alice, [dave.person]);
    for (const answer of [
      await alice.call('room:describe', { roomUid, description: 'x' }),
      await alice.call('room:set-policies', { roomUid, post: 'admins' }),
      await alice.call('room:set-picture', { roomUid, picture: null }),
      await alice.call('room:hand-over', { roomUid, userUid: dave.userUid }),
      await alice.call('room:audit', { roomUid }),
    ]) {
      assert.equal(codeOf(answer), 'NOT_A_GROUP');
    }
  });

  test('what was done is in the room’s log, in pages, for its owner and admins', async () => {
    const room = await createGroup(bob);
    const { roomUid } = room;
    await alice.ask('room:rename', { roomUid, title: '=1+1' });
    await alice.ask('room:describe', { roomUid, description: '비밀 아님' });
    await alice.ask('room:set-picture', { roomUid, picture: picture('log') });
    await alice.ask('room:set-policies', { roomUid, post: 'admins', isListed: true });
    await alice.ask('room:set-role', { roomUid, userUid: bob.userUid, role: 'admin' });
    await alice.ask('room:hand-over', { roomUid, userUid: bob.userUid });
    const epoch = nextEpoch(room, bob.person, [bob.person]);
    await bob.ask('room:kick', { roomUid, userUid: alice.userUid, epoch: epochInput(epoch) });
    const entries = await audit(bob, room);
    assert.deepEqual(
      entries.map(({ action, actorUid, subject }) => [action, actorUid, subject]),
      [
        ['member-kicked', bob.userUid, alice.userUid],
        ['room-handed-over', alice.userUid, bob.userUid],
        ['role-changed', alice.userUid, bob.userUid],
        ['room-policies-changed', alice.userUid, roomUid],
        ['room-picture-changed', alice.userUid, roomUid],
        ['room-described', alice.userUid, roomUid],
        ['room-renamed', alice.userUid, roomUid],
      ],
    );
    assert.deepEqual(entries[3]?.details, { post: 'admins', isListed: 'true' });
    const first = await bob.ask('room:audit', { roomUid, limit: 3 });
    assert.deepEqual([first.entries.length, first.hasMore], [3, true]);
    const rest = await bob.ask('room:audit', { roomUid, before: first.entries[2]?.id ?? 0 });
    assert.deepEqual([...first.entries, ...rest.entries], entries);
    assert.equal(rest.hasMore, false);
    assert.equal(codeOf(await alice.call('room:audit', { roomUid })), 'NOT_FOUND', 'not any more');

    const address = `/api/rooms/${roomUid}/admin-audit-logs`;
    const csv = await bob.http('GET', `${address}?format=csv`);
    assert.equal(csv.headers.get('content-type'), 'text/csv; charset=utf-8');
    assert.match(csv.headers.get('content-disposition') ?? '', /^attachment; filename="/);
    const raw = await fetch(server.url + `${address}?format=csv`, {
      headers: { cookie: bob.browser.cookieHeader() },
    });
    assert.deepEqual([...new Uint8Array(await raw.arrayBuffer()).subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    const lines = csv.text.trimEnd().split('\r\n');
    assert.equal(lines.length, 8);
    assert.match(lines[1] ?? '', /"alice".*"room-renamed".*"title==1\+1"$/);
    const json = (await bob.http('GET', address)).body as { entries: { action: string; actor: string }[] };
    assert.deepEqual(
      json.entries.map(({ action }) => action),
      entries.map(({ action }) => action).toReversed(),
    );
    assert.equal(json.entries.at(-1)?.actor, 'bob');
    assert.equal((await alice.http('GET', address)).status, 404);
    assert.equal((await bob.http('GET', `${address}?format=xml`)).status, 400);
    assert.equal((await server.browser().request('GET', address)).status, 401);
  });
});
