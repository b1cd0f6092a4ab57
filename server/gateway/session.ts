/** The session cookie: its names, its attributes, and who is behind it. */
import type { Caller } from './handler.ts';

/** Looks up a live session; null for a token that is unknown, expired or of a disabled account. */
export type FindSession = (token: string) => Promise<Caller | null> | Caller | null;

export type CookieNames = { session: string; csrf: string };

/** A session lasts 30 days at most; the sliding time-out below that is the server's to enforce. */
const maxAgeSeconds = 30 * 24 * 60 * 60;

const tokenPattern = /^[A-Za-z0-9_-]{43}$/;

/**
 * Names of the two cookies. The port is part of them because cookies are shared by all ports of a host. HTTPS has names of
 * its own: browsers do not let a plain page replace a Secure cookie of the same name, which would lock out plain HTTP.
 */
export const cookieNames = (port: number, isSecure: boolean): CookieNames =>
  isSecure
    ? { session: `__Host-maru-${port}`, csrf: `__Host-maru-csrf-${port}` }
    : { session: `maru-${port}`, csrf: `maru-csrf-${port}` };

/** The value of one cookie in a `Cookie` header; the first one if there are several. */
export function readCookie(header: string | undefined, name: string): string | null {
  if (header === undefined) return null;
  for (const part of header.split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

/** The session token in a `Cookie` header, if it has the form of one. */
export function readSessionToken(header: string | undefined, names: CookieNames): string | null {
  const token = readCookie(header, names.session);
  return token !== null && tokenPattern.test(token) ? token : null;
}

/** The `Set-Cookie` values that start a session. The CSRF cookie is the one that the page's script can read. */
export function startCookies(
  names: CookieNames,
  session: { token: string; csrfToken: string },
  isSecure: boolean,
): string[] {
  const attributes = `; Path=/; Max-Age=${maxAgeSeconds}; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  return [
    `${names.session}=${session.token}${attributes}; HttpOnly`,
    `${names.csrf}=${session.csrfToken}${attributes}`,
  ];
}

/** The `Set-Cookie` values that clear both cookies. */
export function endCookies(names: CookieNames, isSecure: boolean): string[] {
  const attributes = `; Path=/; Max-Age=0; SameSite=Lax${isSecure ? '; Secure' : ''}`;
  return [`${names.session}=${attributes}; HttpOnly`, `${names.csrf}=${attributes}`];
}
