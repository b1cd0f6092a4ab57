import { cloneFolder } from './data-folder.ts';

const inClone = 'npm start --';

/**
 * Texts for people name the command of a clone. This names the one that they have: `maru-cli` beside the desktop app, `maru` in a
 * server release.
 */
export function withCommandName(text: string, codeDir: string, isElectron: boolean): string {
  if (cloneFolder(codeDir) !== null) return text;
  return text.replaceAll(inClone, isElectron ? 'maru-cli' : 'maru');
}
