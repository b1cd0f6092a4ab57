/**
 * The contract's grammar. A request is an entry of a table; types, routes, validation, the OpenAPI document and the
 * client's typed `call()` all derive from it.
 */
import type * as z from 'zod/mini';
import type { ErrorCode } from './error-codes.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Named rate limits; each has its own points per minute in the configuration. */
export type RateLimitName =
  | 'login'
  | 'register'
  | 'upload'
  | 'search_advanced'
  | 'socket_send_message'
  | 'general';

export type RequestDefinition = {
  /** Always an object; path parameters and query fields of the HTTP route are merged into it. */
  input: z.ZodMiniType;
  output: z.ZodMiniType;
  http: `${Method} /${string}`;
  /** One sentence for the OpenAPI document. */
  summary: string;
  /** Who may ask: anybody, or only somebody signed in (the default). */
  access?: 'public' | 'session';
  /** `http` for requests that set or clear the session cookie: a socket cannot do that. */
  transport?: 'http';
  limit?: RateLimitName;
  /**
   * Changes nothing and is a POST only for the length of its input. A repeat is carried out again: its answer, which may
   * be large, is not kept for an `Idempotency-Key`.
   */
  isRepeatable?: true;
  body?: 'json' | 'stream';
  reply?: 'json' | 'stream' | 'redirect' | 'text';
};

/** Keeps the literal types of a table of requests. */
export const defineRequests = <const Table extends Record<string, RequestDefinition>>(table: Table): Table =>
  table;

/** Keeps the literal types of a table of events (`name → payload schema`). */
export const defineEvents = <const Table extends Record<string, z.ZodMiniType>>(table: Table): Table => table;

/**
 * What the handler of a `reply: 'stream'` request gives: the answer's body in pieces, over HTTP alone. `cacheSeconds` is left
 * out for what must not be kept; `fileName` makes it a download.
 */
export type StreamedReply = {
  contentType: string;
  fileName?: string;
  cacheSeconds?: number;
  chunks: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;
};

/** The answer to every request on every transport. `error` is for people, `code` for programs. */
export type Answer<Value> = { ok: true; value: Value } | Refusal;

export type Refusal = {
  ok: false;
  error: string;
  code: ErrorCode;
  field?: string;
  retryAfterMs?: number;
};
