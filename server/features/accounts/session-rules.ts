/** When a session is over. */

export type SessionTimes = { created_at: number; last_used_at: number };
export type SessionLimits = {
  /** Unused for this long: over. */
  timeoutMs: number;
  /** Over at this age, however much it is used. */
  maxAgeMs: number;
};

export const sessionMaxAgeMs = 30 * 24 * 60 * 60_000;

/** True while a session may be used. `lastUsedAt` may be newer than what the row says. */
export const isSessionAlive = (
  times: SessionTimes,
  lastUsedAt: number,
  limits: SessionLimits,
  now: number,
): boolean =>
  now - Math.max(times.last_used_at, lastUsedAt) < limits.timeoutMs &&
  now - times.created_at < limits.maxAgeMs;
