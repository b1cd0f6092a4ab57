import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fail, succeed } from '../state/failure.ts';
import type { Failure, Result } from '../state/failure.ts';
import { onDroppedError } from '../state/drop.ts';
import { createManualTimers } from '../testing/manual-timers.tests.ts';
import { backOffMs } from './back-off.ts';
import { httpRoute } from './http-call.ts';
import { createConnection } from './socket-connection.ts';
import type { SocketLink } from './socket-link.ts';

const createRig = () => {
  const timers = createManualTimers();
  const listeners: {
    open?: () => void;
    refused?: (failure: Failure) => void;
    closed?: () => void;
    event?: (name: string, payload: unknown) => void;
  } = {};
  let isOpen = false;
  let opened = 0;
  const link: SocketLink = {
    open: () => void (opened += 1),
    close: () => void (isOpen = false),
    isOpen: () => isOpen,
    generation: () => opened,
    emit: async () => null,
    onOpen: (listener) => void (listeners.open = listener),
    onRefused: (listener) => void (listeners.refused = listener),
    onClosed: (listener) => void (listeners.closed = listener),
    onEvent: (listener) => void (listeners.event = listener),
  };
  const told: string[] = [];
  const connection = createConnection({
    link,
    timers,
    random: () => 0,
    isNetworkUp: () => true,
    onSessionLost: () => told.push('session lost'),
    onOutdated: () => told.push('outdated'),
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  return {
    connection,
    timers,
    told,
    listeners,
    settle,
    opened: () => opened,
    becomeOpen: async () => {
      isOpen = true;
      listeners.open?.();
      await settle();
    },
    loseSocket: () => {
      isOpen = false;
      listeners.closed?.();
    },
  };
};

describe('a connection', () => {
  test('holds events until the state they change is known, and then delivers them in order', async () => {
    const rig = createRig();
    const seen: string[] = [];
    rig.connection.on('room:gone', ({ roomUid }) => seen.push(roomUid));
    let answer: (result: Result<void>) => void = () => undefined;
    rig.connection.connect(() => new Promise((resolve) => (answer = resolve)));
    await rig.becomeOpen();
    rig.listeners.event?.('room:gone', { roomUid: 'a' });
    rig.listeners.event?.('room:gone', { roomUid: 'b' });
    assert.deepEqual(seen, []);
    assert.equal(rig.connection.state.get().phase, 'connecting');
    answer(succeed(undefined));
    await rig.settle();
    assert.deepEqual(seen, ['a', 'b']);
    assert.equal(rig.connection.state.get().phase, 'online');
    rig.listeners.event?.('room:gone', { roomUid: 'c' });
    assert.deepEqual(seen, ['a', 'b', 'c']);
  });

  test('comes back by the same path: it synchronises again', async () => {
    const rig = createRig();
    let synchronised = 0;
    rig.connection.connect(async () => {
      synchronised += 1;
      return succeed(undefined);
    });
    await rig.becomeOpen();
    rig.loseSocket();
    const state = rig.connection.state.get();
    assert.equal(state.phase, 'reconnecting');
    assert.equal(
      state.phase === 'reconnecting' && state.nextAttemptAt,
      backOffMs(1, () => 0),
    );
    rig.timers.advance(backOffMs(1, () => 0));
    assert.equal(rig.opened(), 2);
    await rig.becomeOpen();
    assert.equal(synchronised, 2);
    assert.equal(rig.connection.state.get().phase, 'online');
  });

  test('tries again when synchronising failed, after what the server asked for', async () => {
    const rig = createRig();
    rig.connection.connect(async () => fail('RATE_LIMITED', { retryAfterMs: 9_000 }));
    await rig.becomeOpen();
    rig.timers.advance(8_999);
    assert.equal(rig.opened(), 1);
    rig.timers.advance(1);
    assert.equal(rig.opened(), 2);
  });

  test('ends without a session, and says so once', async () => {
    const rig = createRig();
    rig.connection.connect(async () => succeed(undefined));
    rig.listeners.refused?.(fail('NOT_SIGNED_IN'));
    rig.listeners.closed?.();
    rig.timers.advance(60_000);
    assert.deepEqual(rig.told, ['session lost']);
    assert.equal(rig.connection.state.get().phase, 'signed-out');
    assert.equal(rig.opened(), 1);
  });

  test('stops before a newer server', () => {
    const rig = createRig();
    rig.connection.connect(async () => succeed(undefined));
    rig.listeners.refused?.(fail('CONTRACT_OUTDATED'));
    assert.deepEqual(rig.told, ['outdated']);
    assert.equal(rig.connection.state.get().phase, 'outdated');
  });

  test('tries again, and says so, when synchronising throws', async () => {
    const reported: unknown[] = [];
    onDroppedError((error) => reported.push(error));
    const rig = createRig();
    let isBroken = true;
    rig.connection.connect(async () => {
      if (isBroken) throw new Error('a bug');
      return succeed(undefined);
    });
    await rig.becomeOpen();
    assert.equal(reported.length, 1);
    assert.equal(rig.connection.state.get().phase, 'reconnecting');
    isBroken = false;
    rig.timers.advance(60_000);
    await rig.becomeOpen();
    assert.equal(rig.connection.state.get().phase, 'online');
  });

  test('delivers what waited to every listener, although one of them throws', async () => {
    const reported: unknown[] = [];
    onDroppedError((error) => reported.push(error));
    const rig = createRig();
    const seen: string[] = [];
    rig.connection.on('room:gone', () => {
      throw new Error('a broken view');
    });
    rig.connection.on('room:gone', ({ roomUid }) => seen.push(roomUid));
    let answer: (result: Result<void>) => void = () => undefined;
    rig.connection.connect(() => new Promise((resolve) => (answer = resolve)));
    await rig.becomeOpen();
    rig.listeners.event?.('room:gone', { roomUid: 'a' });
    rig.listeners.event?.('room:gone', { roomUid: 'b' });
    answer(succeed(undefined));
    await rig.settle();
    assert.deepEqual(seen, ['a', 'b']);
    assert.equal(rig.connection.state.get().phase, 'online');
    assert.equal(reported.length, 2);
  });

  test('answers calls with OFFLINE while there is no socket', async () => {
    const rig = createRig();
    const result = await rig.connection.call('account:me', {});
    assert.equal(result.ok || result.code, 'OFFLINE');
    assert.equal(!result.ok && result.isRetryable, true);
  });
});

describe('the back-off', () => {
  test('grows to fifteen seconds and never falls below a quarter of its ceiling', () => {
    assert.deepEqual(
      [1, 2, 5, 6, 40].map((attempt) => backOffMs(attempt, () => 0)),
      [125, 250, 2_000, 3_750, 3_750],
    );
    assert.equal(backOffMs(40, () => 0.999_999) <= 15_000, true);
  });
});

describe('an HTTP route', () => {
  test('takes path parameters out of the input and puts the rest where it belongs', () => {
    assert.deepEqual(httpRoute('epoch:list', { roomUid: 'r/1', from: 5, to: 50 }), {
      method: 'GET',
      path: '/api/rooms/r%2F1/epochs?from=5&to=50',
      body: null,
    });
    assert.deepEqual(httpRoute('account:update', { displayName: '새 이름' }), {
      method: 'PATCH',
      path: '/api/me',
      body: '{"displayName":"새 이름"}',
    });
    assert.deepEqual(httpRoute('session:revoke', { sessionUid: 's' }), {
      method: 'DELETE',
      path: '/api/sessions/s',
      body: null,
    });
  });

  test('never puts the proof of a password into an address', () => {
    const route = httpRoute('account:delete', { authKey: 'secret' });
    assert.equal(route.path.includes('secret'), false);
    assert.equal(route.body, '{"authKey":"secret"}');
  });
});
