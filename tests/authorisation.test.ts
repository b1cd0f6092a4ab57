/**
 * Who may ask for what: every request of the contract, for the owner, a member, a removed member, an outsider and somebody
 * who is not signed in, over HTTP and over a socket. A request that is missing here fails the run.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { requests } from '../server/contract/index.ts';
import type { RequestName } from '../server/contract/index.ts';
import type { ErrorCode } from '../server/contract/error-codes.ts';
import type { Answer, RequestDefinition } from '../server/contract/request.ts';
import { contractVersion } from '../server/contract/server-info.ts';
import { createHttpClient } from '../server/testing/http-client.ts';
import type { HttpClient } from '../server/testing/http-client.ts';
import {
  createEnvelope,
  createEpoch,
  createPerson,
  epochInput,
  nextIdentity,
  randomB64,
  randomUid,
  registrationOf,
  renewalWith,
} from '../server/testing/people.ts';
import type { TestPerson } from '../server/testing/people.ts';
import { memoFor } from '../server/testing/memos.ts';
import { copyStopped, createDataFolder, restoreCopy } from '../server/testing/restored-server.ts';
import { createReaction, createRoom, messageFor, nextEpoch, pollFor } from '../server/testing/rooms.ts';
import type { TestRoom } from '../server/testing/rooms.ts';
import { connectTestClient, connected, openTestSocket } from '../server/testing/test-client.ts';
import type { TestClient } from '../server/testing/test-client.ts';
import { startTestServer } from '../server/testing/test-server.ts';
import type { TestServer } from '../server/testing/test-server.ts';

const actors = ['owner', 'member', 'removed', 'outsider'] as const;
type Actor = (typeof actors)[number];

/** A group of its own for each case: the owner's, with one member, and one who was a member. */
type World = {
  room: TestRoom;
  /** The name of the owner's message in it, which everybody has read who was in the room then. */
  message: string;
  /** The owner's poll in it, from then as well. */
  poll: { id: string; optionIds: string[] };
  /** The name of another message of the owner, from then as well: a notice. */
  notice: string;
  /** A memo of the owner to the member, and one that waits for its time. */
  memos: { sent: string; scheduled: string };
  people: Record<Actor, TestPerson>;
  /** Who asks, and a room of theirs where one is needed. */
  self: TestPerson;
  /** Another session of whoever asks. */
  otherSession: () => Promise<string>;
  /** The counters that the next blobs of their vault take. */
  nextCounters: () => Promise<{ keys: number; pins: number }>;
  /** Somebody else, whose account may be changed. */
  another: () => Promise<TestPerson>;
  /** An admin's one-time code for that person. */
  resetCodeOf: (person: TestPerson) => Promise<string>;
};

type Outcome = 'OK' | ErrorCode;
type Expected = Record<Actor | 'signedOut', Outcome>;

type Case = {
  input: (world: World) => object | Promise<object>;
  expected: Expected;
  /** Where HTTP differs from a socket. */
  overHttp?: Partial<Expected>;
  /** The request ends sessions or accounts, so whoever asks is made for this case. The owner stays the owner. */
  isFinal?: true;
};

const everybody: Expected = {
  owner: 'OK',
  member: 'OK',
  removed: 'OK',
  outsider: 'OK',
  signedOut: 'OK',
};
const signedIn: Expected = { ...everybody, signedOut: 'NOT_SIGNED_IN' };
const membersOnly: Expected = { ...signedIn, removed: 'NOT_FOUND', outsider: 'NOT_FOUND' };
/** Not of a room but of the server: `owner` is alice, who made it. */
const administrators: Expected = {
  ...signedIn,
  member: 'FORBIDDEN',
  removed: 'FORBIDDEN',
  outsider: 'FORBIDDEN',
};
/** Nobody's vault was put aside. */
const noOldSheet: Expected = {
  owner: 'RECOVERY_WRONG',
  member: 'RECOVERY_WRONG',
  removed: 'RECOVERY_WRONG',
  outsider: 'RECOVERY_WRONG',
  signedOut: 'NOT_SIGNED_IN',
};
/** Allowed, and then impossible: this server has nobody who could start it again. */
const restarters: Expected = { ...administrators, owner: 'RESTART_NOT_POSSIBLE' };
const ownerOnly: Expected = { ...membersOnly, member: 'FORBIDDEN' };

