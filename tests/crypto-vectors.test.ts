/**
 * The known answers of tests/vectors, checked by a second implementation: Node's own cryptography and what
 * docs/e2e-protocol.md says, without a line of static/crypto. Only the last test looks at the generator.
 */
import assert from 'node:assert/strict';
import {
  argon2Sync,
  createDecipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  hkdfSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import account from './vectors/account.json' with { type: 'json' };
import memos from './vectors/memos.json' with { type: 'json' };
import messages from './vectors/messages.json' with { type: 'json' };
import reactions from './vectors/reactions.json' with { type: 'json' };
import rooms from './vectors/rooms.json' with { type: 'json' };
import sealing from './vectors/sealing.json' with { type: 'json' };
import trust from './vectors/trust.json' with { type: 'json' };
import { buildVectors } from './vectors/vector-generator.ts';

const decode = (text: string): Buffer => Buffer.from(text, 'base64url');
const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const sha256 = (...parts: (string | Buffer)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const hkdf = (key: Buffer, salt: Buffer, info: string, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', key, salt, info, length));
const derive = (key: Buffer, label: string, length: number): Buffer =>
  hkdf(key, Buffer.alloc(0), `maru/1|sub|${label}`, length);

function open(key: Buffer, aad: string, sealed: Buffer): Buffer {
  const body = sealed.subarray(0, -32);
  const bits = Buffer.alloc(8);
  bits.writeBigUInt64BE(BigInt(Buffer.byteLength(aad)) * 8n);
  const mac = createHmac('sha512', key.subarray(0, 32)).update(aad).update(body).update(bits).digest();
  assert.deepEqual(mac.subarray(0, 32), sealed.subarray(-32), 'tag');
  const cipher = createDecipheriv('aes-256-cbc', key.subarray(32), body.subarray(0, 16));
  return Buffer.concat([cipher.update(body.subarray(16)), cipher.final()]);
}

const privateKey = (curve: 'Ed25519' | 'X25519', secret: Buffer): KeyObject => {
  const prefix =
    curve === 'Ed25519' ? '302e020100300506032b657004220420' : '302e020100300506032b656e04220420';
  const der = Buffer.concat([Buffer.from(prefix, 'hex'), secret]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
};
const publicKey = (crv: 'Ed25519' | 'X25519', x: string): KeyObject =>
  createPublicKey({ key: { kty: 'OKP', crv, x }, format: 'jwk' });
const publicText = (key: KeyObject): string => String(createPublicKey(key).export({ format: 'jwk' }).x);

function unwrap(recipientPrivate: string, ctx: string, wrapText: string): Buffer {
  const wrap = decode(wrapText);
  assert.equal(wrap.length, 160);
  const recipient = privateKey('X25519', decode(recipientPrivate));
  const ephemeral = wrap.subarray(0, 32);
  const shared = diffieHellman({ privateKey: recipient, publicKey: publicKey('X25519', encode(ephemeral)) });
  const salt = Buffer.concat([ephemeral, decode(publicText(recipient))]);
  return open(hkdf(shared, salt, ctx, 64), ctx, wrap.subarray(32));
}

test('sealed bytes open by RFC 7518 and begin with their IV', () => {
  for (const { key, iv, aad, plain, sealed } of sealing.seals) {
    assert.deepEqual(decode(sealed).subarray(0, 16), decode(iv));
    assert.equal(encode(open(decode(key), aad, decode(sealed))), plain);
  }
});

test('sub-keys are HKDF-SHA-256 with an empty salt, of the length that the label has', () => {
  const short = new Set(['auth', 'recovery-auth', 'recovery-x25519', 'reaction-token']);
  for (const { key, label, info, result } of sealing.derived) {
    assert.equal(info, `maru/1|sub|${label}`);
    assert.equal(encode(derive(decode(key), label, short.has(label) ? 32 : 64)), result);
  }
  const { key, deviceId, result } = sealing.deviceKey;
  assert.equal(encode(hkdf(decode(key), Buffer.alloc(0), `maru/1|device-key|${deviceId}`, 64)), result);
});

test('the password becomes its keys, in NFKC', () => {
  const { password, salt, kdf, master, authKey, wrapKey } = account.password;
  const made = argon2Sync('argon2id', {
    message: password.normalize('NFKC'),
    nonce: decode(salt),
    parallelism: kdf.parallelism,
    memory: kdf.memoryKiB,
    passes: kdf.iterations,
    tagLength: 32,
  });
  assert.notEqual(password, password.normalize('NFKC'));
  assert.equal(encode(made), master);
  assert.equal(encode(derive(made, 'auth', 32)), authKey);
  assert.equal(encode(derive(made, 'wrap', 64)), wrapKey);
});

test('statements name their keys, their signatures verify, and the fingerprint is a hash of them', () => {
  for (const person of [account.identity, ...rooms.people]) {
    const x = publicText(privateKey('X25519', decode(person.x25519Private)));
    const ed = publicText(privateKey('Ed25519', decode(person.ed25519Seed)));
    const { userUid, version, statement, signature, fingerprint } = person;
    assert.equal(statement, `maru/1|identity|${userUid}|${String(version)}|${x}|${ed}`);
    assert.equal(verify(null, Buffer.from(statement), publicKey('Ed25519', ed), decode(signature)), true);
    assert.equal(fingerprint, encode(sha256(statement).subarray(0, 16)));
  }
});

test('the vault opens by the password, by the sheet and in its own browser', () => {
  const { identity, vaultKey, passwordWrap, recovery, device, local } = account;
  const { userUid } = identity;
  const key = decode(vaultKey);
  for (const [label, part] of [
    ['keys', account.keys],
    ['pins', account.pins],
  ] as const) {
    assert.equal(part.aad, `maru/1|vault|${label}|${userUid}|${String(part.counter)}`);
    const json: unknown = JSON.parse(open(derive(key, label, 64), part.aad, decode(part.blob)).toString());
    assert.deepEqual(json, part.json);
  }
  const [keys] = account.keys.json.identities;
  assert.deepEqual(keys, { version: 1, x25519: identity.x25519Private, ed25519: identity.ed25519Seed });
  assert.equal(passwordWrap.aad, `maru/1|vault-key|password|${userUid}`);
  const byPassword = open(decode(account.password.wrapKey), passwordWrap.aad, decode(passwordWrap.wrap));
  assert.equal(encode(byPassword), vaultKey);
  const bits = decode(recovery.bits);
  assert.equal(encode(derive(bits, 'recovery-auth', 32)), recovery.recoveryAuth);
  assert.equal(encode(derive(bits, 'recovery-x25519', 32)), recovery.privateKey);
  assert.equal(recovery.context, `maru/1|vault-key|recovery|${userUid}|${account.keys.json.recovery}`);
  assert.equal(encode(unwrap(recovery.privateKey, recovery.context, recovery.wrap)), vaultKey);
  assert.equal(device.aad, `maru/1|device-vault|${userUid}|${device.deviceId}`);
  assert.equal(encode(open(decode(device.deviceKey), device.aad, decode(device.sealed ?? ''))), vaultKey);
  const root = decode(local.localRoot);
  const deviceKey = hkdf(root, Buffer.alloc(0), `maru/1|device-key|${local.deviceId}`, 64);
  assert.equal(open(deviceKey, local.aad, decode(local.sealed)).toString(), local.plain);
  assert.equal(open(derive(root, 'draft', 64), local.draftAad, decode(local.draft)).toString(), 'kept here');
  assert.equal(open(derive(root, 'setting', 64), local.settingAad, decode(local.setting)).toString(), 'dark');
});

test('a sheet is its bits in Crockford base 32, and a group that checks them', () => {
  const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
  const { bits, groups } = account.recovery;
  const spell = (bytes: Buffer, letters: number): string => {
    const binary = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
    return Array.from(
      { length: letters },
      (_, index) => alphabet[Number.parseInt(binary.slice(index * 5, index * 5 + 5), 2)],
    ).join('');
  };
  assert.equal(groups.slice(0, 8).join(''), spell(decode(bits), 32));
  assert.equal(groups[8], spell(sha256(`maru/1|sheet|${bits}`), 4));
});

test('records, key ids, hashes, signatures and wraps are as described', () => {
  const personByUid = new Map(rooms.people.map((person) => [person.userUid, person]));
  let prev = '-';
  for (const { epoch, key, kid, record, hash, signature, creatorUid, wraps } of rooms.epochs) {
    const e = String(epoch);
    assert.equal(kid, encode(sha256(`maru/1|kid|${rooms.roomUid}|${e}`, decode(key))));
    const entryOf = (userUid: string): string => {
      const person = personByUid.get(userUid);
      assert.ok(person);
      return `${userUid}.${String(person.version)}.${person.fingerprint}`;
    };
    const entries = wraps.map(({ userUid }) => entryOf(userUid)).sort();
    const history = epoch > 1 ? '1' : '0';
    const fields = [rooms.roomUid, 'g', e, kid, prev, history, entryOf(creatorUid), entries.join(',')];
    assert.equal(record, `maru/1|epoch|${fields.join('|')}`);
    assert.equal(hash, encode(sha256(record)));
    const creator = personByUid.get(creatorUid);
    const ed = creator?.statement.split('|')[5] ?? '';
    assert.equal(verify(null, Buffer.from(record), publicKey('Ed25519', ed), decode(signature)), true);
    for (const wrap of wraps) {
      const ctx = `maru/1|room-key|${rooms.roomUid}|${e}|${hash}|${entryOf(wrap.userUid)}`;
      assert.equal(wrap.context, ctx);
      assert.equal(encode(unwrap(personByUid.get(wrap.userUid)?.x25519Private ?? '', ctx, wrap.wrap)), key);
    }
    prev = hash;
  }
});

test('messages open and their signatures are over aad and content', () => {
  const [epoch] = rooms.epochs;
  const key = derive(decode(epoch?.key ?? ''), 'message', 64);
  assert.equal(encode(key), messages.messageKey);
  const seed = decode(rooms.people[0]?.ed25519Seed ?? '');
  for (const message of messages.messages) {
    const { roomUid, hash, senderEntry, clientId, kind, target, n, content } = message;
    const aad = [
      'maru/1|message',
      roomUid,
      '1',
      hash,
      senderEntry,
      clientId,
      kind,
      target ?? '-',
      String(n),
    ].join('|');
    assert.equal(message.aad, aad);
    assert.match(message.envelope, /^m1\.1\.[A-Za-z0-9_-]{192,}$/);
    const plain = open(key, aad, decode(message.envelope.split('.')[2] ?? ''));
    const json = plain.subarray(64);
    const parsed: unknown = JSON.parse(json.toString());
    assert.deepEqual(parsed, { ...content, after: content.after ?? '-' });
    const signed = `maru/1|message-sig|${encode(sha256(aad))}|${encode(sha256(json))}`;
    // Ed25519 is deterministic: the signature itself is a known answer.
    const expected = sign(null, Buffer.from(signed), privateKey('Ed25519', seed));
    assert.equal(encode(plain.subarray(0, 64)), encode(expected));
  }
});

test('reactions open, and a token is an HMAC over place and emoji', () => {
  const epochKey = decode(rooms.epochs[0]?.key ?? '');
  const key = derive(epochKey, 'reaction', 64);
  const tokenKey = derive(epochKey, 'reaction-token', 32);
  assert.deepEqual([encode(key), encode(tokenKey)], [reactions.reactionKey, reactions.tokenKey]);
  for (const { roomUid, hash, target, reactorUid, emoji, token, sealed } of reactions.reactions) {
    const [senderUid, clientId] = target.split('.');
    const named = `maru/1|reaction-token|${senderUid}|${clientId}|${emoji}`;
    const expected = createHmac('sha256', tokenKey).update(named).digest().subarray(0, 16);
    assert.equal(token, encode(expected));
    assert.match(sealed, /^r1\.1\.[A-Za-z0-9_-]{86,}$/);
    const aad = ['maru/1|reaction', roomUid, hash, senderUid, clientId, reactorUid, token].join('|');
    assert.equal(open(key, aad, decode(sealed.split('.')[2] ?? '')).toString(), emoji);
  }
});

test('memos open by each wrap, and are bound to sender and readers', () => {
  for (const memo of memos.memos) {
    const { memoUid, sender, readers, readersHash, text, at, memoKey, body } = memo;
    assert.equal(readersHash, encode(sha256(`maru/1|readers|${readers}`)));
    const aad = `maru/1|memo|${memoUid}|${sender}|${readersHash}`;
    assert.equal(memo.aad, aad);
    assert.match(body, /^n1\.[A-Za-z0-9_-]{150,}$/);
    const plain = open(decode(memoKey), aad, decode(body.slice(3)));
    const json = plain.subarray(64);
    const parsed: unknown = JSON.parse(json.toString());
    assert.deepEqual(parsed, { text, readers, at });
    const signed = `maru/1|memo-sig|${encode(sha256(aad))}|${encode(sha256(json))}`;
    const expected = sign(null, Buffer.from(signed), privateKey('Ed25519', decode(memos.signerSeed)));
    assert.equal(encode(plain.subarray(0, 64)), encode(expected));
    for (const { reader, ctx, recipientPrivate, wrap } of memo.wraps) {
      assert.equal(ctx, `maru/1|memo-key|${memoUid}|${sender}|${reader}|${readersHash}`);
      assert.equal(encode(unwrap(recipientPrivate, ctx, wrap)), memoKey);
    }
  }
});

const bigEndian = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`);

test('digits are read from Argon2id over a statement or record, salted with whose it is', () => {
  for (const { ownerUid, text, digits } of trust.digits) {
    const made = argon2Sync('argon2id', {
      message: text,
      nonce: sha256(`maru/1|digits|${ownerUid}`).subarray(0, 16),
      parallelism: 1,
      memory: 65_536,
      passes: 3,
      tagLength: 32,
    });
    assert.equal(String(bigEndian(made.subarray(0, 5)) % 10n ** 12n).padStart(12, '0'), digits);
  }
});

test('a safety number is a hash of both statements in byte order, whoever looks at it', () => {
  for (const { left, right, groups, code } of trust.safetyNumbers) {
    const [first, second] = [left, right].sort((one, two) =>
      Buffer.compare(Buffer.from(one), Buffer.from(two)),
    );
    const hash = createHash('sha512').update(`maru/1|safety|${first}|${second}`).digest();
    const made = Array.from({ length: 12 }, (_, index) =>
      String(bigEndian(hash.subarray(5 * index, 5 * index + 5)) % 100_000n).padStart(5, '0'),
    );
    assert.deepEqual(made, groups);
    assert.equal(code, `maru-sn1:${encode(hash)}`);
  }
});

test('a succession is signed by the older key and names both', () => {
  const { from, to, said, signature } = trust.succession;
  const [, , userUid = '', oldVersion = '', , ed = ''] = from.split('|');
  const newVersion = to.split('|')[3] ?? '';
  const [oldFp, newFp] = [from, to].map((text) => encode(sha256(text).subarray(0, 16)));
  const parts = [userUid, oldVersion, oldFp, newVersion, newFp];
  assert.equal(said, `maru/1|succession|${parts.join('|')}`);
  assert.equal(verify(null, Buffer.from(said), publicKey('Ed25519', ed), decode(signature)), true);
});

test('the generator still makes these files', async () => {
  for (const [name, value] of Object.entries(await buildVectors())) {
    const text = readFileSync(new URL(`vectors/${name}`, import.meta.url), 'utf8');
    assert.equal(`${JSON.stringify(value, null, 2)}\n`, text, name);
  }
});
