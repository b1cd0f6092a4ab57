import { createServer } from 'node:net';

/** The ports tried on a first run when nobody chose one; macOS itself uses 5000 for AirPlay. */
export const firstRunPorts = Array.from({ length: 11 }, (_, offset) => 5000 + offset);

/** The first of the ports that can be listened on, or null. `PORT_TAKEN` proper is decided by the server's own listen. */
export async function firstFreePort(ports: readonly number[], host: string | null): Promise<number | null> {
  for (const port of ports) {
    if (await canListen(port, host)) return port;
  }
  return null;
}

function canListen(port: number, host: string | null): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    // exclusive, so that no cluster or inherited handle shares the port silently
    probe.listen({ port, exclusive: true, ...(host === null ? {} : { host }) }, () => {
      probe.close(() => resolve(true));
    });
  });
}
