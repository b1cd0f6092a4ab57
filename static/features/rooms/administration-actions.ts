/** Running a group, finding groups and asking to join them, keys for those who joined later. Comes when first called. */
import type { RequestOutput } from '#contract/index.ts';
import type { ListedRoom } from '#contract/join-requests.ts';
import type { RoomPolicies } from '#contract/room-settings.ts';
import type { Call, Connection } from '../../connection/socket-connection.ts';
import type { CryptoEngine } from '../../crypto/index.ts';
import type { Disposables } from '../../state/disposables.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import { fail, succeed } from '../../state/failure.ts';
import type { Result } from '../../state/failure.ts';
import type { Store } from '../../state/store.ts';
import { startWatch } from './administration-watch.ts';
import type { JoinRequestsState } from './join-request-state.ts';
import type { MembershipActions } from './membership-actions.ts';
import { withReopened } from './room-key-state.ts';
import { newEpoch } from './room-keys.ts';
import type { RoomKeys } from './room-keys.ts';
import { withRoom } from './room-state.ts';
import type { RoomsState } from './room-state.ts';

export type AdministrationActions = {
  describe: (roomUid: string, description: string) => Promise<Result<void>>;
  /** Base64 of a small picture; null takes it away. */
  setPicture: (roomUid: string, picture: string | null) => Promise<Result<void>>;
  setPolicies: (roomUid: string, change: Partial<RoomPolicies>) => Promise<Result<void>>;
  setRole: (roomUid: string, userUid: string, role: 'admin' | 'member') => Promise<Result<void>>;
  handOver: (roomUid: string, userUid: string) => Promise<Result<void>>;
  /** Whether those who join from now on may read what is written from now on. */
  setHistory: (roomUid: string, isOn: boolean) => Promise<Result<void>>;
  audit: (roomUid: string, before?: number) => Promise<Result<RequestOutput<'room:audit'>>>;
  discover: (query: string, after?: string) => Promise<Result<{ rooms: ListedRoom[]; hasMore: boolean }>>;
  ask: (roomUid: string) => Promise<Result<void>>;
  withdraw: (roomUid: string) => Promise<Result<void>>;
  decline: (roomUid: string, userUid: string) => Promise<Result<void>>;
  /** Who waits in the groups that I run, as the server has it now. */
  loadRequests: () => Promise<Result<void>>;
  /** Gives those who joined later the keys of the history that they may read. */
  shareKeys: (roomUid: string) => Promise<Result<void>>;
  /** Somebody gave me keys: rows that could not be opened are opened again. */
  refreshKeys: (roomUid: string) => Promise<Result<void>>;
  /** The connection is there: listens from now on, and looks at what was missed. */
  watch: () => Promise<Result<void>>;
};

export type AdministrationDeps = {
  connection: Pick<Connection, 'on' | 'state'>;
  disposables: Pick<Disposables, 'add'>;
  meUid: string;
  call: Call;
  crypto: Pick<CryptoEngine, 'makeNextEpoch' | 'trust' | 'refreshRoomKeys'>;
  rooms: Store<RoomsState>;
  joinRequests: Store<JoinRequestsState>;
  membership: Pick<MembershipActions, 'throughRaces'>;
  keys: Pick<RoomKeys, 'accept'>;
  ensurePeople: (userUids: readonly string[]) => Promise<void>;
  catchUp: (roomUid: string) => Promise<boolean>;
};

/** Pages in one go of sharing. */
const maxPages = 40;

const done = async (asked: Promise<Result<unknown>>): Promise<Result<void>> => {
  const result = await asked;
  return result.ok ? succeed(undefined) : result;
};

