import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fail, succeed } from '../state/failure.ts';
import type { Result } from '../state/failure.ts';
import { createStore } from '../state/store.ts';
import type { Store } from '../state/store.ts';
import { createManualTimers } from '../testing/manual-timers.tests.ts';
import { createMemoryStorage } from '../storage/memory-storage.ts';
import type { ClientStorage } from '../storage/client-storage.ts';
import { createLease } from './outbox-lease.ts';
import { emptyOutbox, unsentCount } from './outbox-state.ts';
import type { OutboxItem, OutboxState } from './outbox-state.ts';
import { createOutboxStorage } from './outbox-storage.ts';
import { createOutbox } from './outbox.ts';
import type { Outbox } from './outbox.ts';

const plainCrypto = {
  sealLocal: async (_label: string, _id: string, plain: Uint8Array) => plain,
  openLocal: async (_label: string, _id: string, sealed: Uint8Array) => sealed,
};

type Answer = Result<{ seq: number; sentAt: number }>;

type Rig = {
  outbox: Outbox;
  store: Store<OutboxState>;
  storage: ClientStorage;
  sent: string[];
  refreshed: string[];
  timers: ReturnType<typeof createManualTimers>;
  /** Answers in order; without one it is an ack. */
  answers: Answer[];
  seals: Result<string>[];
  /** Runs while a message is being sent, before its answer. */
  duringSend: () => void;
  setOnline: (isOnline: boolean) => void;
  settled: () => Promise<void>;
};

type Shared = {
  storage?: ClientStorage;
  tabId?: string;
  timers?: Rig['timers'];
  crypto?: Parameters<typeof createOutboxStorage>[0]['crypto'];
};

const createRig = (shared: Shared = {}): Rig => {
  const storage = shared.storage ?? createMemoryStorage();
  const timers = shared.timers ?? createManualTimers();
  const store = createStore<OutboxState>(emptyOutbox());
  let isOnline = true;
  const rig: Rig = {
    store,
    storage,
    timers,
    sent: [],
    refreshed: [],
    answers: [],
    seals: [],
    duringSend: () => undefined,
    outbox: createOutbox({
      store,
      storage: createOutboxStorage({ storage, crypto: shared.crypto ?? plainCrypto, userUid: 'alice' }),
      lease: createLease({ storage, timers, tabId: shared.tabId ?? 'tab1' }, 'outbox.alice'),
      timers,
      isOnline: () => isOnline,
      seal: async () => rig.seals.shift() ?? succeed('envelope'),
      send: async (item) => {
        rig.sent.push(item.text);
        rig.duringSend();
        return rig.answers.shift() ?? succeed({ seq: rig.sent.length, sentAt: 1 });
      },
      refreshKeys: async (roomUid) => void rig.refreshed.push(roomUid),
      announce: () => undefined,
    }),
    setOnline: (next) => {
      isOnline = next;
    },
    settled: async () => {
      for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    },
  };
  return rig;
};

let count = 0;
const add = async (rig: Rig, text: string, roomUid = 'room'): Promise<string> => {
  count += 1;
  const clientId = `c${count}`;
  assert.equal((await rig.outbox.add({ clientId, roomUid, text, target: null, composedAt: 1 })).ok, true);
  await rig.settled();
  return clientId;
};
const stateOf = (rig: Rig, clientId: string): OutboxItem['state'] | undefined =>
  rig.store.get().items.find((item) => item.clientId === clientId)?.state;
const storedCount = async (rig: Rig): Promise<number> => (await rig.storage.listOutbox('alice')).length;

