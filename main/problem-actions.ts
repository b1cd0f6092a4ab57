/** What the host can do about a problem, in the order of the buttons: the first is what most people want. */
import type { Facts } from './server-process.ts';

export type ProblemAction =
  | { kind: 'use-port'; port: number }
  | { kind: 'all-addresses' }
  /** The folder itself, or the one that the file is in. */
  | { kind: 'open-folder'; place: string }
  | { kind: 'open-logs' }
  | { kind: 'choose-folder' }
  /** One that the person chooses; asks first. */
  | { kind: 'restore-backup' }
  | { kind: 'start-empty' }
  | { kind: 'retry' };

const retry: ProblemAction = { kind: 'retry' };
const chooseFolder: ProblemAction = { kind: 'choose-folder' };
const openLogs: ProblemAction = { kind: 'open-logs' };

const defaultPort = 5000;

/** The actions for a failure; always at least one. */
export function actionsFor(code: string, facts: Facts): ProblemAction[] {
  switch (code) {
    case 'PORT_TAKEN':
      return [...usePort(facts['freePort']), retry];
    case 'PORT_NOT_ALLOWED':
      return [...usePort(facts['port'] === defaultPort ? defaultPort + 1 : defaultPort), retry];
    case 'HOST_NOT_HERE':
      return [{ kind: 'all-addresses' }, retry];
    case 'DATA_DIR_IN_USE':
      return [retry, chooseFolder];
    case 'DATA_DIR_NOT_WRITABLE':
      return [...openFolder(facts['path']), chooseFolder, retry];
    case 'DATA_DIR_ON_NETWORK':
    case 'DATA_DIR_SYNCED':
      return [chooseFolder, retry];
    case 'DISK_FULL':
      return [retry, ...openFolder(facts['path']), chooseFolder];
    case 'DATABASE_CORRUPT':
      return [{ kind: 'restore-backup' }, ...openFolder(facts['path']), { kind: 'start-empty' }, retry];
    case 'DATABASE_FROM_FUTURE':
    case 'SECRET_UNREADABLE':
    case 'SECRET_MISSING':
    case 'CONFIG_INVALID':
    case 'FEATURE_NOT_AVAILABLE':
      return [...openFolder(facts['path']), retry];
    case 'MIGRATION_FAILED':
      return [openLogs, ...openFolder(facts['path']), retry];
    default:
      return [retry, openLogs];
  }
}

const usePort = (port: string | number | undefined): ProblemAction[] =>
  typeof port === 'number' ? [{ kind: 'use-port', port }] : [];

const openFolder = (place: string | number | undefined): ProblemAction[] =>
  typeof place === 'string' && place !== '' ? [{ kind: 'open-folder', place }] : [];
