import { CryptoError } from './crypto-error.ts';
import type { CryptoEngine, CryptoEngineDeps } from './engine-types.ts';
import type {
  EngineMethod,
  PageRequests,
  PageToArgon2,
  PageToWorker,
  Reply,
  WorkerToPage,
} from './worker-messages.ts';

export type CryptoClientDeps = Pick<
  CryptoEngineDeps,
  'deviceId' | 'storage' | 'fetchRecords' | 'fetchStatements' | 'pinsChanged'
> & {
  /** Of the bundle of `crypto-worker.ts`, as a classic script; called once, when it is first needed. */
  createCryptoWorker: () => Worker;
  /** Of the bundle of `argon2-worker.ts`; its response alone allows WebAssembly. Called once, at the first password. */
  createArgon2Worker: () => Worker;
};

export type CryptoClient = CryptoEngine & {
  /** Starts the engine's worker ahead of the first call, and the other one if a password is about to be typed. */
  warmUp(options: { hasPassword: boolean }): void;
  /** Locks nothing by itself: ends both workers and fails every call under way with WORKER_FAILED. */
  dispose(): void;
};

// A record instead of an array, so that the compiler asks for every method of the engine.
const engineMethods: Record<EngineMethod, true> = {
  prepareRegistration: true,
  confirmRegistrationSheet: true,
  finishRegistration: true,
  deriveAuthKey: true,
  unlockWithPassword: true,
  noteGeneration: true,
  sealForDevice: true,
  unlockWithDevice: true,
  replaceSheet: true,
  finishReplaceSheet: true,
  lock: true,
  acceptRoom: true,
  roomChanges: true,
  prepareRoomReturn: true,
  refreshRoomKeys: true,
  makeFirstEpoch: true,
  makeNextEpoch: true,
  sealMessage: true,
  openMessages: true,
  openVersions: true,
  verifyMessages: true,
  sealReaction: true,
  openReactions: true,
  sealMemo: true,
  openMemos: true,
  shareMemo: true,
  trust: true,
  recovery: true,
  sealLocal: true,
  openLocal: true,
  sealDraft: true,
  openDraft: true,
  sealSetting: true,
  openSetting: true,
  takePinsBlob: true,
  pinsSaved: true,
  mergePins: true,
  acknowledgeName: true,
  pinRoomTitle: true,
};

type Pending = { resolve(value: unknown): void; reject(error: CryptoError): void };

/**
 * The page's side of the engine worker: every engine method as a call by message. The page creates both workers, each when
 * it is needed; they are connected to each other here, so that the engine needs no nested worker for Argon2.
 */
