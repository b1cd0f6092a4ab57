/** Runs the built product on a temporary data folder, with limits wide enough for a load test. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild } from '../children/child.ts';
import type { Child } from '../children/child.ts';
import { seedDatabase } from './seed.ts';
import type { SeedPlan, Seeded } from './seed.ts';

export type Product = { server: Child; port: number; folder: string; seeded: Seeded };

/** What a single office PC never reaches, and one generator on one address does. Everything else is as delivered. */
const wideLimits = {
  SOCKET_SEND_MESSAGE_PER_MINUTE: '1000000',
  GENERAL_PER_MINUTE: '10000000',
  CONNECTIONS_PER_ADDRESS: '1000000',
  CONNECTIONS_PER_USER: '1000000',
  LOGIN_PER_MINUTE: '1000000',
  REGISTER_PER_MINUTE: '1000000',
};

/** The built product: what people run, and therefore what is measured. */
const bundleEntry = 'dist/server/cli.js';

const folders = new Set<string>();

/** A folder below the system's temporary one, removed when the bench is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'maru-bench-'));
  folders.add(folder);
  return folder;
}

export async function removeTemporaryFolders(): Promise<void> {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
  folders.clear();
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's address has a port
  await new Promise((resolve) => server.close(resolve));
  return port;
}

type ServerOptions = { folder: string; port: number; hasProbe?: boolean; nodeArgs?: readonly string[] };

/** Starts the server and does not wait for it. */
export function spawnServer({ folder, port, hasProbe, nodeArgs = [] }: ServerOptions): Child {
  return startChild({
    entry: bundleEntry,
    args: ['--cli', '--port', String(port), '--host', '127.0.0.1', '--data-dir', folder],
    env: wideLimits,
    ...(hasProbe === undefined ? {} : { hasProbe }),
    nodeArgs,
  });
}

/** Resolves when the server answers; rejects with its output if it ends or takes longer than 20 s. */
export async function untilListening(server: Child, port: number): Promise<void> {
  const givenUpAt = performance.now() + 20_000;
  while (performance.now() < givenUpAt) {
    if (!server.isRunning()) throw new Error(`The server did not start:\n${server.output()}`);
    const isUp = await fetch(`http://127.0.0.1:${port}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await sleep(2);
  }
  throw new Error(`The server does not answer:\n${server.output()}`);
}

/** A server on an empty data folder, listening. */
export async function startEmptyProduct(): Promise<Omit<Product, 'seeded'>> {
  const folder = await temporaryFolder();
  const port = await freePort();
  const server = spawnServer({ folder, port });
  await untilListening(server, port);
  return { server, port, folder };
}

/** A seeded server, listening. */
export async function startProduct(plan: SeedPlan): Promise<Product> {
  const folder = await temporaryFolder();
  const seeded = await seedDatabase(folder, plan);
  const port = await freePort();
  const profiled =
    process.env['BENCH_PROFILE'] === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir=profiles'];
  const server = spawnServer({ folder, port, nodeArgs: profiled });
  await untilListening(server, port);
  return { server, port, folder, seeded };
}
