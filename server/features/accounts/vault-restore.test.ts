import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { randomB64 } from '../../testing/people.ts';
import { copyStopped, createDataFolder, restoreCopy } from '../../testing/restored-server.ts';
import { connectTestClient } from '../../testing/test-client.ts';
import type { TestClient } from '../../testing/test-client.ts';
import { startTestServer } from '../../testing/test-server.ts';
import type { TestServer } from '../../testing/test-server.ts';

const part = (counter: number) => ({ counter, blob: randomB64(192) });

describe('a vault after a restore', () => {
  const folder = createDataFolder();
  let server: TestServer;
  let alice: TestClient;

  before(async () => {
    server = await startTestServer({ dataDir: folder.dataDir });
    const person = await server.person('alice');
    await server.server.stop();
    await restoreCopy(folder.dataDir, copyStopped(folder.dataDir));
    server = await startTestServer({ dataDir: folder.dataDir });
    alice = await connectTestClient(server.port, person);
  });
  after(async () => {
    alice.close();
    await server.stop();
    folder.remove();
  });

  test('takes pins under a counter that leaves some out', async () => {
    const pins = part(7);
    const vault = await alice.ask('vault:restore', { from: { keys: 1, pins: 1 }, pins });
    assert.deepEqual([vault.pins, vault.keys.counter], [pins, 1]);
    assert.deepEqual(await alice.next('vault:updated'), { keysCounter: 1, pinsCounter: 7 });
    assert.deepEqual(await alice.ask('vault:get', {}), vault);
  });

  test('refuses what was made for another state, goes back, or leaps', async () => {
    const wishes = [
      { from: { keys: 1, pins: 1 }, pins: part(9), code: 'STALE_COUNTER' },
      { from: { keys: 1, pins: 7 }, pins: part(7), code: 'INVALID_INPUT' },
      { from: { keys: 1, pins: 7 }, pins: part(200_000), code: 'INVALID_INPUT' },
    ];
    for (const { code, ...input } of wishes) {
      const answer = await alice.call('vault:restore', input);
      assert.equal(answer.ok || answer.code, code);
    }
    assert.equal((await alice.ask('vault:get', {})).pins.counter, 7);
  });

  test('changes keys and wraps with the password only, all or nothing', async () => {
    const { authKey } = alice.person;
    const wraps = {
      passwordWrap: randomB64(128),
      recoveryWrap: randomB64(160),
      recoveryAuth: randomB64(32),
    };
    const from = { keys: 1, pins: 7 };
    const wrong = { authKey: randomB64(32), part: part(4), wraps };
    const refused = await alice.call('vault:restore', { from, pins: part(8), keys: wrong });
    assert.equal(refused.ok || refused.code, 'WRONG_PASSWORD');
    const keys = { authKey, part: part(4), wraps };
    const vault = await alice.ask('vault:restore', { from, pins: part(8), keys });
    assert.deepEqual(
      [vault.keys, vault.passwordWrap, vault.recoveryWrap],
      [keys.part, wraps.passwordWrap, wraps.recoveryWrap],
    );
  });
});
