/**
 * The one way from a request to its answer, for both transports: rate limit → validate → handler → wait for the disk →
 * answer or refusal. The session comes first and is the transport's business.
 */
import { errorCodes } from '#contract/error-codes.ts';
import { canonicalUsername } from '#contract/ids.ts';
import type { Answer, Refusal } from '#contract/request.ts';
import { AppError } from '../app-error.ts';
import type { Log } from '../logger.ts';
import type { Caller, PublicContext, RequestHandlers } from './handler.ts';
import type { RateLimits } from './rate-limit.ts';
import { compileRequests } from './request-table.ts';
import { createResponseTimes } from './response-times.ts';
import type { ResponseTimeCounts } from './response-times.ts';
import type { CompiledRequest, RequestTable } from './request-table.ts';

export type DispatchDeps = {
  handlers: RequestHandlers;
  limits: RateLimits;
  /** The database's: undefined if nothing that a handler could have read is still on its way to the disk. */
  settled: () => Promise<void> | undefined;
  log: Log;
  /** Checks every answer against the contract. For tests; the hot path does without it. */
  isOutputChecked?: boolean;
};

export type Dispatch = {
  requests: RequestTable;
  /** How long answers took since the start, the wait for the disk included; buckets as in `response-times.ts`. */
  responseTimes: () => ResponseTimeCounts;
  /** Throws NOT_SIGNED_IN or RATE_LIMITED. Needs no input, so that HTTP can refuse before it reads a body. */
  admit(request: CompiledRequest, caller: Caller | null, address: string): Promise<void>;
  /** A point of `general`, for what a person sent that is no request of the contract. Throws RATE_LIMITED. */
  admitStray(caller: Caller, address: string): Promise<void>;
  /** The input as the handler gets it: what the contract does not name is gone. Throws INVALID_INPUT. */
  validate(request: CompiledRequest, input: unknown): unknown;
  /** Validates the input and runs the handler; the value is true on the disk when this resolves. Throws refusals. */
  run(request: CompiledRequest, context: PublicContext, input: unknown): Promise<unknown>;
  /** `admit` and `run` as an answer; never rejects. */
  answer(request: CompiledRequest, context: PublicContext, input: unknown): Promise<Answer<unknown>>;
  /** Resolves when no handler is under way any more. */
  drained(): Promise<void>;
  /** The refusal for whatever was thrown. A bug is logged with its stack, and the client sees INTERNAL. */
  refusal(error: unknown, requestId: string, request?: CompiledRequest): Refusal;
};

/** The refusal that a code stands for. */
export const refusalOf = (error: AppError): Refusal => ({
  ok: false,
  error: errorCodes[error.code].sentence,
  code: error.code,
  ...(error.field === undefined ? {} : { field: error.field }),
  ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
});

/** Builds the dispatch over one handler for every request of the contract. */
export function createDispatch(deps: DispatchDeps): Dispatch {
  const { limits, settled, log } = deps;
  const requests = compileRequests(deps.handlers);
  const waiting: (() => void)[] = [];
  const responseTimes = createResponseTimes();
  let underWay = 0;

  async function admit(request: CompiledRequest, caller: Caller | null, address: string): Promise<void> {
    if (caller === null && !request.isPublic) throw new AppError('NOT_SIGNED_IN');
    await limits.take(request.limit, request.name, caller === null ? null : caller.userUid, address);
  }

  /** Also a refusal may be built on a read: neither gets ahead of the disk. */
  async function runSettled(
    request: CompiledRequest,
    context: PublicContext,
    input: unknown,
  ): Promise<unknown> {
    try {
      return await request.run(context, input);
    } finally {
      const flush = settled();
      if (flush !== undefined) await flush;
    }
  }

  function validate(request: CompiledRequest, input: unknown): unknown {
    const parsed = request.parse(input);
    if (!parsed.success) throw invalidInput(parsed.error.issues);
    return parsed.data;
  }

  async function run(request: CompiledRequest, context: PublicContext, input: unknown): Promise<unknown> {
    const valid = validate(request, input);
    if (context.caller === null) {
      const name = nameIn(valid);
      if (name !== undefined) await limits.takeForName(request.limit, request.name, name, context.address);
    }
    underWay += 1;
    const startedAt = performance.now();
    try {
      const value = await runSettled(request, context, valid);
      if (deps.isOutputChecked) checkOutput(request, value);
      request.answered += 1;
      return value;
    } finally {
      responseTimes.add(performance.now() - startedAt);
      underWay -= 1;
      if (underWay === 0) for (const resolve of waiting.splice(0)) resolve();
    }
  }

  function refusal(error: unknown, requestId: string, request?: CompiledRequest): Refusal {
    if (error instanceof AppError) {
      if (request !== undefined) request.refused += 1;
      return refusalOf(error);
    }
    if (request !== undefined) request.failed += 1;
    log.error('a request failed', { requestId, request: request?.name, error });
    return refusalOf(new AppError('INTERNAL'));
  }

  return {
    requests,
    responseTimes: responseTimes.counts,
    admit,
    admitStray: (caller, address) => limits.take('general', '', caller.userUid, address),
    validate,
    run,
    refusal,
    drained: () =>
      new Promise((resolve) => {
        if (underWay === 0) resolve();
        else waiting.push(resolve);
      }),
    async answer(request, context, input) {
      try {
        await admit(request, context.caller, context.address);
        return { ok: true, value: await run(request, context, input) };
      } catch (error) {
        return refusal(error, context.requestId, request);
      }
    },
  };
}

type Issue = { path: readonly PropertyKey[] };

/** Names the first field that is wrong, as a dotted path; the input itself is not repeated. */
function invalidInput(issues: readonly Issue[]): AppError {
  const field = (issues[0]?.path ?? []).map(String).join('.');
  return field === ''
    ? new AppError('INVALID_INPUT')
    : new AppError('INVALID_INPUT', { field: field.slice(0, 100) });
}

const nameIn = (input: unknown): string | undefined =>
  typeof input === 'object' && input !== null && 'username' in input && typeof input.username === 'string'
    ? canonicalUsername(input.username)
    : undefined;

function checkOutput(request: CompiledRequest, value: unknown): void {
  const parsed = request.definition.output.safeParse(value);
  if (parsed.success) return;
  throw new Error(`${request.name} answered against the contract: ${JSON.stringify(parsed.error.issues)}`);
}