export function createAdministrationActions(deps: AdministrationDeps): AdministrationActions {
  const { call, crypto, rooms, joinRequests } = deps;
  let look: (() => void) | null = null;
  const sharedUpTo: SharedUpTo = new Map();
  const actions: AdministrationActions = {
    describe: (roomUid, description) => done(call('room:describe', { roomUid, description })),
    setPicture: (roomUid, picture) => done(call('room:set-picture', { roomUid, picture })),
    setPolicies: (roomUid, change) => done(call('room:set-policies', { roomUid, ...change })),
    setRole: (roomUid, userUid, role) => done(call('room:set-role', { roomUid, userUid, role })),
    handOver: (roomUid, userUid) => done(call('room:hand-over', { roomUid, userUid })),
    setHistory: async (roomUid, history) => {
      const isSet = (): boolean => rooms.get().byUid.get(roomUid)?.room.history === history;
      // Where it seems to be so already, the news that somebody changed it may still be on its way.
      if (isSet()) await deps.catchUp(roomUid);
      return deps.membership.throughRaces(roomUid, async () => {
        if (isSet()) return succeed(undefined);
        const made = await tryCrypto(() => crypto.makeNextEpoch({ roomUid, add: [], remove: [], history }));
        return made.ok ? call('room:rekey', { roomUid, epoch: newEpoch(made.value) }) : made;
      });
    },
    audit: async (roomUid, before) => {
      const page = await call('room:audit', { roomUid, ...(before === undefined ? {} : { before }) });
      if (!page.ok) return page;
      await deps.ensurePeople([...new Set(page.value.entries.flatMap(peopleOf(roomUid)))]);
      return page;
    },
    discover: (query, after) => call('room:discover', { query, ...(after === undefined ? {} : { after }) }),
    ask: (roomUid) => done(call('room:ask', { roomUid })),
    withdraw: (roomUid) => done(call('room:withdraw', { roomUid })),
    decline: (roomUid, userUid) => done(call('room:decline', { roomUid, userUid })),
    loadRequests: async () => {
      const result = await call('room:requests', {});
      if (!result.ok) return result;
      const { waiting } = result.value;
      await deps.ensurePeople(waiting.map(({ userUid }) => userUid));
      joinRequests.update((state) => ({ ...state, waiting }));
      return succeed(undefined);
    },
    shareKeys: (roomUid) => shareKeys(deps, sharedUpTo, roomUid),
    refreshKeys: async (roomUid) => {
      const found = await tryCrypto(() => crypto.refreshRoomKeys(roomUid));
      if (!found.ok) return found;
      const entry = rooms.get().byUid.get(roomUid);
      if (found.value && entry !== undefined) rooms.update((state) => withRoom(state, withReopened(entry)));
      return succeed(undefined);
    },
    watch: async () => {
      look ??= startWatch(actions, deps);
      look();
      return succeed(undefined);
    },
  };
  return actions;
}

const peopleOf =
  (roomUid: string) =>
  ({ actorUid, subject }: RequestOutput<'room:audit'>['entries'][number]): string[] =>
    [actorUid, subject].filter((uid) => uid !== roomUid);

/** Where a look at a room's missing keys ended that was too long for one go. */
type SharedUpTo = Map<string, string>;

/** What the server says is missing, as far as the records allow it; a page after another, whether or not any of it may be shared. */
async function shareKeys(
  { call, crypto, keys }: AdministrationDeps,
  sharedUpTo: SharedUpTo,
  roomUid: string,
): Promise<Result<void>> {
  // the records decide whom the keys may go to, so they come first
  const verdict = await keys.accept(roomUid);
  if (verdict?.status !== 'sendable') return fail(verdict?.reason ?? 'RECORDS_UNAVAILABLE');
  let after = sharedUpTo.get(roomUid);
  for (let page = 0; page < maxPages; page += 1) {
    const wanted = await call('keys:wanted', { roomUid, ...(after === undefined ? {} : { after }) });
    if (!wanted.ok) return wanted;
    const { missing, next } = wanted.value;
    if (missing.length > 0) {
      const made = await tryCrypto(() => crypto.trust('shareKeys', { roomUid, wanted: missing }));
      if (!made.ok) return made;
      const shared =
        made.value.length === 0 ? null : await call('keys:share', { roomUid, wraps: made.value });
      if (shared?.ok === false) return shared;
    }
    after = next ?? undefined;
    if (after === undefined) break;
  }
  // what nobody may have stays at the front for ever: the next time goes on behind it
  if (after === undefined) sharedUpTo.delete(roomUid);
  else sharedUpTo.set(roomUid, after);
  return succeed(undefined);
}
