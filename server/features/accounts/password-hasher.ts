import { fileURLToPath } from 'node:url';
import { Tinypool } from 'tinypool';
import { AppError } from '../../app-error.ts';

export type PasswordTask =
  | { kind: 'hash'; authKey: string; cost: number }
  | { kind: 'verify'; authKey: string; hash: string };

export type PasswordHasher = {
  /** bcrypt of an auth key (a 256-bit Argon2id output, so a higher cost would buy nothing). */
  hash: (authKey: string) => Promise<string>;
  /** Without a hash the same work is done and the answer is no: an unknown name costs what a known one costs. */
  verify: (authKey: string, hash: string | null) => Promise<boolean>;
  close: () => Promise<void>;
};

type HasherDeps = {
  /** Where `password-worker` is, in the source tree or beside the bundle. */
  workerEntry: URL;
  /** bcrypt's cost; 10 in the product. */
  cost: number;
};

const threadsMax = 2;
/** More waiting sign-ins than this would not be served before their clients gave up. */
const queueMax = 500;

/** A pool that starts its threads with the first sign-in and lets them go when nobody signs in. */
export function createPasswordHasher({ workerEntry, cost }: HasherDeps): PasswordHasher {
  let pool: Tinypool | undefined;
  const dummyHash = `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`;

  async function run(task: PasswordTask): Promise<unknown> {
    pool ??= new Tinypool({
      filename: fileURLToPath(workerEntry),
      runtime: 'worker_threads',
      minThreads: 0,
      maxThreads: threadsMax,
      idleTimeout: 30_000,
      maxQueue: queueMax,
    });
    if (pool.queueSize >= queueMax) throw new AppError('RATE_LIMITED', { retryAfterMs: 5_000 });
    return pool.run(task);
  }

  return {
    hash: async (authKey) => String(await run({ kind: 'hash', authKey, cost })),
    async verify(authKey, hash) {
      const isRight = await run({ kind: 'verify', authKey, hash: hash ?? dummyHash });
      return isRight === true && hash !== null;
    },
    async close() {
      await pool?.destroy();
      pool = undefined;
    },
  };
}
