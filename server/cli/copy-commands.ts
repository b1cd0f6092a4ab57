/** `backup` and `restore` at a terminal: for machines without a browser, and for the time when the server does not start. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config.ts';
import { loadServerSecret, secretPath } from '../server-secret.ts';
import { StartupError } from '../startup-error.ts';
import type { CopyCommand } from './arguments.ts';
import type { Language } from './language.ts';

type Command = { command: CopyCommand; config: Config; version: string; language: Language; now: number };

/** Carries the command out and gives what to tell the person. Throws StartupError; nothing has changed then. */
export const runCopyCommand = (input: Command): Promise<string> =>
  input.command.name === 'backup' ? backup(input) : restore(input);

/** Works beside a running server as well: SQLite lets another process read. */
async function backup({ command, config, version, language, now }: Command): Promise<string> {
  const { writeBackup } = await import('../database/backup-file.ts');
  const { openReader } = await import('../database/open-sqlite.ts');
  const { migrations } = await import('../database/migrations/index.ts');
  const { isCorrupt } = await import('../database/sqlite-errors.ts');
  const { databaseName, stamp } = await import('../database/database-file.ts');
  const database = path.join(config.dataDir, databaseName);
  if (!existsSync(database)) throw new StartupError('BACKUP_NOT_FOUND', { path: database });
  const target = path.resolve(command.file ?? path.join(config.dataDir, 'backups', `maru-${stamp(now)}.db`));
  if (existsSync(target)) throw new StartupError('BACKUP_EXISTS', { path: target });
  const secret = loadServerSecret({ dataDir: config.dataDir, hasDatabase: true, randomBytes });
  try {
    mkdirSync(path.dirname(target), { recursive: true, mode: 0o700 });
    const reader = await openReader(database);
    try {
      await writeBackup(reader, target, { madeAt: now, appVersion: version, secret }, migrations);
    } finally {
      reader.sqlite.close();
    }
  } catch (error) {
    if (error instanceof StartupError) throw error;
    if (isCorrupt(error))
      throw new StartupError('DATABASE_CORRUPT', { path: database, reason: String(error) });
    // the place was named by the person: a stack of calls would not tell them what is wrong with it
    const facts = { path: path.dirname(target), reason: String(error) };
    throw new StartupError('DATA_DIR_NOT_WRITABLE', facts, { cause: error });
  }
  return {
    ko: `백업을 만들고 확인했습니다.\n  ${target}`,
    en: `The backup is made and checked.\n  ${target}`,
  }[language];
}

/** Takes the folder's lock, so that it cannot run beside a server. */
async function restore({ command, config, language, now }: Command): Promise<string> {
  const { setRestoreInPlace, stageRestore } = await import('../database/restore.ts');
  const { migrations } = await import('../database/migrations/index.ts');
  const { prepareDataFolder } = await import('../database/data-folder.ts');
  const folder = config.dataDir;
  const source = path.resolve(command.file ?? '');
  const lock = await prepareDataFolder({ path: folder, now });
  try {
    const mark = { backup: path.basename(source), at: now, by: 'cli' };
    await stageRestore({ source, folder, mark, migrations });
    const done = setRestoreInPlace({ folder, secretFile: secretPath(folder) });
    const aside = done?.asideName ?? null;
    return [
      ...words[language],
      ...(aside === null ? [] : [keptAside(path.join(folder, aside), language)]),
    ].join('\n  ');
  } finally {
    lock.release();
  }
}

const words = {
  ko: ['백업을 되살렸습니다. 서버를 시작하면 모두 다시 로그인해야 합니다.'],
  en: ['The backup is in place. Once the server starts, everybody signs in anew.'],
} as const;

const keptAside = (file: string, language: Language): string =>
  ({ ko: `이전 데이터베이스: ${file}`, en: `The database from before: ${file}` })[language];
