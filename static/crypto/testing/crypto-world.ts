import type { EpochRow, OtherWrap, StatementRow } from '#contract/sealed.ts';
import { encodeBase64, encodeUtf8 } from '../encoding.ts';
import { createCryptoEngine } from '../engine.ts';
import type {
  Argon2,
  CryptoEngine,
  CryptoStorage,
  MadeEpoch,
  MessageRow,
  RoomVerdict,
  VaultRow,
  PersonVersion,
} from '../engine-types.ts';
import { createMemoBox } from '../memo-box.ts';
import { createRecoveryDesk } from '../recovery-desk.ts';
import { createTrustDesk } from '../trust-desk.ts';
import { hashRecord, parseRecord } from '../room-record.ts';
import { hkdfSha256, sha256 } from '../primitives.ts';
import { concatBytes } from '../encoding.ts';

/** A server that stores what clients send it, and people with engines of their own; all of it in memory. */

export const startTime = 1_800_000_000_000;

/** Random bytes that are the same in every run. */
export function createSeededRandom(seed: string): (length: number) => Uint8Array {
  let counter = 0;
  return (length) => {
    counter += 1;
    return hkdfSha256(encodeUtf8(seed), new Uint8Array(0), encodeUtf8(String(counter)), length);
  };
}

/** Stands in for Argon2id where the test is about something else. */
export const quickHash: Argon2 = async (password, salt) => sha256(concatBytes(salt, encodeUtf8(password)));

export function createMemoryStorage(): CryptoStorage & { valueByKey: Map<string, string> } {
  const valueByKey = new Map<string, string>();
  return {
    valueByKey,
    get: async (key) => valueByKey.get(key) ?? null,
    put: async (key, value) => {
      valueByKey.set(key, value);
    },
  };
}

export type StoredEpoch = {
  record: string;
  signature: string;
  wrapByUid: Map<string, string>;
  /** Where that is a wrap for another version than the record names. */
  versionByUid?: Map<string, number>;
  /** What the server has for somebody besides. */
  othersByUid?: Map<string, OtherWrap[]>;
  afterSeq: number;
};

export type StoredRoom = { epochs: StoredEpoch[]; memberUids: string[]; messages: MessageRow[] };

function wrapVersionOf(stored: StoredEpoch, userUid: string): { wrapVersion?: number } {
  const named = parseRecord(stored.record)?.people.find((person) => person.userUid === userUid)?.version;
  const version = stored.versionByUid?.get(userUid) ?? named;
  return version === undefined || !stored.wrapByUid.has(userUid) ? {} : { wrapVersion: version };
}

type EngineDeps = Parameters<typeof createCryptoEngine>[0];

export type Person = {
  userUid: string;
  displayName: string;
  engine: CryptoEngine;
  deps: EngineDeps;
  row: VaultRow;
  salt: string;
};

export type World = ReturnType<typeof createWorld>;

export const password = 'wide wooden floor';

