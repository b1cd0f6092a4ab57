/** A whole server for a test: port 0, a data folder of its own, people who sign up when they are first needed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { configWith } from '../config.ts';
import type { Config } from '../config.ts';
import type { HostSide } from '../cli/running-server.ts';
import { originsOf } from '../host-settings.ts';
import { startServer } from '../start-server.ts';
import type { Server, Substitutes } from '../start-server.ts';
import { createHttpClient } from './http-client.ts';
import type { HttpClient } from './http-client.ts';
import { createPerson, registrationOf } from './people.ts';
import type { TestPerson } from './people.ts';
import { createTestClock } from './test-clock.ts';
import type { TestClock } from './test-clock.ts';
import { connectTestClient } from './test-client.ts';
import type { TestClient } from './test-client.ts';

export type TestServerOptions = {
  config?: Partial<Config>;
  substitutes?: Partial<Omit<Substitutes, 'clock'>>;
  /** What surrounds the server; without it nobody can start it again. */
  host?: Partial<Omit<HostSide, 'origins'>> & { origins?: Partial<HostSide['origins']> };
  /** A folder that outlives the server, for tests that start it again. */
  dataDir?: string;
  /** Time passes for the server's features only when the test sets the clock forward. */
  isClockStill?: boolean;
};

export type TestServer = {
  port: number;
  url: string;
  dataDir: string;
  setupCode: string | null;
  server: Server;
  clock: TestClock;
  /** The person of that name, registered; alice, the owner, always registers first. */
  person(username: string): Promise<TestPerson>;
  /** A new browser of that person, signed in and with a socket. Closed with the server. */
  connectAs(username: string): Promise<TestClient>;
  /** A browser that nobody has signed in to. */
  browser(): HttpClient;
  stop(): Promise<void>;
};

const hostOf = (config: Config, { origins, ...rest }: NonNullable<TestServerOptions['host']>): HostSide => ({
  recentLog: () => [],
  licences: () => '',
  restart: () => undefined,
  onEvent: () => undefined,
  ...rest,
  origins: { ...originsOf(config), ...origins },
});

/** Limits that no test meets by accident. */
const wideLimits: Partial<Config> = {
  loginPerMinute: 10_000,
  registerPerMinute: 10_000,
  socketSendMessagePerMinute: 100_000,
  generalPerMinute: 1_000_000,
};

/** Starts a server. bcrypt runs at its lowest cost, and every answer is checked against the contract. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), 'maru-test-'));
  const clock = createTestClock({ isStill: options.isClockStill ?? false });
  const config = configWith(dataDir, { port: 0, host: '127.0.0.1', ...wideLimits, ...options.config });
  const server = await startServer(
    {
      config,
      version: '0.0.0',
      onDataFolderReady: async () => undefined,
      onFatal: throwLater,
      ...(options.host === undefined ? {} : { host: hostOf(config, options.host) }),
    },
    {
      clock,
      passwordCost: 4,
      roomsMadePerHour: 100_000,
      ...options.substitutes,
      gateway: {
        client: null,
        isOutputChecked: true,
        isProcessMeasured: false,
        ...options.substitutes?.gateway,
      },
    },
  );
  const { port } = server;
  const people = new Map<string, Promise<TestPerson>>();
  const clients: TestClient[] = [];

  function person(username: string): Promise<TestPerson> {
    const known = people.get(username);
    if (known !== undefined) return known;
    const first = username === 'alice' ? undefined : person('alice');
    const registered = Promise.resolve(first).then(() => register(port, username));
    people.set(username, registered);
    return registered;
  }

  return {
    port,
    url: `http://127.0.0.1:${port}`,
    dataDir,
    setupCode: server.setupCode,
    server,
    clock,
    person,
    async connectAs(username) {
      const client = await connectTestClient(port, await person(username));
      clients.push(client);
      return client;
    },
    browser: () => createHttpClient(port),
    async stop() {
      for (const client of clients) client.close();
      await server.stop();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function register(port: number, username: string): Promise<TestPerson> {
  const person = createPerson(username);
  // from the machine itself, so that the owner needs no set-up code
  const answer = await createHttpClient(port).request('POST', '/api/register', registrationOf(person));
  if (answer.status !== 200) throw new Error(`${username} could not register: ${answer.text}`);
  return person;
}

/** Out of every promise chain, so that it fails the test run. */
function throwLater(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
