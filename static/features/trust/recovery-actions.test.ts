import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Call } from '../../connection/socket-connection.ts';
import type { ConnectionState } from '../../connection/connection-state.ts';
import type { RehearsalInput, RehearsalResult } from '../../crypto/trust-types.ts';
import { fail, succeed } from '../../state/failure.ts';
import { createStore } from '../../state/store.ts';
import { createManualTimers } from '../../testing/manual-timers.tests.ts';
import { initialAccountState } from '../account/account-state.ts';
import type { AccountState } from '../account/account-state.ts';
import { createRecoveryActions } from './recovery-actions.ts';
import type { RecoveryDeps } from './recovery-actions.ts';
import { recoveryLight } from './recovery-light.ts';
import { noTrustNews } from './trust-news.ts';

const hourMs = 3_600_000;
const sound: RehearsalResult = { isVaultSound: true, unreadable: [], unchecked: [] };

const signedIn: AccountState = {
  ...initialAccountState(),
  keysChangedAt: 7,
  phase: {
    name: 'signed-in',
    sessionUid: 's',
    me: {
      userUid: 'me',
      username: 'me',
      displayName: 'Me',
      department: '',
      title: '',
      statusText: '',
      state: 'active',
      identityVersion: 1,
      rev: 1,
      role: 'member',
      createdAt: 0,
    },
  },
};

/** A person in so many rooms; each look at the vault is answered with the next of these, the last one for good. */
function createBench(looks: RehearsalResult[], roomCount = 3) {
  const timers = createManualTimers();
  const rooms = Array.from({ length: roomCount }, (_, index) => ({
    roomUid: `room${index}`,
    oldest: 1,
    newest: index + 1,
  }));
  const rehearsed: RehearsalInput[] = [];
  const stored = new Map<string, string>();
  const account = createStore(signedIn);
  const trust = createStore(noTrustNews());
  const state = createStore<ConnectionState>({ phase: 'online' });
  let stop = (): void => undefined;
  // the actions ask for nothing but these two
  const call = (async (name: string, input: { after?: string }) => {
    if (name === 'vault:get') return succeed({});
    if (name !== 'keys:held') return fail('NOT_FOUND');
    // two pages
    return input.after === undefined && rooms.length > 1
      ? succeed({ rooms: rooms.slice(0, 1), next: rooms[0]?.roomUid })
      : succeed({ rooms: rooms.slice(rooms.length > 1 ? 1 : 0), next: null });
  }) as unknown as Call;
  const crypto = {
    trust: async (method: string, input: RehearsalInput) => {
      assert.equal(method, 'rehearse');
      rehearsed.push(input);
      return looks.length > 1 ? looks.shift() : looks[0];
    },
  } as unknown as RecoveryDeps['crypto']; // of the engine's trust methods only this one is asked for
  const actions = createRecoveryActions({
    connection: { call, state },
    crypto,
    account,
    trust,
    storage: {
      getValue: async (key) => stored.get(key) ?? null,
      putValue: async (key, value) => void stored.set(key, value),
    },
    clock: timers,
    timers,
    userUid: 'me',
    onStop: (undo) => (stop = undo),
  });
  const colour = (): string => {
    const { isSheetUnconfirmed, keysChangedAt } = account.get();
    const { rehearsal } = trust.get();
    return recoveryLight({ isSheetUnconfirmed, keysChangedAt, rehearsal, now: timers.now() }).colour;
  };
  return { actions, account, colour, rehearsed, state, stored, timers, trust, stop: () => stop() };
}

/** Lets everything that waits for nothing happen, and time pass for what waits for that. */
const pass = async (timers: { advance: (ms: number) => void }, ms: number): Promise<void> => {
  for (let turn = 0; turn < 40; turn += 1) await Promise.resolve();
  const stepMs = ms > hourMs ? 600_000 : 1_000;
  for (let passed = 0; passed < ms; passed += stepMs) {
    timers.advance(stepMs);
    for (let turn = 0; turn < 40; turn += 1) await Promise.resolve();
  }
};

