/** What the screens of trust ask of the engine. Each answers with what is shown, or with why it cannot be. */
import type {
  ConfirmResult,
  CryptoEngine,
  PersonTrust,
  PersonVersion,
  RoomTrust,
  SafetyNumber,
} from '../../crypto/index.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import { drop } from '../../state/drop.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { ReadableStore, Store } from '../../state/store.ts';
import type { PeopleState } from '../people/person-state.ts';
import type { RoomKeys } from '../rooms/room-keys.ts';
import { memberOf, otherPersonUid } from '../rooms/room-state.ts';
import type { RoomsState } from '../rooms/room-state.ts';
import type { HealingActions } from './healing-actions.ts';
import type { TrustNews } from './trust-news.ts';

export type DeskActions = {
  /** My own twelve digits, to be read out. Takes seconds. */
  ownDigits: () => Promise<Result<string>>;
  /** Those of the key record that I accepted in this room. */
  roomDigits: (roomUid: string) => Promise<Result<string>>;
  /** `roomUid`: a colleague's word counts in its own room. */
  personTrust: (userUid: string, roomUid: string | null) => Promise<Result<PersonTrust>>;
  roomTrust: (roomUid: string) => Promise<Result<RoomTrust>>;
  safetyNumber: (userUid: string) => Promise<Result<SafetyNumber>>;
  /** False: the key is another one by now. */
  markVerified: (
    userUid: string,
    shown: Pick<SafetyNumber, 'version' | 'fingerprint'>,
  ) => Promise<Result<boolean>>;
  compareCode: (userUid: string, code: string) => Promise<Result<'same' | 'different' | 'unreadable'>>;
  dropMark: (userUid: string) => Promise<Result<void>>;
  confirmIdentity: (userUid: string, version: number, digits: string) => Promise<Result<ConfirmResult>>;
  confirmRecord: (roomUid: string, digits: string) => Promise<Result<ConfirmResult>>;
  /**
   * Whom I verified and whose key nobody confirmed, for the marks beside their names: among these people, or else among those
   * of the rooms on screen.
   */
  lookAtMarks: (people?: readonly PersonVersion[]) => Promise<Result<void>>;
};

export type DeskDeps = {
  crypto: Pick<CryptoEngine, 'trust'>;
  keys: Pick<RoomKeys, 'accept'>;
  people: ReadableStore<PeopleState>;
  rooms: ReadableStore<RoomsState>;
  trust: Store<TrustNews>;
  healing: Pick<HealingActions, 'confirmed'>;
  meUid: string;
};