/** Only over a socket, whoever asks. */
const notOverHttp: Partial<Expected> = {
  owner: 'METHOD_NOT_ALLOWED',
  member: 'METHOD_NOT_ALLOWED',
  removed: 'METHOD_NOT_ALLOWED',
  outsider: 'METHOD_NOT_ALLOWED',
};

/** Not there, for anybody. */
const nobody: Expected = {
  owner: 'NOT_FOUND',
  member: 'NOT_FOUND',
  removed: 'NOT_FOUND',
  outsider: 'NOT_FOUND',
  signedOut: 'NOT_FOUND',
};

const nothing = () => ({});
const ofRoom = ({ room }: World) => ({ roomUid: room.roomUid });

const ofMessage = (world: World) => ({ ...ofRoom(world), message: world.message });
const ofNotice = (world: World) => ({ ...ofRoom(world), message: world.notice });

const messageWithoutKind = ({ room }: World) => {
  const { kind: _kind, ...message } = messageFor(room);
  return message;
};

/** The next epoch by whoever asks, who names themselves if they are not among the people. */
const epochBy = ({ room, self }: World, people: TestPerson[]) =>
  epochInput(nextEpoch(room, self, people.includes(self) ? people : [...people, self]));

const present = ({ people }: World) => [people.owner, people.member];

const otherThan = (self: TestPerson, people: World['people']): TestPerson[] =>
  [people.owner, people.member].filter((person) => person !== self);

const vaultPart = (counter: number, bytes: number) => ({ counter, blob: randomB64(bytes) });

