import { CryptoError } from './crypto-error.ts';
import type { QuarantineReason, RoomPerson } from './engine-types.ts';
import { admitPeople, makeEpoch } from './epoch-maker.ts';
import { findRenewals, isConfirmedEverywhere } from './pin-rules.ts';
import { openWrap } from './room-key.ts';
import type { ChainStop } from './room-chain.ts';
import { entryText, hasEntry, isRecordSignature, type RoomRecord } from './room-record.ts';
import { makeRoomReturn } from './room-return.ts';
import { makeShares } from './room-sharing.ts';
import { type ChainLink, findPinFault } from './room-step.ts';
import type { RoomInner } from './room.ts';
import type { TrustDeps } from './trust-desk.ts';
import { digitsOf, readDigits } from './trust-digits.ts';
import { confirmedVersion } from './trust-people.ts';
import type { ConfirmResult, RenewRoomInput, RoomQuarantine, TrustEngine } from './trust-types.ts';

/** Records that are confirmed, renewed and begun anew by hand, and keys for those who lack them (sections 4 and 7). */

type RoomTrustMethods =
  | 'roomDigits'
  | 'confirmRecord'
  | 'roomTrust'
  | 'renewRoom'
  | 'makeNewChain'
  | 'shareKeys'
  | 'prepareReturn'
  | 'badWraps';

/** What a member's word can settle. What is not valid stays refused, and an old record as the newest, too. */
const resolvers: Partial<Record<QuarantineReason, 'record' | 'person'>> = {
  FORK: 'record',
  NEW_CHAIN: 'record',
  CREATOR_NOT_MEMBER: 'record',
  UNCONFIRMED_VERSION: 'person',
  PIN_CONFLICT: 'person',
};

type Quarantined = Extract<ChainStop, { kind: 'quarantined' }>;
type Refused = Extract<ConfirmResult, { ok: false }>;
const refused = (reason: Refused['reason'], subject: string | null = null): Refused => ({
  ok: false,
  reason,
  subject,
});

