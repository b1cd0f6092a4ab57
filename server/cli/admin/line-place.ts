/** Where a running server listens for the command line on the same machine, and what both prove to each other. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Longest path of a socket that every Unix takes (104 bytes with the closing zero on macOS). */
const longestSocketPath = 100;

/** A named pipe on Windows, else a socket in the data folder; one in the folder for temporary files if that path is too long. */
export function linePlace(dataDir: string, platform: NodeJS.Platform): string {
  const folder = path.resolve(dataDir);
  const digest = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  if (platform === 'win32') return `\\\\.\\pipe\\maru-${digest}`;
  const inside = path.join(folder, 'admin.sock');
  return Buffer.byteLength(inside) <= longestSocketPath ? inside : path.join(tmpdir(), `maru-${digest}.sock`);
}

export type Side = 'server' | 'client';
export type Nonces = { client: string; server: string };

/**
 * Proves that one can read `secret.key` of this data folder, without showing it: whoever runs as another user of the
 * machine cannot, whatever the permissions of the socket or pipe. Each side proves it, over a number of each side's.
 */
export const proofOf = (secret: Uint8Array, side: Side, { client, server }: Nonces): string =>
  createHmac('sha256', secret).update(`maru/1|admin-line|${side}|${client}|${server}`).digest('base64url');

export function isProof(secret: Uint8Array, side: Side, nonces: Nonces, given: unknown): boolean {
  const expected = Buffer.from(proofOf(secret, side, nonces));
  const actual = Buffer.from(typeof given === 'string' ? given : '');
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
