/** What a session listens to for the running of rooms. Events from before this began are made up for by a first look. */
import { drop } from '../../state/drop.ts';
import type { AdministrationActions, AdministrationDeps } from './administration-actions.ts';
import { withRequestChange } from './join-request-changes.ts';
import { isAdministrator } from './room-state.ts';

type Work = Pick<AdministrationActions, 'loadRequests' | 'shareKeys' | 'refreshKeys'>;

/** Gives the look that is due whenever the connection is back. */
export function startWatch(actions: Work, deps: AdministrationDeps): () => void {
  const { connection, rooms, joinRequests, disposables, meUid } = deps;
  /** Rooms whose newest epoch was looked at for people who lack keys. */
  const lookedAt = new Set<string>();

  /** Whoever opens a room helps those who joined while nobody could share the keys of its history with them. */
  const lookAtKeys = (): void => {
    const { openRoomUid, byUid } = rooms.get();
    const room = byUid.get(openRoomUid ?? '')?.room;
    if (room === undefined || room.type !== 'group' || !room.history) return;
    // what was shared with me while I was away was told to nobody, and another room may have been open since
    drop(actions.refreshKeys(room.roomUid));
    const key = `${room.roomUid} ${room.epoch}`;
    if (lookedAt.has(key) || connection.state.get().phase !== 'online') return;
    lookedAt.add(key);
    drop(share(room.roomUid, key));
  };
  /** What could not be done is tried at the next look. */
  const share = async (roomUid: string, key: string): Promise<void> => {
    const result = await actions.shareKeys(roomUid);
    if (!result.ok) lookedAt.delete(key);
  };
  disposables.add(
    connection.on('room:request-changed', (change) => {
      drop(deps.ensurePeople([change.userUid]));
      joinRequests.update((state) => withRequestChange(state, change, meUid));
    }),
    connection.on('room:changed', ({ changed }) => {
      if (changed.some(({ userUid }) => userUid === meUid)) drop(actions.loadRequests());
    }),
    connection.on('keys:shared', ({ roomUid }) => drop(actions.refreshKeys(roomUid))),
    rooms.subscribe((state) => state.openRoomUid, lookAtKeys),
  );
  return () => {
    const all = [...rooms.get().byUid.values()];
    if (all.some(({ room }) => isAdministrator(room, meUid))) drop(actions.loadRequests());
    lookAtKeys();
  };
}
