import type { App } from './electron-api.ts';

/**
 * Switches that keep Chromium from reaching for the network on its own account. What is left cannot find anybody: no name
 * is resolved, no proxy is looked for. The window itself is served from files; the server is a process of its own.
 */
const switches: readonly (readonly [name: string, value?: string])[] = [
  ['disable-background-networking'],
  ['disable-component-update'],
  ['disable-domain-reliability'],
  ['disable-sync'],
  ['disable-breakpad'],
  ['disable-client-side-phishing-detection'],
  ['dns-prefetch-disable'],
  ['no-pings'],
  ['no-proxy-server'],
  ['host-resolver-rules', 'MAP * ~NOTFOUND'],
  [
    'disable-features',
    'SpareRendererForSitePerProcess,NetworkTimeServiceQuerying,CertificateTransparencyComponentUpdater,OptimizationHints,AutofillServerCommunication,MediaRouter',
  ],
];

/** Must run before the app is ready. */
export function goOffline({ commandLine }: Pick<App, 'commandLine'>): void {
  for (const [name, value] of switches) {
    if (value === undefined) commandLine.appendSwitch(name);
    else commandLine.appendSwitch(name, value);
  }
}
