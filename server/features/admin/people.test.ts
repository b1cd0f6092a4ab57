import assert from 'node:assert/strict';
import { after as afterAll, before, describe, test } from 'node:test';
import type { AdminPerson } from '#contract/admin-people.ts';
import type { HttpAnswer } from '../../testing/http-client.ts';
import { createPerson, epochInput, registrationOf } from '../../testing/people.ts';
import type { TestPerson } from '../../testing/people.ts';
import { copyStopped, createDataFolder, restoreCopy } from '../../testing/restored-server.ts';
import { createRoom, messageFor, nextEpoch } from '../../testing/rooms.ts';
import { connectTestClient } from '../../testing/test-client.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

const codeOf = (answer: { ok: boolean; code?: string }): string | undefined => answer.code;
const httpCode = ({ body }: HttpAnswer): string | undefined => (body as { code?: string }).code;

let server: TestServer;
/** The owner. */
let alice: TestClient;
/** An admin. */
let bob: TestClient;
before(async () => {
  server = await startTestServer({ isClockStill: true });
  alice = await server.connectAs('alice');
  bob = await server.connectAs('bob');
  await alice.ask('admin:set-role', { userUid: bob.userUid, role: 'admin', authKey: alice.person.authKey });
});
afterAll(() => server.stop());

const disable = (by: TestClient, { userUid }: { userUid: string }) =>
  by.call('admin:disable', { userUid, authKey: by.person.authKey });

const login = ({ username, authKey }: TestPerson) =>
  server.browser().request('POST', '/api/login', { username, authKey });

async function personOf(by: TestClient, username: string): Promise<AdminPerson> {
  const { people } = await by.ask('admin:people', { query: username });
  const found = people.find((person) => person.username === username);
  assert.ok(found !== undefined, `${username} is not listed`);
  return found;
}

