/** What the gateways can tell about a request from its connection and headers, the same for both transports. */
import type { IncomingMessage } from 'node:http';
import { plainAddress } from './trusted-proxies.ts';
import type { TrustedProxies } from './trusted-proxies.ts';

export type ConnectionFacts = {
  /** The client's address; behind a trusted proxy the one that it forwarded. */
  address: string;
  userAgent: string;
  /** The `Host` that the client used, lower case, with its port if it named one; empty if it is malformed. */
  host: string;
  isSecure: boolean;
  isFromHost: boolean;
};

const hostPattern = /^([a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(:[0-9]{1,5})?$/;
const loopbackHostPattern = /^(localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]{1,5})?$/;
const forwardingHeaders = [
  'forwarded',
  'via',
  'x-real-ip',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
];

/** The machine itself; expects what `plainAddress` gives. */
export const isLoopback = (address: string): boolean =>
  address === '::1' || /^127(\.[0-9]{1,3}){3}$/.test(address);

/** Reads a request's facts. Forwarding headers count only if the peer is a trusted proxy. */
export function connectionFacts(request: IncomingMessage, proxies: TrustedProxies): ConnectionFacts {
  const { headers, httpVersion, socket } = request;
  const peer = plainAddress(socket.remoteAddress ?? '');
  const isProxied = proxies.isTrusted(peer);
  const forwardedHost = isProxied ? firstValue(headers['x-forwarded-host']) : undefined;
  const forwardedProtocol = isProxied ? firstValue(headers['x-forwarded-proto']) : undefined;
  const host = (forwardedHost ?? headers.host ?? '').toLowerCase();
  return {
    address: proxies.clientAddress(peer, headers),
    userAgent: (headers['user-agent'] ?? '').slice(0, 300),
    host: hostPattern.test(host) ? host : '',
    isSecure:
      forwardedProtocol === undefined
        ? 'encrypted' in socket && socket.encrypted === true
        : forwardedProtocol.toLowerCase() === 'https',
    // All of them, because each alone can be had from the network: a local proxy has a loopback peer, a rebound DNS name
    // reaches loopback with a foreign Host, and a proxy that is not configured as trusted shows by its headers.
    // A proxy that rewrites Host and adds no header shows by HTTP/1.0, which nginx long spoke by default and no browser speaks.
    isFromHost:
      isLoopback(peer) &&
      httpVersion !== '1.0' &&
      loopbackHostPattern.test((headers.host ?? '').toLowerCase()) &&
      forwardingHeaders.every((name) => headers[name] === undefined),
  };
}

function firstValue(header: string | string[] | undefined): string | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  return text?.split(',', 1)[0]?.trim();
}
