import type { SharedWrap } from '#contract/room-key-sharing.ts';
import { createCryptoEngine } from '../engine.ts';
import type { MadeEpoch, MessageRow, PersonVersion } from '../engine-types.ts';
import type { Person, World } from './crypto-world.ts';
import { textOf } from './plain-messages.ts';

/** People who lost their keys, and what the server does about them. */

/** What they choose at a reset. */
export const passwordAfterReset = 'another wooden floor';

/** The same account after an admin's reset: the next version, in a browser that knows nothing. */
export async function resetPerson(world: World, person: Person): Promise<Person> {
  const deps = world.depsFor(person.userUid);
  const engine = createCryptoEngine(deps);
  const { userUid, identityVersion, vault } = person.row;
  const counters = { keys: vault.keys.counter, pins: vault.pins.counter };
  const chosen = { password: passwordAfterReset, username: 'x', displayName: person.displayName };
  const made = await engine.recovery('makeReset', { userUid, identityVersion, counters }, chosen);
  const { salt, statement, statementSignature: signature } = made.request;
  const { keys, pins, passwordWrap, recoveryWrap } = made.request;
  const version = identityVersion + 1;
  world.publish({ userUid, version, statement, signature });
  await engine.recovery('finish');
  const row = { ...person.row, identityVersion: version, vault: { keys, pins, passwordWrap, recoveryWrap } };
  return { ...person, engine, deps, row, salt };
}

export const versionOf = ({ row }: Person): PersonVersion => ({
  userUid: row.userUid,
  version: row.identityVersion,
});

/** What the person reads out, typed by somebody. */
export async function confirmBy(typist: Person, person: Person): Promise<void> {
  const digits = await person.engine.trust('ownDigits');
  const result = await typist.engine.trust('confirmIdentity', { ...versionOf(person), digits });
  if (!result.ok) throw new Error(`not confirmed: ${result.reason}`);
}

/** The record with the newer versions that this person confirmed. */
export async function renewBy(world: World, maker: Person, roomUid: string): Promise<MadeEpoch> {
  const verdict = await world.accept(maker, roomUid);
  if (verdict.status !== 'sendable') throw new Error(`not sendable: ${verdict.reason ?? ''}`);
  const only = world.newestVersions();
  const made = await maker.engine.trust('renewRoom', { roomUid, remove: [], only });
  if (made === null) throw new Error('nothing to renew');
  world.storeEpoch(roomUid, made);
  return made;
}

/** What the server does with shared wraps: the one for the newest version is what its person gets. */
export function storeShared(world: World, roomUid: string, wraps: readonly SharedWrap[]): void {
  for (const { userUid, version, epoch, wrap } of wraps) {
    const stored = world.roomOf(roomUid).epochs[epoch - 1];
    if (stored === undefined) continue;
    stored.wrapByUid.set(userUid, wrap);
    stored.versionByUid = new Map([...(stored.versionByUid ?? []), [userUid, version]]);
  }
}

/** Each row's text, or why it has none. */
export async function readRows(person: Person, roomUid: string, rows: MessageRow[]): Promise<string[]> {
  const results = await person.engine.openMessages(roomUid, rows);
  return results.map((result) => (result.ok ? textOf(result.value) : result.reason));
}
