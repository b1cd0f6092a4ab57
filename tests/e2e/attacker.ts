/** What somebody makes who runs the server and has keys of their own: identities, epochs and rows, all of it well-formed. */
import { argon2Sync, createHash, randomBytes } from 'node:crypto';
import type { Message } from '#contract/messages.ts';
import type { EpochRow, NewEpoch, StatementRow } from '#contract/sealed.ts';
import { createHttpClient } from '../../server/testing/http-client.ts';
import { randomB64, randomUid, registrationOf } from '../../server/testing/people.ts';
import { connectTestClient } from '../../server/testing/test-client.ts';
import type { TestClient } from '../../server/testing/test-client.ts';
import { encodeBase64, encodeUtf8 } from '../../static/crypto/encoding.ts';
import { sealEnvelope } from '../../static/crypto/envelope.ts';
import { createIdentityKeys, makeStatement, parseStatement } from '../../static/crypto/identity.ts';
import type { IdentityKeys, PublicIdentity } from '../../static/crypto/identity.ts';
import { ed25519Sign, nobleAes } from '../../static/crypto/primitives.ts';
import { deriveRecoveryKeys, parseSheet } from '../../static/crypto/recovery-sheet.ts';
import { deriveEpochKeys, nextRecord, openEpochKey, wrapRoomKey } from '../../static/crypto/room-key.ts';
import { entryText, hashRecord, parseRecord, serialiseRecord } from '../../static/crypto/room-record.ts';
import type { RoomRecord } from '../../static/crypto/room-record.ts';
import { createSealer } from '../../static/crypto/seal.ts';
import { unwrapVaultKeyByRecovery } from '../../static/crypto/vault.ts';

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
const sealer = createSealer(nobleAes, random);

/** Both halves of somebody's keys, and their statement. */
export type Identity = PublicIdentity & { keys: IdentityKeys; row: StatementRow };

/** New keys in the name of `userUid`. */
export function makeIdentity(userUid: string = randomUid(), version = 1): Identity {
  const keys = createIdentityKeys(version, random);
  const row = makeStatement(userUid, keys);
  return { ...publicIdentity(row), keys, row };
}

export function publicIdentity(row: StatementRow): PublicIdentity {
  const identity = parseStatement(row);
  if (identity === null) throw new Error('a statement of another form');
  return identity;
}

/** What somebody reads out from their screen: docs/e2e-protocol.md section 7, computed apart from the product. */
export const digitsToReadOut = ({ userUid, row }: Pick<Identity, 'userUid' | 'row'>): string =>
  digitsIn(
    argon2Sync('argon2id', {
      message: row.statement,
      nonce: createHash('sha256').update(`maru/1|digits|${userUid}`).digest().subarray(0, 16),
      memory: 65_536,
      passes: 3,
      parallelism: 1,
      tagLength: 32,
    }),
  );

/** The digits that a short plain hash would have: 10¹² of them are searched through in hours. */
export const groundDigits = ({ row }: Pick<Identity, 'row'>): string =>
  digitsIn(createHash('sha256').update(row.statement).digest());

const digitsIn = (hash: Buffer): string => String(hash.readUIntBE(0, 5) % 10 ** 12).padStart(12, '0');

export type ForgedEpoch = {
  key: Uint8Array;
  /** As the server shows it to whoever has this wrap. */
  rowFor: (userUid: string) => EpochRow;
  /** As a client sends it. */
  input: NewEpoch;
};

type EpochWish = Pick<RoomRecord, 'roomUid' | 'type'> & {
  history?: boolean;
  creator: Identity;
  /** Who signs: another than the creator where that is the attack. */
  signer?: Identity;
  people: readonly PublicIdentity[];
  previous?: Pick<EpochRow, 'epoch' | 'hash'> | undefined;
  /** Its number follows, and it names no record before it. */
  isNewChain?: boolean;
  afterSeq?: number;
};

