import { CryptoError } from './crypto-error.ts';
import { decodeBase64, encodeBase64, isObject, isUid } from './encoding.ts';
import type { CryptoEngineDeps, PersonVersion, RoomPerson } from './engine-types.ts';
import { type IdentityKeys, isIdentityVersion, type PublicIdentity } from './identity.ts';
import type { IdentityDirectory } from './identity-directory.ts';
import { createEphemeralPair, unwrapKey, wrapKeyTo } from './key-wrap.ts';
import {
  hashReaders,
  isMemoSignature,
  type MemoBinding,
  memoKeyContext,
  openMemoBody,
  parseMemoBody,
  readersText,
  sealMemoBody,
} from './memo.ts';
import type {
  MemoRow,
  OpenFailure,
  OpenMemoResult,
  SealedMemo,
  SealMemoInput,
  ShareMemoInput,
} from './memo-types.ts';
import { longestText } from './message-content.ts';
import { checkMemoEntry, pinNames, pinSeen } from './pin-rules.ts';
import type { Pins } from './pins.ts';
import type { Random } from './random.ts';
import type { RoomOwner } from './room.ts';
import { entryText, parseEntry } from './room-record.ts';
import type { Sealer } from './seal.ts';

/** Memos of one person: whom they may go to, and whether those that come are what they say (docs/e2e-protocol.md section 5). */
export type MemoBoxKeys = {
  /**
   * Seals for these people. Refuses UNCONFIRMED_VERSION and PIN_CONFLICT, STATEMENT_MISSING and BAD_STATEMENT, each with the
   * person, and BAD_INPUT.
   */
  seal(input: SealMemoInput): Promise<SealedMemo>;
  /** One result per row, in their order, signatures checked; never throws for a row. */
  open(rows: MemoRow[]): Promise<OpenMemoResult[]>;
  /** The key of a memo that I sent, for the newer identity of one of its readers. */
  share(input: ShareMemoInput): Promise<{ entry: string; wrap: string }>;
};

export type MemoBoxDeps = {
  sealer: Sealer;
  random: Random;
  me: RoomOwner;
  present: () => { identity: PublicIdentity; keys: IdentityKeys };
  directory: IdentityDirectory;
  pins: Pins;
  pinsTouched: () => Promise<void>;
  now: CryptoEngineDeps['now'];
};

type Unwrapped = { ok: true; key: Uint8Array; binding: MemoBinding; sender: RoomPerson };
type Failed = { ok: false; reason: OpenFailure; isUnavailable?: true };

const failure = (reason: OpenFailure): Failed => ({ ok: false, reason });

