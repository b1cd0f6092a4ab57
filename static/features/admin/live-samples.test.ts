import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AdminBridge } from './admin-bridge.ts';
import { holdWatch } from './live-samples.ts';

function createAskedBridge() {
  const asked: unknown[] = [];
  const bridge = {
    call: async (name: string, input: unknown) => {
      asked.push([name, input]);
      return { ok: true, value: {} };
    },
    on: () => () => undefined,
    host: null,
  } as unknown as AdminBridge; // only `call` is used, and its answer is not looked at
  return { asked, bridge };
}

test('a page that goes away after the next one has come does not end the watch of both', () => {
  const { asked, bridge } = createAskedBridge();
  const leaveOverview = holdWatch(bridge);
  const leaveStatistics = holdWatch(bridge);
  leaveOverview();
  // a view that was hidden first is disposed later
  leaveOverview();
  assert.deepEqual(asked, []);
  leaveStatistics();
  assert.deepEqual(asked, [['admin:watch', { on: false }]]);
});

test('each connection has a watch of its own', () => {
  const [one, other] = [createAskedBridge(), createAskedBridge()];
  const leaveOne = holdWatch(one.bridge);
  holdWatch(other.bridge);
  leaveOne();
  assert.deepEqual([one.asked.length, other.asked.length], [1, 0]);
});