describe('the outbox', () => {
  test('stores before it sends and lets go on the ack; the row itself ends what is shown', async () => {
    const rig = createRig();
    const clientId = await add(rig, '하나');
    assert.deepEqual(rig.sent, ['하나']);
    assert.equal(await storedCount(rig), 0);
    assert.equal(stateOf(rig, clientId)?.name, 'sent');
    rig.outbox.rowsArrived([clientId]);
    assert.equal(stateOf(rig, clientId), undefined);
  });

  test('shows what was sealed under keys that are gone, sends nothing of it, and lets go of it', async () => {
    const before = createRig();
    before.setOnline(false);
    const clientId = await add(before, '하나');
    await before.outbox.stop();
    const other = { ...plainCrypto, openLocal: async () => null };
    const { storage } = before;
    const after = createRig({ storage, crypto: other });
    await after.outbox.reload();
    const sealed = { name: 'failed', reason: 'TEXT_SEALED', subject: null };
    assert.deepEqual(stateOf(after, clientId), sealed);
    assert.equal(unsentCount(after.store.get()), 1, 'a sign-out would lose it');
    await after.outbox.retry(clientId);
    await after.settled();
    assert.deepEqual(after.sent, []);
    assert.deepEqual(stateOf(after, clientId), sealed);
    await after.outbox.discard(clientId);
    assert.equal(await storedCount(after), 0);
    assert.equal(stateOf(after, clientId), undefined);
  });

  test('keeps what was written without a connection and sends it in order later', async () => {
    const rig = createRig();
    rig.setOnline(false);
    const first = await add(rig, '하나');
    await add(rig, '둘');
    assert.deepEqual(stateOf(rig, first), { name: 'waiting', reason: 'OFFLINE', retryAt: null });
    assert.equal(await storedCount(rig), 2);
    rig.setOnline(true);
    rig.outbox.wake();
    await rig.settled();
    assert.deepEqual(rig.sent, ['하나', '둘']);
    assert.equal(unsentCount(rig.store.get()), 0);
  });

  test('survives a reload: another outbox over the same storage sends it under the same clientId', async () => {
    const before = createRig();
    before.setOnline(false);
    const clientId = await add(before, '하나');
    await before.outbox.stop();
    const after = createRig({ storage: before.storage, tabId: 'tab2' });
    await after.outbox.reload();
    assert.equal(after.store.get().items[0]?.clientId, clientId);
    after.outbox.wake();
    await after.settled();
    assert.deepEqual(after.sent, ['하나']);
  });

  test('waits as long as the server says and goes on by itself, in order', async () => {
    const rig = createRig();
    rig.answers.push(fail('RATE_LIMITED', { retryAfterMs: 5_000 }));
    const first = await add(rig, '하나');
    await add(rig, '둘');
    assert.deepEqual(stateOf(rig, first), { name: 'waiting', reason: 'RATE_LIMITED', retryAt: 5_000 });
    assert.deepEqual(rig.sent, ['하나']);
    rig.timers.advance(5_000);
    await rig.settled();
    assert.deepEqual(rig.sent, ['하나', '하나', '둘']);
  });

  test('looks at the room and seals anew when its keys moved on', async () => {
    const rig = createRig();
    rig.answers.push(fail('STALE_EPOCH'), fail('REKEY_NEEDED'));
    await add(rig, '하나');
    assert.deepEqual(rig.sent, ['하나', '하나', '하나']);
    assert.deepEqual(rig.refreshed, ['room', 'room']);
    assert.equal(unsentCount(rig.store.get()), 0);
  });

  test('gives up resealing at once after a while, so that it cannot spin', async () => {
    const rig = createRig();
    for (let round = 0; round < 20; round += 1) rig.answers.push(fail('STALE_EPOCH'));
    const clientId = await add(rig, '하나');
    assert.equal(rig.sent.length, 5);
    const state = stateOf(rig, clientId);
    assert.equal(state?.name === 'waiting' && state.reason, 'STALE_EPOCH');
  });

  test('shows as failed what will not heal, keeps the text, and lets the next one pass', async () => {
    const rig = createRig();
    rig.answers.push(fail('PERSON_DISABLED'));
    const first = await add(rig, '하나');
    await add(rig, '둘');
    assert.deepEqual(stateOf(rig, first), { name: 'failed', reason: 'PERSON_DISABLED', subject: null });
    assert.deepEqual(rig.sent, ['하나', '둘']);
    assert.equal(await storedCount(rig), 1);
    await rig.outbox.retry(first);
    await rig.settled();
    assert.deepEqual(rig.sent, ['하나', '둘', '하나']);
    assert.equal(await storedCount(rig), 0);
  });

  test('sends nothing that was not sealed', async () => {
    const rig = createRig();
    rig.seals.push(fail('FORK', { subject: 'mallory' }));
    const clientId = await add(rig, '비밀');
    assert.deepEqual(rig.sent, []);
    assert.deepEqual(stateOf(rig, clientId), { name: 'failed', reason: 'FORK', subject: 'mallory' });
    assert.equal((await rig.outbox.takeBack(clientId))?.text, '비밀');
    assert.equal(await storedCount(rig), 0);
  });

  test('goes on with a room as soon as its keys arrive', async () => {
    const rig = createRig();
    rig.seals.push(fail('KEY_MISSING', { retryAfterMs: 10_000 }));
    await add(rig, '하나');
    assert.deepEqual(rig.sent, []);
    rig.outbox.wake('room');
    await rig.settled();
    assert.deepEqual(rig.sent, ['하나']);
  });

  test('keeps nothing when the browser cannot store it', async () => {
    const rig = createRig({
      storage: {
        ...createMemoryStorage(),
        putOutboxItem: () => Promise.reject(new Error('no space')),
      },
    });
    const result = await rig.outbox.add({
      clientId: 'x',
      roomUid: 'room',
      text: '하나',
      target: null,
      composedAt: 1,
    });
    assert.equal(result.ok || result.code, 'STORAGE_FULL');
    assert.deepEqual(rig.store.get().items, []);
    assert.deepEqual(rig.sent, []);
  });
});

