import type { DesktopBridge } from '../../main/ipc-contract.ts';

declare global {
  interface Window {
    /** What the preload exposes. */
    readonly desktop: DesktopBridge;
  }
}
