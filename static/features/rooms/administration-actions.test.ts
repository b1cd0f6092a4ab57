import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Call } from '../../connection/socket-connection.ts';
import type { CryptoEngine } from '../../crypto/index.ts';
import { succeed } from '../../state/failure.ts';
import { createStore } from '../../state/store.ts';
import { createManualTimers } from '../../testing/manual-timers.tests.ts';
import { plainRoom } from '../../testing/plain-room.ts';
import { emptyPeople } from '../people/person-state.ts';
import { createAdministrationActions } from './administration-actions.ts';
import type { AdministrationDeps } from './administration-actions.ts';
import { createMembershipActions } from './membership-actions.ts';
import { emptyRooms, newRoomEntry, withRoom } from './room-state.ts';

const entryWith = (history: boolean) =>
  newRoomEntry(
    {
      ...plainRoom,
      roomUid: 'room',
      type: 'group',
      title: '',
      rev: 1,
      lastSeq: 0,
      createdAt: 0,
      ownerUid: 'alice',
      epoch: 1,
      epochHash: 'hash',
      isRekeyNeeded: false,
      members: [{ userUid: 'alice', joinedSeq: 1, readSeq: 0, joinedAt: 0, role: 'owner' }],
      history,
    },
    [],
  );

/** A client that believes a room's history to be on or off, while the server knows better. */
const createStale = (believed: boolean, real: boolean) => {
  const rooms = createStore(withRoom(emptyRooms(), entryWith(believed)));
  const asked: string[] = [];
  const made: unknown[] = [];
  const call = (async (name: string) => {
    asked.push(name);
    return succeed({});
  }) as unknown as Call;
  const crypto = {
    makeNextEpoch: async ({ history }: { history?: boolean }) => {
      made.push(history);
      return { record: 'record', epoch: 2, wraps: [] };
    },
  } as unknown as CryptoEngine;
  const catchUp = async (): Promise<boolean> => {
    rooms.update((state) => withRoom(state, entryWith(real)));
    return true;
  };
  const membership = createMembershipActions({
    call,
    crypto,
    keys: { ensureSendable: async () => succeed(undefined) },
    rooms,
    people: createStore(emptyPeople()),
    ensurePeople: async () => undefined,
    refreshPeople: async () => succeed(undefined),
    catchUp,
    timers: createManualTimers(),
  });
  // All that a change of the history uses.
  const deps = { call, crypto, rooms, membership, catchUp } as unknown as AdministrationDeps;
  return { administration: createAdministrationActions(deps), asked, made };
};

test('a history that somebody else has just turned off is turned on, although the news is still on its way', async () => {
  const { administration, asked, made } = createStale(true, false);
  assert.deepEqual(await administration.setHistory('room', true), succeed(undefined));
  assert.deepEqual(asked, ['room:rekey']);
  assert.deepEqual(made, [true]);
});

test('a history that is on already costs no new key', async () => {
  const { administration, asked } = createStale(true, true);
  assert.deepEqual(await administration.setHistory('room', true), succeed(undefined));
  assert.deepEqual(asked, []);
});
