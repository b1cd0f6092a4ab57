/** Is a folder kept by a program that copies files to a cloud? It would copy a database in the middle of a write. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The names that these programs give their folders, as one part of a path. */
const folderNames: readonly (readonly [RegExp, string])[] = [
  [/^onedrive( ?- ?.+)?$/i, 'OneDrive'],
  [/^dropbox( \(.+\))?$/i, 'Dropbox'],
  [/^(google ?drive|googledrive-.+|my drive|내 드라이브|drivefs)$/i, 'Google Drive'],
  [/^(icloud ?drive|mobile documents|com~apple~clouddocs)$/i, 'iCloud Drive'],
  [/^(naver ?)?(mybox|my box)$|^네이버 ?(mybox|마이박스|클라우드)$|^(ndrive|naver ?cloud)$/i, 'Naver MYBOX'],
  [/^(nextcloud|owncloud)$/i, 'Nextcloud'],
  [/^(box sync|pcloud ?drive|megasync|synologydrive|synology drive)$/i, 'Cloud Drive'],
];

/** What they leave in the topmost folder that they keep, whatever its name. */
const markerFiles: readonly (readonly [string, string])[] = [
  ['.dropbox.cache', 'Dropbox'],
  ['.tmp.drivedownload', 'Google Drive'],
  ['.tmp.driveupload', 'Google Drive'],
  ['.nextcloudsync.log', 'Nextcloud'],
  ['.owncloudsync.log', 'ownCloud'],
  ['.stfolder', 'Syncthing'],
];

/** macOS puts every provider's folder below this one. */
const macCloudStorage = /\/Library\/CloudStorage\//;

function programOfPath(path: string): string | undefined {
  if (macCloudStorage.test(path)) return 'CloudStorage';
  for (const part of path.normalize('NFC').split(/[\\/]/)) {
    const program = folderNames.find(([name]) => name.test(part))?.[1];
    if (program !== undefined) return program;
  }
  return undefined;
}

function programOfMarkers(path: string): string | undefined {
  for (let folder = path; ; folder = dirname(folder)) {
    const program = markerFiles.find(([name]) => existsSync(join(folder, name)))?.[1];
    if (program !== undefined) return program;
    if (dirname(folder) === folder) return undefined;
  }
}

/** The program that keeps this folder, or undefined. The folder need not exist; give its real path if it does. */
export const syncProgram = (path: string): string | undefined =>
  programOfPath(path) ?? programOfMarkers(path);