describe('an account that is disabled', () => {
  test('loses its sessions and sockets at once, and signs in no more', async () => {
    const dora = await server.connectAs('dora');
    const second = await connectTestClient(server.port, dora.person);
    const gone = [dora, second].map((client) => client.disconnected());
    const answer = await disable(bob, dora);
    assert.equal(answer.ok && answer.value.person.state, 'disabled');
    await Promise.all(gone);
    assert.deepEqual(dora.received('session:ended'), [{ reason: 'account-disabled' }]);
    assert.equal(httpCode(await dora.http('GET', '/api/me')), 'NOT_SIGNED_IN');
    assert.equal(httpCode(await login(dora.person)), 'ACCOUNT_DISABLED');
    assert.equal(httpCode(await login({ ...dora.person, authKey: bob.person.authKey })), 'WRONG_PASSWORD');
    const { people } = await alice.ask('people:list', { query: 'dora' });
    assert.deepEqual(people, []);
    assert.ok((await disable(bob, dora)).ok, 'a repeat changes nothing');
    await alice.ask('admin:enable', { userUid: dora.userUid });
    assert.equal((await login(dora.person)).status, 200);
  });

  test('leaves its groups, which need a new key and find an heir; direct conversations stay', async () => {
    const eve = await server.connectAs('eve');
    const finn = await server.connectAs('finn');
    const gwen = await server.person('gwen');
    const group = await createRoom(eve, [finn.person, gwen], '연구');
    const alone = await createRoom(eve, [], '혼자');
    const pair = await createRoom(finn, [eve.person]);
    await disable(alice, eve);
    const changed = await finn.next('room:changed', ({ roomUid }) => roomUid === group.roomUid);
    assert.deepEqual(changed.removed, [eve.userUid]);
    assert.equal(changed.isRekeyNeeded, true);
    assert.equal(changed.ownerUid, finn.userUid);
    await finn.next('rekey:wanted', ({ roomUid }) => roomUid === group.roomUid);
    const told = await finn.next('person:updated', ({ person }) => person.userUid === eve.userUid);
    assert.equal(told.person.state, 'disabled');
    assert.equal(codeOf(await finn.call('message:send', messageFor(group))), 'REKEY_NEEDED');
    assert.equal(codeOf(await finn.call('message:send', messageFor(pair))), 'PERSON_DISABLED');
    assert.equal((await personOf(alice, 'eve')).formerRooms, 1);

    const rekeyed = nextEpoch(group, finn.person, [finn.person, gwen]);
    await finn.ask('room:rekey', { roomUid: group.roomUid, epoch: epochInput(rekeyed) });
    const inviting = nextEpoch({ ...group, epoch: rekeyed }, finn.person, [finn.person, gwen, eve.person]);
    const invitation = { roomUid: group.roomUid, epoch: epochInput(inviting) };
    assert.equal(codeOf(await finn.call('room:invite', invitation)), 'PERSON_DISABLED');

    await alice.ask('admin:enable', { userUid: eve.userUid });
    const asked = await finn.next('room:request-changed', ({ userUid }) => userUid === eve.userUid);
    assert.deepEqual([asked.roomUid, asked.state, asked.origin], [group.roomUid, 'pending', 'again']);
    const { waiting } = await finn.ask('room:requests', {});
    assert.deepEqual(
      waiting.map(({ roomUid, userUid, origin }) => [roomUid, userUid, origin]),
      [[group.roomUid, eve.userUid, 'again']],
    );
    const back = await connectTestClient(server.port, eve.person);
    const rooms = (await back.ask('room:list', {})).rooms.map(({ room }) => room.roomUid);
    assert.deepEqual(rooms.sort(), [alone.roomUid, pair.roomUid].sort(), 'nobody but a member adds anybody');
    await finn.ask('room:invite', invitation);
    await back.next('room:joined', ({ room }) => room.roomUid === group.roomUid);
    assert.ok((await finn.call('message:send', messageFor(pair))).ok);
    back.close();
  });

  test('sends nothing later; what it wrote waits for its author', async () => {
    const gina = await server.connectAs('gina');
    const pair = await createRoom(gina, [alice.person]);
    const scheduled = { ...messageFor(pair), target: null, deliverAt: server.clock.now() + 60_000 };
    const { kind: _kind, ...input } = scheduled;
    await gina.ask('scheduled:put', input);
    await disable(alice, gina);
    server.clock.advance(120_000);
    await alice.ask('admin:enable', { userUid: gina.userUid });
    const back = await connectTestClient(server.port, gina.person);
    const { messages } = await back.ask('scheduled:list', {});
    assert.deepEqual(
      messages.map(({ state, reason }) => [state, reason]),
      [['failed', 'ACCOUNT_DISABLED']],
    );
    back.close();
  });

  test('asks to be let into no room meanwhile', async () => {
    const hugo = await server.connectAs('hugo');
    const room = await createRoom(alice, [bob.person], '등산');
    await alice.ask('room:set-policies', { roomUid: room.roomUid, isListed: true });
    await hugo.ask('room:ask', { roomUid: room.roomUid });
    const next = (state: string) =>
      alice.next(
        'room:request-changed',
        (change) => change.userUid === hugo.userUid && change.state === state,
      );
    await next('pending');
    await disable(bob, hugo);
    await next('withdrawn');
    assert.deepEqual((await alice.ask('room:requests', {})).waiting, []);
    await bob.ask('admin:enable', { userUid: hugo.userUid });
    assert.equal((await next('pending')).origin, 'asked');
  });
});

