/** From a data folder to somebody who answers `admin:*`: its running server, else what is in the folder. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { LoadedConfig } from '../../config.ts';
import { databaseName } from '../../database/database-file.ts';
import { loadServerSecret } from '../../server-secret.ts';
import { NotThereError } from './admin-context.ts';
import { callServer } from './line-client.ts';
import type { AdminLine } from './line-client.ts';

/** Opens the data themselves; the composition root's `openOffline`. */
export type OpenData = () => Promise<AdminLine>;

/** Throws StartupError: the folder is another user's, in use by a server that does not answer, damaged, … */
export async function openLine(
  { config }: Pick<LoadedConfig, 'config'>,
  platform: NodeJS.Platform,
  openData: OpenData,
): Promise<AdminLine & { isRunning: boolean }> {
  const { dataDir } = config;
  const file = path.join(dataDir, databaseName);
  if (!existsSync(file)) throw new NotThereError('noData', file);
  const secret = loadServerSecret({ dataDir, hasDatabase: true, randomBytes });
  const line = await callServer({ dataDir, platform, secret });
  if (line !== null) return { ...line, isRunning: true };
  return { ...(await openData()), isRunning: false };
}