const cases: Record<RequestName, Case> = {
  'config:get': { input: nothing, expected: everybody },
  'server:info': { input: nothing, expected: everybody },

  'account:check-name': { input: () => ({ username: `n${randomB64(6)}` }), expected: everybody },
  'account:prelogin': { input: () => ({ username: 'alice' }), expected: everybody },
  'account:register': {
    input: () => registrationOf(createPerson(`r${randomB64(6).toLowerCase()}`)),
    expected: everybody,
    isFinal: true,
  },
  'account:login': {
    input: ({ people: { owner } }) => ({ username: owner.username, authKey: owner.authKey }),
    expected: everybody,
    isFinal: true,
  },
  'account:waiting': { input: nothing, expected: everybody },
  'account:logout': { input: nothing, expected: signedIn, isFinal: true },
  'account:me': { input: nothing, expected: signedIn },
  'account:update': { input: () => ({ statusText: '자리 비움' }), expected: signedIn },
  'account:delete': {
    input: ({ self }) => ({ authKey: self.authKey }),
    expected: { ...signedIn, owner: 'LAST_OWNER' },
    isFinal: true,
  },
  'session:resume': { input: nothing, expected: signedIn },
  'session:list': { input: nothing, expected: signedIn },
  'session:revoke': {
    input: async ({ otherSession }) => ({ sessionUid: await otherSession() }),
    expected: signedIn,
  },
  'vault:get': { input: nothing, expected: signedIn },
  'vault:put-pins': {
    input: async ({ nextCounters }) => ({ pins: vaultPart((await nextCounters()).pins, 192) }),
    expected: signedIn,
  },
  'vault:replace': {
    input: async ({ self, nextCounters }) => ({
      authKey: self.authKey,
      keys: vaultPart((await nextCounters()).keys, 400),
      pins: vaultPart((await nextCounters()).pins, 192),
      passwordWrap: randomB64(128),
      recoveryWrap: randomB64(160),
      recoveryAuth: randomB64(32),
    }),
    expected: signedIn,
  },

  'recovery:open': {
    input: async ({ another }) => {
      const { username, recoveryAuth } = await another();
      return { username, recoveryAuth };
    },
    expected: everybody,
  },
  'recovery:complete': {
    input: async ({ another }) => {
      const { username, recoveryAuth } = await another();
      const proofs = { newAuthKey: randomB64(32), newRecoveryAuth: randomB64(32) };
      return { ...renewalWith({ keys: 2, pins: 2 }), username, recoveryAuth, ...proofs };
    },
    expected: everybody,
    isFinal: true,
  },
  'account:change-password': {
    // carried out, it would end the sessions of the cases that follow
    input: ({ self }) => ({
      ...renewalWith({ keys: 1_000_000, pins: 1_000_000 }),
      authKey: self.authKey,
      newAuthKey: randomB64(32),
    }),
    expected: {
      owner: 'STALE_COUNTER',
      member: 'STALE_COUNTER',
      removed: 'STALE_COUNTER',
      outsider: 'STALE_COUNTER',
      signedOut: 'NOT_SIGNED_IN',
    },
  },
  'reset:open': {
    input: async ({ another, resetCodeOf }) => {
      const person = await another();
      return { username: person.username, code: await resetCodeOf(person) };
    },
    expected: everybody,
  },
  'reset:complete': {
    input: async ({ another, resetCodeOf }) => {
      const person = await another();
      const { username, authKey, recoveryAuth, statement, statementSignature } = nextIdentity(person);
      const proofs = { username, authKey, recoveryAuth, statement, statementSignature };
      return {
        ...renewalWith({ keys: 2, pins: 2 }),
        ...proofs,
        code: await resetCodeOf(person),
      };
    },
    expected: everybody,
    isFinal: true,
  },
  'vault:old': { input: nothing, expected: signedIn },
  'vault:open-old': { input: () => ({ recoveryAuth: randomB64(32) }), expected: noOldSheet },
  'identity:succeed': {
    input: () => ({
      recoveryAuth: randomB64(32),
      keys: vaultPart(2, 400),
      pins: vaultPart(2, 192),
      successions: [{ fromVersion: 1, signature: randomB64(64) }],
    }),
    expected: noOldSheet,
  },
  'identity:successions': {
    input: ({ people }) => ({ userUids: [people.owner.userUid] }),
    expected: signedIn,
  },

  'people:list': { input: nothing, expected: signedIn },
  'presence:report': {
    input: () => ({ isAway: false }),
    expected: signedIn,
    // it is about the page at the other end of a socket
    overHttp: notOverHttp,
  },
  'presence:last-seen': {
    input: ({ people }) => ({ userUids: [people.owner.userUid] }),
    expected: signedIn,
  },
  'typing:start': { input: ofRoom, expected: membersOnly },
  'people:get': { input: ({ people }) => ({ userUids: [people.owner.userUid] }), expected: signedIn },
  'identity:get': {
    input: ({ people }) => ({ people: [{ userUid: people.owner.userUid }] }),
    expected: signedIn,
  },

  'room:create': {
    input: ({ self }) => {
      const roomUid = randomUid();
      const epoch = createEpoch({ roomUid, type: 'group', creator: self, people: [self] });
      return { roomUid, type: 'group', title: '새 방', epoch: epochInput(epoch) };
    },
    expected: signedIn,
  },
  'room:list': { input: nothing, expected: signedIn },
  'room:get': { input: ofRoom, expected: membersOnly },
  'room:rename': { input: (world) => ({ ...ofRoom(world), title: '다른 이름' }), expected: ownerOnly },
  'room:invite': {
    // outsiders try to let themselves in
    input: (world) => ({
      ...ofRoom(world),
      epoch: epochBy(world, [...present(world), world.people.outsider]),
    }),
    expected: membersOnly,
  },
  'room:kick': {
    input: (world) => ({
      ...ofRoom(world),
      userUid: world.people.member.userUid,
      epoch: epochBy(world, [world.people.owner]),
    }),
    expected: ownerOnly,
  },
  'room:describe': {
    input: (world) => ({ ...ofRoom(world), description: '주간 보고' }),
    expected: ownerOnly,
  },
  'room:set-picture': { input: (world) => ({ ...ofRoom(world), picture: null }), expected: ownerOnly },
  // there is none; who sees one that is there is a test of its own
  'room:picture': {
    input: (world) => ({ ...ofRoom(world), hash: randomUid() }),
    expected: { ...nobody, signedOut: 'NOT_SIGNED_IN' },
  },
  'room:set-policies': { input: (world) => ({ ...ofRoom(world), post: 'admins' }), expected: ownerOnly },
  'room:set-role': {
    input: (world) => ({ ...ofRoom(world), userUid: world.people.member.userUid, role: 'admin' }),
    expected: ownerOnly,
  },
  'room:hand-over': {
    input: (world) => ({ ...ofRoom(world), userUid: world.people.member.userUid }),
    expected: ownerOnly,
  },
  'room:audit': { input: ofRoom, expected: ownerOnly },
  'room:export-audit': { input: ofRoom, expected: ownerOnly },
  'room:discover': { input: nothing, expected: signedIn },
  // it may not be found
  'room:ask': { input: ofRoom, expected: { ...nobody, signedOut: 'NOT_SIGNED_IN' } },
  'room:withdraw': { input: ofRoom, expected: signedIn },
  'room:decline': {
    // who never asked
    input: (world) => ({ ...ofRoom(world), userUid: world.people.outsider.userUid }),
    expected: { ...ownerOnly, owner: 'NOT_FOUND' },
  },
  'room:requests': { input: nothing, expected: signedIn },
  'keys:wanted': { input: ofRoom, expected: membersOnly },
  'keys:share': {
    // a key that its person has had; a test of its own has those that nobody may be given
    input: (world) => ({
      ...ofRoom(world),
      wraps: [{ userUid: world.people.member.userUid, version: 1, epoch: 1, wrap: randomB64(160) }],
    }),
    expected: membersOnly,
  },
  // of a key that nobody has
  'keys:bad': {
    input: (world) => ({ ...ofRoom(world), wraps: [{ epoch: 9, version: 1 }] }),
    expected: membersOnly,
  },
  'keys:held': { input: nothing, expected: signedIn },
  'room:leave': { input: ofRoom, expected: membersOnly },
  'room:rekey': {
    input: (world) => ({ ...ofRoom(world), epoch: epochBy(world, present(world)) }),
    expected: membersOnly,
  },
  'rekey:working': { input: (world) => ({ ...ofRoom(world), epoch: 1 }), expected: membersOnly },
  'epoch:list': { input: (world) => ({ ...ofRoom(world), from: 1 }), expected: membersOnly },

  'message:send': { input: ({ room }) => messageFor(room), expected: membersOnly },
  'message:page': { input: ofRoom, expected: membersOnly },
  'room:read': { input: (world) => ({ ...ofRoom(world), seq: 1 }), expected: membersOnly },

  'poll:vote': {
    input: ({ poll }) => ({ id: poll.id, optionIds: poll.optionIds.slice(0, 1) }),
    expected: membersOnly,
  },
  'poll:close': { input: ({ poll }) => ({ id: poll.id }), expected: ownerOnly },
  'poll:list': { input: ofRoom, expected: membersOnly },
  'poll:get': { input: ({ poll }) => ({ id: poll.id, with: 'voters' }), expected: membersOnly },

  'reaction:add': {
    input: (world) => ({ ...ofMessage(world), ...createReaction(world.room) }),
    expected: membersOnly,
  },
  'reaction:remove': {
    input: (world) => ({ ...ofMessage(world), token: randomB64(16) }),
    expected: membersOnly,
  },

  'pin:list': { input: ofRoom, expected: membersOnly },
  'pin:add': { input: ofMessage, expected: membersOnly },
  'pin:remove': { input: ofNotice, expected: membersOnly },
  'notice:raise': { input: ofMessage, expected: membersOnly },
  'notice:lower': { input: ofNotice, expected: membersOnly },
  // nobody acknowledges their own
  'notice:acknowledge': { input: ofNotice, expected: { ...membersOnly, owner: 'FORBIDDEN' } },
  'notice:readers': { input: ofNotice, expected: ownerOnly },
  'notice:remind': { input: ofNotice, expected: ownerOnly },

  'message:get': { input: ofMessage, expected: membersOnly },
  'message:edit': {
    input: (world) => ({ ...ofMessage(world), n: 1, envelope: createEnvelope(world.room.epoch.epoch) }),
    expected: ownerOnly,
  },
  'message:versions': { input: ofMessage, expected: membersOnly },
  'message:save': { input: (world) => ({ ...ofMessage(world), isSaved: true }), expected: membersOnly },
  'message:hide': { input: (world) => ({ ...ofMessage(world), isHidden: true }), expected: membersOnly },
  'message:recall': { input: ofMessage, expected: ownerOnly },

  'memo:send': { input: ({ self, people }) => memoFor(self, otherThan(self, people)), expected: signedIn },
  'memo:list': { input: () => ({ box: 'inbox' }), expected: signedIn },
  'memo:get': { input: ({ memos }) => ({ memoUid: memos.sent }), expected: membersOnly },
  // who sent it has not got it
  'memo:read': {
    input: ({ memos }) => ({ memoUid: memos.sent }),
    expected: { ...membersOnly, owner: 'FORBIDDEN' },
  },
  'memo:recall': { input: ({ memos }) => ({ memoUid: memos.sent }), expected: ownerOnly },
  'memo:delete': { input: ({ memos }) => ({ memoUid: memos.sent }), expected: membersOnly },
  // of one that waits, only its sender knows
  'memo:reschedule': {
    input: ({ memos }) => ({ memoUid: memos.scheduled, deliverAt: Date.now() + 7_200_000 }),
    expected: { ...membersOnly, member: 'NOT_FOUND' },
  },
  'memo:share': {
    input: ({ memos, people }) => ({
      memoUid: memos.sent,
      entry: people.member.entry,
      wrap: randomB64(160),
    }),
    expected: ownerOnly,
  },

  'scheduled:list': { input: nothing, expected: signedIn },
  'scheduled:put': {
    input: (world) => ({ ...messageWithoutKind(world), deliverAt: Date.now() + 3_600_000 }),
    expected: membersOnly,
  },
  'scheduled:cancel': { input: () => ({ clientId: randomUid() }), expected: signedIn },
  'mention:list': { input: nothing, expected: signedIn },
  'my:list': { input: nothing, expected: signedIn },
  'my:set-room': { input: (world) => ({ ...ofRoom(world), level: 'none' }), expected: membersOnly },
  'my:set-favourites': {
    input: ({ room }) => ({ roomUids: [room.roomUid] }),
    expected: membersOnly,
  },
  'session:sync': { input: nothing, expected: signedIn },
  'room:changes': { input: (world) => ({ ...ofRoom(world), rev: 1 }), expected: membersOnly },

  // on a server that was restored
  'restore:get': { input: nothing, expected: signedIn },
  'vault:restore': {
    input: async ({ nextCounters }) => {
      const { keys, pins } = await nextCounters();
      return { from: { keys: keys - 1, pins: pins - 1 }, pins: vaultPart(pins, 192) };
    },
    expected: signedIn,
  },
  'room:restore': {
    // the newest record by a member; whoever asks is no part of it unless they are in the room
    input: ({ room, people }) => {
      const epoch = epochInput(nextEpoch(room, people.owner, [people.owner, people.member]));
      return { roomUid: room.roomUid, epochs: [epoch], statements: [] };
    },
    expected: membersOnly,
  },

  'admin:overview': { input: nothing, expected: administrators },
  'admin:stats': { input: nothing, expected: administrators },
  'admin:watch': {
    input: () => ({ on: true }),
    expected: administrators,
    // what it starts comes over the socket that asked
    overHttp: { owner: 'METHOD_NOT_ALLOWED' },
  },
  'admin:online': { input: nothing, expected: administrators },
  'admin:log': { input: () => ({ level: 'info' }), expected: administrators },
  'admin:settings': { input: nothing, expected: administrators },
  'admin:change-settings': {
    input: () => ({ changes: { sessionTimeoutHours: 48 } }),
    expected: administrators,
  },
  'admin:policies': { input: nothing, expected: administrators },
  'admin:set-policies': {
    input: () => ({ policies: { readReceipts: 'everyone' } }),
    expected: administrators,
  },
  'admin:set-sign-up': { input: () => ({ signUp: 'open' }), expected: administrators },
  'admin:backup': { input: nothing, expected: administrators },
  'admin:backups': { input: nothing, expected: administrators },
  'admin:delete-backup': {
    input: () => ({ name: 'maru-x.db' }),
    expected: { ...administrators, owner: 'NOT_FOUND' },
  },
  'admin:restore': {
    input: ({ self }) => ({ name: 'maru-x.db', authKey: self.authKey }),
    expected: restarters,
  },
  'admin:restart': { input: nothing, expected: restarters },
  'admin:about': { input: nothing, expected: administrators },
  'admin:reset-outlook': {
    input: ({ people }) => ({ userUid: people.outsider.userUid }),
    expected: administrators,
  },
  'admin:make-reset-code': {
    input: async ({ another, self: { authKey } }) => ({
      userUid: (await another()).userUid,
      isDeviceLost: false,
      authKey,
    }),
    expected: administrators,
  },
  'admin:people': { input: nothing, expected: administrators },
  'admin:rooms': { input: nothing, expected: administrators },
  'admin:approve': {
    input: () => ({ userUid: randomUid(), roomUids: [] }),
    expected: { ...administrators, owner: 'NOT_FOUND' },
  },
  'admin:decline': {
    input: () => ({ userUid: randomUid() }),
    expected: { ...administrators, owner: 'NOT_FOUND' },
  },
  'admin:disable': {
    input: ({ people, self }) => ({ userUid: people.owner.userUid, authKey: self.authKey }),
    expected: { ...administrators, owner: 'OWN_ACCOUNT' },
  },
  'admin:enable': { input: ({ people }) => ({ userUid: people.member.userUid }), expected: administrators },
  'admin:set-role': {
    input: ({ people, self }) => ({
      userUid: people.member.userUid,
      role: 'member',
      authKey: self.authKey,
    }),
    expected: administrators,
  },
  'admin:make-invitation': { input: nothing, expected: administrators },
  'admin:invitations': { input: nothing, expected: administrators },
  'admin:revoke-invitation': {
    input: () => ({ invitationUid: randomUid() }),
    expected: { ...administrators, owner: 'NOT_FOUND' },
  },
  'admin:audit': { input: nothing, expected: administrators },
  'admin:check-audit': { input: nothing, expected: administrators },
  'admin:audit-chain': { input: nothing, expected: administrators },
  'admin:export-audit': { input: nothing, expected: administrators },
};

