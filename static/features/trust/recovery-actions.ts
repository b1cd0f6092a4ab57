/**
 * The rehearsal of a recovery, in the background: opens the vault that is on the server as a fresh browser would, and tries the
 * oldest and the newest key of every room. At most once a day and after the keys changed. docs/e2e-protocol.md section 7.
 */
import type { RequestOutput } from '#contract/index.ts';
import type { Connection } from '../../connection/socket-connection.ts';
import type { CryptoEngine, VaultRow } from '../../crypto/index.ts';
import type { Clock } from '../../state/clock.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import { drop } from '../../state/drop.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { ReadableStore, Store } from '../../state/store.ts';
import type { Timers } from '../../state/timers.ts';
import type { ClientStorage } from '../../storage/client-storage.ts';
import { meOf } from '../account/account-state.ts';
import type { AccountState } from '../account/account-state.ts';
import { isRehearsalDue, parseRehearsal } from './recovery-light.ts';
import type { Rehearsal } from './recovery-light.ts';
import type { TrustNews } from './trust-news.ts';

export type RecoveryActions = {
  /** Shows what was found last; rehearses when nothing else is to be done, and from then on whenever it is due. */
  watch: () => Promise<Result<void>>;
  /** Now, because somebody asked. */
  rehearse: () => Promise<Result<void>>;
};

export type RecoveryDeps = {
  connection: Pick<Connection, 'call' | 'state'>;
  crypto: Pick<CryptoEngine, 'trust'>;
  account: ReadableStore<AccountState>;
  trust: Store<TrustNews>;
  storage: Pick<ClientStorage, 'getValue' | 'putValue'>;
  clock: Pick<Clock, 'now'>;
  timers: Timers;
  userUid: string;
  /** Called with what ends the watching. */
  onStop: (stop: () => void) => void;
};

/** Whoever has just come in reads first. */
const firstDelayMs = 10_000;
const lookAgainMs = 60 * 60_000;
/** Rooms that are tried at a stretch, and the pause after them: the limits of the server are the user's, too. */
const roomsAtOnce = 10;
const pauseMs = 2_000;
/** After a finding that would alarm somebody, before it is looked at a second time. */
const secondLookMs = 2_000;

export function createRecoveryActions(deps: RecoveryDeps): RecoveryActions {
  const { account, trust, storage, timers, clock } = deps;
  // Keys begin with the uid, so that a wipe takes them along.
  const storedName = `${deps.userUid}.rehearsal`;
  let running: Promise<Result<void>> | null = null;
  let isStopped = false;
  let cancel: (() => void) | null = null;

  const pause = (delayMs: number): Promise<void> =>
    new Promise((resolve) => {
      timers.after(delayMs, resolve);
    });
  const isDue = (): boolean => {
    const { isSheetUnconfirmed, keysChangedAt } = account.get();
    const { rehearsal } = trust.get();
    return isRehearsalDue({ isSheetUnconfirmed, keysChangedAt, rehearsal, now: clock.now() });
  };

  const keep = async (rehearsal: Rehearsal): Promise<void> => {
    trust.patch({ rehearsal });
    // Without it the next start rehearses again, nothing worse.
    await storage.putValue(storedName, JSON.stringify(rehearsal)).catch(() => undefined);
  };

  const run = async (): Promise<Result<void>> => {
    const first = await rehearseOnce(deps, pause, () => isStopped);
    if (!first.ok) return first;
    let found = first.value;
    if (found.vault === 'unsound') {
      // The vault may have been replaced while it was being looked at: nobody is alarmed by one look.
      await pause(secondLookMs);
      const second = await rehearseOnce(deps, pause, () => isStopped);
      if (!second.ok) return second;
      found = second.value;
    }
    if (isStopped || found.keysChangedAt !== account.get().keysChangedAt) return fail('CANCELLED');
    await keep(found);
    return succeed(undefined);
  };

  const rehearse = async (): Promise<Result<void>> => {
    if (running === null) {
      trust.patch({ isRehearsing: true });
      running = run().finally(() => {
        running = null;
        trust.patch({ isRehearsing: false });
      });
    }
    return running;
  };

  const look = async (): Promise<void> => {
    // Another tab may have done it.
    const stored = parseRehearsal(await storage.getValue(storedName).catch(() => null));
    if (isStopped) return;
    if (stored !== null && stored.at > (trust.get().rehearsal?.at ?? 0)) trust.patch({ rehearsal: stored });
    if (isDue() && deps.connection.state.get().phase === 'online') await rehearse();
    if (!isStopped) plan(lookAgainMs);
  };
  const plan = (delayMs: number): void => {
    cancel?.();
    cancel = timers.after(delayMs, () => drop(look()));
  };

  let isWatching = false;
  const watch: RecoveryActions['watch'] = async () => {
    if (isWatching) return succeed(undefined);
    isWatching = true;
    const stored = parseRehearsal(await storage.getValue(storedName).catch(() => null));
    if (stored !== null) trust.patch({ rehearsal: stored });
    const stops = [
      account.subscribe(
        ({ keysChangedAt }) => keysChangedAt,
        () => plan(firstDelayMs),
      ),
      deps.connection.state.subscribe(
        ({ phase }) => phase === 'online',
        () => plan(firstDelayMs),
      ),
    ];
    deps.onStop(() => {
      isStopped = true;
      cancel?.();
      for (const stop of stops) stop();
    });
    plan(firstDelayMs);
    return succeed(undefined);
  };
  return { watch, rehearse };
}

