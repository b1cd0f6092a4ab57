/** A browser's side of HTTP for tests: keeps cookies, sends the origin and the CSRF token. */
export type HttpAnswer = {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed body; undefined if it is not JSON. */
  body: unknown;
};

export type HttpClient = {
  /** A header set to undefined is left out. `body` that is a string is sent as it is. */
  request(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string | undefined>,
  ): Promise<HttpAnswer>;
  cookies: Map<string, string>;
  cookieHeader(): string;
  setCsrfToken(token: string | null): void;
};

/** Talks to `http://127.0.0.1:<port>`. */
export function createHttpClient(port: number): HttpClient {
  const cookies = new Map<string, string>();
  let csrfToken: string | null = null;
  const origin = `http://127.0.0.1:${port}`;
  const cookieHeader = (): string => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');

  return {
    cookies,
    cookieHeader,
    setCsrfToken: (token) => void (csrfToken = token),
    async request(method, path, body, headers = {}) {
      const all = {
        origin,
        ...(cookies.size === 0 ? {} : { cookie: cookieHeader() }),
        ...(csrfToken === null ? {} : { 'x-csrf-token': csrfToken }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      };
      const sent = Object.entries(all).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      );
      const response = await fetch(`${origin}${path}`, {
        method,
        headers: sent as [string, string][], // flatMap forgets that these are pairs
        redirect: 'manual',
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      for (const line of response.headers.getSetCookie()) keepCookie(cookies, line);
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, body: parse(text) };
    },
  };
}

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [pair = ''] = line.split(';');
  const at = pair.indexOf('=');
  const name = pair.slice(0, at);
  if (/max-age=0(;|$)/i.test(line)) cookies.delete(name);
  else cookies.set(name, pair.slice(at + 1));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
