import type { ConnectionState } from '../../connection/connection-state.ts';
import type { ReadableStore } from '../../state/store.ts';
import type { AdminContext } from './admin-context.ts';

/** Long enough for a server to stop and listen again. */
const moveMs = 4_000;

/** Says when the server has come back, and goes along when it moves to another port. */
export function followRestart(
  { bridge, locale, toasts }: AdminContext,
  state: ReadableStore<ConnectionState>,
  page: Window,
): void {
  let isExpected = false;
  bridge.on('admin:restarting', ({ port }) => {
    isExpected = true;
    toasts.show({ text: locale.say('admin.restarting'), subject: 'restart' });
    const own = Number(page.location.port || (page.location.protocol === 'https:' ? 443 : 80));
    // behind a proxy the page's port is the proxy's: only a port that was the server's own can move
    const isMoved = port !== own && page.location.port !== '';
    if (!isMoved) return;
    const { protocol, hostname, pathname, hash } = page.location;
    setTimeout(() => page.location.assign(`${protocol}//${hostname}:${port}${pathname}${hash}`), moveMs);
  });
  state.subscribe(
    ({ phase }) => phase,
    (phase) => {
      if (phase !== 'online' || !isExpected) return;
      isExpected = false;
      toasts.show({ text: locale.say('admin.restarted'), subject: 'restart', isShort: true });
    },
  );
}
