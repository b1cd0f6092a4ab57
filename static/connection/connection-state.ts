/** The connection as the banner shows it. */
export type ConnectionState =
  /** First attempt under way, or connected and `session:sync` not answered yet. */
  | { phase: 'connecting' }
  /** Connected and current. */
  | { phase: 'online' }
  /** The operating system reports no network; attempts go on (it is often wrong on a LAN). */
  | { phase: 'offline'; nextAttemptAt: number }
  /** `nextAttemptAt` is on the browser's clock (`Date.now()`), for a countdown. */
  | { phase: 'reconnecting'; attempt: number; nextAttemptAt: number }
  /** No session: the sign-in form is on screen. */
  | { phase: 'signed-out' }
  /** The server speaks a newer contract: the page reloads as soon as drafts are stored. */
  | { phase: 'outdated' };