/** An epoch with a real key, wrapped for everybody in it. */
export function forgeEpoch(wish: EpochWish): ForgedEpoch {
  const { roomUid, type, people, creator, previous, signer = creator, afterSeq = 0 } = wish;
  const key = random(64);
  const epoch = (previous?.epoch ?? 0) + 1;
  const base = { roomUid, type, history: wish.history ?? type === 'direct', creator, people: [...people] };
  const prev = wish.isNewChain === true ? null : (previous?.hash ?? null);
  const record = serialiseRecord(nextRecord(base, epoch, prev, key));
  const hash = hashRecord(record);
  const wrapped = wrapRoomKey(sealer, random, { roomUid, epoch, hash, key }, [...people]);
  if ('badUid' in wrapped) throw new Error('a key of low order');
  const { wraps } = wrapped;
  const signature = encodeBase64(ed25519Sign(signer.keys.ed25519, encodeUtf8(record)));
  return {
    key,
    input: { record, signature, wraps },
    rowFor: (userUid) => {
      const wrap = wraps.find((one) => one.userUid === userUid)?.wrap ?? null;
      return { roomUid, epoch, hash, record, signature, wrap, afterSeq, madeAt: Date.now() };
    },
  };
}

/** The key of an epoch that was wrapped for this identity. */
export function keyOf(row: EpochRow, { userUid, keys, version, entry }: Identity): Uint8Array {
  const record = parseRecord(row.record);
  if (record === null) throw new Error('a record of another form');
  const key = openEpochKey(
    sealer,
    { ...row, record },
    { userUid, identities: [keys], own: [{ version, entry }] },
  );
  if (typeof key === 'string') throw new Error(`no key: ${key}`);
  return key;
}

/** How a record names somebody. */
export function entryIn({ record }: Pick<EpochRow, 'record'>, userUid: string): string {
  const person = parseRecord(record)?.people.find((one) => one.userUid === userUid);
  if (person === undefined) throw new Error('not in that record');
  return entryText(person);
}

/** The vault key in a wrap, by the groups of a recovery sheet; null where it was made for another key. */
export function openBySheet(groups: readonly string[], userUid: string, wrap: string): Uint8Array | null {
  const bits = parseSheet(groups.join(''));
  if (bits === null) throw new Error('no sheet');
  const { privateKey, publicKey } = deriveRecoveryKeys(bits);
  return unwrapVaultKeyByRecovery(sealer, privateKey, { userUid, recoveryKey: publicKey }, wrap);
}

type MessageWish = {
  epoch: Pick<EpochRow, 'roomUid' | 'epoch' | 'hash'>;
  key: Uint8Array;
  sender: Identity;
  text: string;
  target?: string | null;
  n?: number;
  clientId?: string;
};

/** A row that its sender really sealed and signed; the server's part of it (seq, rev) is for the caller to give. */
export function forgeMessage(wish: MessageWish): Omit<Message, 'seq' | 'rev'> {
  const { epoch, key, sender, text, target = null, n = 0, clientId = randomUid() } = wish;
  const { roomUid, hash } = epoch;
  const place = { roomUid, epoch: epoch.epoch, hash, senderEntry: sender.entry, clientId, target, n };
  const at = Date.now();
  const envelope = sealEnvelope(
    sealer,
    { message: deriveEpochKeys(key).message, signing: sender.keys.ed25519 },
    place,
    { content: { kind: 'text', text }, at, after: null },
  );
  const { userUid: senderUid } = sender;
  return { roomUid, senderUid, clientId, kind: 'text', target, n, envelope, sentAt: at };
}

/** A colleague who works with the operator: an account like any other, whose keys the attacker has. */
export type Colluder = { identity: Identity; client: TestClient };

export async function signUpColluder(port: number, username: string, displayName: string): Promise<Colluder> {
  const identity = makeIdentity();
  const person = {
    userUid: identity.userUid,
    username,
    displayName,
    authKey: randomB64(32),
    recoveryAuth: randomB64(32),
    statement: identity.row.statement,
    statementSignature: identity.row.signature,
    entry: identity.entry,
    sign: (text: string) => encodeBase64(ed25519Sign(identity.keys.ed25519, encodeUtf8(text))),
  };
  const answer = await createHttpClient(port).request('POST', '/api/register', registrationOf(person));
  if (answer.status !== 200) throw new Error(`${username} could not register: ${answer.text}`);
  return { identity, client: await connectTestClient(port, person) };
}
