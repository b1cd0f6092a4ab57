/** The Express application: the contract's routes, the client's files, documentation, health, metrics and friendly pages. */
import compression from 'compression';
import express from 'express';
import type { ErrorRequestHandler, Express, Request, RequestHandler, Response } from 'express';
import { AppError } from '../app-error.ts';
import type { Log } from '../logger.ts';
import { renderApiDocs } from './api-docs-page.ts';
import { createClientFiles, fontSheets } from './client-files.ts';
import type { Client } from './client-files.ts';
import { isSameText } from './csrf.ts';
import { refusalOf } from './dispatch.ts';
import { isPageRequest, pageLanguage, pageStylePath, sendFriendlyPage } from './friendly-pages.ts';
import { pageStyle } from './page-style.ts';
import { createExchange, sendRefusal } from './http-exchange.ts';
import type { ExchangeDeps } from './http-exchange.ts';
import { securityHeaders } from './http-headers.ts';
import { inputRefusal } from './http-input.ts';
import type { Metrics } from './metrics.ts';
import { createApiDescription, routeOf } from './openapi.ts';
import { connectionFacts } from './request-facts.ts';

export type HttpGatewayDeps = ExchangeDeps & {
  log: Log;
  version: string;
  metrics: Metrics;
  /** Opens `/metrics` to other machines that send it as a bearer token. */
  metricsToken: string | null;
  /** What is wrong with the server at the moment; empty if nothing is. */
  problems: () => string[];
  /** The bundled web client; null while developing the server alone. */
  client: Client | null;
};

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Builds the application. It listens nowhere yet. */
export function createHttpGateway(deps: HttpGatewayDeps): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing').enable('strict routing');
  // the gateway reads queries itself, strictly
  app.set('query parser', false);
  app.use(securityHeaders(deps.proxies));
  if (deps.client !== null) app.use(createClientFiles(deps.client));
  app.use(compression({ threshold: 1024 }));
  addOperations(app, deps);
  addDocumentation(app, deps);
  addRequests(app, deps);
  app.use(answerUnknown(deps));
  app.use(answerError(deps));
  return app;
}

function addRequests(app: Express, deps: HttpGatewayDeps): void {
  const methodsByPath = new Map<string, string[]>();
  for (const compiled of deps.dispatch.requests.values()) {
    const { method, path } = routeOf(compiled.definition);
    const { body = 'json', reply = 'json' } = compiled.definition;
    if (body !== 'json' || !(reply === 'json' || reply === 'stream')) {
      throw new Error(`${compiled.name}: this gateway cannot do that yet`);
    }
    app[method.toLowerCase() as Method](path, createExchange(compiled, deps)); // the contract's type lists these methods
    methodsByPath.set(path, [...(methodsByPath.get(path) ?? []), method]);
  }
  for (const [path, methods] of methodsByPath) app.all(path, refuseMethod(methods));
}

function addOperations(app: Express, deps: HttpGatewayDeps): void {
  app.get('/healthz', (_request, response) => {
    const problems = deps.isStopping() ? ['SHUTTING_DOWN', ...deps.problems()] : deps.problems();
    response.set('Cache-Control', 'no-store').status(deps.isStopping() ? 503 : 200);
    response.json({ status: problems.length === 0 ? 'ok' : 'degraded', version: deps.version, problems });
  });
  app.get('/metrics', (request, response, next) => {
    if (!mayReadMetrics(request, deps)) {
      sendRefusal(response, refusalOf(new AppError('FORBIDDEN')));
      return;
    }
    response.set('Cache-Control', 'no-store').type(deps.metrics.contentType);
    deps.metrics.text().then((text) => response.send(text), next);
  });
  for (const path of ['/healthz', '/metrics']) app.all(path, refuseMethod(['GET']));
}

function mayReadMetrics(request: Request, deps: HttpGatewayDeps): boolean {
  if (connectionFacts(request, deps.proxies).isFromHost) return true;
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  return (
    deps.metricsToken !== null &&
    scheme?.toLowerCase() === 'bearer' &&
    token !== undefined &&
    isSameText(deps.metricsToken, token)
  );
}

function addDocumentation(app: Express, deps: HttpGatewayDeps): void {
  // made when somebody first looks: most servers are never asked
  let description: ReturnType<typeof createApiDescription> | null = null;
  const describe = () => (description ??= createApiDescription(deps.version, deps.port()));
  app.get('/api/openapi.json', (_request, response) => {
    response.set('Cache-Control', 'no-cache').json(describe());
  });
  app.get('/api/docs', (request, response) => {
    response.set('Cache-Control', 'no-cache').set('Vary', 'Accept-Language').type('html');
    response.send(renderApiDocs(describe(), pageLanguage(request)));
  });
  const style = pageStyle(deps.client === null ? [] : fontSheets(deps.client));
  app.get(pageStylePath, (_request, response) => {
    response.set('Cache-Control', 'no-cache').type('css').send(style);
  });
  for (const path of ['/api/openapi.json', '/api/docs', pageStylePath]) app.all(path, refuseMethod(['GET']));
}

const refuseMethod =
  (methods: readonly string[]): RequestHandler =>
  (_request, response) => {
    response.set('Allow', (methods.includes('GET') ? [...methods, 'HEAD'] : methods).join(', '));
    sendRefusal(response, refusalOf(new AppError('METHOD_NOT_ALLOWED')));
  };

const answerUnknown =
  ({ requestIds }: HttpGatewayDeps): RequestHandler =>
  (request, response) => {
    if (isPageRequest(request)) sendFriendlyPage(request, response, 'notFound', requestIds.next());
    else sendRefusal(response.set('Cache-Control', 'no-store'), refusalOf(new AppError('NOT_FOUND')));
  };

/** What no route caught: a path that cannot be decoded, or a bug. Express tells error handlers by their four parameters. */
const answerError =
  ({ requestIds, dispatch, log }: HttpGatewayDeps): ErrorRequestHandler =>
  (error: unknown, request: Request, response: Response, _next) => {
    const requestId = requestIds.next();
    const refusal = inputRefusal(error);
    if (response.headersSent) {
      log.error('an answer broke off', { requestId, error });
      response.destroy();
    } else if (refusal === null && isPageRequest(request)) {
      log.error('a page failed', { requestId, error });
      sendFriendlyPage(request, response, 'failed', requestId);
    } else {
      sendRefusal(response, dispatch.refusal(refusal ?? error, requestId));
    }
  };