describe('the rehearsal of a recovery', () => {
  test('comes by itself when nobody has looked, and turns the light green', async () => {
    const bench = createBench([sound]);
    await bench.actions.watch();
    assert.equal(bench.colour(), 'yellow');
    assert.equal(bench.rehearsed.length, 0, 'whoever has just come in reads first');
    await pass(bench.timers, 20_000);
    assert.equal(bench.colour(), 'green');
    assert.deepEqual(
      bench.rehearsed.flatMap(({ rooms }) => rooms.map(({ roomUid }) => roomUid)),
      ['room0', 'room1', 'room2'],
    );
    assert.equal(bench.trust.get().rehearsal?.rooms, 3);
  });

  test('comes once a day, and again when the keys changed', async () => {
    const bench = createBench([sound]);
    await bench.actions.watch();
    await pass(bench.timers, 23 * hourMs);
    assert.equal(bench.rehearsed.length, 1);
    await pass(bench.timers, 2 * hourMs);
    assert.equal(bench.rehearsed.length, 2);
    bench.account.patch({ keysChangedAt: 8 });
    assert.equal(bench.colour(), 'yellow');
    await pass(bench.timers, 20_000);
    assert.equal(bench.rehearsed.length, 3);
    assert.equal(bench.colour(), 'green');
  });

  test('is not repeated by a page that finds what another one kept', async () => {
    const first = createBench([sound]);
    await first.actions.watch();
    await pass(first.timers, 20_000);
    const second = createBench([sound]);
    for (const [key, value] of first.stored) second.stored.set(key, value);
    await second.actions.watch();
    await pass(second.timers, 20_000);
    assert.equal(second.rehearsed.length, 0);
    assert.equal(second.colour(), 'green');
  });

  test('alarms nobody after one look, but after two', async () => {
    const unsound = { ...sound, isVaultSound: false };
    const passing = createBench([unsound, sound]);
    const done = passing.actions.rehearse();
    await pass(passing.timers, 20_000);
    assert.equal((await done).ok, true);
    assert.equal(passing.colour(), 'green');
    const lasting = createBench([unsound]);
    const found = lasting.actions.rehearse();
    await pass(lasting.timers, 20_000);
    assert.equal((await found).ok, true);
    assert.equal(lasting.colour(), 'red');
  });

  test('tries many rooms with pauses, and counts what nobody gave me and what was not answered', async () => {
    const unreadable = [
      { roomUid: 'room3', epoch: 1 },
      { roomUid: 'room3', epoch: 4 },
    ];
    const bench = createBench([{ ...sound, unreadable }, { ...sound, unchecked: ['room12'] }, sound], 25);
    const done = bench.actions.rehearse();
    await pass(bench.timers, 1_000);
    assert.equal(bench.rehearsed.length, 1);
    assert.equal(bench.trust.get().isRehearsing, true);
    await pass(bench.timers, 20_000);
    await done;
    assert.deepEqual(
      bench.rehearsed.map(({ rooms }) => rooms.length),
      [10, 10, 5],
    );
    const { rehearsal, isRehearsing } = bench.trust.get();
    assert.deepEqual([rehearsal?.rooms, rehearsal?.waitingRooms, rehearsal?.uncheckedRooms], [24, 1, 1]);
    assert.equal(isRehearsing, false);
    assert.equal(bench.colour(), 'yellow');
  });

  test('of a vault that another browser changed says so, and of a cut line nothing at all', async () => {
    const elsewhere = createBench([{ isVaultSound: null, unreadable: [], unchecked: ['room0'] }]);
    await elsewhere.actions.rehearse();
    assert.equal(elsewhere.trust.get().rehearsal?.vault, 'elsewhere');
    const cut = createBench([{ ...sound, isVaultSound: false }]);
    cut.state.set({ phase: 'offline', nextAttemptAt: 0 });
    const result = await cut.actions.rehearse();
    assert.equal(!result.ok && result.code, 'OFFLINE');
    assert.equal(cut.trust.get().rehearsal, null);
  });

  test('ends with the session', async () => {
    const bench = createBench([sound]);
    await bench.actions.watch();
    bench.stop();
    await pass(bench.timers, 20_000);
    assert.equal(bench.rehearsed.length, 0);
  });
});
