import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createArgon2Port } from './argon2-port.ts';
import type { Argon2Request } from './worker-messages.ts';

const kdf = { memoryKiB: 65_536, iterations: 3, parallelism: 1 } as const;
const salt = new Uint8Array(16);

/** A channel whose other end answers every request with the password's length. */
function answeringPort(): { port: MessagePort; close: () => void } {
  const { port1, port2 } = new MessageChannel();
  port2.addEventListener('message', (event: MessageEvent<Argon2Request>) => {
    const { id, password } = event.data;
    port2.postMessage({ id, ok: true, value: Uint8Array.of(password.length) }, []);
  });
  port2.start();
  return { port: port1, close: () => port2.close() };
}

test('what is asked before the worker is there waits for it', async () => {
  let wanted = 0;
  const { argon2, connect } = createArgon2Port(() => (wanted += 1));
  const asked = argon2('four', salt, kdf);
  assert.equal(wanted, 1);
  const { port, close } = answeringPort();
  connect(port);
  assert.deepEqual(await asked, Uint8Array.of(4));
  assert.deepEqual(await argon2('seven77', salt, kdf), Uint8Array.of(7));
  assert.equal(wanted, 1);
  close();
});

test('a worker that failed refuses what waits, and the next request asks for another one', async () => {
  let wanted = 0;
  const { argon2, connect, fail } = createArgon2Port(() => (wanted += 1));
  const asked = argon2('four', salt, kdf);
  fail();
  await assert.rejects(asked, { code: 'WORKER_FAILED' });
  const again = argon2('four', salt, kdf);
  assert.equal(wanted, 2);
  const { port, close } = answeringPort();
  connect(port);
  assert.deepEqual(await again, Uint8Array.of(4));
  close();
});