type Pause = (delayMs: number) => Promise<void>;

/** One look at the vault and at every room. */
async function rehearseOnce(
  deps: RecoveryDeps,
  pause: Pause,
  isStopped: () => boolean,
): Promise<Result<Rehearsal>> {
  const { account, crypto, clock, connection } = deps;
  const { keysChangedAt } = account.get();
  const me = meOf(account.get());
  if (me === null || keysChangedAt === null) return fail('LOCKED');
  const vault = await connection.call('vault:get', {});
  if (!vault.ok) return vault;
  const { userUid, identityVersion } = me;
  const row: VaultRow = { userUid, identityVersion, vault: vault.value, generation: null };
  const found: Rehearsal = {
    at: clock.now(),
    keysChangedAt,
    vault: 'sound',
    rooms: 0,
    waitingRooms: 0,
    uncheckedRooms: 0,
  };
  const held = await loadHeld(connection);
  if (!held.ok) return held;
  // Without any room the vault itself is still tried.
  for (let index = 0; index === 0 || index < held.value.length; index += roomsAtOnce) {
    if (index > 0) await pause(pauseMs);
    if (isStopped()) return fail('CANCELLED');
    const rooms = held.value.slice(index, index + roomsAtOnce);
    const tried = await tryCrypto(() => crypto.trust('rehearse', { row, rooms }));
    if (!tried.ok) return tried;
    // What looks like a fault while the line is cut is none.
    if (connection.state.get().phase !== 'online') return fail('OFFLINE');
    const { isVaultSound, unreadable, unchecked } = tried.value;
    found.vault = isVaultSound === null ? 'elsewhere' : isVaultSound ? 'sound' : 'unsound';
    found.rooms += rooms.length - unchecked.length;
    found.uncheckedRooms += unchecked.length;
    found.waitingRooms += new Set(unreadable.map(({ roomUid }) => roomUid)).size;
    if (isVaultSound !== true) break;
  }
  return succeed(found);
}

type HeldRoom = RequestOutput<'keys:held'>['rooms'][number];

/** The oldest and the newest epoch of each of my rooms whose key I have. */
async function loadHeld({ call }: Pick<Connection, 'call'>): Promise<Result<HeldRoom[]>> {
  const rooms: HeldRoom[] = [];
  let after: string | null = null;
  do {
    const page: Result<RequestOutput<'keys:held'>> = await call('keys:held', after === null ? {} : { after });
    if (!page.ok) return page;
    rooms.push(...page.value.rooms);
    after = page.value.next;
  } while (after !== null);
  return succeed(rooms);
}
