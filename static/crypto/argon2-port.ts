import { CryptoError } from './crypto-error.ts';
import type { Argon2 } from './engine-types.ts';
import type { Argon2Reply, Argon2Request } from './worker-messages.ts';

/** `connect`: that worker is there. `fail`: it did not start, or died; the next request asks for another one. */
export type Argon2Port = { argon2: Argon2; connect: (port: MessagePort) => void; fail: () => void };

type Pending = { resolve(value: Uint8Array): void; reject(error: CryptoError): void };

/** Argon2id asked of the other worker over a channel, which the page makes when `want` asks for it. */
export function createArgon2Port(want: () => void): Argon2Port {
  const pendingById = new Map<number, Pending>();
  let port: MessagePort | null = null;
  let waiting: Argon2Request[] = [];
  let lastId = 0;

  const post = (to: MessagePort, request: Argon2Request): void => to.postMessage(request, []);
  const settle = (reply: Argon2Reply): void => {
    const pending = pendingById.get(reply.id);
    pendingById.delete(reply.id);
    if (reply.ok) pending?.resolve(reply.value);
    else pending?.reject(new CryptoError('WORKER_FAILED'));
  };
  return {
    argon2: (password, salt, kdf) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        pendingById.set(lastId, { resolve, reject });
        const request: Argon2Request = { id: lastId, password, salt, kdf };
        if (port !== null) {
          post(port, request);
          return;
        }
        waiting.push(request);
        want();
      }),
    connect: (given) => {
      port = given;
      given.addEventListener('message', (event: MessageEvent<Argon2Reply>) => settle(event.data));
      given.start();
      for (const request of waiting) post(given, request);
      waiting = [];
    },
    fail: () => {
      port = null;
      waiting = [];
      for (const pending of pendingById.values()) pending.reject(new CryptoError('WORKER_FAILED'));
      pendingById.clear();
    },
  };
}
