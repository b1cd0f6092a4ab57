/** A made-up folder that looks like Electron's own, for packing an app where Electron cannot be downloaded. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What stands in Electron's binaries in front of the fuses: version 1, eight of them, as Electron ships them. */
const fuseWire = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 8]),
  Buffer.from('10110011'),
]);

/**
 * The stand-in of the Linux binary: a plain Node if it is told to be one, as Electron is; otherwise it prints its arguments, one a
 * line, so that a test sees what a launcher passes on.
 */
const binary = (node: string): Buffer =>
  Buffer.concat([
    Buffer.from(
      [
        '#!/bin/sh',
        `if [ "\${ELECTRON_RUN_AS_NODE:-}" = 1 ]; then exec '${node}' "$@"; fi`,
        'printf "%s\\n" "$@"',
        'exit 0',
        '',
      ].join('\n'),
    ),
    fuseWire,
  ]);

/** Writes the folder and gives it back. */
export function writeStandInElectron(folder: string, version: string): string {
  mkdirSync(path.join(folder, 'locales'), { recursive: true });
  mkdirSync(path.join(folder, 'resources'));
  writeFileSync(path.join(folder, 'electron'), binary(process.execPath), { mode: 0o755 });
  writeFileSync(path.join(folder, 'version'), version);
  writeFileSync(path.join(folder, 'LICENSE'), 'the licence of Electron');
  for (const language of ['en-US', 'fr', 'ko'])
    writeFileSync(path.join(folder, 'locales', `${language}.pak`), '');
  return folder;
}