export function createCryptoClient(deps: CryptoClientDeps): CryptoClient {
  const pendingById = new Map<number, Pending>();
  let lastId = 0;
  let isDead = false;

  const call = (method: EngineMethod, input: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (isDead) {
        reject(new CryptoError('WORKER_FAILED'));
        return;
      }
      lastId += 1;
      pendingById.set(lastId, { resolve, reject });
      workers.engine().postMessage({ type: 'call', id: lastId, method, input } satisfies PageToWorker, []);
    });

  const settle = (reply: Reply): void => {
    const pending = pendingById.get(reply.id);
    pendingById.delete(reply.id);
    if (reply.ok) pending?.resolve(reply.value);
    else pending?.reject(new CryptoError(reply.error.code, reply.error.subject));
  };

  const failAll = (isForGood: boolean): void => {
    isDead ||= isForGood;
    for (const pending of pendingById.values()) pending.reject(new CryptoError('WORKER_FAILED'));
    pendingById.clear();
  };

  const answers = createPageAnswers(deps);
  const answer = async (
    worker: Worker,
    { id, name, input }: Extract<WorkerToPage, { type: 'ask' }>,
  ): Promise<void> => {
    const post = (message: PageToWorker): void => worker.postMessage(message, []);
    try {
      const value = await answers[name](input);
      post({ type: 'answer', id, ok: true, value });
    } catch {
      // What failed (network, storage) is reported where it happened; the engine only learns that it did.
      post({ type: 'answer', id, ok: false, error: { code: 'WORKER_FAILED' } });
    }
  };

  const hear = (worker: Worker, message: WorkerToPage): void => {
    switch (message.type) {
      case 'result':
        settle(message);
        break;
      case 'ask':
        void answer(worker, message);
        break;
      case 'argon2-wanted':
        workers.startArgon2();
        break;
      default:
        deps.pinsChanged();
    }
  };
  const workers = createWorkers(deps, { hear, failed: failAll });

  const methods: Partial<Record<string, unknown>> = {};
  for (const method of Object.keys(engineMethods)) {
    // Object.keys only knows strings.
    methods[method] = (...input: unknown[]) => call(method as EngineMethod, input);
  }
  const warmUp = ({ hasPassword }: { hasPassword: boolean }): void => {
    if (isDead) return;
    workers.engine();
    if (hasPassword) workers.startArgon2();
  };
  const dispose = (): void => {
    failAll(true);
    workers.terminate();
  };
  // Built from the complete list above; the worker answers each call with what the engine's type says.
  // The loop above put every method in.
  return Object.assign(methods as unknown as CryptoEngine, { warmUp, dispose });
}

/** Both workers, and the channel between them. One that did not start is made again when it is next needed. */
function createWorkers(
  { createCryptoWorker, createArgon2Worker, deviceId }: CryptoClientDeps,
  on: { hear: (worker: Worker, message: WorkerToPage) => void; failed: (hadStarted: boolean) => void },
) {
  let cryptoWorker: Worker | null = null;
  let argon2Worker: Worker | null = null;

  const engine = (): Worker => {
    if (cryptoWorker !== null) return cryptoWorker;
    const worker = createCryptoWorker();
    cryptoWorker = worker;
    let hasSpoken = false;
    worker.addEventListener('message', (event: MessageEvent<WorkerToPage>) => {
      hasSpoken = true;
      on.hear(worker, event.data);
    });
    worker.addEventListener('error', () => {
      // Its script did not come, perhaps: the next call may have more luck. Keys that it had would be gone.
      if (!hasSpoken) cryptoWorker = null;
      on.failed(hasSpoken);
    });
    worker.postMessage({ type: 'start', deviceId } satisfies PageToWorker, []);
    return worker;
  };
  const startArgon2 = (): void => {
    if (argon2Worker !== null) return;
    const worker = createArgon2Worker();
    argon2Worker = worker;
    worker.addEventListener('error', () => {
      argon2Worker = null;
      engine().postMessage({ type: 'argon2-failed' } satisfies PageToWorker, []);
    });
    const { port1: port, port2 } = new MessageChannel();
    worker.postMessage({ type: 'connect', port: port2 } satisfies PageToArgon2, [port2]);
    engine().postMessage({ type: 'argon2-connected', port } satisfies PageToWorker, [port]);
  };
  const terminate = (): void => {
    cryptoWorker?.terminate();
    argon2Worker?.terminate();
  };
  return { engine, startArgon2, terminate };
}

function createPageAnswers(
  deps: CryptoClientDeps,
): Record<keyof PageRequests, (input: unknown[]) => Promise<unknown>> {
  // The worker's asks are typed by PageRequests on its side; the message only carries their arguments.
  // A message carries no type.
  const take = <Name extends keyof PageRequests>(input: unknown[]) => input as Parameters<PageRequests[Name]>;
  return {
    storageGet: (input) => deps.storage.get(...take<'storageGet'>(input)),
    storagePut: (input) => deps.storage.put(...take<'storagePut'>(input)),
    fetchRecords: (input) => deps.fetchRecords(...take<'fetchRecords'>(input)),
    fetchStatements: (input) => deps.fetchStatements(...take<'fetchStatements'>(input)),
  };
}
