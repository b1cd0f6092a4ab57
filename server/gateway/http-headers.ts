/** Security headers. */
import helmet from 'helmet';
import type { RequestHandler } from 'express';
import { connectionFacts } from './request-facts.ts';
import type { TrustedProxies } from './trusted-proxies.ts';

/**
 * A Content-Security-Policy without inline script or style. Safari before 15.4 does not count WebSockets as `'self'`, so
 * their address is spelled out, with the host that this client used.
 */
function pagePolicy(host: string): string {
  const sockets = host === '' ? '' : ` ws://${host} wss://${host}`;
  return [
    `default-src 'self'`,
    `connect-src 'self'${sockets}`,
    `img-src 'self' data: blob:`,
    `media-src 'self' data: blob:`,
    `worker-src 'self'`,
    `object-src 'none'`,
    `frame-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

/**
 * For the response that holds the Argon2 worker, and for nothing else: a worker runs under the policy of its own response.
 * `'unsafe-eval'` is what browsers before `'wasm-unsafe-eval'` (Chrome 97, Firefox 102, Safari 16) want for WebAssembly.
 */
export const wasmWorkerPolicy = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'unsafe-eval'`;

/**
 * Helmet without what breaks a page on plain HTTP: `upgrade-insecure-requests` would send every request to a port where no
 * TLS answers, and Cross-Origin-Opener-Policy and Origin-Agent-Cluster mean nothing outside secure contexts but warnings.
 * HSTS belongs to an installation that has only HTTPS.
 */
export function securityHeaders(proxies: TrustedProxies): RequestHandler {
  const options = {
    contentSecurityPolicy: false,
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  } as const;
  const plain = helmet({ ...options, crossOriginOpenerPolicy: false, originAgentCluster: false });
  const secure = helmet(options);
  return (request, response, next) => {
    const { host, isSecure } = connectionFacts(request, proxies);
    response.setHeader('Content-Security-Policy', pagePolicy(host));
    response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
    (isSecure ? secure : plain)(request, response, next);
  };
}
