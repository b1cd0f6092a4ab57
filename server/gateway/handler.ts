/** What a request handler is. Types only: features import these and nothing else of the gateway. */
import type { RequestName, RequestOutput, Requests, ValidInput } from '#contract/index.ts';
import type { Role } from '#contract/accounts.ts';
import type { StreamedReply } from '#contract/request.ts';

/** The signed-in person behind a request. `userId` is the database's key and never leaves the server. */
export type Caller = {
  userId: number;
  userUid: string;
  role: Role;
  sessionUid: string;
};

/** Facts about a request that do not depend on who asks or how it travelled. */
export type RequestFacts = {
  requestId: string;
  /** The peer's address, or the one a trusted proxy forwarded. */
  address: string;
  userAgent: string;
  /**
   * True if the request comes from the host machine itself: loopback peer, loopback Host header and no forwarding
   * header. Anything less could be forged from the network.
   */
  isFromHost: boolean;
  /** The socket it came over, for what is told to that socket alone; null over HTTP. */
  socketId: string | null;
  now: number;
};

export type PublicContext = RequestFacts & {
  caller: Caller | null;
  /**
   * Only on requests with `transport: 'http'`: the session the answer starts (`start` with a token, which the gateway
   * puts into a cookie) or ends.
   */
  cookie: SessionCookie;
};

export type SessionCookie = {
  /** The raw token of the request's cookie, or null. */
  token: string | null;
  /** Sets the session cookie and the CSRF cookie on the answer. */
  start: (session: { token: string; csrfToken: string }) => void;
  /** Clears both cookies. */
  end: () => void;
};

export type SessionContext = PublicContext & { caller: Caller };

type PublicRequestName = {
  [Name in RequestName]: Requests[Name] extends { access: 'public' } ? Name : never;
}[RequestName];

type ContextOf<Name extends RequestName> = Name extends PublicRequestName ? PublicContext : SessionContext;

type ReplyOf<Name extends RequestName> = Requests[Name] extends { reply: 'stream' }
  ? StreamedReply
  : RequestOutput<Name>;

/** A plain function: never sees a socket or a raw request, never emits, throws AppError to refuse. */
export type RequestHandler<Name extends RequestName> = (
  context: ContextOf<Name>,
  input: ValidInput<Name>,
) => Promise<ReplyOf<Name>> | ReplyOf<Name>;

/** One handler for every request of the contract. */
export type RequestHandlers = { [Name in RequestName]: RequestHandler<Name> };
