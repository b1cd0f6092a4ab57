/** Entry of the engine's worker (bundled as a classic script): answers calls of the page with the engine's methods. */
// oxlint-disable-next-line import/no-unassigned-import -- it fills in a built-in before the libraries load
import './worker-floor.ts';
import { createArgon2Port } from './argon2-port.ts';
import { CryptoError } from './crypto-error.ts';
import { createCryptoEngine } from './engine.ts';
import type { CryptoEngine } from './engine-types.ts';
import {
  ed25519PublicKey,
  ed25519Sign,
  ed25519Verify,
  hkdfSha256,
  isSoundEd25519Key,
  sha256,
  sha512,
  x25519PublicKey,
  x25519Shared,
} from './primitives.ts';
import { browserRandom } from './random.ts';
import type {
  PageRequest,
  PageRequests,
  PageToWorker,
  Reply,
  WorkerError,
  WorkerToPage,
} from './worker-messages.ts';
import { loadPart } from './worker-parts.ts';

// In a worker there is one page and no origin to name.
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- this is not a window
const post = (message: WorkerToPage): void => globalThis.postMessage(message);

type Pending = { resolve(value: unknown): void; reject(error: CryptoError): void };
const pendingById = new Map<number, Pending>();
let lastAsk = 0;
let engine: CryptoEngine | null = null;
const argon2Port = createArgon2Port(() => post({ type: 'argon2-wanted' }));

const ask = <Name extends PageRequest>(
  name: Name,
  ...input: Parameters<PageRequests[Name]>
): Promise<Awaited<ReturnType<PageRequests[Name]>>> =>
  new Promise((resolve, reject) => {
    lastAsk += 1;
    // The page answers each name with what PageRequests says of it.
    // A message carries no type.
    pendingById.set(lastAsk, {
      resolve: (value) => resolve(value as Awaited<ReturnType<PageRequests[Name]>>),
      reject,
    });
    post({ type: 'ask', id: lastAsk, name, input });
  });

// What memo-script.ts is built upon (build/given-modules.ts).
Object.assign(globalThis, {
  maruGiven: {
    CryptoError,
    ed25519PublicKey,
    ed25519Sign,
    ed25519Verify,
    hkdfSha256,
    isSoundEd25519Key,
    sha256,
    sha512,
    x25519PublicKey,
    x25519Shared,
  },
});

const start = (deviceId: string): void => {
  engine = createCryptoEngine({
    deviceId,
    argon2: argon2Port.argon2,
    storage: {
      get: (key) => ask('storageGet', key),
      put: (key, value) => ask('storagePut', key, value),
    },
    fetchRecords: (roomUid, from, to) => ask('fetchRecords', roomUid, from, to),
    fetchStatements: (people) => ask('fetchStatements', people),
    pinsChanged: () => post({ type: 'pins-changed' }),
    now: () => Date.now(),
    random: browserRandom,
    loadCompatibleAes: () => loadPart('compatibleAes'),
    loadMemos: () => loadPart('memos'),
    loadTrust: () => loadPart('trust'),
    loadRecovery: () => loadPart('recovery'),
  });
};

const errorOf = (error: unknown): WorkerError =>
  // Anything that is not a refusal stays in the worker: its message could hold what it failed on.
  error instanceof CryptoError
    ? { code: error.code, ...(error.subject === undefined ? {} : { subject: error.subject }) }
    : { code: 'WORKER_FAILED' };

const answer = async (call: Extract<PageToWorker, { type: 'call' }>): Promise<void> => {
  let reply: Reply;
  try {
    if (engine === null) throw new CryptoError('WORKER_FAILED');
    // The page's proxy has the engine's own type for the arguments; the message only carries them.
    // A message carries no type.
    const method = engine[call.method] as (...input: unknown[]) => Promise<unknown>;
    reply = { id: call.id, ok: true, value: await method(...call.input) };
  } catch (error) {
    reply = { id: call.id, ok: false, error: errorOf(error) };
  }
  post({ type: 'result', ...reply });
};

const settle = (reply: Reply): void => {
  const pending = pendingById.get(reply.id);
  pendingById.delete(reply.id);
  if (reply.ok) pending?.resolve(reply.value);
  else pending?.reject(new CryptoError(reply.error.code, reply.error.subject));
};

globalThis.addEventListener('message', (event: MessageEvent<PageToWorker>) => {
  const message = event.data;
  switch (message.type) {
    case 'start':
      start(message.deviceId);
      break;
    case 'call':
      void answer(message);
      break;
    case 'argon2-connected':
      argon2Port.connect(message.port);
      break;
    case 'argon2-failed':
      argon2Port.fail();
      break;
    default:
      settle(message);
  }
});
