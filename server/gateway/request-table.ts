/** The contract's requests joined with their handlers, made once at start so that a request only looks things up. */
import type * as z from 'zod/mini';
import { requests } from '#contract/index.ts';
import type { RequestName } from '#contract/index.ts';
import type { RateLimitName, RequestDefinition } from '#contract/request.ts';
import type { PublicContext, RequestHandlers } from './handler.ts';

type Parsed = { success: true; data: unknown } | { success: false; error: z.core.$ZodError };

export type CompiledRequest = {
  name: RequestName;
  definition: RequestDefinition;
  isPublic: boolean;
  isHttpOnly: boolean;
  limit: RateLimitName;
  parse: (input: unknown) => Parsed;
  run: (context: PublicContext, input: unknown) => unknown;
  /** Counters for the metrics: plain numbers, because this is the hot path. */
  answered: number;
  refused: number;
  failed: number;
};

export type RequestTable = ReadonlyMap<string, CompiledRequest>;

export const requestNames = Object.keys(requests) as RequestName[]; // Object.keys forgets the literal names

/** Joins every request of the contract with its handler. */
export function compileRequests(handlers: RequestHandlers): RequestTable {
  return new Map(
    requestNames.map((name) => {
      const definition: RequestDefinition = requests[name];
      const { input } = definition;
      return [
        name,
        {
          name,
          definition,
          isPublic: definition.access === 'public',
          isHttpOnly: definition.transport === 'http',
          limit: definition.limit ?? 'general',
          parse: (value: unknown) => input.safeParse(value),
          run: handlers[name] as CompiledRequest['run'], // the key ties the handler to the schema its input went through
          answered: 0,
          refused: 0,
          failed: 0,
        },
      ];
    }),
  );
}
