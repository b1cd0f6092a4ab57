/**
 * People of the tests: real identities and epoch records (docs/e2e-protocol.md sections 3 and 4), so that the server's
 * checks run as they do in earnest. What only clients can open (vaults, wraps, envelopes) is random bytes of the right
 * length, which the server cannot tell apart.
 */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { RequestInput } from '#contract/index.ts';
import type { NewEpoch } from '#contract/sealed.ts';

export type TestPerson = {
  userUid: string;
  username: string;
  displayName: string;
  authKey: string;
  /** The proof of the recovery sheet. */
  recoveryAuth: string;
  statement: string;
  statementSignature: string;
  /** `userUid.version.fp`: how records name this person. */
  entry: string;
  sign: (text: string) => string;
};

export type TestEpoch = NewEpoch & { hash: string; epoch: number };

type EpochWish = {
  roomUid: string;
  type: 'direct' | 'group';
  creator: TestPerson;
  /** Everybody in it, the creator included. */
  people: readonly TestPerson[];
  /** The epoch before; left out for the first one. */
  previous?: TestEpoch | { epoch: number; hash: string };
  /** Direct rooms always have history, groups only if asked for. */
  history?: 0 | 1;
};

const b64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const sha256 = (text: string | Uint8Array): Buffer => createHash('sha256').update(text).digest();

/** A random 128-bit id, as clients make them. */
export const randomUid = (): string => b64(randomBytes(16));
/** Base64url of so many random bytes. */
export const randomB64 = (bytes: number): string => b64(randomBytes(bytes));

const displayNames: Readonly<Record<string, string>> = { alice: '김앨리스', bob: '이밥', carol: '박캐롤' };

/** A new person with a fresh identity. */
export const createPerson = (username: string): TestPerson => createIdentity(username, randomUid(), 1);

/** The same person after a reset: the next identity version, another password, another sheet. */
export const nextIdentity = (person: TestPerson): TestPerson =>
  laterIdentity(person, Number(person.entry.split('.')[1]) + 1);

/** The same person with that identity version. */
export const laterIdentity = ({ username, userUid }: TestPerson, version: number): TestPerson =>
  createIdentity(username, userUid, version);

function createIdentity(username: string, userUid: string, version: number): TestPerson {
  const x25519 = generateKeyPairSync('x25519').publicKey.export({ format: 'jwk' });
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const ed25519 = publicKey.export({ format: 'jwk' });
  const statement = `maru/1|identity|${userUid}|${version}|${x25519.x}|${ed25519.x}`;
  const signText = (text: string): string => b64(sign(null, Buffer.from(text), privateKey));
  return {
    userUid,
    username,
    displayName: displayNames[username] ?? username,
    authKey: randomB64(32),
    recoveryAuth: randomB64(32),
    statement,
    statementSignature: signText(statement),
    entry: `${userUid}.${version}.${b64(sha256(statement).subarray(0, 16))}`,
    sign: signText,
  };
}

/** The input of this person's registration. */
export const registrationOf = (person: TestPerson): RequestInput<'account:register'> => ({
  userUid: person.userUid,
  username: person.username,
  displayName: person.displayName,
  salt: randomB64(16),
  kdf: { memoryKiB: 65_536, iterations: 3, parallelism: 1 },
  authKey: person.authKey,
  statement: person.statement,
  statementSignature: person.statementSignature,
  vault: { keys: { counter: 1, blob: randomB64(400) }, pins: { counter: 1, blob: randomB64(192) } },
  passwordWrap: randomB64(128),
  recoveryWrap: randomB64(160),
  recoveryAuth: person.recoveryAuth,
});

/** A vault under another key, with these counters, as every request that replaces one carries it. */
export const renewalWith = (counters: { keys: number; pins: number }) => ({
  salt: randomB64(16),
  kdf: { memoryKiB: 65_536, iterations: 3, parallelism: 1 as const },
  keys: { counter: counters.keys, blob: randomB64(400) },
  pins: { counter: counters.pins, blob: randomB64(192) },
  passwordWrap: randomB64(128),
  recoveryWrap: randomB64(160),
});

/** A signed epoch record with a wrap for everybody in it. */
export function createEpoch(wish: EpochWish): TestEpoch {
  const { roomUid, type, creator, people, previous } = wish;
  const history = wish.history ?? (type === 'direct' ? 1 : 0);
  const epoch = (previous?.epoch ?? 0) + 1;
  const kid = b64(sha256(Buffer.concat([Buffer.from(`maru/1|kid|${roomUid}|${epoch}`), randomBytes(64)])));
  // code units and bytes sort alike, because entries are ASCII
  const entries = people.map(({ entry }) => entry).sort((left, right) => (left < right ? -1 : 1));
  const fields = [roomUid, type === 'direct' ? 'd' : 'g', epoch, kid, previous?.hash ?? '-', history];
  const record = `maru/1|epoch|${[...fields, creator.entry, entries.join(',')].join('|')}`;
  return {
    epoch,
    record,
    hash: b64(sha256(record)),
    signature: creator.sign(record),
    wraps: people.map(({ userUid }) => ({ userUid, wrap: randomB64(160) })),
  };
}

/** What a request takes of an epoch. */
export const epochInput = ({ record, signature, wraps }: TestEpoch): NewEpoch => ({
  record,
  signature,
  wraps,
});

/** A sealed message of an epoch; `bytes` of random ciphertext. */
export const createEnvelope = (epoch: number, bytes = 256): string => `m1.${epoch}.${randomB64(bytes)}`;
