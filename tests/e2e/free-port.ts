/** Ports for servers that a test stops and starts again, or starts later. */
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below those that systems hand out for outgoing connections: nothing takes such a port while its server is away. Each
 * worker of Playwright has its own range, and leaves room behind a port for whoever moves to the next free one.
 */
const firstPort = 11_000;
const perWorker = 2_000;
const step = 25;
const base = firstPort + (Number(process.env['TEST_PARALLEL_INDEX'] ?? 0) % 8) * perWorker;
// not always the same one, for others who run these tests on this machine
let taken = randomInt(perWorker / step);

/** A port that is free now and will be in a moment. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < perWorker / step; attempt += 1) {
    taken = (taken + 1) % (perWorker / step);
    const port = base + taken * step;
    if (await isFree(port)) return port;
  }
  throw new Error('no port is free');
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port);
  try {
    await once(probe, 'listening');
  } catch {
    return false;
  }
  probe.close();
  await once(probe, 'close');
  return true;
}
