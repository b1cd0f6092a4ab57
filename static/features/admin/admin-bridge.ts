/** What the admin views are built on: the window's bridge to its host, or a socket of the page. */
export type {
  AdminBridge,
  AdminCall,
  AdminListen,
  DesktopAbilities,
  DesktopSettings,
  HostAction,
  HostCommand,
  HostControls,
  HostState,
  Unsubscribe,
} from '#contract/process-messages.ts';