const names = Object.keys(requests) as RequestName[]; // Object.keys forgets the literal names

describe('who may ask for what', () => {
  let server: TestServer;
  const clients = new Map<Actor, TestClient>();
  const folder = createDataFolder();
  before(async () => {
    // restored before anybody registers, so that what only a restored server takes is asked for in earnest
    const empty = await startTestServer({ dataDir: folder.dataDir });
    await empty.server.stop();
    await restoreCopy(folder.dataDir, copyStopped(folder.dataDir));
    server = await startTestServer({ dataDir: folder.dataDir, config: { connectionsPerUser: 1_000 } });
    for (const [actor, name] of [
      ['owner', 'alice'],
      ['member', 'bob'],
      ['removed', 'dave'],
      ['outsider', 'carol'],
    ] as const) {
      clients.set(actor, await server.connectAs(name));
    }
  });
  after(async () => {
    await server.stop();
    folder.remove();
  });

  const clientOf = (actor: Actor): TestClient => {
    const client = clients.get(actor);
    assert.ok(client !== undefined);
    return client;
  };

  let made = 0;
  const fresh = async (): Promise<TestClient> => {
    made += 1;
    const client = await server.connectAs(`fresh${made}`);
    return client;
  };

  /** Whoever asks in this case; the owner is always alice, since there is one of her only. */
  async function asker(actor: Actor, isFinal: boolean): Promise<TestClient> {
    if (!isFinal) return clientOf(actor);
    return actor === 'owner' ? connectTestClient(server.port, await server.person('alice')) : fresh();
  }

  let waitingMemo = randomUid();
  async function createWorld(actor: Actor, self: TestClient): Promise<World> {
    const cast = Object.fromEntries(
      actors.map((name) => [name, name === actor ? self.person : clientOf(name).person]),
    ) as Record<Actor, TestPerson>; // fromEntries forgets the literal names
    const owner = actor === 'owner' ? self : clientOf('owner');
    const room = await createRoom(owner, [cast.member, cast.removed], '회의');
    const original = messageFor(room);
    await owner.ask('message:send', original);
    const message = `${cast.owner.userUid}.${original.clientId}`;
    const asked = pollFor(room);
    await owner.ask('message:send', asked);
    const poll = { id: `${cast.owner.userUid}.${asked.clientId}`, optionIds: asked.poll.optionIds };
    const raised = messageFor(room);
    await owner.ask('message:send', raised);
    const notice = `${cast.owner.userUid}.${raised.clientId}`;
    await owner.ask('notice:raise', { roomUid: room.roomUid, message: notice });
    const memo = memoFor(cast.owner, [cast.member]);
    await owner.ask('memo:send', memo);
    // one person may let so many wait: that of the world before goes, if it is there
    await owner.call('memo:delete', { memoUid: waitingMemo });
    const waiting = { ...memoFor(cast.owner, [cast.member]), deliverAt: Date.now() + 3_600_000 };
    await owner.ask('memo:send', waiting);
    waitingMemo = waiting.memoUid;
    const epoch = nextEpoch(room, cast.owner, [cast.owner, cast.member]);
    const kick = { roomUid: room.roomUid, userUid: cast.removed.userUid, epoch: epochInput(epoch) };
    await owner.ask('room:kick', kick);
    const otherSession = async () => {
      const other = await connectTestClient(server.port, self.person);
      other.close();
      return other.sessionUid;
    };
    const nextCounters = async () => {
      const { keys, pins } = await self.ask('vault:get', {});
      return { keys: keys.counter + 1, pins: pins.counter + 1 };
    };
    const another = (): Promise<TestPerson> => {
      made += 1;
      return server.person(`other${made}`);
    };
    const resetCodeOf = async ({ userUid }: TestPerson) => {
      const by = clientOf('owner');
      const { authKey } = by.person;
      return (await by.ask('admin:make-reset-code', { userUid, isDeviceLost: false, authKey })).code;
    };
    return {
      room: { ...room, epoch },
      message,
      poll,
      notice,
      memos: { sent: memo.memoUid, scheduled: waiting.memoUid },
      people: cast,
      self: self.person,
      otherSession,
      nextCounters,
      another,
      resetCodeOf,
    };
  }

  async function overHttp(browser: HttpClient, name: RequestName, input: object): Promise<Outcome> {
    const definition: RequestDefinition = requests[name];
    const [method = '', pattern = ''] = definition.http.split(' ');
    const rest = new Map(Object.entries(input));
    const path = pattern.replace(/:([A-Za-z]+)/g, (_whole, field: string) => {
      const value = String(rest.get(field));
      rest.delete(field);
      return encodeURIComponent(value);
    });
    const query = new URLSearchParams([...rest].map(([field, value]) => [field, String(value)]));
    const answer =
      method === 'GET'
        ? await browser.request(method, `${path}?${query}`)
        : await browser.request(method, path, Object.fromEntries(rest));
    if (answer.status === 200) return 'OK';
    return (answer.body as { code: ErrorCode }).code;
  }

  const overSocket = (client: TestClient, name: RequestName, input: object): Promise<Outcome> =>
    new Promise((resolve) => {
      client.socket.emit(name, input, (answer: Answer<unknown>) => resolve(answer.ok ? 'OK' : answer.code));
    });

  test('the table names every request of the contract and no other', () => {
    assert.deepEqual(Object.keys(cases).sort(), [...names].sort());
  });

  for (const name of names) {
    const { input, expected, overHttp: exceptions, isFinal = false } = cases[name];
    const definition: RequestDefinition = requests[name];

    test(`${name} over HTTP`, async () => {
      for (const actor of actors) {
        const client = await asker(actor, isFinal);
        const world = await createWorld(actor, client);
        const outcome = await overHttp(client.browser, name, await input(world));
        assert.equal(outcome, exceptions?.[actor] ?? expected[actor], actor);
        if (isFinal) client.close();
      }
      const world = await createWorld('member', clientOf('member'));
      const outcome = await overHttp(createHttpClient(server.port), name, await input(world));
      assert.equal(outcome, expected.signedOut, 'signed out');
    });

    test(`${name} over a socket`, async () => {
      for (const actor of actors) {
        const client = await asker(actor, isFinal);
        const world = await createWorld(actor, client);
        const outcome = await overSocket(client, name, await input(world));
        const wanted = definition.transport === 'http' ? 'METHOD_NOT_ALLOWED' : expected[actor];
        assert.equal(outcome, wanted, actor);
        if (isFinal) client.close();
      }
    });
  }

  test('nobody gets a socket without being signed in', async () => {
    const socket = openTestSocket(server.port, '', { auth: { contractVersion } });
    await assert.rejects(connected(socket), /./);
    assert.equal(socket.connected, false);
    socket.close();
  });
});