describe('who may do what to whom', () => {
  test('nobody to themselves, admins to members only, and only with the password', async () => {
    const ivan = await server.connectAs('ivan');
    const jane = await server.connectAs('jane');
    const { authKey } = alice.person;
    await alice.ask('admin:set-role', { userUid: jane.userUid, role: 'admin', authKey });
    assert.equal(codeOf(await disable(alice, alice)), 'OWN_ACCOUNT');
    assert.equal(codeOf(await disable(bob, bob)), 'OWN_ACCOUNT');
    assert.equal(codeOf(await disable(bob, alice)), 'FORBIDDEN');
    assert.equal(codeOf(await disable(bob, jane)), 'FORBIDDEN');
    assert.equal(codeOf(await disable(ivan, jane)), 'FORBIDDEN');
    const { userUid } = ivan;
    assert.equal(codeOf(await bob.call('admin:disable', { userUid })), 'WRONG_PASSWORD');
    assert.equal(codeOf(await bob.call('admin:disable', { userUid, authKey })), 'WRONG_PASSWORD');
    const wish = { userUid, role: 'admin', authKey: bob.person.authKey } as const;
    assert.equal(codeOf(await bob.call('admin:set-role', wish)), 'FORBIDDEN');
    assert.deepEqual((await personOf(bob, 'ivan')).may, ['disable', 'make-reset-code']);
    assert.deepEqual((await personOf(bob, 'jane')).may, []);
    assert.deepEqual((await personOf(alice, 'ivan')).may, [
      'disable',
      'make-reset-code',
      'make-owner',
      'make-admin',
    ]);
    assert.deepEqual((await personOf(alice, 'alice')).may, [], 'the last owner stays one');
  });

  test('the last owner neither loses the role nor is disabled, not even from the machine itself', async () => {
    const { authKey } = alice.person;
    const step = { userUid: alice.userUid, role: 'member', authKey } as const;
    assert.equal(codeOf(await alice.call('admin:set-role', step)), 'LAST_OWNER');
    const asHost = await server.server.askAsHost('admin:disable', { userUid: alice.userUid });
    assert.equal(codeOf(asHost), 'LAST_OWNER');
  });

  test('an owner hands over, and what an admin may ends with the role', async () => {
    const kate = await server.connectAs('kate');
    const { authKey } = alice.person;
    await alice.ask('admin:set-role', { userUid: kate.userUid, role: 'owner', authKey });
    assert.equal((await kate.next('me:updated')).me.role, 'owner');
    await kate.ask('admin:set-role', {
      userUid: alice.userUid,
      role: 'member',
      authKey: kate.person.authKey,
    });
    assert.equal(codeOf(await alice.call('admin:people', {})), 'FORBIDDEN');
    await kate.ask('admin:set-role', { userUid: alice.userUid, role: 'owner', authKey: kate.person.authKey });
    await alice.ask('admin:set-role', { userUid: kate.userUid, role: 'member', authKey });
    assert.equal(codeOf(await kate.call('admin:people', {})), 'FORBIDDEN');
  });
});

/** Signs up as somebody new; the browser keeps its cookie. */
async function signUp(username: string, extra: Record<string, string> = {}) {
  const person = createPerson(username);
  const browser = server.browser();
  const answer = await browser.request('POST', '/api/register', { ...registrationOf(person), ...extra });
  const waiting = async () =>
    ((await browser.request('GET', '/api/waiting')).body as { state: string }).state;
  return { person, browser, answer, waiting };
}

describe('signing up with approval', () => {
  before(() => alice.ask('admin:set-sign-up', { signUp: 'approval' }));

  test('waits, is in nobody’s list, and is let in by itself with rooms that ask for one press', async () => {
    const room = await createRoom(alice, [bob.person], '인사');
    const { person, browser, answer, waiting } = await signUp('lena');
    assert.equal(httpCode(answer), 'APPROVAL_PENDING');
    assert.equal(answer.status, 403);
    await bob.next('admin:people-changed', ({ pending }) => pending === 1);
    assert.equal(await waiting(), 'waiting');
    assert.equal(httpCode(await browser.request('GET', '/api/session')), 'NOT_SIGNED_IN');
    assert.deepEqual((await alice.ask('people:list', { query: 'lena' })).people, []);
    assert.equal(httpCode(await login(person)), 'APPROVAL_PENDING');
    const again = await server.browser().request('POST', '/api/register', registrationOf(person));
    assert.equal(httpCode(again), 'APPROVAL_PENDING', 'the answer was lost and the client repeats');
    const listed = await personOf(bob, 'lena');
    assert.deepEqual([listed.state, listed.may], ['pending', ['approve', 'decline']]);

    const wrong = { userUid: person.userUid, roomUids: [person.userUid] };
    assert.equal(codeOf(await bob.call('admin:approve', wrong)), 'NOT_FOUND');
    assert.equal(await waiting(), 'waiting', 'all of it or nothing');
    const wish = { userUid: person.userUid, roomUids: [room.roomUid] };
    assert.equal((await bob.ask('admin:approve', wish)).person.state, 'active');
    assert.equal(codeOf(await alice.call('admin:approve', wish)), 'NOT_FOUND');
    assert.equal(await waiting(), 'approved');
    const resumed = await browser.request('GET', '/api/session');
    assert.equal((resumed.body as { me: { username: string } }).me.username, 'lena');
    const asked = await alice.next('room:request-changed', ({ userUid }) => userUid === person.userUid);
    assert.deepEqual([asked.roomUid, asked.state, asked.origin], [room.roomUid, 'pending', 'approved']);
    const inviting = nextEpoch(room, alice.person, [alice.person, bob.person, person]);
    await alice.ask('room:invite', { roomUid: room.roomUid, epoch: epochInput(inviting) });
    const lena = await connectTestClient(server.port, person);
    assert.equal((await lena.ask('room:list', {})).rooms.length, 1);
    lena.close();
  });

  test('declined, nothing is left and the name is free again', async () => {
    const { person, waiting } = await signUp('mina');
    await bob.ask('admin:decline', { userUid: person.userUid });
    assert.equal(await waiting(), 'none');
    assert.equal(httpCode(await login(person)), 'WRONG_PASSWORD');
    assert.equal(codeOf(await bob.call('admin:decline', { userUid: person.userUid })), 'NOT_FOUND');
    assert.equal(httpCode((await signUp('mina')).answer), 'APPROVAL_PENDING');
  });

  test('an account in use is neither approved nor declined, a waiting one not disabled or made admin', async () => {
    const { userUid } = bob;
    assert.equal(codeOf(await alice.call('admin:decline', { userUid })), 'NOT_FOUND');
    const { person } = await signUp('nora');
    assert.equal(codeOf(await disable(alice, person)), 'NOT_FOUND');
    const wish = { userUid: person.userUid, role: 'admin', authKey: alice.person.authKey } as const;
    assert.equal(codeOf(await alice.call('admin:set-role', wish)), 'NOT_FOUND');
    assert.equal(codeOf(await alice.call('admin:enable', { userUid: person.userUid })), 'NOT_FOUND');
  });
});

