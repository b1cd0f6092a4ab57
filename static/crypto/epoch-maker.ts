import { CryptoError } from './crypto-error.ts';
import { encodeBase64, encodeUtf8 } from './encoding.ts';
import type { MadeEpoch, PersonToAdd, RoomPerson } from './engine-types.ts';
import { type IdentityKeys, isIdentityVersion, type PublicIdentity } from './identity.ts';
import type { IdentityDirectory } from './identity-directory.ts';
import { checkEntry, pinAtFirstSight, pinNames } from './pin-rules.ts';
import type { Pins } from './pins.ts';
import { ed25519Sign } from './primitives.ts';
import type { Random } from './random.ts';
import { nextRecord, wrapRoomKey } from './room-key.ts';
import { entryText, hashRecord, type RoomRecord, serialiseRecord } from './room-record.ts';
import type { Sealer } from './seal.ts';

/** Makes new epochs: a record, its signature, and one wrap per person (docs/e2e-protocol.md section 4). */

export type EpochMakerDeps = {
  sealer: Sealer;
  random: Random;
  directory: IdentityDirectory;
  pins: Pins;
  me: { userUid: string };
  now(): number;
};

/**
 * The identities of people to add, pinned if they were never seen. Refuses UNCONFIRMED_VERSION and PIN_CONFLICT,
 * STATEMENT_MISSING and BAD_STATEMENT, each with the person.
 */
export async function admitPeople(
  deps: EpochMakerDeps,
  roomUid: string,
  people: PersonToAdd[],
): Promise<RoomPerson[]> {
  for (const { userUid, version } of people) {
    if (!isIdentityVersion(version) || userUid === deps.me.userUid)
      throw new CryptoError('BAD_INPUT', userUid);
  }
  const identities = await deps.directory.loadVersions(people);
  const admitted = people.map(({ userUid, version }, index): RoomPerson => {
    const identity = identities[index] ?? 'missing';
    if (identity === 'missing') throw new CryptoError('STATEMENT_MISSING', userUid);
    if (identity === 'bad') throw new CryptoError('BAD_STATEMENT', userUid);
    const check = checkEntry(deps.pins, roomUid, identity);
    if (check === 'conflict') throw new CryptoError('PIN_CONFLICT', userUid);
    if (check === 'unconfirmed') throw new CryptoError('UNCONFIRMED_VERSION', userUid);
    return { userUid, version, fingerprint: identity.fingerprint };
  });
  const at = deps.now();
  for (const person of admitted) pinAtFirstSight(deps.pins, roomUid, person, at);
  pinNames(deps.pins, people, at);
  return admitted;
}

/** Seals a new random key for everybody whom the record will name, and signs the record. */
export async function makeEpoch(
  deps: EpochMakerDeps,
  creatorKeys: IdentityKeys,
  base: Pick<RoomRecord, 'roomUid' | 'type' | 'history' | 'creator' | 'people'>,
  position: { epoch: number; prev: string | null },
): Promise<MadeEpoch> {
  if (base.type === 'direct' && base.people.length > 2) throw new CryptoError('BAD_INPUT');
  const recipients = await loadRecipients(deps.directory, base.people);
  const { roomUid } = base;
  const key = deps.random(64);
  const record = serialiseRecord(nextRecord(base, position.epoch, position.prev, key));
  const hash = hashRecord(record);
  const made = wrapRoomKey(
    deps.sealer,
    deps.random,
    { roomUid, epoch: position.epoch, hash, key },
    recipients,
  );
  key.fill(0);
  if ('badUid' in made) throw new CryptoError('BAD_STATEMENT', made.badUid);
  const signature = encodeBase64(ed25519Sign(creatorKeys.ed25519, encodeUtf8(record)));
  return { epoch: position.epoch, hash, record, signature, wraps: made.wraps };
}

async function loadRecipients(directory: IdentityDirectory, people: RoomPerson[]): Promise<PublicIdentity[]> {
  const { missing, bad } = await directory.load(people);
  if (bad[0] !== undefined) throw new CryptoError('BAD_STATEMENT', bad[0].userUid);
  return people.map((person) => {
    const identity = directory.get(entryText(person));
    if (identity === undefined)
      throw new CryptoError('STATEMENT_MISSING', missing[0]?.userUid ?? person.userUid);
    return identity;
  });
}