export function createMemoBox(deps: MemoBoxDeps): MemoBoxKeys {
  const { sealer, me, pins, directory } = deps;

  /** The identities of people, each confirmed for me. */
  const admit = async (people: readonly PersonVersion[]): Promise<PublicIdentity[]> => {
    const uids = new Set(people.map(({ userUid }) => userUid));
    if (uids.size !== people.length || uids.has(me.userUid)) throw new CryptoError('BAD_INPUT');
    if (people.some(({ version }) => !isIdentityVersion(version))) throw new CryptoError('BAD_INPUT');
    const identities = await directory.loadVersions([...people]);
    return people.map(({ userUid }, index) => {
      const identity = identities[index] ?? 'missing';
      if (identity === 'missing') throw new CryptoError('STATEMENT_MISSING', userUid);
      if (identity === 'bad') throw new CryptoError('BAD_STATEMENT', userUid);
      const check = checkMemoEntry(pins, identity);
      if (check === 'conflict') throw new CryptoError('PIN_CONFLICT', userUid);
      if (check === 'unconfirmed') throw new CryptoError('UNCONFIRMED_VERSION', userUid);
      return identity;
    });
  };

  const wrapFor = (readers: readonly PublicIdentity[], binding: MemoBinding, key: Uint8Array) => {
    const ephemeral = createEphemeralPair(deps.random(32));
    const wraps = readers.map(({ entry, x25519, userUid }) => {
      const wrap = wrapKeyTo(sealer, ephemeral, x25519, memoKeyContext(binding, entry), key);
      if (wrap === null) throw new CryptoError('BAD_STATEMENT', userUid);
      return { entry, wrap: encodeBase64(wrap) };
    });
    ephemeral.privateKey.fill(0);
    return wraps;
  };

  const seal = async ({ memoUid, readers, text, at }: SealMemoInput): Promise<SealedMemo> => {
    if (!isUid(memoUid) || text.length > longestText) throw new CryptoError('BAD_INPUT');
    const identities = await admit(readers);
    const entries = readersText(identities.map(({ entry }) => entry));
    const { identity: own, keys } = deps.present();
    const binding = { memoUid, sender: own.entry, readersHash: hashReaders(entries) };
    const memoKey = deps.random(64);
    const body = sealMemoBody(sealer, { memoKey, signing: keys.ed25519 }, binding, {
      text,
      readers: entries,
      at,
    });
    const [senderWrap, ...wraps] = wrapFor([own, ...identities], binding, memoKey);
    memoKey.fill(0);
    if (senderWrap === undefined) throw new CryptoError('BAD_INPUT');
    for (const identity of identities) pinSeen(pins, identity, deps.now());
    pinNames(pins, readers, deps.now());
    await deps.pinsTouched();
    const ascending = wraps.sort((left, right) => (left.entry < right.entry ? -1 : 1));
    return { sender: own.entry, senderWrap: senderWrap.wrap, readers: ascending, body };
  };

  /** The memo's key by the wrap that is for me. */
  const unwrap = (row: MemoRow): Unwrapped | Failed => {
    const sender = parseEntry(row.sender);
    const reader = parseEntry(row.wrapFor);
    if (!isUid(row.memoUid) || sender === null || sender.userUid !== row.senderUid)
      return failure('TAMPERED');
    if (reader === null || reader.userUid !== me.userUid) return failure('TAMPERED');
    // what I sent is wrapped for the key that I sent it with
    if (sender.userUid === me.userUid && row.sender !== row.wrapFor) return failure('TAMPERED');
    const own = me.own.find(({ entry }) => entry === row.wrapFor);
    const keys = me.identities.find(({ version }) => version === own?.version);
    const wrap = decodeBase64(row.wrap);
    if (keys === undefined || wrap === null) return failure('NO_KEY');
    const binding = { memoUid: row.memoUid, sender: row.sender, readersHash: row.readersHash };
    const key = unwrapKey(sealer, keys.x25519, memoKeyContext(binding, row.wrapFor), wrap);
    return key === null ? failure('NO_KEY') : { ok: true, key, binding, sender };
  };

  const openRow = (row: MemoRow): OpenMemoResult => {
    const unwrapped = unwrap(row);
    if (!unwrapped.ok) return unwrapped;
    const { key, binding, sender } = unwrapped;
    const body = parseMemoBody(row.body);
    const opened = body.ok ? openMemoBody(sealer, key, binding, body.sealed) : null;
    key.fill(0);
    if (!body.ok) return body;
    const readers = opened === null ? null : parseReaders(opened.plain.readers);
    if (opened === null || readers === null) return failure('TAMPERED');
    const isMine = sender.userUid === me.userUid;
    if (!isMine && readers.every(({ userUid }) => userUid !== me.userUid)) return failure('TAMPERED');
    const identity = directory.get(row.sender);
    if (identity === undefined) return { ...failure('NO_KEY'), isUnavailable: true };
    if (!isMemoSignature(opened, identity.ed25519)) return failure('TAMPERED');
    const check = isMine ? 'pinned' : checkMemoEntry(pins, identity);
    if (check === 'conflict') return failure('QUARANTINED');
    if (check === 'unknown') pinSeen(pins, identity, deps.now());
    const { text, at } = opened.plain;
    return { ok: true, value: { text, at, readers }, isSenderConfirmed: check !== 'unconfirmed' };
  };

  const open = async (rows: MemoRow[]): Promise<OpenMemoResult[]> => {
    const senders = rows.flatMap((row) => (isRow(row) ? (parseEntry(row.sender) ?? []) : []));
    const unique = new Map(senders.map((sender) => [entryText(sender), sender]));
    const loaded = await directory.load([...unique.values()]).catch(() => null);
    // a statement that is not the one the memo names is the server's doing; one that did not come may come later
    const bad = new Set(loaded?.bad.map(entryText));
    const results = rows.map((row): OpenMemoResult => {
      if (!isRow(row) || bad.has(row.sender)) return failure('TAMPERED');
      try {
        return openRow(row);
      } catch {
        return failure('TAMPERED');
      }
    });
    const named = rows.flatMap((row, index) =>
      results[index]?.ok === true && row.senderUid !== me.userUid
        ? [{ userUid: row.senderUid, displayName: row.senderName }]
        : [],
    );
    pinNames(pins, named, deps.now());
    await deps.pinsTouched();
    return results;
  };

  const share = async ({ row, reader }: ShareMemoInput): Promise<{ entry: string; wrap: string }> => {
    const [result] = await open([row]);
    const isReader =
      result?.ok === true && result.value.readers.some((one) => one.userUid === reader.userUid);
    if (!isReader || row.senderUid !== me.userUid) throw new CryptoError('BAD_INPUT');
    const [identity] = await admit([reader]);
    const unwrapped = unwrap(row);
    if (identity === undefined || !unwrapped.ok) throw new CryptoError('BAD_INPUT');
    const [wrap] = wrapFor([identity], unwrapped.binding, unwrapped.key);
    unwrapped.key.fill(0);
    if (wrap === undefined) throw new CryptoError('BAD_INPUT');
    return wrap;
  };

  return { seal, open, share };
}

/** The people whom a memo names, or null where it is not spelled as it must be. */
function parseReaders(text: string): RoomPerson[] | null {
  if (text === '-') return [];
  const people = text.split(',').map(parseEntry);
  const known = people.flatMap((person) => person ?? []);
  const isWhole = known.length === people.length && readersText(known.map(entryText)) === text;
  return isWhole && new Set(known.map(({ userUid }) => userUid)).size === known.length ? known : null;
}

/** A server may send anything. */
const isRow = (row: unknown): row is MemoRow =>
  isObject(row) &&
  ['memoUid', 'senderUid', 'senderName', 'sender', 'readersHash', 'body', 'wrap', 'wrapFor'].every(
    (field) => typeof row[field] === 'string',
  );
