/** One request of the contract over HTTP: session → origin → rate limit → body → dispatch → answer. */
import type { Request, RequestHandler, Response } from 'express';
import { errorCodes } from '#contract/error-codes.ts';
import type { Refusal } from '#contract/request.ts';
import { AppError } from '../app-error.ts';
import { refuseForeignRequest } from './csrf.ts';
import type { CsrfTokens } from './csrf.ts';
import type { Dispatch } from './dispatch.ts';
import type { PublicContext, SessionCookie } from './handler.ts';
import { bodyReader, inputRefusal, readInput } from './http-input.ts';
import { idempotencyKey } from './idempotency.ts';
import type { Idempotency, Outcome } from './idempotency.ts';
import { sendStream } from './http-stream.ts';
import { connectionFacts } from './request-facts.ts';
import type { RequestIds } from './request-ids.ts';
import type { CompiledRequest } from './request-table.ts';
import { cookieNames, endCookies, readSessionToken, startCookies } from './session.ts';
import type { FindSession } from './session.ts';
import type { TrustedProxies } from './trusted-proxies.ts';

export type ExchangeDeps = {
  dispatch: Dispatch;
  findSession: FindSession;
  csrfTokens: CsrfTokens;
  idempotency: Idempotency;
  proxies: TrustedProxies;
  requestIds: RequestIds;
  /** The port in the cookies' names. */
  port: () => number;
  now: () => number;
  isStopping: () => boolean;
};

/** The route of one request. Answers always; never calls `next`. */
export function createExchange(compiled: CompiledRequest, deps: ExchangeDeps): RequestHandler {
  const readBody = promised(bodyReader(compiled.name));
  const isRead = compiled.definition.http.startsWith('GET ');

  async function answer(request: Request, response: Response, requestId: string): Promise<unknown> {
    if (deps.isStopping()) throw new AppError('SHUTTING_DOWN');
    const facts = connectionFacts(request, deps.proxies);
    const names = cookieNames(deps.port(), facts.isSecure);
    const token = readSessionToken(request.headers.cookie, names);
    const caller = token === null ? null : await deps.findSession(token);
    if (!isRead) {
      const sessionToken = caller === null || compiled.isPublic ? null : token;
      refuseForeignRequest(request.headers, facts.host, sessionToken, deps.csrfTokens);
    }
    await deps.dispatch.admit(compiled, caller, facts.address);
    await readBody(request, response);
    const input = readInput(request);

    const cookie = recordingCookie(token);
    const { address, userAgent, isFromHost, isSecure } = facts;
    const now = deps.now();
    const context: PublicContext = {
      requestId,
      address,
      userAgent,
      isFromHost,
      socketId: null,
      now,
      caller,
      cookie,
    };
    const setCookies = (session: NonNullable<Outcome['cookie']>): void =>
      void response.append('Set-Cookie', startCookies(names, session, isSecure));
    const work = async (): Promise<Outcome> => {
      try {
        const value = await deps.dispatch.run(compiled, context, input);
        return { value, cookie: cookie.started() };
      } catch (error) {
        // who waits for approval is refused, and recognised later by the cookie
        const session = cookie.started();
        if (session !== null) setCookies(session);
        throw error;
      }
    };
    const key = isRead ? null : idempotencyKey(request.headers['idempotency-key']);
    const owner = caller?.userUid ?? '-';
    const { name } = compiled;
    const outcome =
      key === null || compiled.definition.isRepeatable
        ? await work()
        : // only what is valid: anything else may be nested so deeply that nothing can walk through it
          await deps.idempotency.once(
            { owner, key, name, input: deps.dispatch.validate(compiled, input), now },
            work,
          );
    if (outcome.cookie !== null) setCookies(outcome.cookie);
    else if (cookie.isEnded()) response.append('Set-Cookie', endCookies(names, isSecure));
    return outcome.value;
  }

  return async (request, response) => {
    const requestId = deps.requestIds.next();
    response.setHeader('X-Request-Id', requestId);
    // `no-transform` keeps secrets out of compressed answers, whose length would tell about them (BREACH)
    const isSecretive = /^(account|session|vault):/.test(compiled.name);
    response.setHeader('Cache-Control', isSecretive ? 'no-store, no-transform' : 'no-store');
    try {
      const value = await answer(request, response, requestId);
      if (compiled.definition.reply === 'stream') await sendStream(response, value);
      else response.json(value);
    } catch (error) {
      const refusal = deps.dispatch.refusal(inputRefusal(error) ?? error, requestId, compiled);
      // a stream that breaks off must not look like one that has ended
      if (response.headersSent) response.destroy();
      else sendRefusal(response, refusal);
    }
  };
}

/** Answers with a refusal and the status that belongs to its code. */
export function sendRefusal(response: Response, refusal: Refusal): void {
  if (response.headersSent) return;
  if (refusal.retryAfterMs !== undefined) {
    response.setHeader('Retry-After', String(Math.ceil(refusal.retryAfterMs / 1000)));
  }
  response.status(errorCodes[refusal.code].status).json(refusal);
}

type RecordingCookie = SessionCookie & {
  started: () => { token: string; csrfToken: string } | null;
  isEnded: () => boolean;
};

/** Remembers what the handler did with the session, for the answer's headers and for a repeat of the request. */
function recordingCookie(token: string | null): RecordingCookie {
  let started: { token: string; csrfToken: string } | null = null;
  let isEnded = false;
  return {
    token,
    start: (session) => void (started = session),
    end: () => void (isEnded = true),
    started: () => started,
    isEnded: () => isEnded,
  };
}

const promised =
  (reader: RequestHandler) =>
  (request: Request, response: Response): Promise<void> =>
    new Promise((resolve, reject) => {
      void reader(request, response, (error?: unknown) => {
        if (error === undefined) resolve();
        else reject(error instanceof Error ? error : new Error('the body reader failed', { cause: error }));
      });
    });