export function createDeskActions(deps: DeskDeps): DeskActions {
  const { crypto, rooms, trust } = deps;
  const versionOf = (userUid: string): number => deps.people.get().byUid.get(userUid)?.identityVersion ?? 1;

  /** What is known of a person is part of every verdict about a room with them. */
  const acceptAgain = async (userUid: string): Promise<void> => {
    const shared = [...rooms.get().byUid.values()].filter(
      ({ room }) => memberOf(room, userUid) !== undefined,
    );
    // Whose keys were never looked at is looked at when it is opened.
    const known = shared.filter(({ keys }) => keys.verdict !== null);
    await Promise.all(known.map(({ room }) => deps.keys.accept(room.roomUid, { isForced: true })));
  };

  const noteMark = async (userUid: string, isVerified: boolean): Promise<void> => {
    const { verifiedUids } = trust.get();
    trust.patch({ verifiedUids: withMarks(verifiedUids, [userUid], () => isVerified) });
    await acceptAgain(userUid);
  };

  const personTrust: DeskActions['personTrust'] = async (userUid, roomUid) => {
    const people = [{ userUid, version: versionOf(userUid) }];
    const input = roomUid === null ? { people } : { people, roomUid };
    const found = await tryCrypto(() => crypto.trust('trustOf', input));
    if (!found.ok) return found;
    const [person] = found.value;
    return person === undefined ? fail('NOT_FOUND') : succeed(person);
  };

  const markVerified: DeskActions['markVerified'] = async (userUid, shown) => {
    const marked = await tryCrypto(() => crypto.trust('markVerified', { userUid, ...shown }));
    if (marked.ok && marked.value) await noteMark(userUid, true);
    return marked;
  };

  const onScreen = (): PersonVersion[] =>
    uidsOnScreen(rooms.get(), deps.meUid).map((userUid) => ({ userUid, version: versionOf(userUid) }));

  const lookAtMarks: DeskActions['lookAtMarks'] = async (people = onScreen()) => {
    if (people.length === 0) return succeed(undefined);
    const found = await tryCrypto(() => crypto.trust('trustOf', { people: [...people] }));
    if (!found.ok) return found;
    const looked = new Map(found.value.map((person) => [person.userUid, person]));
    const uids = [...looked.keys()];
    const isDoubtful = (userUid: string): boolean => {
      const state = looked.get(userUid)?.state;
      return state === 'unconfirmed' || state === 'conflict';
    };
    const isVerified = (userUid: string): boolean =>
      looked.get(userUid)?.mark === 'verified' && !isDoubtful(userUid);
    const { verifiedUids, unconfirmedUids } = trust.get();
    trust.patch({
      verifiedUids: withMarks(verifiedUids, uids, isVerified),
      unconfirmedUids: withMarks(unconfirmedUids, uids, isDoubtful),
    });
    return succeed(undefined);
  };

  return {
    ownDigits: () => tryCrypto(() => crypto.trust('ownDigits')),
    roomDigits: (roomUid) => tryCrypto(() => crypto.trust('roomDigits', roomUid)),
    personTrust,
    roomTrust: (roomUid) => tryCrypto(() => crypto.trust('roomTrust', roomUid)),
    safetyNumber: (userUid) => tryCrypto(() => crypto.trust('safetyNumber', userUid)),
    markVerified,
    compareCode: async (userUid, code) => {
      const compared = await tryCrypto(() => crypto.trust('compareCode', { userUid, code }));
      if (compared.ok && compared.value === 'same') await noteMark(userUid, true);
      return compared;
    },
    dropMark: async (userUid) => {
      const dropped = await tryCrypto(() => crypto.trust('dropMark', userUid));
      if (dropped.ok) await noteMark(userUid, false);
      return dropped;
    },
    confirmIdentity: async (userUid, version, digits) => {
      const confirmed = await tryCrypto(() => crypto.trust('confirmIdentity', { userUid, version, digits }));
      if (confirmed.ok && confirmed.value.ok) {
        await lookAtMarks([{ userUid, version }]);
        await acceptAgain(userUid);
        drop(deps.healing.confirmed(userUid));
      }
      return confirmed;
    },
    confirmRecord: async (roomUid, digits) => {
      const confirmed = await tryCrypto(() => crypto.trust('confirmRecord', { roomUid, digits }));
      if (confirmed.ok && confirmed.value.ok) await deps.keys.accept(roomUid, { isForced: true });
      return confirmed;
    },
    lookAtMarks,
  };
}

/** The set after these people were looked at; the same one where that changed nothing, so that nothing is drawn anew. */
function withMarks(
  marked: ReadonlySet<string>,
  looked: readonly string[],
  isMarked: (userUid: string) => boolean,
): ReadonlySet<string> {
  if (looked.every((userUid) => marked.has(userUid) === isMarked(userUid))) return marked;
  const next = new Set(marked);
  for (const userUid of looked) {
    if (isMarked(userUid)) next.add(userUid);
    else next.delete(userUid);
  }
  return next;
}

/** The other people of direct rooms, and the members of the room that is open. */
function uidsOnScreen({ byUid, openRoomUid }: RoomsState, meUid: string): string[] {
  const direct = [...byUid.values()].flatMap(({ room }) => otherPersonUid(room, meUid) ?? []);
  const open = byUid.get(openRoomUid ?? '')?.room.members.map(({ userUid }) => userUid) ?? [];
  return [...new Set([...direct, ...open])].filter((userUid) => userUid !== meUid);
}
