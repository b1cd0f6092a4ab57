/**
 * The HTTP routes of the requests that this client makes without a socket, or before there is one. Taken out of the contract, whose
 * schemas a page has no use for and would have to load before the sign-in form. The compiler compares every line with the contract.
 */
import type { RequestName, Requests } from '#contract/index.ts';
import type { recoveryRoutes } from './recovery-routes.ts';

const firstRoutes = {
  'server:info': 'GET /api/server',
  'account:check-name': 'POST /api/register/check',
  'account:prelogin': 'GET /api/prelogin',
  'account:register': 'POST /api/register',
  'account:login': 'POST /api/login',
  'account:waiting': 'GET /api/waiting',
  'account:logout': 'POST /api/logout',
  'account:update': 'PATCH /api/me',
  'account:delete': 'DELETE /api/me',
  'session:resume': 'GET /api/session',
  'session:list': 'GET /api/sessions',
  'session:revoke': 'DELETE /api/sessions/:sessionUid',
  'vault:get': 'GET /api/vault',
  'vault:replace': 'PUT /api/vault',
  'vault:restore': 'PUT /api/vault/restored',
  'epoch:list': 'GET /api/rooms/:roomUid/epochs',
  'identity:get': 'POST /api/identities/query',
} as const satisfies { [Name in RequestName]?: Requests[Name]['http'] };

/** A request that this client makes over HTTP. */
export type HttpRequestName = keyof typeof firstRoutes | keyof typeof recoveryRoutes;

/** Those of a later piece are there once it has added them. */
export const httpRoutes: { [Name in HttpRequestName]?: string } = firstRoutes;

/** Called by a later piece before its first request. */
export const addRoutes = (routes: typeof recoveryRoutes): void => {
  Object.assign(httpRoutes, routes);
};
