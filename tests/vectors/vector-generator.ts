/**
 * Makes the known answers of docs/e2e-protocol.md: `node tests/vectors/vector-generator.ts` writes the JSON files
 * beside it. All randomness is seeded, so that a run changes nothing unless a format changed, and none may.
 */
import { writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { sealVaultKeyForDevice } from '../../static/crypto/device-unlock.ts';
import type { MessageTimes } from '../../static/crypto/engine-types.ts';
import { context, encodeBase64, encodeUtf8 } from '../../static/crypto/encoding.ts';
import { sealEnvelope } from '../../static/crypto/envelope.ts';
import { createIdentityKeys, fingerprintOf, makeStatement } from '../../static/crypto/identity.ts';
import {
  deriveDeviceKey,
  deriveKey,
  derivePasswordKeys,
  type KeyLabel32,
  type KeyLabel64,
} from '../../static/crypto/key-derivation.ts';
import { createEphemeralPair, wrapKeyTo } from '../../static/crypto/key-wrap.ts';
import { createLocalSeal } from '../../static/crypto/local-seal.ts';
import {
  hashReaders,
  memoKeyContext,
  readersText,
  sealMemoBody,
} from '../../static/crypto/memo.ts';
import { argon2idWasm as argon2id } from '../../static/crypto/primitives-argon2.ts';
import { ed25519Sign, nobleAes, x25519PublicKey } from '../../static/crypto/primitives.ts';
import { sealReaction } from '../../static/crypto/reaction.ts';
import { deriveRecoveryKeys, formatSheet } from '../../static/crypto/recovery-sheet.ts';
import { deriveEpochKeys, nextRecord } from '../../static/crypto/room-key.ts';
import { hashRecord, keyIdOf, serialiseRecord } from '../../static/crypto/room-record.ts';
import { createSealer } from '../../static/crypto/seal.ts';
import { createSeededRandom } from '../../static/crypto/testing/crypto-world.ts';
import { digitsOf, safetyNumberOf } from '../../static/crypto/trust-digits.ts';
import {
  sealVaultBlob,
  vaultKeysToJson,
  wrapVaultKeyByPassword,
  wrapVaultKeyForRecovery,
} from '../../static/crypto/vault.ts';

const b64 = encodeBase64;

/** A person with fixed keys. */
function createPerson(random: (length: number) => Uint8Array, version = 1) {
  const userUid = b64(random(16));
  const keys = createIdentityKeys(version, random);
  const statement = makeStatement(userUid, keys);
  const fingerprint = fingerprintOf(statement.statement);
  return { userUid, keys, statement, entry: { userUid, version, fingerprint } };
}

type VectorPerson = ReturnType<typeof createPerson>;

const personJson = ({ keys, statement, entry }: VectorPerson) => ({
  ...statement,
  fingerprint: entry.fingerprint,
  x25519Private: b64(keys.x25519),
  ed25519Seed: b64(keys.ed25519),
});

function sealingVectors() {
  const random = createSeededRandom('vectors sealing');
  const seals = [0, 1, 15, 16, 17, 64, 300].map((length) => {
    const key = random(64);
    const iv = random(16);
    const plain = length === 0 ? new Uint8Array(0) : random(length);
    const aad = context('file', b64(random(16)), length, 1);
    const sealed = createSealer(nobleAes, () => iv).seal(key, aad, plain);
    return { key: b64(key), iv: b64(iv), aad, plain: b64(plain), sealed: b64(sealed) };
  });
  const root = random(64);
  const labels: (KeyLabel64 | KeyLabel32)[] = [
    ...(['wrap', 'keys', 'pins', 'draft', 'setting', 'message', 'reaction'] satisfies KeyLabel64[]),
    ...(['auth', 'recovery-auth', 'recovery-x25519', 'reaction-token'] satisfies KeyLabel32[]),
  ];
  const derived = labels.map((label) => ({
    key: b64(root),
    info: context('sub', label),
    label,
    result: b64(deriveKey(root, label)),
  }));
  const deviceId = b64(random(16));
  const deviceKey = {
    key: b64(root),
    deviceId,
    info: context('device-key', deviceId),
    result: b64(deriveDeviceKey(root, deviceId)),
  };
  return { seals, derived, deviceKey };
}

async function accountVectors() {
  const random = createSeededRandom('vectors account');
  const sealer = createSealer(nobleAes, random);
  const person = createPerson(random);
  const { userUid } = person;
  // Decomposed and full-width on purpose: the password is taken in NFKC.
  const password = '넓은 마루 Ａ１ 넓은'.normalize('NFD');
  const salt = random(16);
  const kdf = { memoryKiB: 65_536, iterations: 3, parallelism: 1 as const }; // a literal, not a number
  const master = await argon2id(password.normalize('NFKC'), salt, kdf);
  const { authKey, wrapKey } = await derivePasswordKeys(argon2id, password, salt, kdf);
  const vaultKey = random(64);
  const bits = random(20);
  const recovery = deriveRecoveryKeys(bits);
  const keysJson = vaultKeysToJson({
    identities: [person.keys],
    localRoot: random(64),
    recoveryKey: recovery.publicKey,
    isSheetConfirmed: true,
    changedAt: 1_800_000_000_000,
    unknown: {},
  });
  const pinsJson = { people: [], rooms: [], watermarks: [] };
  const blob = (label: 'keys' | 'pins', counter: number, json: unknown) => ({
    counter,
    json,
    aad: context('vault', label, userUid, counter),
    blob: sealVaultBlob(sealer, vaultKey, { label, userUid, counter }, json),
  });
  const ephemeral = createEphemeralPair(random(32));
  const owner = { userUid, recoveryKey: recovery.publicKey };
  const deviceKey = b64(random(64));
  const deviceId = b64(random(16));
  const localSeal = createLocalSeal(sealer, { userUid, deviceId }, vaultKey);
  return {
    identity: personJson(person),
    password: {
      password,
      salt: b64(salt),
      kdf,
      master: b64(master),
      authKey: b64(authKey),
      wrapKey: b64(wrapKey),
    },
    vaultKey: b64(vaultKey),
    keys: blob('keys', 7, keysJson),
    pins: blob('pins', 12, pinsJson),
    passwordWrap: {
      aad: context('vault-key', 'password', userUid),
      wrap: wrapVaultKeyByPassword(sealer, wrapKey, userUid, vaultKey),
    },
    recovery: {
      bits: b64(bits),
      groups: formatSheet(bits),
      recoveryAuth: b64(recovery.recoveryAuth),
      privateKey: b64(recovery.privateKey),
      publicKey: b64(recovery.publicKey),
      ephemeralPrivate: b64(ephemeral.privateKey),
      context: context('vault-key', 'recovery', userUid, b64(recovery.publicKey)),
      wrap: wrapVaultKeyForRecovery(sealer, ephemeral, owner, vaultKey),
    },
    device: {
      deviceKey,
      deviceId,
      aad: context('device-vault', userUid, deviceId),
      sealed: sealVaultKeyForDevice(sealer, deviceKey, { userUid, deviceId }, vaultKey),
    },
    local: {
      localRoot: b64(vaultKey),
      deviceId,
      aad: context('local', userUid, 'outbox', 'item-1'),
      plain: 'kept here',
      sealed: b64(localSeal.seal('outbox', 'item-1', encodeUtf8('kept here'))),
      draftAad: context('draft', userUid, userUid, 4),
      draft: localSeal.sealDraft(userUid, 4, 'kept here'),
      settingAad: context('setting', userUid, 'theme', 2),
      setting: localSeal.sealSetting('theme', 2, 'dark'),
    },
  };
}

function roomVectors() {
  const random = createSeededRandom('vectors room');
  const sealer = createSealer(nobleAes, random);
  const people = [1, 1, 3].map((version) => createPerson(random, version));
  const [alice, bob, carol] = people;
  if (alice === undefined || bob === undefined || carol === undefined) throw new Error('three people');
  const roomUid = b64(random(16));
  const sign = (text: string, signer: VectorPerson): string =>
    b64(ed25519Sign(signer.keys.ed25519, encodeUtf8(text)));
  let prev: string | null = null;
  const epochs = [
    [alice, bob],
    [alice, bob, carol],
    [alice, carol],
  ].map((members, index) => {
    const key = random(64);
    const creator = index === 2 ? carol : alice;
    const base = {
      roomUid,
      type: 'group' as const,
      history: index > 0,
      creator: creator.entry,
      people: members.map(({ entry }) => entry),
    }; // a literal
    const record = serialiseRecord(nextRecord(base, index + 1, prev, key));
    const hash = hashRecord(record);
    prev = hash;
    const ephemeral = createEphemeralPair(random(32));
    const wraps = members.map(({ userUid, entry, keys }) => {
      const ctx = context(
        'room-key',
        roomUid,
        index + 1,
        hash,
        `${userUid}.${String(entry.version)}.${entry.fingerprint}`,
      );
      const wrap = wrapKeyTo(sealer, ephemeral, x25519PublicKey(keys.x25519), ctx, key);
      return { userUid, context: ctx, wrap: b64(wrap ?? new Uint8Array(0)) };
    });
    return {
      epoch: index + 1,
      key: b64(key),
      kid: keyIdOf(roomUid, index + 1, key),
      record,
      hash,
      signature: sign(record, creator),
      creatorUid: creator.userUid,
      ephemeralPrivate: b64(ephemeral.privateKey),
      wraps,
    };
  });
  return {
    roomUid,
    people: people.map(personJson),
    epochs,
    invalid: invalidRecords(roomUid, epochs[1], alice, sign),
  };
}

/** Records that may not follow epoch 1, each signed by its creator unless the reason is the signature. */
function invalidRecords(
  roomUid: string,
  good: { record: string; signature: string } | undefined,
  alice: VectorPerson,
  sign: (text: string, signer: VectorPerson) => string,
) {
  const text = good?.record ?? '';
  const fields = text.split('|');
  const entries = (fields[9] ?? '').split(',');
  const withField = (index: number, value: string): string =>
    fields.map((field, position) => (position === index ? value : field)).join('|');
  const alien = `${'A'.repeat(22)}.1.${'A'.repeat(22)}`;
  const records: Record<string, string> = {
    'unknown prefix': withField(0, 'maru/2'),
    'unknown label': withField(1, 'epochs'),
    'room uid with stray bits': withField(2, `${roomUid.slice(0, 21)}B`),
    'another room': withField(2, 'A'.repeat(22)),
    'unknown type': withField(3, 'x'),
    'another type': withField(3, 'd'),
    'epoch skipped': withField(4, '3'),
    'epoch repeated': withField(4, '1'),
    'epoch with a leading zero': withField(4, '02'),
    'kid with stray bits': withField(5, `${(fields[5] ?? '').slice(0, 42)}B`),
    'another prev': withField(6, 'A'.repeat(43)),
    'unknown history': withField(7, '2'),
    'creator is no entry': withField(8, alien),
    'entries descending': withField(9, [...entries].reverse().join(',')),
    'entry twice': withField(9, [entries[0], ...entries].join(',')),
    'two versions of one person': withField(9, twoVersions(entries).join(',')),
    'no entries': withField(9, ''),
    'trailing comma': `${text},`,
    'one field more': `${text}|`,
    'white space': `${text} `,
  };
  const badSignature = (good?.signature ?? '').replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'));
  return [
    ...Object.entries(records).map(([reason, record]) => ({
      reason,
      record,
      signature: sign(record, alice),
    })),
    { reason: 'signature of other bytes', record: text, signature: badSignature },
  ];
}

const twoVersions = (entries: string[]): string[] =>
  [
    ...entries,
    (entries[0] ?? '').replace(/\.(\d+)\./, (_, version: string) => `.${String(Number(version) + 1)}.`),
  ].sort();

function messageVectors(rooms: ReturnType<typeof roomVectors>) {
  const random = createSeededRandom('vectors message');
  const sealer = createSealer(nobleAes, random);
  const [epoch] = rooms.epochs;
  const [alice] = rooms.people;
  if (epoch === undefined || alice === undefined) throw new Error('an epoch and a person');
  const { message } = deriveEpochKeys(decode(epoch.key));
  const target = `${alice.userUid}.${b64(random(16))}`;
  const contents = [
    textVector({ target: null, n: 0 }, '안녕하세요, 마루입니다', { at: 1_800_000_000_000, after: null }),
    textVector({ target, n: 0 }, 'line 1\nline 2 👋🏽', {
      at: 1_800_000_000_001,
      after: target,
      composed: 1_700_000_000_000,
    }),
    textVector({ target: null, n: 2 }, '', { at: 0, after: null, notBefore: 1_900_000_000_000 }),
    pollVector(createSeededRandom('vectors poll'), { at: 1_800_000_000_002, after: target }),
  ];
  const messages = contents.map(({ content, times, ...place }) => {
    const clientId = b64(random(16));
    const senderEntry = `${alice.userUid}.1.${alice.fingerprint}`;
    const { kind, ...said } = content;
    const binding = { roomUid: rooms.roomUid, epoch: 1, hash: epoch.hash, senderEntry, clientId, kind, ...place };
    const keys = { message, signing: decode(alice.ed25519Seed) };
    const { roomUid, hash } = binding;
    const to = place.target ?? '-';
    const aad = context('message', roomUid, 1, hash, senderEntry, clientId, kind, to, place.n);
    const envelope = sealEnvelope(sealer, keys, binding, { content, ...times });
    return { ...binding, content: { ...said, ...times }, aad, envelope };
  });
  return { messageKey: b64(message), senderUid: alice.userUid, messages };
}

const textVector = (place: { target: string | null; n: number }, text: string, times: MessageTimes) => ({
  ...place,
  content: { kind: 'text' as const, text },
  times,
});

const pollVector = (random: (length: number) => Uint8Array, times: MessageTimes) => ({
  target: null,
  n: 0,
  content: {
    kind: 'poll' as const,
    question: '금요일 회식, 어디로 갈까요?',
    options: ['고깃집', 'Pizza 🍕', '다음에'].map((text) => ({ id: b64(random(16)), text })),
  },
  times,
});

function reactionVectors(rooms: ReturnType<typeof roomVectors>) {
  const random = createSeededRandom('vectors reactions');
  const sealer = createSealer(nobleAes, random);
  const [alice, bob] = rooms.people;
  const [epoch] = rooms.epochs;
  if (alice === undefined || bob === undefined || epoch === undefined) throw new Error('a room is missing');
  const keys = deriveEpochKeys(decode(epoch.key));
  const reactions = ['👍', '❤️', '👨‍👩‍👧‍👦', '🇰🇷', '1️⃣'].map((emoji) => {
    const target = `${alice.userUid}.${b64(random(16))}`;
    const binding = { roomUid: rooms.roomUid, epoch: 1, hash: epoch.hash, target, reactorUid: bob.userUid };
    return { ...binding, emoji, ...sealReaction(sealer, keys, binding, emoji) };
  });
  return { reactionKey: b64(keys.reaction), tokenKey: b64(keys.reactionToken), reactions };
}

function memoVectors(rooms: ReturnType<typeof roomVectors>) {
  const random = createSeededRandom('vectors memos');
  const sealer = createSealer(nobleAes, random);
  const [alice, bob] = rooms.people;
  if (alice === undefined || bob === undefined) throw new Error('two people');
  const entryOf = (person: typeof alice): string => `${person.userUid}.1.${person.fingerprint}`;
  const sender = entryOf(alice);
  const memos = [
    { readers: readersText([entryOf(bob)]), text: '오늘 5시까지 부탁드립니다.', at: 1_800_000_000_000 },
    { readers: readersText([]), text: 'to myself', at: 0 },
  ].map((plain) => {
    const memoUid = b64(random(16));
    const memoKey = random(64);
    const binding = { memoUid, sender, readersHash: hashReaders(plain.readers) };
    const aad = context('memo', memoUid, sender, binding.readersHash);
    const body = sealMemoBody(sealer, { memoKey, signing: decode(alice.ed25519Seed) }, binding, plain);
    const ephemeral = createEphemeralPair(random(32));
    const wraps = [alice, ...(plain.readers === '-' ? [] : [bob])].map((person) => {
      const reader = entryOf(person);
      const ctx = memoKeyContext(binding, reader);
      const publicKey = x25519PublicKey(decode(person.x25519Private));
      const wrap = wrapKeyTo(sealer, ephemeral, publicKey, ctx, memoKey) ?? new Uint8Array();
      return { reader, ctx, recipientPrivate: person.x25519Private, wrap: b64(wrap) };
    });
    return { ...binding, ...plain, memoKey: b64(memoKey), aad, body, wraps };
  });
  return { signerSeed: alice.ed25519Seed, memos };
}

async function trustVectors(rooms: ReturnType<typeof roomVectors>) {
  const random = createSeededRandom('vectors trust');
  const first = createPerson(random);
  const second = createIdentityKeys(2, random);
  const renewed = makeStatement(first.userUid, second);
  const other = createPerson(random, 9_999);
  const statements = [first.statement, renewed, other.statement];
  const texts = [
    ...statements.map(({ userUid, statement }) => ({ ownerUid: userUid, text: statement })),
    ...rooms.epochs.slice(0, 1).map(({ record }) => ({ ownerUid: rooms.roomUid, text: record })),
  ];
  const digits = [];
  for (const { ownerUid, text } of texts) {
    digits.push({ ownerUid, text, digits: await digitsOf(argon2id, ownerUid, text) });
  }
  const pairs = [
    [first.statement.statement, other.statement.statement],
    [other.statement.statement, renewed.statement],
  ] as const;
  const safetyNumbers = pairs.map(([left, right]) => ({ left, right, ...safetyNumberOf(left, right) }));
  const { userUid, entry } = first;
  const fields = [userUid, 1, entry.fingerprint, 2, fingerprintOf(renewed.statement)] as const;
  const said = context('succession', ...fields);
  const succession = {
    from: first.statement.statement,
    to: renewed.statement,
    said,
    signature: b64(ed25519Sign(first.keys.ed25519, encodeUtf8(said))),
  };
  return { digits, safetyNumbers, succession };
}

const decode = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64url'));

/** All vector files by name. */
export async function buildVectors(): Promise<Record<string, unknown>> {
  const rooms = roomVectors();
  return {
    'sealing.json': sealingVectors(),
    'account.json': await accountVectors(),
    'rooms.json': rooms,
    'messages.json': messageVectors(rooms),
    'reactions.json': reactionVectors(rooms),
    'memos.json': memoVectors(rooms),
    'trust.json': await trustVectors(rooms),
  };
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, value] of Object.entries(await buildVectors())) {
    writeFileSync(new URL(name, import.meta.url), `${JSON.stringify(value, null, 2)}\n`);
  }
}
