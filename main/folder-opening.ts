import { statSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApi } from './electron-api.ts';

/** Shows a folder, or the one that a file is in; gives the operating system's complaint, or an empty text. */
export function openPlace(shell: Pick<ElectronApi['shell'], 'openPath'>, place: string): Promise<string> {
  // a file would be opened with whatever program takes its ending, so it is never given away; what is not there yet
  // (no backup was made so far) is looked for one step up
  return shell.openPath(isFolder(place) ? place : path.dirname(place));
}

function isFolder(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
