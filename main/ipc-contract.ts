/** What the window may ask of the main process, and what it is told: one table, from which gateway, handlers and preload derive. */
import * as z from 'zod/mini';
import { hostCommands } from '#contract/process-messages.ts';
import type {
  AdminBridge,
  DesktopAbilities,
  DesktopSettings,
  HostState,
} from '#contract/process-messages.ts';
import { SettingsChange } from './desktop-settings.ts';
import type { Outcome } from './host.ts';
import type { ServerAnswer } from './server-requests.ts';

const Nothing = z.undefined();

/** `fix:use-port` and the like: the host looks for it among what the present problem offers. */
const Fix = z.templateLiteral(['fix:', z.string().check(z.maxLength(40))]);

export const ipcRequests = {
  /** Passed on to the server, which checks the input against its own contract. */
  'admin:call': {
    input: z.strictObject({
      name: z.string().check(z.maxLength(64), z.regex(/^admin:[a-z-]+$/)),
      input: z.record(z.string(), z.unknown()),
    }),
  },
  'host:state': { input: Nothing },
  'host:run': { input: z.strictObject({ command: z.union([z.enum(hostCommands), Fix]) }) },
  'host:settings': { input: Nothing },
  'host:abilities': { input: Nothing },
  'host:change-settings': { input: SettingsChange },
} as const satisfies Record<string, { input: z.ZodMiniType }>;

export type IpcRequests = typeof ipcRequests;
export type IpcName = keyof IpcRequests;
export type IpcInput<Name extends IpcName> = z.output<IpcRequests[Name]['input']>;

export type IpcOutputs = {
  'admin:call': ServerAnswer;
  'host:state': HostState;
  'host:run': Outcome;
  'host:settings': DesktopSettings;
  'host:abilities': DesktopAbilities;
  'host:change-settings': DesktopSettings;
};

/** How a refused message comes back: only a programming mistake, or somebody who should not ask. */
export type IpcAnswer<Name extends IpcName> =
  | { ok: true; value: IpcOutputs[Name] }
  | { ok: false; code: 'INVALID_INPUT' | 'FORBIDDEN' | 'INTERNAL' };

/** To the window. */
export type IpcEvents = {
  'host:state-changed': HostState;
  'host:settings-changed': DesktopSettings;
  /** An event of the server, `admin:sampled` and the like. */
  'admin:event': { name: string; payload: unknown };
};
export type IpcEventName = keyof IpcEvents;

/** `window.desktop`. */
export type DesktopBridge = AdminBridge & { host: NonNullable<AdminBridge['host']> };
