/** How large a request may be, over either transport. */
import type { RequestName } from '#contract/index.ts';

const kilobyte = 1024;
const megabyte = 1024 * kilobyte;

/** Everything that is not listed below: an envelope, a record and its wraps for a small room, a new vault. */
export const smallRequestMax = 256 * kilobyte;

/** Whole vaults, and records with a wrap for each of 1,000 people. */
const largeRequests: Partial<Record<string, number>> = {
  'vault:replace': 9 * megabyte,
  'vault:put-pins': 5 * megabyte,
  'vault:restore': 9 * megabyte,
  'room:create': megabyte,
  'room:invite': megabyte,
  'room:kick': megabyte,
  'room:rekey': megabyte,
  'room:restore': 4 * megabyte,
} satisfies Partial<Record<RequestName, number>>;

/** The limit of a request of that name, which may be one that there is not: bytes of a body, characters of a packet. */
export const requestSizeMax = (name: string): number =>
  (Object.hasOwn(largeRequests, name) ? largeRequests[name] : undefined) ?? smallRequestMax;