describe('the outbox after something went wrong around it', () => {
  test('does not wait for a connection that came back before the failure was known', async () => {
    const rig = createRig();
    rig.answers.push(fail('OFFLINE'));
    // Gone and back within one attempt: the wake-up is over when the attempt fails.
    rig.duringSend = () => rig.outbox.wake();
    await add(rig, '하나');
    rig.timers.advance(1_000);
    await rig.settled();
    assert.deepEqual(rig.sent, ['하나', '하나']);
    assert.equal(unsentCount(rig.store.get()), 0);
  });

  test('looks at the room before each attempt while the server says that its keys moved on', async () => {
    const rig = createRig();
    for (let round = 0; round < 6; round += 1) rig.answers.push(fail('REKEY_NEEDED'));
    await add(rig, '하나');
    rig.timers.advance(60_000);
    await rig.settled();
    assert.equal(rig.sent.length, 6);
    assert.equal(rig.refreshed.length, 6);
    rig.timers.advance(60_000);
    await rig.settled();
    assert.equal(unsentCount(rig.store.get()), 0);
  });

  test('goes on after the browser’s clock was set back', async () => {
    const rig = createRig();
    rig.timers.advance(3_600_000);
    rig.answers.push(fail('RATE_LIMITED', { retryAfterMs: 5_000 }));
    await add(rig, '하나');
    rig.timers.setBack(3_600_000);
    rig.timers.advance(5_000);
    await rig.settled();
    assert.deepEqual(rig.sent, ['하나', '하나']);
  });

  test('never waits longer than a few minutes for what a server asks', async () => {
    const rig = createRig();
    rig.answers.push(fail('RATE_LIMITED', { retryAfterMs: 86_400_000 }));
    await add(rig, '하나');
    rig.timers.advance(120_000);
    await rig.settled();
    assert.deepEqual(rig.sent, ['하나', '하나']);
  });

  test('sends on when storage fails after a message was stored, and shows nothing twice', async () => {
    const storage = createMemoryStorage();
    const broken = (): Promise<never> => Promise.reject(new Error('storage is gone'));
    const rig = createRig({ storage });
    rig.setOnline(false);
    const first = await add(rig, '하나');
    await add(rig, '둘');
    const { listOutbox, removeOutboxItem, takeLease, releaseLease } = storage;
    Object.assign(storage, { listOutbox: broken, removeOutboxItem: broken, takeLease: broken });
    Object.assign(storage, { releaseLease: broken });
    rig.setOnline(true);
    rig.outbox.wake();
    await rig.settled();
    assert.deepEqual(rig.sent, ['하나', '둘']);
    Object.assign(storage, { listOutbox, removeOutboxItem, takeLease, releaseLease });
    rig.outbox.rowsArrived([first]);
    await rig.outbox.reload();
    assert.equal(stateOf(rig, first), undefined);
    assert.equal(unsentCount(rig.store.get()), 0);
  });

  test('keeps and sends what is in memory when the database was deleted under the page', async () => {
    const rig = createRig();
    rig.setOnline(false);
    const clientId = await add(rig, '하나');
    await rig.storage.wipe('alice');
    await rig.outbox.reload();
    assert.equal(stateOf(rig, clientId)?.name, 'waiting');
    rig.setOnline(true);
    rig.outbox.wake();
    await rig.settled();
    assert.deepEqual(rig.sent, ['하나']);
  });

  test('asks what became of a message without an answer before it is called failed, when the room is gone', async () => {
    const rig = createRig();
    rig.answers.push(fail('TIMED_OUT'));
    const clientId = await add(rig, 'stored, then put out');
    // the key may be waited for in between: that says nothing about the message
    rig.seals.push(fail('KEY_MISSING'), fail('NOT_FOUND'));
    rig.timers.advance(1_000);
    await rig.settled();
    rig.timers.advance(10_000);
    await rig.settled();
    assert.deepEqual(rig.sent, ['stored, then put out', 'stored, then put out']);
    assert.equal(stateOf(rig, clientId)?.name, 'sent');
    // the same, and the server has never seen it
    const other = createRig();
    other.answers.push(fail('TIMED_OUT'), fail('NOT_FOUND'));
    const lost = await add(other, 'lost, then put out');
    other.seals.push(fail('NOT_FOUND'));
    other.timers.advance(1_000);
    await other.settled();
    assert.deepEqual(stateOf(other, lost), { name: 'failed', reason: 'NOT_FOUND', subject: null });
    assert.equal(other.sent.length, 2);
  });

  test('lets go of a message whose row arrived although its ack was lost, in storage, too', async () => {
    const rig = createRig();
    rig.answers.push(fail('TIMED_OUT'));
    const clientId = await add(rig, '하나');
    rig.outbox.rowsArrived([clientId]);
    await rig.settled();
    assert.equal(await storedCount(rig), 0);
    await rig.outbox.reload();
    rig.timers.advance(60_000);
    await rig.settled();
    assert.deepEqual(rig.sent, ['하나']);
    assert.deepEqual(rig.store.get().items, []);
  });

  test('does not show a message again whose row was faster than its ack', async () => {
    const rig = createRig();
    rig.duringSend = () => rig.outbox.rowsArrived([rig.store.get().items[0]?.clientId ?? '']);
    await add(rig, '하나');
    await rig.outbox.reload();
    assert.deepEqual(rig.store.get().items, []);
    assert.equal(await storedCount(rig), 0);
  });
});

