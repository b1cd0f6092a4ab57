import type { AdminBridge, HostControls } from '../static/features/admin/admin-bridge.ts';

declare global {
  interface Window {
    /** Put there by the preload script, which has the same type from the same contract. */
    readonly desktop: AdminBridge & { host: HostControls };
  }
}
