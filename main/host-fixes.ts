/** What is done about a problem when somebody presses its button. */
import path from 'node:path';
import type { SettingsStore } from './desktop-settings.ts';
import { say } from './desktop-words.ts';
import type { Language } from './desktop-words.ts';
import type { ElectronApi } from './electron-api.ts';
import type { Outcome } from './host.ts';
import { changeJsonFile } from './json-file.ts';
import type { ServerOptions } from './launch-arguments.ts';
import type { ProblemAction } from './problem-actions.ts';

type Deps = Pick<ElectronApi, 'dialog'> & {
  settings: Pick<SettingsStore, 'change'>;
  /** What the server is started with. */
  options: ServerOptions;
  /** Keys that the environment sets win over config.json; an argument wins over both. */
  env: NodeJS.ProcessEnv;
  language: () => Language;
  dataDir: () => string | null;
  restart: (once?: readonly string[]) => Promise<Outcome>;
  open: (place: string) => Promise<Outcome>;
  openLogs: () => Promise<Outcome>;
  notWritten: (reason: unknown) => Outcome;
  /** Puts a backup in the place of the database; null when that is done, else the code that says why not. */
  restoreCopy: (file: string) => Promise<string | null>;
};

export type Fixes = {
  fix(action: ProblemAction): Promise<Outcome> | Outcome;
  chooseFolder(): Promise<Outcome>;
};

export function createFixes(deps: Deps): Fixes {
  const { dialog, settings, options, env, language, dataDir, restart } = deps;

  async function chooseFolder(): Promise<Outcome> {
    const present = dataDir();
    const { canceled, filePaths } = await dialog.showOpenDialog({
      title: say('chooseFolder', language()),
      properties: ['openDirectory', 'createDirectory'],
      ...(present === null ? {} : { defaultPath: present }),
    });
    const [chosen] = filePaths;
    if (canceled || chosen === undefined) return { isDone: false };
    try {
      settings.change({ dataDir: chosen });
    } catch (error) {
      return deps.notWritten(error);
    }
    delete options['--data-dir'];
    return restart();
  }

  /** Writes what the server reads at its next start; the environment is outvoted for as long as this program runs. */
  function changeConfig(
    change: Readonly<Record<string, string | number | null>>,
    option: '--port' | '--host',
    value: string,
    variable: string,
  ): Promise<Outcome> | Outcome {
    const folder = dataDir();
    try {
      if (folder !== null) changeJsonFile(path.join(folder, 'config.json'), change);
    } catch (error) {
      return deps.notWritten(error);
    }
    delete options[option];
    if (folder === null || env[variable]) options[option] = value;
    return restart();
  }

  /** A stray Enter or Escape is the harmless answer. */
  async function ask(question: { message: string; detail: string; confirm: string }): Promise<boolean> {
    const { message, detail, confirm } = question;
    const { response } = await dialog.showMessageBox({
      type: 'warning',
      title: say('name', language()),
      message,
      detail,
      buttons: [say('cancel', language()), confirm],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    });
    return response === 1;
  }

  async function startEmpty(): Promise<Outcome> {
    const isMeant = await ask({
      message: say('startEmptyQuestion', language()),
      detail: say('startEmptyDetail', language()),
      confirm: say('startEmpty', language()),
    });
    return isMeant ? restart(['--start-empty']) : { isDone: false };
  }

  async function restoreBackup(): Promise<Outcome> {
    const present = dataDir();
    const { canceled, filePaths } = await dialog.showOpenDialog({
      title: say('chooseBackup', language()),
      properties: ['openFile'],
      filters: [{ name: say('backupFiles', language()), extensions: ['db'] }],
      ...(present === null ? {} : { defaultPath: path.join(present, 'backups') }),
    });
    const [file] = filePaths;
    if (canceled || file === undefined) return { isDone: false };
    const isMeant = await ask({
      message: say('restoreQuestion', language()),
      detail: say('restoreDetail', language(), { file: path.basename(file) }),
      confirm: say('restoreNow', language()),
    });
    if (!isMeant) return { isDone: false };
    const code = await deps.restoreCopy(file);
    if (code === null) return restart();
    return { isDone: false, sentence: say('notRestored', language(), { code }) };
  }

  function fix(action: ProblemAction): Promise<Outcome> | Outcome {
    switch (action.kind) {
      case 'use-port':
        return changeConfig({ port: action.port }, '--port', String(action.port), 'DEFAULT_PORT');
      case 'all-addresses':
        return changeConfig({ host: null }, '--host', '*', 'MARU_HOST');
      case 'open-folder':
        return deps.open(action.place);
      case 'open-logs':
        return deps.openLogs();
      case 'choose-folder':
        return chooseFolder();
      case 'restore-backup':
        return restoreBackup();
      case 'start-empty':
        return startEmpty();
      case 'retry':
        return restart();
      default:
        return action satisfies never;
    }
  }

  return { fix, chooseFolder };
}
