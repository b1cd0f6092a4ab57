/** A session's rules, as the app sets them, applied to every request of its pages. */
import type { Route } from '@playwright/test';
import type { AdminSession, SessionEvents } from '../../../main/electron-api.ts';
import { createEmitter } from './emitter.ts';

type Handler = (request: Request) => Promise<Response> | Response;
type BeforeRequest = (details: { url: string }, callback: (response: { cancel?: boolean }) => void) => void;

/** Chromium knows no scheme but its own; `maru://app/` goes by this origin there, which no name server will ever know. */
const outerOrigin = 'https://app.maru-scheme.invalid';
const innerOrigin = 'maru://app';

export const toChromium = (url: string): string =>
  url.startsWith(innerOrigin) ? outerOrigin + url.slice(innerOrigin.length) : url;
export const fromChromium = (url: string): string =>
  url.startsWith(outerOrigin) ? innerOrigin + url.slice(outerOrigin.length) : url;

export type StandInSession = AdminSession & {
  answer(route: Route): Promise<void>;
  isPermissionGranted(permission: string): boolean;
  /** Requests that no rule of the app stopped; Electron would have sent them. */
  escaped: string[];
  refused: string[];
};

const sessions = new Map<string, StandInSession>();

export function sessionOf(partition: string): StandInSession {
  const known = sessions.get(partition) ?? createSession();
  sessions.set(partition, known);
  return known;
}

function createSession(): StandInSession {
  const handlers = new Map<string, Handler>();
  let beforeRequest: BeforeRequest | null = null;
  let permissionCheck: (() => boolean) | null = null;
  const escaped: string[] = [];
  const refused: string[] = [];

  const isCancelled = (url: string): Promise<boolean> =>
    new Promise((resolve) => {
      if (beforeRequest === null) return resolve(false);
      return beforeRequest({ url }, ({ cancel }) => resolve(cancel === true));
    });

  async function answer(route: Route): Promise<void> {
    const request = route.request();
    const url = fromChromium(request.url());
    if (await isCancelled(url)) {
      refused.push(url);
      return route.abort('blockedbyclient');
    }
    const handler = handlers.get(new URL(url).protocol.replace(':', ''));
    if (handler === undefined) {
      escaped.push(url);
      return route.abort('internetdisconnected');
    }
    const response = await handler(new Request(url, { method: request.method() }));
    return route.fulfill({
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.from(await response.arrayBuffer()),
    });
  }

  return {
    ...createEmitter<SessionEvents>(),
    protocol: { handle: (scheme, handler) => void handlers.set(scheme, handler) },
    webRequest: { onBeforeRequest: (listener) => void (beforeRequest = listener) },
    setPermissionRequestHandler: () => undefined,
    setPermissionCheckHandler: (handler) => void (permissionCheck = handler),
    setDevicePermissionHandler: () => undefined,
    setSpellCheckerEnabled: () => undefined,
    setSpellCheckerLanguages: () => undefined,
    setSpellCheckerDictionaryDownloadURL: () => undefined,
    isPermissionGranted: () => permissionCheck?.() ?? true,
    answer,
    escaped,
    refused,
  };
}
