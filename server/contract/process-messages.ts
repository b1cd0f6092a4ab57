/**
 * What crosses the process boundaries of the desktop app: between the server and its host (`process.parentPort` of a
 * utility process, `process.send` of a forked one), and between the host and its window (`window.desktop`). Schemas for
 * the first, because either side may be of another version after an upgrade; types for the second.
 */
import * as z from 'zod/mini';
import type {
  AdminEventName,
  AdminEventPayload,
  AdminInput,
  AdminOutput,
  AdminRequestName,
} from './admin.ts';
import type { Answer } from './request.ts';

const Facts = z.record(z.string(), z.union([z.string(), z.number()]));

/** Server to host. */
export const ServerMessage = z.discriminatedUnion('type', [
  /** Its configuration is known, before anything can fail because of the data. Both are absolute paths. */
  z.object({ type: z.literal('configured'), dataDir: z.string(), logsDir: z.string() }),
  /** It listens. Sent again after each restart that the server does by itself. */
  z.object({ type: z.literal('ready'), port: z.int() }),
  /** It could not start, and leaves with exit code 2. `code` and `facts` are those of a StartupError. */
  z.object({ type: z.literal('failed'), code: z.string(), facts: Facts }),
  /** It stops and starts again within this process (a restore, changed settings); `ready` or `failed` follows. */
  z.object({ type: z.literal('restarting') }),
  /** `answer` is the `Answer` of the contract. */
  z.object({ type: z.literal('answer'), id: z.int(), answer: z.unknown() }),
  z.object({ type: z.literal('event'), name: z.string(), payload: z.unknown() }),
]);
export type ServerMessage = z.infer<typeof ServerMessage>;

/** Host to server. */
export const HostMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stop') }),
  /** `name` is one of `admin:*`; every request gets exactly one answer with its id while the server runs. */
  z.object({ type: z.literal('request'), id: z.int(), name: z.string(), input: z.unknown() }),
]);
export type HostMessage = z.infer<typeof HostMessage>;

export type Unsubscribe = () => void;

export type AdminCall = <Name extends AdminRequestName>(
  name: Name,
  input: AdminInput<Name>,
) => Promise<Answer<AdminOutput<Name>>>;

export type AdminListen = <Name extends AdminEventName>(
  name: Name,
  listener: (payload: AdminEventPayload<Name>) => void,
) => Unsubscribe;

/** Something the host can do about a problem, by a button: its label comes with it. */
export type HostAction = { id: `fix:${string}`; label: string };

/** The server as its host sees it. */
export type HostState =
  | { phase: 'starting' | 'stopping' | 'stopped' }
  | { phase: 'running'; port: number }
  /** `sentence` and `advice` are in the window's language; `actions` are given to `run`. */
  | { phase: 'problem'; code: string; sentence: string; advice: string; actions: HostAction[] };

/** What the host does when asked; the ids of a problem's actions are accepted as well. */
export const hostCommands = [
  'start',
  'stop',
  'restart',
  'open-messenger',
  'copy-address',
  'open-data-folder',
  'open-logs-folder',
  'open-backups-folder',
  'choose-data-folder',
  'quit',
] as const;
export type HostCommand = (typeof hostCommands)[number];

/** What the desktop app itself remembers, in `settings.json`. */
export type DesktopSettings = {
  startAtLogin: boolean;
  /** In the tray only, without the window. */
  startHidden: boolean;
  /** Keeps the computer from sleeping while the server runs. */
  keepAwake: boolean;
  language: 'system' | 'ko' | 'en';
  /** The first-run wizard was gone through, or left on purpose. */
  isSetUpDone: boolean;
};

/** What this operating system lets the app do. */
export type DesktopAbilities = { startAtLogin: boolean; keepAwake: boolean; chooseDataFolder: boolean };

export type HostControls = {
  state(): Promise<HostState>;
  onState(listener: (state: HostState) => void): Unsubscribe;
  /** `isDone: false` if it did not work or the person cancelled; `sentence` then says why, if there is something to say. */
  run(command: HostCommand | HostAction['id']): Promise<{ isDone: boolean; sentence?: string }>;
  settings(): Promise<DesktopSettings>;
  abilities(): Promise<DesktopAbilities>;
  changeSettings(changes: Partial<DesktopSettings>): Promise<DesktopSettings>;
  onSettings(listener: (settings: DesktopSettings) => void): Unsubscribe;
};

/** `window.desktop`, and in the page at `/admin` the same over the socket, without a host. */
export type AdminBridge = {
  /** Never rejects: a server that is not running is a refusal `SHUTTING_DOWN`. */
  call: AdminCall;
  on: AdminListen;
  host: HostControls | null;
};
