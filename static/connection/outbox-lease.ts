/** One tab sends at a time, without `navigator.locks` (absent on plain HTTP). */
import type { ClientStorage } from '../storage/client-storage.ts';
import type { Timers } from '../state/timers.ts';

export type Lease = {
  /** True while this tab may send. Called before every send: a tab whose timers were frozen must not go on. */
  take: () => Promise<boolean>;
  release: () => Promise<void>;
};

/** Long enough for a slow disk, short enough that a closed tab's messages go on soon. */
const leaseMs = 6_000;
const renewMs = leaseMs / 3;

export const createLease = (
  deps: { storage: ClientStorage; timers: Timers; tabId: string },
  name: string,
): Lease => {
  let isHeld = false;
  let renewAt = 0;
  return {
    take: async () => {
      const now = deps.timers.now();
      // The second half: a clock that was set back must not keep the lease from being renewed.
      if (isHeld && now < renewAt && renewAt - now <= renewMs) return true;
      try {
        isHeld = await deps.storage.takeLease(name, deps.tabId, now, leaseMs);
      } catch {
        // Without storage no tab knows of another. The server takes a message once, whoever sends it.
        isHeld = true;
      }
      renewAt = now + renewMs;
      return isHeld;
    },
    release: async () => {
      if (!isHeld) return;
      isHeld = false;
      // It runs out by itself.
      await deps.storage.releaseLease(name, deps.tabId).catch(() => undefined);
    },
  };
};
