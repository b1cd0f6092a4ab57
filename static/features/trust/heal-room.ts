/** What one room may need: newer identities put into its record, bad keys reported, keys given to those who lack them. */
import type { FailureCode, Result } from '../../state/failure.ts';
import { succeed } from '../../state/failure.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import type { Call } from '../../connection/socket-connection.ts';
import type { CryptoEngine, PersonToAdd, PersonVersion, RoomVerdict } from '../../crypto/index.ts';
import { newEpoch } from '../rooms/room-keys.ts';
import type { RoomKeys } from '../rooms/room-keys.ts';

export type HealRoomDeps = {
  meUid: string;
  call: Call;
  crypto: Pick<CryptoEngine, 'trust'>;
  keys: Pick<RoomKeys, 'accept'>;
  catchUp: (roomUid: string) => Promise<boolean>;
  shareKeys: (roomUid: string) => Promise<Result<void>>;
  /** Everybody else in the room, where nobody whom its record names has that identity any more; null where somebody can act. */
  othersAnew: (verdict: RoomVerdict) => PersonToAdd[] | null;
  /** The members' newest identities, as the server has them. */
  newestVersions: () => PersonVersion[];
  /** Whether anybody in it has another identity than their first one, or was given a bad key. */
  mayLackKeys: (roomUid: string) => boolean;
};

const maxRounds = 5;
/** The room has changed meanwhile: somebody was faster, or an account is gone. */
const overtaken: ReadonlySet<FailureCode> = new Set([
  'EPOCH_CONFLICT',
  'PERSON_UNKNOWN',
  'PERSON_DISABLED',
  'ROOM_NOT_READY',
]);

const canRenew = ({ status, reason, renewable }: RoomVerdict): boolean =>
  renewable.length > 0 && (status === 'sendable' || reason === 'REKEY_NEEDED');

/** The record with the newer identities that are confirmed for me. True: made here. */
async function renew(deps: HealRoomDeps, roomUid: string): Promise<Result<boolean>> {
  let isMade = false;
  for (let round = 0; round < maxRounds; round += 1) {
    const verdict = await deps.keys.accept(roomUid, { isForced: round > 0 });
    if (verdict === null || !canRenew(verdict)) return succeed(isMade);
    const input = { roomUid, remove: verdict.toRemove, only: deps.newestVersions() };
    const made = await tryCrypto(() => deps.crypto.trust('renewRoom', input));
    if (!made.ok && !overtaken.has(made.code)) return made;
    if (made.ok && made.value === null) return succeed(isMade);
    if (made.ok && made.value !== null) {
      const sent = await deps.call('room:rekey', { roomUid, epoch: newEpoch(made.value) });
      if (!sent.ok && !overtaken.has(sent.code)) return sent;
      isMade ||= sent.ok;
    }
    await deps.catchUp(roomUid);
  }
  return succeed(isMade);
}

/** My keys are gone, and what the room's record says of the others may be as old. The engine knows whether that is all. */
export const mayBeginAnew = ({ reason, epoch }: RoomVerdict): boolean =>
  reason === 'OWN_VERSION_OLD' || (reason === 'UNCONFIRMED_VERSION' && epoch === null);

/**
 * A chain begun anew, where everybody's identity is another one by now and all of them are confirmed for me. The others take it
 * by digits, since nothing leads to it from what they knew.
 */
async function beginAnew(deps: HealRoomDeps, roomUid: string): Promise<Result<void>> {
  const verdict = await deps.keys.accept(roomUid);
  const people = verdict !== null && mayBeginAnew(verdict) ? deps.othersAnew(verdict) : null;
  if (people === null) return succeed(undefined);
  const made = await tryCrypto(() => deps.crypto.trust('makeNewChain', { roomUid, people }));
  // Not all of them are confirmed yet: the next digits bring this here again.
  if (!made.ok) return succeed(undefined);
  const sent = await deps.call('room:rekey', { roomUid, epoch: newEpoch(made.value) });
  if (!sent.ok && !overtaken.has(sent.code)) return sent;
  await deps.catchUp(roomUid);
  await deps.keys.accept(roomUid, { isForced: true });
  return succeed(undefined);
}

/** A chain that I began, here or in another browser of mine: my own signature is on it, which is as good as digits. */
async function takeOwnChain({ crypto, keys, meUid }: HealRoomDeps, roomUid: string): Promise<void> {
  const verdict = await keys.accept(roomUid);
  if (verdict?.reason !== 'NEW_CHAIN' || verdict.subject !== meUid) return;
  const taken = await tryCrypto(() => crypto.trust('confirmRecord', { roomUid, digits: '' }));
  if (taken.ok && taken.value.ok) await keys.accept(roomUid, { isForced: true });
}

async function reportBad({ call, crypto }: HealRoomDeps, roomUid: string): Promise<Result<void>> {
  const bad = await tryCrypto(() => crypto.trust('badWraps', roomUid));
  if (!bad.ok || bad.value.length === 0) return bad.ok ? succeed(undefined) : bad;
  const reported = await call('keys:bad', { roomUid, wraps: bad.value });
  return reported.ok ? succeed(undefined) : reported;
}

export async function healRoom(deps: HealRoomDeps, roomUid: string): Promise<Result<void>> {
  const made = await renew(deps, roomUid);
  if (!made.ok && made.isRetryable) return made;
  // A record that the server will not have is no reason to leave bad keys and missing ones as they are.
  const renewed = made.ok ? made : succeed(false);
  const anew = await beginAnew(deps, roomUid);
  if (!anew.ok) return anew;
  await takeOwnChain(deps, roomUid);
  const reported = await reportBad(deps, roomUid);
  if (!reported.ok) return reported;
  return renewed.value || deps.mayLackKeys(roomUid) ? deps.shareKeys(roomUid) : succeed(undefined);
}
