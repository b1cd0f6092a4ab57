/**
 * The server as its host sees it, and what the host does when asked: the one place that the tray, the window and the
 * operating system's events meet.
 */
import path from 'node:path';
import type { DesktopAbilities, HostCommand, HostState, Unsubscribe } from '#contract/process-messages.ts';
import type { SettingsStore } from './desktop-settings.ts';
import { languageOf, say } from './desktop-words.ts';
import type { DesktopWord, Language } from './desktop-words.ts';
import type { ElectronApi } from './electron-api.ts';
import { openPlace } from './folder-opening.ts';
import { createFixes } from './host-fixes.ts';
import type { ServerOptions } from './launch-arguments.ts';
import type { ServerAddresses } from './server-addresses.ts';
import { actionsFor } from './problem-actions.ts';
import type { ProblemAction } from './problem-actions.ts';
import { problemText } from './problem-words.ts';
import type { ServerProcess, ServerStatus } from './server-process.ts';

export type Outcome = { isDone: boolean; sentence?: string };

export type Host = {
  language(): Language;
  state(): HostState;
  onState(listener: (state: HostState) => void): Unsubscribe;
  /** The server's status changed, or the language in which it is told. */
  announce(): void;
  run(command: HostCommand | `fix:${string}`): Promise<Outcome>;
  abilities(): DesktopAbilities;
};

type Deps = Pick<ElectronApi, 'shell' | 'clipboard' | 'dialog'> & {
  server: ServerProcess;
  settings: SettingsStore;
  addresses: ServerAddresses;
  /** What the server is started with; changed by what the person decides. */
  options: ServerOptions;
  /** Keys that the environment sets win over config.json; an argument wins over both. */
  env: NodeJS.ProcessEnv;
  systemLanguages: readonly string[];
  /** Puts a backup in the place of the database; null when that is done, else the code that says why not. */
  restoreCopy: (file: string) => Promise<string | null>;
  quit: () => void;
};

const done: Outcome = { isDone: true };

export function createHost(deps: Deps): Host {
  const { server, settings, shell, clipboard, options, addresses } = deps;
  const listeners = new Set<(state: HostState) => void>();
  const language = (): Language => languageOf(settings.read().language, deps.systemLanguages);
  const refuse = (word: DesktopWord, reason?: unknown): Outcome => ({
    isDone: false,
    sentence: say(word, language(), { reason: reason instanceof Error ? reason.message : String(reason) }),
  });
  const state = (): HostState => describe(server.status(), language());

  const dataDir = (): string | null =>
    server.folders()?.dataDir ?? options['--data-dir'] ?? settings.dataDir();

  async function open(place: string | null): Promise<Outcome> {
    if (place === null) return refuse('notRunning');
    const reason = await openPlace(shell, place);
    return reason === '' ? done : refuse('folderNotOpened', reason);
  }

  const openInside = (...names: string[]): Promise<Outcome> => {
    const folder = dataDir();
    return open(folder === null ? null : path.join(folder, ...names));
  };

  async function openMessenger(): Promise<Outcome> {
    const url = await addresses.own();
    if (url === null) return refuse('notRunning');
    try {
      await shell.openExternal(url);
      return done;
    } catch (error) {
      return refuse('browserNotOpened', error);
    }
  }

  async function copyAddress(): Promise<Outcome> {
    const url = await addresses.best();
    if (url === null) return refuse('notRunning');
    clipboard.writeText(url);
    return done;
  }

  async function restart(once: readonly string[] = []): Promise<Outcome> {
    await server.stop();
    server.start(once);
    return done;
  }

  const fixes = createFixes({
    ...deps,
    language,
    dataDir,
    restart,
    open,
    openLogs: () => openInside('logs'),
    notWritten: (reason) => refuse('fileNotWritten', reason),
  });

  async function run(command: HostCommand | `fix:${string}`): Promise<Outcome> {
    switch (command) {
      case 'start':
        server.start();
        return done;
      case 'stop':
        await server.stop();
        return done;
      case 'restart':
        return restart();
      case 'open-messenger':
        return openMessenger();
      case 'copy-address':
        return copyAddress();
      case 'open-data-folder':
        return openInside();
      case 'open-logs-folder':
        return open(server.folders()?.logsDir ?? null);
      case 'open-backups-folder':
        return openInside('backups');
      case 'choose-data-folder':
        return fixes.chooseFolder();
      case 'quit':
        deps.quit();
        return done;
      default: {
        // only what the present problem offers: a button of a problem that is over does nothing
        const action = presentActions(server.status()).find(({ kind }) => command === `fix:${kind}`);
        return action === undefined ? { isDone: false } : fixes.fix(action);
      }
    }
  }

  return {
    language,
    state,
    onState(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    announce() {
      const present = state();
      for (const listener of listeners) listener(present);
    },
    run,
    abilities: () => ({
      startAtLogin: settings.isLoginItemPossible,
      keepAwake: true,
      chooseDataFolder: true,
    }),
  };
}

const presentActions = (status: ServerStatus): ProblemAction[] =>
  status.phase === 'problem' ? actionsFor(status.code, status.facts) : [];

function describe(status: ServerStatus, language: Language): HostState {
  if (status.phase !== 'problem') return status;
  const actions = presentActions(status).map((action) => ({
    id: `fix:${action.kind}` as const,
    label: labelOf(action, language),
  }));
  return {
    phase: 'problem',
    code: status.code,
    ...problemText(status.code, status.facts, language),
    actions,
  };
}

function labelOf(action: ProblemAction, language: Language): string {
  const words: Record<ProblemAction['kind'], DesktopWord> = {
    'use-port': 'usePort',
    'all-addresses': 'useAllAddresses',
    'open-folder': 'openFolder',
    'open-logs': 'openLogs',
    'choose-folder': 'otherFolder',
    'restore-backup': 'restoreBackup',
    'start-empty': 'startEmpty',
    retry: 'retry',
  };
  return say(words[action.kind], language, action.kind === 'use-port' ? { port: action.port } : {});
}