describe('signing up by invitation', () => {
  before(() => alice.ask('admin:set-sign-up', { signUp: 'invitation' }));
  const codeFor = async (wish: { uses?: number; days?: number } = {}) =>
    (await bob.ask('admin:make-invitation', wish)).code;

  test('needs a code, which counts as often as it says', async () => {
    assert.equal(httpCode((await signUp('olga')).answer), 'INVITATION_NEEDED');
    assert.equal(httpCode((await signUp('olga', { invitationCode: 'AAAA' })).answer), 'INVITATION_WRONG');
    const code = await codeFor({ uses: 2 });
    const typed = code.toLowerCase().replaceAll('-', ' ');
    assert.equal((await signUp('olga', { invitationCode: typed })).answer.status, 200);
    assert.equal((await signUp('pete', { invitationCode: code })).answer.status, 200);
    assert.equal(httpCode((await signUp('quin', { invitationCode: code })).answer), 'INVITATION_WRONG');
    const [invitation] = (await bob.ask('admin:invitations', {})).invitations;
    assert.deepEqual(
      [invitation?.state, invitation?.uses, invitation?.madeBy],
      ['used', 2, bob.person.displayName],
    );
  });

  test('two who come with one code at once: one of them gets in', async () => {
    const invitationCode = await codeFor();
    const answers = await Promise.all(
      ['rosa', 'sven', 'tara'].map(async (name) => (await signUp(name, { invitationCode })).answer.status),
    );
    assert.deepEqual(
      answers.toSorted((one, other) => one - other),
      [200, 403, 403],
    );
  });

  test('a name that is taken uses nothing up', async () => {
    const invitationCode = await codeFor();
    assert.equal(httpCode((await signUp('alice', { invitationCode })).answer), 'NAME_TAKEN');
    assert.equal((await signUp('ulla', { invitationCode })).answer.status, 200);
  });

  test('ends with its time, and when it is taken back', async () => {
    const ended = await codeFor({ days: 1 });
    const { code: revoked, invitation } = await bob.ask('admin:make-invitation', { note: '새 동료' });
    await alice.ask('admin:revoke-invitation', { invitationUid: invitation.invitationUid });
    assert.equal(httpCode((await signUp('vera', { invitationCode: revoked })).answer), 'INVITATION_WRONG');
    server.clock.advance(86_400_000);
    assert.equal(httpCode((await signUp('vera', { invitationCode: ended })).answer), 'INVITATION_WRONG');
    const { invitations } = await alice.ask('admin:invitations', {});
    assert.deepEqual(
      invitations.slice(0, 2).map(({ state, note }) => [state, note]),
      [
        ['revoked', '새 동료'],
        ['ended', ''],
      ],
    );
  });

  test('an invitation is an approval given beforehand, and opens no closed server', async () => {
    const invitationCode = await codeFor({ uses: 5, days: 90 });
    await alice.ask('admin:set-sign-up', { signUp: 'approval' });
    assert.equal((await signUp('wanda', { invitationCode })).answer.status, 200);
    await alice.ask('admin:set-sign-up', { signUp: 'closed' });
    assert.equal(httpCode((await signUp('xaver', { invitationCode })).answer), 'SIGN_UP_CLOSED');
    await alice.ask('admin:set-sign-up', { signUp: 'open' });
    assert.equal((await signUp('yuri', { invitationCode })).answer.status, 200);
  });
});

