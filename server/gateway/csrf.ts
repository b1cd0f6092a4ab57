/** Whether a request comes from the messenger's own page (OWASP: verify origin, signed double-submit token). */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { AppError } from '../app-error.ts';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

export type CsrfTokens = {
  /** The token that belongs to a session token: base64url of an HMAC, so nothing has to be stored. */
  tokenFor: (sessionToken: string) => string;
  isValid(sessionToken: string, presented: unknown): boolean;
};

/** `secret` is the server's own; tokens change when it does. */
export function createCsrfTokens(secret: Uint8Array): CsrfTokens {
  const tokenFor = (sessionToken: string): string =>
    createHmac('sha256', secret).update('maru/1|csrf|').update(sessionToken).digest('base64url');
  return {
    tokenFor,
    isValid: (sessionToken, presented) =>
      typeof presented === 'string' && isSameText(tokenFor(sessionToken), presented),
  };
}

/** Compares in constant time; the lengths may show. */
export function isSameText(expected: string, presented: string): boolean {
  const left = Buffer.from(expected);
  const right = Buffer.from(presented);
  return left.length === right.length && timingSafeEqual(left, right);
}

export type OriginVerdict = 'same' | 'unknown' | 'foreign';

/**
 * Compares `Origin` with the host that the client used. Only the host and port are compared: a proxy may have taken the
 * TLS off. Without an `Origin` (same-origin GETs, programs), `Sec-Fetch-Site` decides if the browser sends it.
 */
export function originVerdict(headers: Headers, host: string): OriginVerdict {
  const origin = headers['origin'];
  if (origin !== undefined) {
    if (typeof origin !== 'string' || host === '' || !URL.canParse(origin)) return 'foreign';
    const { protocol, host: originHost } = new URL(origin);
    return ['http:', 'https:'].includes(protocol) && originHost === withoutDefaultPort(host, protocol)
      ? 'same'
      : 'foreign';
  }
  const site = headers['sec-fetch-site'];
  if (site === undefined) return 'unknown';
  return site === 'same-origin' ? 'same' : 'foreign';
}

const withoutDefaultPort = (host: string, protocol: string): string =>
  protocol === 'https:' ? host.replace(/:443$/, '') : host.replace(/:80$/, '');

/**
 * Refuses a state-changing request that another site may have caused. With a session the token is required as well as the
 * origin; before sign-in there is no token, and a program that sends neither header cannot be used by a browser.
 */
export function refuseForeignRequest(
  headers: Headers,
  host: string,
  sessionToken: string | null,
  tokens: CsrfTokens,
): void {
  if (originVerdict(headers, host) === 'foreign') throw new AppError('ORIGIN_NOT_ALLOWED');
  if (sessionToken !== null && !tokens.isValid(sessionToken, headers['x-csrf-token']))
    throw new AppError('CSRF');
}
