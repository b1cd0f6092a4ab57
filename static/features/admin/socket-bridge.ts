/** The bridge of the page at `/admin`: the same requests over the page's socket. */
import { errorCodes } from '#contract/error-codes.ts';
import type { Refusal } from '#contract/request.ts';
import type { Connection } from '../../connection/socket-connection.ts';
import type { Failure } from '../../state/failure.ts';
import type { AdminBridge, AdminCall } from './admin-bridge.ts';

/** How long a call waits for a socket: a page that was just opened, or a server that starts again. */
const patienceMs = 15_000;

/** A backup of a large database is copied and read in full before the answer. */
const answerMs = 10 * 60_000;

/** Calls wait for the connection instead of failing at once. */
export function createSocketBridge(connection: Pick<Connection, 'state' | 'call' | 'on'>): AdminBridge {
  const isOnline = (): boolean => connection.state.get().phase === 'online';
  const online = (): Promise<boolean> =>
    new Promise((resolve) => {
      if (isOnline()) return resolve(true);
      const finish = (isThere: boolean): void => {
        clearTimeout(timer);
        stop();
        resolve(isThere);
      };
      const timer = setTimeout(() => finish(false), patienceMs);
      const stop = connection.state.subscribe(isOnline, (isThere) => {
        if (isThere) finish(true);
      });
    });
  const call: AdminCall = async (name, input) => {
    if (!(await online())) return notRunning;
    // the types of all requests at once are more than the compiler takes; the name ties input and answer together
    const ask = connection.call as (name: string, input: unknown, options: object) => Promise<unknown>;
    const result = (await ask(name, input, { timeoutMs: answerMs })) as { ok: true; value: never } | Failure; // see the line above
    return result.ok ? result : refusalOf(result);
  };
  return { call, on: (name, listener) => connection.on(name, listener), host: null };
}

const notRunning: Refusal = { ok: false, error: errorCodes.SHUTTING_DOWN.sentence, code: 'SHUTTING_DOWN' };

/** What went wrong on the way is the same for these views: the server is not there. */
function refusalOf({ code, error = '', field, retryAfterMs }: Failure): Refusal {
  const known = (Object.keys(errorCodes) as Refusal['code'][]).find((candidate) => candidate === code); // keys of the table
  if (known === undefined) return notRunning;
  return {
    ok: false,
    error,
    code: known,
    ...(field === undefined ? {} : { field }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}
