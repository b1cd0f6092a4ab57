/**
 * Entry of the Argon2 worker (bundled as a classic script). It is a worker of its own because its response alone
 * may compile WebAssembly; it knows nothing but passwords on their way through.
 */
// oxlint-disable-next-line import/no-unassigned-import -- it fills in a built-in before the libraries load
import './worker-floor.ts';
import type { Argon2 } from './engine-types.ts';
import { argon2idWasm } from './primitives-argon2.ts';
import type { Argon2Reply, Argon2Request, PageToArgon2 } from './worker-messages.ts';
import { loadPart } from './worker-parts.ts';

const argon2id: Argon2 = async (password, salt, kdf) => {
  try {
    return await argon2idWasm(password, salt, kdf);
  } catch {
    return loadPart('argon2Script')(password, salt, kdf);
  }
};

const answer = async (port: MessagePort, request: Argon2Request): Promise<void> => {
  const { id, password, salt, kdf } = request;
  let reply: Argon2Reply;
  try {
    reply = { id, ok: true, value: await argon2id(password, salt, kdf) };
  } catch {
    reply = { id, ok: false };
  }
  port.postMessage(reply);
};

globalThis.addEventListener('message', (event: MessageEvent<PageToArgon2>) => {
  const { port } = event.data;
  port.addEventListener('message', (asked: MessageEvent<Argon2Request>) => void answer(port, asked.data));
  port.start();
});
