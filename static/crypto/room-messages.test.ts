import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageRow } from './engine-types.ts';
import { encodeBase64 } from './encoding.ts';
import { sealEnvelope } from './envelope.ts';
import { createIdentityKeys, makeStatement } from './identity.ts';
import { createIdentityDirectory } from './identity-directory.ts';
import { ownerOf } from './open-vault.ts';
import { createPins } from './pins.ts';
import { nobleAes } from './primitives.ts';
import { createRoomMessages } from './room-messages.ts';
import { entryText } from './room-record.ts';
import type { ChainLink } from './room-step.ts';
import { createSealer } from './seal.ts';
import { createSeededRandom } from './testing/crypto-world.ts';
import { textOf } from './testing/plain-messages.ts';

const random = createSeededRandom('messages');
const sealer = createSealer(nobleAes, random);
const uid = (): string => encodeBase64(random(16));

function setUp() {
  const roomUid = uid();
  const message = random(64);
  const persons = ['alice', 'bob'].map(() => {
    const keys = createIdentityKeys(1, random);
    const userUid = uid();
    const [identity] = ownerOf(userUid, [keys]).own;
    assert.ok(identity);
    const { version, fingerprint } = identity;
    return { keys, person: { userUid, version, fingerprint }, statement: makeStatement(userUid, keys) };
  });
  const [alice, bob] = persons;
  assert.ok(alice && bob);
  const link: ChainLink = {
    epoch: 1,
    hash: encodeBase64(random(32)),
    record: {
      roomUid,
      type: 'group',
      epoch: 1,
      kid: encodeBase64(random(32)),
      prev: null,
      history: false,
      creator: alice.person,
      people: [alice.person, bob.person],
    },
    signature: '',
    text: '',
    wrap: null,
    wrapVersion: null,
    afterSeq: 0,
    madeAt: 0,
  };
  const published = persons.map(({ statement }) => statement);
  const server = { isReachable: true };
  const directory = createIdentityDirectory({
    pins: createPins(),
    own: [],
    fetchStatements: async (people) => {
      if (!server.isReachable) throw new Error('offline');
      return published.filter((row) => people.some(({ userUid }) => userUid === row.userUid));
    },
  });
  const messages = createRoomMessages({
    roomUid,
    sealer,
    directory,
    link: (epoch) => (epoch === 1 ? link : undefined),
    keysOf: () => ({ message }),
    failureAt: () => 'NO_KEY',
  });
  const seal = (
    asWhom: typeof alice,
    signing: Uint8Array,
    seq: number,
    n = 0,
    clientId = uid(),
  ): MessageRow => {
    const binding = {
      roomUid,
      epoch: 1,
      hash: link.hash,
      senderEntry: entryText(asWhom.person),
      clientId,
      target: null,
      n,
    };
    const envelope = sealEnvelope(sealer, { message, signing }, binding, {
      content: { kind: 'text', text: `text ${String(n)}` },
      at: 0,
      after: null,
    });
    return {
      roomUid,
      seq,
      senderUid: asWhom.person.userUid,
      clientId,
      kind: 'text',
      target: null,
      n,
      envelope,
      sentAt: 0,
    };
  };
  return { alice, bob, messages, seal, server, published };
}

test('a member who signs in another member’s name is found out', async () => {
  const { alice, bob, messages, seal } = setUp();
  const honest = seal(alice, alice.keys.ed25519, 1);
  const forged = seal(alice, bob.keys.ed25519, 2);
  assert.deepEqual(
    messages.open([honest, forged]).map(({ ok }) => ok),
    [true, true],
    'painted first',
  );
  const [first, second] = await messages.verify([honest, forged]);
  assert.equal(first?.ok, true);
  assert.deepEqual(second, { ok: false, reason: 'TAMPERED' });
});

test('rows that were not opened before are opened for their verification', async () => {
  const { alice, messages, seal } = setUp();
  const [result] = await messages.verify([seal(alice, alice.keys.ed25519, 1)]);
  assert.equal(result?.ok, true);
});

test('without the sender’s statement a row is not called tampered with', async () => {
  const { alice, messages, seal, server } = setUp();
  server.isReachable = false;
  const row = seal(alice, alice.keys.ed25519, 1);
  assert.deepEqual(await messages.verify([row]), [{ ok: false, reason: 'NO_KEY', isUnavailable: true }]);
  server.isReachable = true;
  const [later] = await messages.verify([row]);
  assert.equal(later?.ok, true);
});

test('a substituted statement of the sender makes the row tampered with', async () => {
  const { alice, messages, seal, published } = setUp();
  published[0] = makeStatement(alice.person.userUid, createIdentityKeys(1, random));
  const [result] = await messages.verify([seal(alice, alice.keys.ed25519, 1)]);
  assert.deepEqual(result, { ok: false, reason: 'TAMPERED' });
});

test('an edit replaces its original and never goes back', () => {
  const { alice, messages, seal } = setUp();
  const clientId = uid();
  const rows = [0, 1, 2].map((n) => seal(alice, alice.keys.ed25519, 1, n, clientId));
  const opened = rows.flatMap((row) => messages.open([row]));
  assert.deepEqual(
    opened.map((result) => result.ok && textOf(result.value)),
    ['text 0', 'text 1', 'text 2'],
  );
  const [original] = rows;
  assert.ok(original);
  assert.deepEqual(messages.open([original]), [{ ok: false, reason: 'TAMPERED' }]);
});

test('earlier texts of an edited message can be read, and nothing forged among them', async () => {
  const { alice, bob, messages, seal } = setUp();
  const clientId = uid();
  const original = seal(alice, alice.keys.ed25519, 1, 0, clientId);
  const edited = seal(alice, alice.keys.ed25519, 1, 1, clientId);
  const forged = seal(alice, bob.keys.ed25519, 1, 0, clientId);
  const [now] = messages.open([edited]);
  assert.equal(now?.ok, true);
  assert.deepEqual(messages.open([original]), [{ ok: false, reason: 'TAMPERED' }], 'a row never goes back');
  const results = await messages.openVersions([original, forged, { ...original, n: 1 }]);
  assert.deepEqual(
    results.map((result) => (result.ok ? 'ok' : result.reason)),
    ['ok', 'TAMPERED', 'TAMPERED'],
  );
  assert.equal((await messages.verify([edited]))[0]?.ok, true, 'reading them changes nothing');
});

test('an edit may have been sealed after what stands below it', async () => {
  const { alice, messages, seal } = setUp();
  const first = seal(alice, alice.keys.ed25519, 1, 1);
  const [result] = await messages.verify([first]);
  assert.deepEqual(result, { ok: true, clockOff: false, afterNotBelow: false });
});
