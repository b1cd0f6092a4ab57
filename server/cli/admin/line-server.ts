/** The running server's end of the line to `admin …` at a terminal of the same machine. */
import { randomBytes } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { Answer } from '#contract/request.ts';
import { createJsonLines } from './json-lines.ts';
import { isProof, linePlace, proofOf } from './line-place.ts';

type LineDeps = {
  dataDir: string;
  platform: NodeJS.Platform;
  /** The server's own, which only the user who owns the data folder can read. */
  secret: Uint8Array;
  ask: (name: string, input: unknown) => Promise<Answer<unknown>>;
};

export type LineServer = { close: () => Promise<void> };

/** Whoever has not proved who they are by then is cut off. */
const proofTimeoutMs = 5_000;

/** Begins to listen. Throws the system's error if it cannot; call it while holding the data folder's lock. */
export async function listenForAdmin({ dataDir, platform, secret, ask }: LineDeps): Promise<LineServer> {
  const place = linePlace(dataDir, platform);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket, secret, ask).catch(() => socket.destroy());
  });
  // a killed server leaves its socket behind; the folder's lock says that nobody uses it
  if (platform !== 'win32') rmSync(place, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(place, resolve);
  });
  if (platform !== 'win32') chmodSync(place, 0o600);
  server.unref();
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function serve(socket: Socket, secret: Uint8Array, ask: LineDeps['ask']): Promise<void> {
  const lines = createJsonLines(socket);
  socket.unref();
  const limit = setTimeout(() => socket.destroy(), proofTimeoutMs).unref();
  const hello = await lines.next();
  const nonces = { client: String(hello?.['hello']), server: randomBytes(32).toString('base64url') };
  lines.send({ hello: nonces.server, proof: proofOf(secret, 'server', nonces) });
  const answer = await lines.next();
  if (!isProof(secret, 'client', nonces, answer?.['proof'])) return void socket.destroy();
  clearTimeout(limit);
  lines.send({ welcome: true });
  for (;;) {
    const request = await lines.next();
    if (request === null) return;
    lines.send(await ask(String(request['name']), request['input']));
  }
}
