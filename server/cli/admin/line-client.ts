/** The terminal's end of the line to a running server. */
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Answer } from '#contract/request.ts';
import { createJsonLines } from './json-lines.ts';
import { isProof, linePlace, proofOf } from './line-place.ts';

export type AdminLine = {
  /** Asks as the machine's own user, who counts as the owner. */
  ask: (name: string, input: unknown) => Promise<Answer<unknown>>;
  close: () => Promise<void>;
};

type Place = { dataDir: string; platform: NodeJS.Platform; secret: Uint8Array };

/** The line to the server that runs with this data folder; null if none is listening there. */
export async function callServer({ dataDir, platform, secret }: Place): Promise<AdminLine | null> {
  const socket = await open(linePlace(dataDir, platform));
  if (socket === null) return null;
  const lines = createJsonLines(socket);
  const client = randomBytes(32).toString('base64url');
  lines.send({ hello: client });
  const hello = await lines.next();
  const nonces = { client, server: String(hello?.['hello']) };
  // somebody else may have taken the name of the pipe: nothing is asked of a stranger
  if (!isProof(secret, 'server', nonces, hello?.['proof'])) return abandon(socket);
  lines.send({ proof: proofOf(secret, 'client', nonces) });
  if ((await lines.next())?.['welcome'] !== true) return abandon(socket);
  return {
    async ask(name, input) {
      lines.send({ name, input });
      const answer = await lines.next();
      if (answer === null) return { ok: false, code: 'SHUTTING_DOWN', error: 'The server is stopping.' };
      return answer as Answer<unknown>; // the server's own answer, as it gives it to its host
    },
    async close() {
      lines.end();
    },
  };
}

function abandon(socket: Socket): null {
  socket.destroy();
  return null;
}

const open = (place: string): Promise<Socket | null> =>
  new Promise((resolve) => {
    const socket = connect(place);
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(null));
  });
