/** What one room may need: newer identities put into its record, bad keys reported, keys given to those who lack them. */
import type { FailureCode, Result } from '../../state/failure.ts';
import { succeed } from '../../state/failure.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import type { Call } from '../../connection/socket-connection.ts';
import type { CryptoEngine, RoomVerdict } from '../../crypto/index.ts';
import { newEpoch } from '../rooms/room-keys.ts';
import type { RoomKeys } from '../rooms/room-keys.ts';

export type HealRoomDeps = {
  call: Call;
  crypto: Pick<CryptoEngine, 'trust'>;
  keys: Pick<RoomKeys, 'accept'>;
  catchUp: (roomUid: string) => Promise<boolean>;
  shareKeys: (roomUid: string) => Promise<Result<void>>;
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
    const made = await tryCrypto(() => deps.crypto.trust('renewRoom', { roomUid, remove: verdict.toRemove }));
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

async function reportBad({ call, crypto }: HealRoomDeps, roomUid: string): Promise<Result<void>> {
  const bad = await tryCrypto(() => crypto.trust('badWraps', roomUid));
  if (!bad.ok || bad.value.length === 0) return bad.ok ? succeed(undefined) : bad;
  const reported = await call('keys:bad', { roomUid, wraps: bad.value });
  return reported.ok ? succeed(undefined) : reported;
}

export async function healRoom(deps: HealRoomDeps, roomUid: string): Promise<Result<void>> {
  const renewed = await renew(deps, roomUid);
  if (!renewed.ok) return renewed;
  const reported = await reportBad(deps, roomUid);
  if (!reported.ok) return reported;
  return renewed.value || deps.mayLackKeys(roomUid) ? deps.shareKeys(roomUid) : succeed(undefined);
}
