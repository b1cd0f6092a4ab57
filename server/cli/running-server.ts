/** What the command line needs of the composition root. */
import type { AdminEventName, AdminEventPayload } from '#contract/admin.ts';
import type { Answer } from '#contract/request.ts';
import type { Config, ConfigKey, Origin } from '../config.ts';
import type { NumberedLine } from '../log-ring.ts';

export type StartOptions = {
  config: Config;
  /** The product's version, from package.json. */
  version: string;
  /** Awaited once the data folder is checked and locked, before the database is opened: the log file opens here. */
  onDataFolderReady: () => Promise<void>;
  /** The server cannot go on (the disk failed a flush): log, stop, leave with an error. Called at most once. */
  onFatal: (error: unknown) => void;
  /** What surrounds the server; tests and tools may do without. */
  host?: HostSide;
};

export type HostSide = {
  /** Where each setting came from. */
  origins: Readonly<Record<ConfigKey, Origin>>;
  /** The newest lines of the log. */
  recentLog: () => readonly NumberedLine[];
  /** The product's third-party notices. */
  licences: () => string;
  /** Stops and starts again, with the settings as they are then. Called once everything asked for is done. */
  restart: () => void;
  /** What the host process asked to be told; see `admin:watch`. */
  onEvent: <Name extends AdminEventName>(name: Name, payload: AdminEventPayload<Name>) => void;
};

/** How the audit log names whoever sits at the machine: in the desktop app's window, or at a terminal. */
export type HostName = 'host' | 'cli';

export type RunningServer = {
  port: number;
  /** The code that the first account needs; null once there is an account. */
  setupCode: string | null;
  /** A request `admin:*` of the host process or of a terminal beside it, which count as the owner. Never rejects. */
  askAsHost(name: string, input: unknown, by?: HostName): Promise<Answer<unknown>>;
  /** Refuses new work, finishes what was accepted, closes the database, gives the folder free. */
  stop(): Promise<void>;
};
