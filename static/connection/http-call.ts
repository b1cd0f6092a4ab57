/** A contract request as an HTTP exchange: route, query or body, CSRF header, time-out, answer. */
import type { RequestInput, RequestOutput } from '#contract/index.ts';
import { fail, succeed } from '../state/failure.ts';
import type { Failure, Result } from '../state/failure.ts';
import { httpRoutes } from './http-routes.ts';
import type { HttpRequestName } from './http-routes.ts';
import { isKnownCode } from './known-codes.ts';

export type HttpCallDeps = {
  /** Empty in a browser: same origin. */
  baseUrl: string;
  fetch: typeof fetch;
  csrfToken: () => string | null;
  timeoutMs: number;
};

export type HttpCall = <Name extends HttpRequestName>(
  name: Name,
  input: RequestInput<Name>,
  /** The same key with the same input gives the first answer again, however often it is sent. */
  idempotencyKey?: string,
) => Promise<Result<RequestOutput<Name>>>;

/** Path parameters are taken out of the input; the rest becomes the query (GET) or the JSON body. */
export const httpRoute = (
  name: HttpRequestName,
  input: Readonly<Record<string, unknown>>,
): { method: string; path: string; body: string | null } => {
  const [method = 'GET', pattern = '/'] = (httpRoutes[name] ?? '').split(' ');
  const rest: Record<string, unknown> = { ...input };
  const path = pattern.replace(/:([A-Za-z]+)/g, (_match, parameter: string) => {
    const value = rest[parameter];
    delete rest[parameter];
    return encodeURIComponent(String(value));
  });
  // A DELETE that proves a password carries it in the body: an address would end up in logs and histories.
  if (method !== 'GET') {
    return {
      method,
      path,
      body: method === 'DELETE' && Object.keys(rest).length === 0 ? null : JSON.stringify(rest),
    };
  }
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(rest)) {
    if (typeof value === 'string' || typeof value === 'number') query.set(key, String(value));
  }
  const text = query.toString();
  return { method, path: text === '' ? path : `${path}?${text}`, body: null };
};

export const createHttpCall = (deps: HttpCallDeps): HttpCall => {
  const exchange = async (
    name: HttpRequestName,
    input: Record<string, unknown>,
    idempotencyKey: string | undefined,
  ): Promise<Result<unknown>> => {
    const { method, path, body } = httpRoute(name, input);
    const headers: Record<string, string> = { accept: 'application/json' };
    if (body !== null) headers['content-type'] = 'application/json';
    if (idempotencyKey !== undefined) headers['idempotency-key'] = idempotencyKey;
    const csrfToken = deps.csrfToken();
    if (csrfToken !== null && method !== 'GET') headers['x-csrf-token'] = csrfToken;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), deps.timeoutMs);
    try {
      const response = await deps.fetch(`${deps.baseUrl}${path}`, {
        method,
        headers,
        body,
        credentials: 'same-origin',
        cache: 'no-store',
        signal: abort.signal,
      });
      const answer: unknown = await response.json();
      if (response.ok) return succeed(answer);
      return typeof answer === 'object' && answer !== null ? readRefusal(answer) : fail('BAD_ANSWER');
    } catch {
      return fail(abort.signal.aborted ? 'TIMED_OUT' : 'OFFLINE');
    } finally {
      clearTimeout(timer);
    }
  };
  return async (name, input, idempotencyKey) => {
    const result = await exchange(name, input, idempotencyKey);
    // The server validated this against the contract's output of exactly this request.
    return result as Result<RequestOutput<typeof name>>;
  };
};

/** Brings an ack (`{ ok, value | code … }`) into the client's form; anything else did not come from the server. */
export const readAnswer = (answer: unknown): Result<unknown> => {
  if (typeof answer !== 'object' || answer === null || !('ok' in answer)) return fail('BAD_ANSWER');
  if (answer.ok === true && 'value' in answer) return succeed(answer.value);
  return readRefusal(answer);
};

/** A refusal of the server, wherever it came from (an answer, a refused handshake). */
export const readRefusal = (refusal: object): Failure => {
  const facts: Parameters<typeof fail>[1] = {};
  if ('error' in refusal && typeof refusal.error === 'string') facts.error = refusal.error;
  if ('field' in refusal && typeof refusal.field === 'string') facts.field = refusal.field;
  if ('retryAfterMs' in refusal && typeof refusal.retryAfterMs === 'number') {
    facts.retryAfterMs = refusal.retryAfterMs;
  }
  const code = 'code' in refusal ? refusal.code : null;
  if (typeof code !== 'string') return fail('BAD_ANSWER', facts);
  return fail(isKnownCode(code) ? code : 'INTERNAL', facts);
};