describe('what the console reads', () => {
  test('people by state, role and words, a page at a time', async () => {
    const all = await alice.ask('admin:people', {});
    const { active, pending, disabled } = all.counts;
    assert.equal(all.people.length, active + pending + disabled);
    const names: string[] = [];
    for (let after = ''; ; after = names.at(-1) ?? '') {
      const page = await alice.ask('admin:people', { after, limit: 7 });
      names.push(...page.people.map(({ username }) => username));
      if (!page.hasMore) break;
    }
    assert.deepEqual(
      names,
      all.people.map(({ username }) => username),
    );
    const waiting = await alice.ask('admin:people', { state: 'pending' });
    assert.equal(waiting.people.length, pending);
    assert.ok(pending > 0 && waiting.people.every(({ state }) => state === 'pending'));
    const owners = await alice.ask('admin:people', { role: 'owner' });
    assert.deepEqual(
      owners.people.map(({ username, isOnline }) => [username, isOnline]),
      [['alice', true]],
    );
  });

  test('group rooms by title, and no direct ones', async () => {
    const { rooms } = await bob.ask('admin:rooms', { query: '인사' });
    assert.deepEqual(
      rooms.map(({ title, memberCount, owner }) => [title, memberCount, owner]),
      [['인사', 3, alice.person.displayName]],
    );
    const titles = (await bob.ask('admin:rooms', {})).rooms.map(({ title }) => title);
    assert.ok(!titles.includes(''));
  });

  test('the log: who did what to whom, by page and by filter, with a chain that holds', async () => {
    const disabled = await alice.ask('admin:audit', { actions: 'account-disabled,account-enabled' });
    assert.ok(disabled.entries.length >= 6);
    const [first, second] = disabled.entries;
    assert.ok(first !== undefined && second !== undefined && first.id > second.id);
    const own = await alice.ask('admin:audit', { about: bob.userUid, limit: 2 });
    assert.equal(own.entries.length, 2);
    assert.equal(own.hasMore, true);
    assert.ok(own.entries.every((entry) => [entry.actorUid, entry.subject].includes(bob.userUid)));
    const older = await alice.ask('admin:audit', { about: bob.userUid, before: own.entries[1]?.id ?? 1 });
    assert.ok(older.entries.every(({ id }) => id < (own.entries[1]?.id ?? 0)));
    const [entry] = (await alice.ask('admin:audit', { actions: 'account-approved' })).entries;
    assert.deepEqual([entry?.actor, entry?.subjectName], [bob.person.displayName, 'lena']);
    const none = await alice.ask('admin:audit', { from: server.clock.now() + 1 });
    assert.deepEqual(none.entries, []);
    const check = await bob.ask('admin:check-audit', {});
    assert.equal(check.isIntact, true);
    const newest = (await alice.ask('admin:audit', { limit: 1 })).entries[0];
    assert.ok(newest !== undefined && check.entries <= newest.id);
    assert.match(check.head, /^[A-Za-z0-9_-]{43}$/);
  });

  test('members hear nothing of all that', async () => {
    const member = await server.connectAs('zoe');
    await alice.ask('admin:make-invitation', {});
    await alice.next('admin:people-changed');
    await member.ask('account:me', {});
    assert.deepEqual(member.received('admin:people-changed'), []);
  });
});

test('after a restore no invitation counts any more: it may have been used up since', async () => {
  const folder = createDataFolder();
  try {
    const first = await startTestServer({ dataDir: folder.dataDir });
    const owner = await first.connectAs('alice');
    await owner.ask('admin:make-invitation', {});
    assert.equal((await owner.ask('admin:invitations', {})).invitations.length, 1);
    await first.stop();
    await restoreCopy(folder.dataDir, copyStopped(folder.dataDir));
    const restored = await startTestServer({ dataDir: folder.dataDir });
    const back = await connectTestClient(restored.port, owner.person);
    assert.deepEqual((await back.ask('admin:invitations', {})).invitations, []);
    back.close();
    await restored.stop();
  } finally {
    folder.remove();
  }
});