/** The part of the desk that is about rooms; `trustOf` is its part about people. */
export function createTrustRooms(
  deps: TrustDeps,
  trustOf: TrustEngine['trustOf'],
): Pick<TrustEngine, RoomTrustMethods> {
  const { me, pins, directory } = deps;
  const ownEntries = new Map(me.own.map(({ version, entry }) => [version, entry]));

  const presentPerson = (): RoomPerson => {
    const { version, fingerprint } = deps.present().identity;
    return { userUid: me.userUid, version, fingerprint };
  };

  /** The record that acceptRoom was told of last, as the server gives it now. */
  const fetchNewest = async (inner: RoomInner): Promise<ChainLink | null> => {
    const newest = inner.asked()?.newest ?? null;
    const link = newest === null ? null : await inner.chain.fetch(newest.epoch).catch(() => null);
    return link?.hash === newest?.hash ? link : null;
  };

  /** Where the chain stops because I began it anew, here or in another browser: that record; its signature is not checked yet. */
  const fetchOwnBeginning = async (
    { chain }: RoomInner,
    { reason, refused: beginning }: Quarantined,
  ): Promise<ChainLink | null> => {
    const isBeginning = reason === 'NEW_CHAIN' && beginning !== undefined;
    const link = isBeginning ? await chain.fetch(beginning.epoch).catch(() => null) : null;
    const isMine = link !== null && entryText(link.record.creator) === entryText(presentPerson());
    return isMine && link.record.prev === null ? link : null;
  };

  /** The record that begins a chain anew on the way to this one, if there is one. */
  const beginningOf = (inner: RoomInner, { record }: ChainLink): RoomRecord | null => {
    const stop = inner.stop();
    if (stop?.kind === 'quarantined' && stop.reason === 'NEW_CHAIN') return stop.refused ?? record;
    return record.prev === null && record.epoch > 1 ? record : null;
  };

  /**
   * Whoever can act in the last record knows that nobody had to begin anew; unless they had left the room by then, which a
   * beginning without them says. They were added again later.
   */
  const couldHaveGoneOn = (last: RoomRecord, beginning: RoomRecord | null): boolean =>
    beginning !== null &&
    hasEntry(last, presentPerson()) &&
    beginning.people.some(({ userUid }) => userUid === me.userUid);

  /** Whether digits may decide about this record at all; null if they may. */
  const findObstacle = async (inner: RoomInner, link: ChainLink): Promise<Refused | null> => {
    const { roomUid, chain } = inner;
    const accepted = chain.accepted();
    const mark = await chain.mark();
    const { record } = link;
    const isOther = record.roomUid !== roomUid || (accepted !== null && accepted.record.type !== record.type);
    // A watermark is never lowered, whatever anybody reads out.
    if (isOther || (mark !== null && link.epoch < mark.epoch)) return refused('NOT_RESOLVABLE');
    if (accepted !== null && couldHaveGoneOn(accepted.record, beginningOf(inner, link)))
      return refused('NOT_RESOLVABLE');
    const fault = findPinFault(pins, { userUid: me.userUid, entries: ownEntries }, record, record.people);
    if (fault !== null) {
      return refused(fault.reason === 'PIN_CONFLICT' ? 'PIN_CONFLICT' : 'NOT_RESOLVABLE', fault.subject);
    }
    const others = record.people.filter(({ userUid }) => userUid !== me.userUid);
    const loaded = await directory.load([...others, record.creator]).catch(() => null);
    if (loaded === null || loaded.missing.length > 0) return refused('UNAVAILABLE');
    const creator = directory.get(entryText(record.creator));
    const isSigned = creator !== undefined && isRecordSignature(link.text, link.signature, creator.ed25519);
    return isSigned && loaded.bad.length === 0
      ? null
      : refused('BAD_STATEMENT', loaded.bad[0]?.userUid ?? record.creator.userUid);
  };

  const confirmRecord = async (inner: RoomInner, digits: string): Promise<ConfirmResult> => {
    const stop = inner.stop();
    if (stop?.kind !== 'quarantined' || resolvers[stop.reason] === undefined)
      return refused('NOT_RESOLVABLE');
    // A chain that I began myself carries my own signature, which nobody else can make: there is nothing to read out.
    const mine = await fetchOwnBeginning(inner, stop);
    const link = mine ?? (await fetchNewest(inner));
    if (link === null) return refused('UNAVAILABLE');
    const obstacle = await findObstacle(inner, link);
    if (obstacle !== null) return obstacle;
    const typed = readDigits(digits);
    const isRead = typed !== null && typed === (await digitsOf(deps.argon2, inner.roomUid, link.text));
    if (mine === null && !isRead) return refused('DIGITS_WRONG');
    await inner.chain.settle(link);
    return { ok: true };
  };

  const describeQuarantine = async (inner: RoomInner): Promise<RoomQuarantine | null> => {
    const stop = inner.stop();
    if (stop?.kind !== 'quarantined') return null;
    const link = await fetchNewest(inner);
    const accepted = inner.chain.accepted();
    const isRefused = link === null || (await findObstacle(inner, link))?.reason === 'NOT_RESOLVABLE';
    const theirs = link?.record.people ?? [];
    const mine = accepted?.record.people ?? [];
    const without = (people: RoomPerson[], others: RoomPerson[]): string[] =>
      people.map(({ userUid }) => userUid).filter((uid) => others.every(({ userUid }) => userUid !== uid));
    return {
      reason: stop.reason,
      subject: stop.subject,
      resolvedBy: isRefused ? null : resolverOf(stop, link),
      epoch: link?.epoch ?? null,
      creatorUid: link?.record.creator.userUid ?? null,
      people: theirs,
      cameBack: accepted === null ? [] : without(theirs, mine),
      missing: link === null ? [] : without(mine, theirs),
    };
  };

  /**
   * An identity from before a reset cannot be read out any more, nor that of somebody who has gone: another member reads out the
   * record.
   */
  const resolverOf = (
    { reason, subject, refused: asked }: Quarantined,
    newest: ChainLink,
  ): RoomQuarantine['resolvedBy'] => {
    if (reason !== 'UNCONFIRMED_VERSION' || subject === null) return resolvers[reason] ?? null;
    const versionIn = (record: RoomRecord | undefined): number | null =>
      record?.people.find(({ userUid }) => userUid === subject)?.version ?? null;
    const known = confirmedVersion(pins, subject, newest.record.roomUid)?.version ?? 0;
    const isThere = versionIn(newest.record) !== null;
    return isThere && (versionIn(asked ?? newest.record) ?? known) > known ? 'person' : 'record';
  };

  const roomTrust: TrustEngine['roomTrust'] = async (roomUid) => {
    const inner = deps.room(roomUid);
    const link = inner.chain.accepted();
    const people = link?.record.people ?? [];
    const own = people.find(({ userUid }) => userUid === me.userUid);
    return {
      roomUid,
      epoch: link?.epoch ?? null,
      people: await trustOf({
        people: people.map(({ userUid, version }) => ({ userUid, version })),
        roomUid,
      }),
      quarantine: await inner.inTurn(() => describeQuarantine(inner)),
      isWaitingForColleague: own !== undefined && own.version < deps.present().identity.version,
    };
  };

  const renewRoom = async (inner: RoomInner, { remove, only }: RenewRoomInput) => {
    const { link, person, keys } = inner.presentLink();
    const kept = link.record.people.filter(({ userUid }) => !remove.includes(userUid));
    const isAsked = ({ userUid, version }: RoomPerson): boolean =>
      only.some((one) => one.userUid === userUid && one.version === version);
    const confirmed = findRenewals(pins, kept).filter(isAsked);
    const renewals = new Map(confirmed.map((renewed) => [renewed.userUid, renewed]));
    if (renewals.size === 0) return null;
    const { type, history } = link.record;
    const people = kept.map((other) => renewals.get(other.userUid) ?? other);
    const base = { roomUid: inner.roomUid, type, history, creator: person, people };
    return makeEpoch(deps, keys, base, { epoch: link.epoch + 1, prev: link.hash });
  };

  /**
   * The record that a chain begun anew comes after: the accepted one. Whoever never accepted any, because it names identities from
   * before those that they know, would trust the newest one on first use otherwise.
   */
  const findLast = async (inner: RoomInner): Promise<ChainLink | null> => {
    const [accepted, stop] = [inner.chain.accepted(), inner.stop()];
    if (stop === null) return accepted;
    const isFirst = accepted === null && (await inner.chain.mark()) === null;
    if (!isFirst || stop.reason !== 'UNCONFIRMED_VERSION') return null;
    const link = await fetchNewest(inner);
    return link?.record.roomUid === inner.roomUid ? link : null;
  };

  const makeNewChain: TrustEngine['makeNewChain'] = async ({ roomUid, people }) => {
    const inner = deps.room(roomUid);
    const link = await findLast(inner);
    const creator = presentPerson();
    const isOver = link !== null && !hasEntry(link.record, creator);
    if (!isOver) throw new CryptoError('ROOM_NOT_READY');
    // Who is in the room now is the server's word. Nobody comes in by this: only its people go on, whom I know for themselves.
    const isAccepted = link === inner.chain.accepted();
    const named = new Map(link.record.people.map((person) => [person.userUid, person]));
    const canAct = people.some(({ userUid, version }) => named.get(userUid)?.version === version);
    if (!isAccepted && canAct) throw new CryptoError('ROOM_NOT_READY');
    const stranger = people.find(({ userUid }) => !named.has(userUid));
    if (stranger !== undefined) throw new CryptoError('BAD_INPUT', stranger.userUid);
    const admitted = await admitPeople(deps, roomUid, people);
    for (const person of admitted) {
      const isSame = isAccepted && named.get(person.userUid)?.fingerprint === person.fingerprint;
      if (!isSame && !isConfirmedEverywhere(pins, person))
        throw new CryptoError('UNCONFIRMED_VERSION', person.userUid);
    }
    await deps.pinsTouched();
    const { type, history } = link.record;
    const base = { roomUid, type, history, creator, people: [creator, ...admitted] };
    return makeEpoch(deps, deps.present().keys, base, { epoch: link.epoch + 1, prev: null });
  };

  const inRoom = <Value>(roomUid: string, work: (inner: RoomInner) => Promise<Value>): Promise<Value> => {
    const inner = deps.room(roomUid);
    return inner.inTurn(() => work(inner));
  };

  return {
    roomDigits: async (roomUid) => {
      const link = deps.room(roomUid).chain.accepted();
      if (link === null) throw new CryptoError('ROOM_NOT_READY');
      return digitsOf(deps.argon2, roomUid, link.text);
    },
    confirmRecord: ({ roomUid, digits }) => inRoom(roomUid, (inner) => confirmRecord(inner, digits)),
    roomTrust,
    renewRoom: (input) => inRoom(input.roomUid, (inner) => renewRoom(inner, input)),
    makeNewChain: (input) => inRoom(input.roomUid, () => makeNewChain(input)),
    shareKeys: ({ roomUid, wanted }) =>
      inRoom(roomUid, async (inner) =>
        inner.isSendable()
          ? makeShares({ ...deps, chain: inner.chain }, inner.presentLink().link, wanted)
          : [],
      ),
    prepareReturn: (roomUid, server) =>
      inRoom(roomUid, async ({ chain }) => {
        const mark = await chain.mark();
        return mark === null ? null : makeRoomReturn({ ...deps, roomUid }, mark, server);
      }),
    badWraps: async (roomUid) => {
      const { chain } = deps.room(roomUid);
      return chain.loadedEpochs().flatMap((epoch) => {
        const link = chain.link(epoch);
        const version = link?.wrapVersion ?? null;
        if (link === undefined || link.wrap === null || version === null || !ownEntries.has(version))
          return [];
        // another one may open it: a good one belongs in this place all the same
        const key = openWrap(deps.sealer, link, me);
        if (typeof key === 'string') return [{ epoch, version }];
        key.fill(0);
        return [];
      });
    },
  };
}
