/** Who may open a socket. Refusals reach the client as `connect_error` with the refusal in `data`. */
import type { Socket } from 'socket.io';
import * as z from 'zod/mini';
import { contractVersion } from '#contract/server-info.ts';
import { AppError } from '../app-error.ts';
import type { CsrfTokens } from './csrf.ts';
import { originVerdict } from './csrf.ts';
import { refusalOf } from './dispatch.ts';
import type { Caller } from './handler.ts';
import type { ConnectionFacts } from './request-facts.ts';
import { cookieNames, readSessionToken } from './session.ts';
import type { FindSession } from './session.ts';

export type HandshakeDeps = {
  findSession: FindSession;
  csrfTokens: CsrfTokens;
  /** The port in the cookies' names. */
  port: () => number;
  connectionsOf: (userUid: string) => number;
  connectionsFrom: (address: string) => number;
  connectionsPerUser: number;
  connectionsPerAddress: number;
};

const Auth = z.object({
  contractVersion: z.int(),
  csrf: z.optional(z.string().check(z.maxLength(200))),
});

/** Gives the caller, or throws ORIGIN_NOT_ALLOWED, CONTRACT_OUTDATED, TOO_MANY_CONNECTIONS or NOT_SIGNED_IN. */
export async function admitSocket(
  socket: Socket,
  facts: ConnectionFacts,
  deps: HandshakeDeps,
): Promise<Caller> {
  const { headers } = socket.request;
  const auth = Auth.safeParse(socket.handshake.auth);
  if (!auth.success) throw new AppError('CONTRACT_OUTDATED');
  const token = readSessionToken(headers.cookie, cookieNames(deps.port(), facts.isSecure));
  const verdict = originVerdict(headers, facts.host);
  // Browsers send no Origin with a same-origin polling GET, and old ones no Sec-Fetch-Site either: then the token, which
  // only the messenger's own page can read, has to stand in.
  const isOwnPage =
    verdict === 'same' ||
    (verdict === 'unknown' && (token === null || deps.csrfTokens.isValid(token, auth.data.csrf)));
  if (!isOwnPage) throw new AppError('ORIGIN_NOT_ALLOWED');
  if (auth.data.contractVersion !== contractVersion) throw new AppError('CONTRACT_OUTDATED');
  if (deps.connectionsFrom(facts.address) > deps.connectionsPerAddress)
    throw new AppError('TOO_MANY_CONNECTIONS');
  const caller = token === null ? null : await deps.findSession(token);
  if (caller === null) throw new AppError('NOT_SIGNED_IN');
  if (deps.connectionsOf(caller.userUid) >= deps.connectionsPerUser)
    throw new AppError('TOO_MANY_CONNECTIONS');
  return caller;
}

/** The error that Socket.IO sends as `connect_error`: `message` is the code, `data` the whole refusal. */
export const connectError = (error: AppError): Error & { data: unknown } =>
  Object.assign(new Error(error.code), { data: refusalOf(error) });
