import { CryptoError } from './crypto-error.ts';
import { isMessageName } from './encoding.ts';
import { parseEnvelope, sealEnvelope } from './envelope.ts';
import type {
  AcceptRoomInput,
  CryptoEngineDeps,
  EpochChange,
  MadeEpoch,
  MessageRow,
  NextEpochInput,
  OpenFailure,
  OpenResult,
  OpenReactionResult,
  ReactionRow,
  RoomPerson,
  RoomVerdict,
  SealMessageInput,
  SealReactionInput,
  SealReactionResult,
  SealResult,
  VerifyResult,
} from './engine-types.ts';
import { admitPeople, makeEpoch } from './epoch-maker.ts';
import { type IdentityKeys, type PublicIdentity } from './identity.ts';
import type { IdentityDirectory } from './identity-directory.ts';
import {
  findChangedMarks,
  findNameWarnings,
  findTitleWarnings,
  pinFirstTitle,
  pinNames,
} from './pin-rules.ts';
import type { Pins } from './pins.ts';
import type { Random } from './random.ts';
import { isEmoji, sealReaction } from './reaction.ts';
import { createRecordKeeper } from './record-keeper.ts';
import type { RecordStore } from './record-store.ts';
import { type ChainStop, createRoomChain, type RoomChain } from './room-chain.ts';
import { type EpochKeys, openEpochKeys, type RoomKeyFault } from './room-key.ts';
import { createRoomMessages, isRow } from './room-messages.ts';
import { epochsOfReactions, openReactionRows } from './room-reactions.ts';
import { entryText } from './room-record.ts';
import { type ChainLink, findPinFault } from './room-step.ts';
import { composeVerdict, listChanges } from './room-verdict.ts';
import type { Sealer } from './seal.ts';
import { createTurns } from './turns.ts';
import type { WatermarkStore } from './watermark-store.ts';

/** Everything this person knows of one room; its steps are taken one at a time. */
export type Room = {
  accept(input: AcceptRoomInput): Promise<RoomVerdict>;
  changes(fromEpoch: number, toEpoch: number): Promise<EpochChange[]>;
  makeNext(input: NextEpochInput): Promise<MadeEpoch>;
  sealMessage(input: SealMessageInput): Promise<SealResult>;
  open(rows: MessageRow[]): Promise<OpenResult[]>;
  verify(rows: MessageRow[]): Promise<VerifyResult[]>;
  openVersions(rows: MessageRow[]): Promise<OpenResult[]>;
  sealReaction(input: SealReactionInput): Promise<SealReactionResult>;
  openReactions(rows: ReactionRow[]): Promise<OpenReactionResult[]>;
  /** Asks again for keys that were not there; true if one of them came. */
  refreshKeys(): Promise<boolean>;
  /** For what comes later (`trust-rooms.ts`). */
  inner: RoomInner;
  lock(): void;
};

/** The inside of a room, for those parts of the engine that few people need and that load later. */
export type RoomInner = {
  roomUid: string;
  chain: RoomChain;
  inTurn: ReturnType<typeof createTurns>;
  /** What acceptRoom was asked last, and why it stopped. */
  asked(): AcceptRoomInput | null;
  stop(): ChainStop | null;
  isSendable(): boolean;
  /** Refuses ROOM_NOT_READY and NOT_IN_RECORD: the accepted record, if it is the server's newest, and my keys in it. */
  presentLink(): PresentLink;
};

export type PresentLink = { link: ChainLink; person: RoomPerson; keys: IdentityKeys };

/** The signed-in person, as rooms need them. `own` are the public halves of `identities`. */
export type RoomOwner = { userUid: string; identities: IdentityKeys[]; own: PublicIdentity[] };

export type RoomDeps = Pick<CryptoEngineDeps, 'fetchRecords' | 'fetchStatements' | 'now'> & {
  sealer: Sealer;
  random: Random;
  me: RoomOwner;
  pins: Pins;
  directory: IdentityDirectory;
  watermarks: WatermarkStore;
  records: RecordStore;
  /** The pins may have changed: keep them and tell the page. */
  pinsTouched(): Promise<void>;
};