export function createWorld(seed = 'world') {
  const random = createSeededRandom(seed);
  const uid = (): string => encodeBase64(random(16));
  const statementByName = new Map<string, StatementRow>();
  const roomByUid = new Map<string, StoredRoom>();
  const nameByUid = new Map<string, string>();
  const titleByRoom = new Map<string, string>();
  const clock = { now: startTime };

  const roomOf = (roomUid: string): StoredRoom => {
    const room = roomByUid.get(roomUid);
    if (room === undefined) throw new Error('no such room');
    return room;
  };

  const rowAt = (room: StoredRoom, roomUid: string, index: number, userUid: string): EpochRow[] => {
    const stored = room.epochs[index];
    if (stored === undefined) return [];
    return [
      {
        roomUid,
        epoch: parseRecord(stored.record)?.epoch ?? index + 1,
        hash: hashRecord(stored.record),
        record: stored.record,
        signature: stored.signature,
        wrap: stored.wrapByUid.get(userUid) ?? null,
        ...wrapVersionOf(stored, userUid),
        otherWraps: stored.othersByUid?.get(userUid),
        afterSeq: stored.afterSeq,
        madeAt: clock.now,
      },
    ];
  };

  const depsFor = (userUid: string, storage: CryptoStorage = createMemoryStorage()): EngineDeps => ({
    deviceId: uid(),
    argon2: quickHash,
    storage,
    fetchRecords: async (roomUid, from, to) => {
      const room = roomOf(roomUid);
      return room.epochs
        .flatMap((_, index) => rowAt(room, roomUid, index, userUid))
        .filter((row) => row.epoch >= from && row.epoch <= to);
    },
    fetchStatements: async (people) =>
      people.flatMap(
        ({ userUid: other, version }) => statementByName.get(`${other}.${String(version)}`) ?? [],
      ),
    pinsChanged: () => undefined,
    loadMemos: () => createMemoBox,
    loadTrust: () => createTrustDesk,
    loadRecovery: () => createRecoveryDesk,
    now: () => clock.now,
    random,
  });

  const publish = (row: StatementRow): void => {
    statementByName.set(`${row.userUid}.${String(row.version)}`, row);
  };

  /** Of everybody, what a server publishes as the newest. */
  const newestVersions = (): PersonVersion[] => {
    const versions = new Map<string, number>();
    for (const { userUid, version } of statementByName.values())
      versions.set(userUid, Math.max(version, versions.get(userUid) ?? 0));
    return [...versions].map(([userUid, version]) => ({ userUid, version }));
  };

  const addPerson = async (displayName: string): Promise<Person> => {
    const userUid = uid();
    const deps = depsFor(userUid);
    const engine = createCryptoEngine(deps);
    const username = displayName.toLowerCase();
    const prepared = await engine.prepareRegistration({ userUid, username, displayName, password });
    const { statement, statementSignature, vault, passwordWrap, recoveryWrap } = prepared.request;
    publish({ userUid, version: 1, statement, signature: statementSignature });
    nameByUid.set(userUid, displayName);
    await engine.finishRegistration();
    const row: VaultRow = {
      userUid,
      identityVersion: 1,
      vault: { ...vault, passwordWrap, recoveryWrap },
      generation: 'first',
    };
    return { userUid, displayName, engine, deps, row, salt: prepared.request.salt };
  };

  const storeEpoch = (roomUid: string, made: MadeEpoch): void => {
    const room = roomByUid.get(roomUid) ?? { epochs: [], memberUids: [], messages: [] };
    roomByUid.set(roomUid, room);
    room.epochs.push({
      record: made.record,
      signature: made.signature,
      wrapByUid: new Map(made.wraps.map(({ userUid, wrap }) => [userUid, wrap])),
      afterSeq: room.messages.length,
    });
    room.memberUids = made.wraps.map(({ userUid }) => userUid);
  };

  const newestOf = (roomUid: string): { epoch: number; hash: string } | null => {
    const { epochs } = roomOf(roomUid);
    const last = epochs[epochs.length - 1];
    if (last === undefined) return null;
    return { epoch: parseRecord(last.record)?.epoch ?? epochs.length, hash: hashRecord(last.record) };
  };

  const toAdd = (person: Person) => ({
    userUid: person.userUid,
    version: 1,
    displayName: person.displayName,
  });

  const accept = (person: Pick<Person, 'engine'>, roomUid: string): Promise<RoomVerdict> => {
    const title = titleByRoom.get(roomUid);
    return person.engine.acceptRoom({
      roomUid,
      ...(title === undefined ? {} : { title }),
      newest: newestOf(roomUid),
      members: roomOf(roomUid).memberUids.map((userUid) => ({
        userUid,
        displayName: nameByUid.get(userUid) ?? '',
      })),
    });
  };

  const createRoom = async (creator: Person, others: Person[], type: 'direct' | 'group' = 'group') => {
    const roomUid = uid();
    const history = type === 'direct';
    const people = others.map(toAdd);
    storeEpoch(roomUid, await creator.engine.makeFirstEpoch({ roomUid, type, history, people }));
    return roomUid;
  };

  const send = async (person: Person, roomUid: string, text: string): Promise<MessageRow> => {
    const room = roomOf(roomUid);
    const clientId = uid();
    const last = room.messages[room.messages.length - 1];
    const after = last === undefined ? null : `${last.senderUid}.${last.clientId}`;
    const content = { kind: 'text' as const, text };
    const place = { roomUid, clientId, target: null, n: 0 };
    const sealed = await person.engine.sealMessage({ ...place, content, at: clock.now, after });
    if (!sealed.ok) throw new Error(`not sent: ${sealed.reason}`);
    const row: MessageRow = {
      roomUid,
      seq: room.messages.length + 1,
      senderUid: person.userUid,
      clientId,
      kind: 'text',
      target: null,
      n: 0,
      envelope: sealed.envelope,
      sentAt: clock.now,
    };
    room.messages.push(row);
    return row;
  };

  return {
    uid,
    random,
    clock,
    publish,
    newestVersions,
    statementByName,
    roomOf,
    nameByUid,
    titleByRoom,
    depsFor,
    addPerson,
    storeEpoch,
    newestOf,
    toAdd,
    accept,
    createRoom,
    send,
  };
}