describe('two tabs', () => {
  test('go on with a room when the one that took the lease over ends without a word', async () => {
    const first = createRig();
    first.answers.push(fail('TIMED_OUT'));
    await add(first, '하나');
    // Frozen beyond its lease, which another tab takes and never gives back.
    first.timers.advance(0);
    await first.storage.releaseLease('outbox.alice', 'tab1');
    assert.equal(
      await first.storage.takeLease('outbox.alice', 'tab2', first.timers.now() + 2_500, 6_000),
      true,
    );
    first.timers.advance(3_000);
    await first.settled();
    assert.deepEqual(first.sent, ['하나'], 'the other tab may be sending');
    for (let step = 0; step < 5; step += 1) {
      first.timers.advance(2_000);
      await first.settled();
    }
    assert.deepEqual(first.sent, ['하나', '하나']);
  });

  test('are not kept from sending by a lease from before the clock was set back', async () => {
    const timers = createManualTimers();
    timers.advance(3_600_000);
    const storage = createMemoryStorage();
    assert.equal(await storage.takeLease('outbox.alice', 'closed tab', timers.now(), 6_000), true);
    timers.setBack(3_600_000);
    const rig = createRig({ storage, timers });
    await add(rig, '하나');
    assert.deepEqual(rig.sent, ['하나']);
  });

  test('only the one that holds the lease sends; the other takes over when the lease runs out', async () => {
    const first = createRig();
    first.answers.push(fail('TIMED_OUT'));
    await add(first, '하나');
    const second = createRig({ storage: first.storage, timers: first.timers, tabId: 'tab2' });
    await second.outbox.reload();
    second.outbox.wake();
    await second.settled();
    assert.deepEqual(second.sent, []);
    first.setOnline(false);
    for (const seconds of [2, 4]) {
      first.timers.advance(2_000);
      await second.settled();
      assert.deepEqual(second.sent, [], `after ${seconds} s the lease still holds`);
    }
    first.timers.advance(2_000);
    await second.settled();
    assert.deepEqual(second.sent, ['하나']);
    assert.deepEqual(first.sent, ['하나']);
  });

  test('drop what another tab sent or discarded', async () => {
    const first = createRig();
    first.setOnline(false);
    const clientId = await add(first, '하나');
    const second = createRig({ storage: first.storage, timers: first.timers, tabId: 'tab2' });
    await second.outbox.reload();
    assert.equal(second.store.get().items.length, 1);
    await first.outbox.discard(clientId);
    await second.outbox.reload();
    assert.deepEqual(second.store.get().items, []);
  });
});
