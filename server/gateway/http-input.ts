/** The input of an HTTP request: path parameters, query and JSON body merged into one object. */
import { json } from 'express';
import type { Request, RequestHandler } from 'express';
import type { RequestName } from '#contract/index.ts';
import { AppError } from '../app-error.ts';
import { requestSizeMax } from './request-sizes.ts';

/** Reads a JSON body up to the request's limit. Bodies of other types are refused by `readInput`. */
export const bodyReader = (name: RequestName): RequestHandler =>
  json({ limit: requestSizeMax(name), strict: true, type: 'application/json' });

/**
 * Merges the three sources. A field that comes twice is refused: which one counts would be a guess, and guesses of that kind
 * are how checks are passed with one value and used with another.
 */
export function readInput(request: Request): Record<string, unknown> {
  // no prototype, so that a field called __proto__ is a field like any other
  const input: Record<string, unknown> = Object.create(null);
  const add = (field: string, value: unknown): void => {
    if (field in input) throw new AppError('INVALID_INPUT', { field: field.slice(0, 100) });
    input[field] = value;
  };
  for (const [field, value] of Object.entries(request.params)) add(field, value);
  for (const [field, value] of queryOf(request.url)) add(field, value);
  for (const [field, value] of Object.entries(bodyOf(request))) add(field, value);
  return input;
}

/** The fields of a query string. Strict about percent-encoding, where URLSearchParams would put in U+FFFD. */
function queryOf(url: string): [string, string][] {
  const at = url.indexOf('?');
  if (at === -1 || at === url.length - 1) return [];
  try {
    return url
      .slice(at + 1)
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const [field = '', ...value] = pair.replaceAll('+', ' ').split('=');
        return [decodeURIComponent(field), decodeURIComponent(value.join('='))];
      });
  } catch {
    throw new AppError('INVALID_INPUT');
  }
}

function bodyOf(request: Request): object {
  const body: unknown = request.body;
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body;
  // nothing was parsed: fine if nothing was sent, else it was of another type or not an object
  const hasBody =
    body !== undefined ||
    request.headers['transfer-encoding'] !== undefined ||
    Number(request.headers['content-length'] ?? 0) > 0;
  if (hasBody) throw new AppError('INVALID_INPUT', { field: 'body' });
  return {};
}

/** What the body reader or the router threw, as a refusal; null for what is not the client's doing. */
export function inputRefusal(error: unknown): AppError | null {
  if (error instanceof AppError) return error;
  if (!(error instanceof Error)) return null;
  const status = 'status' in error ? error.status : undefined;
  if (status === 413) return new AppError('TOO_LARGE');
  // 415 is an encoding or character set that nobody needs; a 404 from the file sender is a broken bundle, not the client's
  if (status === 400 || status === 415) {
    return new AppError('INVALID_INPUT', 'type' in error ? { field: 'body' } : {});
  }
  return error instanceof URIError ? new AppError('INVALID_INPUT') : null;
}