export function createRoom(deps: RoomDeps, roomUid: string): Room {
  const { me, pins, sealer } = deps;
  const entries = new Map(me.own.map((identity) => [identity.version, identity.entry]));
  const chain = createRoomChain({ ...deps, roomUid, me: { userUid: me.userUid, entries } });
  const inTurn = createTurns();
  const keeper = createRecordKeeper({ ...deps, roomUid, chain });
  /** By the record's hash: another record at the same epoch has another key. */
  const keysByHash = new Map<string, EpochKeys>();
  let verdict: RoomVerdict | null = null;
  let stop: ChainStop | null = null;
  let asked: AcceptRoomInput | null = null;

  const keysOf = (link: ChainLink): EpochKeys | RoomKeyFault => {
    const known = keysByHash.get(link.hash);
    if (known !== undefined) return known;
    const keys = openEpochKeys(sealer, link, me);
    if (typeof keys !== 'string') keysByHash.set(link.hash, keys);
    return keys;
  };

  const unreachable = new Map<number, OpenFailure>();
  const opening = {
    ...deps,
    roomUid,
    link: (epoch: number) => chain.link(epoch),
    keysOf,
    failureAt: (epoch: number) => unreachable.get(epoch) ?? ('NO_KEY' as const), // a literal, not a string
  };
  const messages = createRoomMessages(opening);

  /** Takes the chain to `newest`; a server that does not answer is something to wait for. */
  const advance = async (newest: { epoch: number; hash: string | null }): Promise<ChainStop | null> => {
    try {
      return await chain.advance(newest);
    } catch {
      return { kind: 'waiting', reason: 'RECORDS_UNAVAILABLE', subject: null };
    }
  };

  const accept = async (input: AcceptRoomInput): Promise<RoomVerdict> => {
    asked = input;
    const noRecord: ChainStop = { kind: 'waiting', reason: 'NO_RECORD', subject: null };
    stop = input.newest === null ? noRecord : await advance(input.newest);
    const link = chain.accepted();
    if (stop === null && link !== null) stop = findConflict(link);
    const keyFault = stop === null && link !== null ? await findKeyFault(link) : null;
    const named = new Set(link?.record.people.map((person) => person.userUid));
    const people = input.members.filter(({ userUid }) => userUid !== me.userUid && named.has(userUid));
    // Until there is a record that this person accepts, nothing about the room is worth remembering.
    const title = link === null ? undefined : input.title;
    const isNewTitle = title !== undefined && pinFirstTitle(pins, roomUid, title, deps.now());
    if (pinNames(pins, people, deps.now()) || isNewTitle) await deps.pinsTouched();
    const changes = listChanges((epoch) => chain.link(epoch), chain.loadedEpochs());
    const nameWarnings = [
      ...(title === undefined ? [] : findTitleWarnings(pins, roomUid, title)),
      ...findNameWarnings(pins, people),
    ];
    verdict = composeVerdict({ asked: input, accepted: link, stop, keyFault, changes, nameWarnings, pins });
    // Afterwards, and nobody waits for it: what could not be kept is tried again at the next look at the room.
    if (stop === null) void inTurn(() => keeper.keep()).catch(() => undefined);
    return verdict;
  };

  /** Another browser of mine may have seen another key of somebody since I accepted this record. */
  const findConflict = (link: ChainLink): ChainStop | null => {
    const fault = findPinFault(pins, { userUid: me.userUid, entries }, link.record, []);
    return fault?.reason === 'PIN_CONFLICT' ? { kind: 'quarantined', ...fault } : null;
  };

  const findKeyFault = async (link: ChainLink): Promise<RoomKeyFault | null> => {
    const keys = keysOf(link);
    if (typeof keys !== 'string') return null;
    // It may have been filled in, or put in a bad one's place, since this row was fetched; without an answer it is still missing.
    await chain.refresh(link).catch(() => undefined);
    const again = keysOf(link);
    return typeof again === 'string' ? again : null;
  };

  /** The newest accepted record, provided that the server has no newer one and it names a key of mine. */
  const presentLink = (): PresentLink => {
    const link = chain.accepted();
    if (link === null || stop !== null || verdict?.epoch !== link.epoch)
      throw new CryptoError('ROOM_NOT_READY');
    const person = link.record.people.find(({ userUid }) => userUid === me.userUid);
    const keys = me.identities.find(({ version }) => version === person?.version);
    if (person === undefined || keys === undefined || entries.get(person.version) !== entryText(person)) {
      throw new CryptoError('NOT_IN_RECORD');
    }
    return { link, person, keys };
  };

  const makeNext = async (input: NextEpochInput): Promise<MadeEpoch> => {
    const { link, person, keys } = presentLink();
    const removed = new Set(input.remove);
    const kept = link.record.people.filter(({ userUid }) => !removed.has(userUid));
    const present = new Set(link.record.people.map(({ userUid }) => userUid));
    if (removed.has(me.userUid)) throw new CryptoError('BAD_INPUT');
    // Somebody else added them a moment ago, or they have left and no record says so yet: whoever asks has to look again.
    if (input.add.some(({ userUid }) => present.has(userUid))) throw new CryptoError('ROOM_NOT_READY');
    const added = await admitPeople(deps, roomUid, input.add);
    if (added.length > 0) await deps.pinsTouched();
    const { type, history } = link.record;
    const base = {
      roomUid,
      type,
      history: input.history ?? history,
      creator: person,
      people: [...kept, ...added],
    };
    return makeEpoch(deps, keys, base, { epoch: link.epoch + 1, prev: link.hash });
  };

  /** What to seal with now; a reason while nothing may be. */
  const sealingKeys = () => {
    const link = chain.accepted();
    if (verdict === null || link === null || verdict.epoch !== link.epoch) return notSent('NOT_ACCEPTED');
    if (verdict.status !== 'sendable') return notSent(verdict.reason ?? 'NOT_ACCEPTED');
    const keys = keysOf(link);
    if (typeof keys === 'string') return notSent(keys);
    const { person, keys: own } = presentLink();
    return { ok: true as const, link, keys, person, own }; // a literal, not a boolean
  };

  const sealMessage = async (input: SealMessageInput): Promise<SealResult> => {
    const present = sealingKeys();
    if (!present.ok) return present;
    const { link, keys, person, own } = present;
    // Once, until the user compared again or let the mark go: whom this goes to is not whom they verified.
    const [changed] = findChangedMarks(pins, link.record.people);
    if (changed !== undefined) return { ok: false, reason: 'VERIFIED_CHANGED', subject: changed };
    const { clientId, target, n } = input;
    const senderEntry = entryText(person);
    const place = { roomUid, epoch: link.epoch, hash: link.hash, senderEntry, clientId, target, n };
    const signing = own.ed25519;
    const envelope = sealEnvelope(sealer, { message: keys.message, signing }, place, input);
    return { ok: true, envelope, epoch: link.epoch };
  };

  const seal = async ({ target, emoji }: SealReactionInput): Promise<SealReactionResult> => {
    if (!isMessageName(target) || !isEmoji(emoji)) throw new CryptoError('BAD_INPUT');
    const present = sealingKeys();
    if (!present.ok) return present;
    const { epoch, hash } = present.link;
    const binding = { roomUid, epoch, hash, target, reactorUid: me.userUid };
    return { ok: true, ...sealReaction(sealer, present.keys, binding, emoji) };
  };

  /** Loads the records of all epochs that rows name. */
  const loadEpochs = (rows: MessageRow[]): Promise<void> =>
    loadRecords(
      rows.filter(isRow).flatMap((row) => {
        const envelope = parseEnvelope(row.envelope);
        return envelope.ok ? [envelope.epoch] : [];
      }),
    );

  /** Loads the records of these epochs; what cannot be reached gets its reason noted. */
  const loadRecords = async (named: number[]): Promise<void> => {
    const epochs = named.filter((epoch) => chain.link(epoch) === undefined);
    if (epochs.length === 0) return;
    const reached = await chain.reach(Math.min(...epochs)).catch(() => 'missing' as const); // a literal, not a string
    const highest = Math.max(...epochs);
    const accepted = chain.accepted()?.epoch ?? null;
    const ahead =
      accepted !== null && highest > accepted ? await advance({ epoch: highest, hash: null }) : null;
    for (const epoch of epochs) {
      const isBroken = epoch > (accepted ?? 0) ? ahead?.kind === 'quarantined' : reached === 'broken';
      unreachable.set(epoch, isBroken ? 'QUARANTINED' : 'NO_KEY');
    }
  };

  return {
    accept: (input) => inTurn(() => accept(input)),
    changes: (fromEpoch, toEpoch) =>
      inTurn(async () => {
        await chain.reach(Math.max(1, fromEpoch - 1));
        const epochs = chain.loadedEpochs().filter((epoch) => epoch >= fromEpoch && epoch <= toEpoch);
        return listChanges((epoch) => chain.link(epoch), epochs);
      }),
    makeNext: (input) => inTurn(() => makeNext(input)),
    sealMessage: (input) => inTurn(() => sealMessage(input)),
    open: (rows) =>
      inTurn(async () => {
        await loadEpochs(rows);
        return messages.open(rows);
      }),
    verify: (rows) =>
      inTurn(async () => {
        await loadEpochs(rows);
        return messages.verify(rows);
      }),
    openVersions: (rows) =>
      inTurn(async () => {
        await loadEpochs(rows);
        return messages.openVersions(rows);
      }),
    sealReaction: (input) => inTurn(() => seal(input)),
    openReactions: (rows) =>
      inTurn(async () => {
        await loadRecords(epochsOfReactions(rows));
        return openReactionRows(opening, rows);
      }),
    refreshKeys: () =>
      inTurn(() => {
        const links = chain.loadedEpochs().flatMap((epoch) => chain.link(epoch) ?? []);
        const missing = links.filter((link) => typeof keysOf(link) === 'string');
        return chain.refreshWraps(missing).catch(() => false);
      }),
    inner: {
      roomUid,
      chain,
      inTurn,
      asked: () => asked,
      stop: () => stop,
      isSendable: () => verdict?.status === 'sendable',
      presentLink,
    },
    lock() {
      keeper.stop();
      for (const keys of keysByHash.values()) for (const key of Object.values(keys)) key.fill(0);
      keysByHash.clear();
      messages.forget();
      verdict = null;
    },
  };
}

type NotSent = Extract<SealReactionResult, { ok: false }>;

const notSent = (reason: NotSent['reason']): NotSent => ({ ok: false, reason });
