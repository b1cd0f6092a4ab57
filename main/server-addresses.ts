/** Under which addresses people reach the server. The server knows; it is asked again whenever the network may have changed. */
import type { networkInterfaces } from 'node:os';
import * as z from 'zod/mini';
import type { Timers } from './patient-timer.ts';
import type { ServerProcess } from './server-process.ts';

/** The operating system opens it with whatever program its scheme belongs to: it must be the browser. */
const WebAddress = z.string().check(z.regex(/^https?:\/\//));

const Overview = z.object({
  bestUrl: z.nullable(WebAddress),
  addresses: z.array(z.object({ url: WebAddress })),
});

export type ServerAddresses = {
  /** What a colleague can open, else what this machine can; null if the server does not run. Asked afresh. */
  best(): Promise<string | null>;
  /** What this machine opens: the loopback address, where a page is a secure context. */
  own(): Promise<string | null>;
  /** What was best when last asked, for the tray. */
  known(): string | null;
  /** Asks again: after a start, after the computer slept. */
  refresh(): Promise<void>;
  stop(): void;
};

type Deps = {
  server: Pick<ServerProcess, 'call' | 'status'>;
  interfaces: typeof networkInterfaces;
  timers: Timers;
  /** How often the machine's own addresses are compared: cheap, so that a cable or another Wi-Fi shows up soon. */
  pollMs: number;
  onChange: () => void;
};

export function createServerAddresses({
  server,
  interfaces,
  timers,
  pollMs,
  onChange,
}: Deps): ServerAddresses {
  let known: string | null = null;
  let fingerprint = '';
  let timer: NodeJS.Timeout | undefined;

  const localUrl = (): string | null => {
    const status = server.status();
    return status.phase === 'running' ? `http://localhost:${status.port}` : null;
  };

  async function ask(): Promise<z.infer<typeof Overview> | null> {
    const answer = await server.call('admin:overview', {});
    const parsed = answer.ok ? Overview.safeParse(answer.value) : null;
    return parsed?.success ? parsed.data : null;
  }

  async function best(): Promise<string | null> {
    const overview = await ask();
    return overview?.bestUrl ?? overview?.addresses[0]?.url ?? localUrl();
  }

  function look(): void {
    timer = timers.setTimeout(look, pollMs);
    // the poll alone keeps nothing alive
    timer.unref();
    const present = JSON.stringify(interfaces());
    if (present !== fingerprint) void refresh();
  }

  async function refresh(): Promise<void> {
    fingerprint = JSON.stringify(interfaces());
    const found = await best();
    if (found === known) return;
    known = found;
    onChange();
  }

  timer = timers.setTimeout(look, pollMs);
  timer.unref();
  return {
    best,
    own: async () => (await ask())?.addresses[0]?.url ?? localUrl(),
    known: () => (server.status().phase === 'running' ? known : null),
    refresh,
    stop: () => timers.clearTimeout(timer),
  };
}
