/** One signed-in browser of a person: its HTTP side and its socket. */
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { EventName, EventPayload, RequestInput, RequestName, RequestOutput } from '#contract/index.ts';
import type { SignedIn } from '#contract/accounts.ts';
import type { Answer } from '#contract/request.ts';
import { contractVersion } from '#contract/server-info.ts';
import { collectEvents } from './event-queue.ts';
import { createHttpClient } from './http-client.ts';
import type { HttpAnswer, HttpClient } from './http-client.ts';
import type { TestPerson } from './people.ts';

export type TestClient = {
  person: TestPerson;
  userUid: string;
  sessionUid: string;
  signedIn: SignedIn;
  /** Asks over the socket; gives the whole answer, refusals included. */
  call<Name extends RequestName>(name: Name, input: RequestInput<Name>): Promise<Answer<RequestOutput<Name>>>;
  /** Asks over the socket and gives the value; throws if it was refused. */
  ask<Name extends RequestName>(name: Name, input: RequestInput<Name>): Promise<RequestOutput<Name>>;
  /** Asks over HTTP, with cookies, origin and CSRF token. */
  http(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string | undefined>,
  ): Promise<HttpAnswer>;
  browser: HttpClient;
  next<Name extends EventName>(
    name: Name,
    fits?: (payload: EventPayload<Name>) => boolean,
  ): Promise<EventPayload<Name>>;
  received<Name extends EventName>(name: Name): EventPayload<Name>[];
  socket: Socket;
  /** Resolves when the socket is gone. */
  disconnected(): Promise<string>;
  close(): void;
};

/** A refused `ask`. */
export class RefusedError extends Error {
  readonly code: string;

  constructor(name: string, code: string, field: string | undefined) {
    super(`${name} was refused: ${code}${field === undefined ? '' : ` (${field})`}`);
    this.code = code;
  }
}

/** Signs in over HTTP and connects a socket. */
export async function connectTestClient(port: number, person: TestPerson): Promise<TestClient> {
  const browser = createHttpClient(port);
  const { username, authKey } = person;
  const answer = await browser.request('POST', '/api/login', { username, authKey });
  if (answer.status !== 200) throw new Error(`${username} could not sign in: ${answer.text}`);
  const signedIn = answer.body as SignedIn; // the server checks its own answers in tests
  browser.setCsrfToken(signedIn.csrfToken);
  const socket = openTestSocket(port, browser.cookieHeader());
  const events = collectEvents(socket, username);
  await connected(socket);

  const call: TestClient['call'] = (name, input) =>
    new Promise((resolve) => {
      socket.emit(name, input, resolve);
    });
  return {
    person,
    userUid: person.userUid,
    sessionUid: signedIn.sessionUid,
    signedIn,
    browser,
    socket,
    call,
    async ask(name, input) {
      const result = await call(name, input);
      if (!result.ok) throw new RefusedError(name, result.code, result.field);
      return result.value;
    },
    http: (method, path, body, headers) => browser.request(method, path, body, headers),
    next: (name, fits) => events.next(name, fits),
    received: (name) => events.received(name),
    disconnected: () =>
      new Promise((resolve) => {
        if (socket.disconnected) resolve('already');
        else socket.once('disconnect', resolve);
      }),
    close: () => void socket.close(),
  };
}

/** A socket with these cookies that does not reconnect by itself. */
export const openTestSocket = (
  port: number,
  cookie: string,
  options: { auth?: object; headers?: Record<string, string>; transports?: string[] } = {},
): Socket =>
  io(`http://127.0.0.1:${port}`, {
    transports: options.transports ?? ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: options.auth ?? { contractVersion },
    extraHeaders: { origin: `http://127.0.0.1:${port}`, cookie, ...options.headers },
  });

/** Resolves when the socket is in; rejects with the server's `connect_error`. */
export const connected = (socket: Socket): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
