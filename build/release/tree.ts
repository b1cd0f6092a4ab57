/** Files on their way into a package: names with slashes, and where the bytes come from. */
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export type TreeFile = {
  name: string;
  /** A file on the disk, or the contents themselves. */
  source: string | Uint8Array;
  isExecutable: boolean;
};

/** The file's bytes. */
export const contentsOf = ({ source }: TreeFile): Uint8Array =>
  typeof source === 'string' ? readFileSync(source) : source;

/** All files below `folder`, in one order on every system, called `prefix` and their place in it. */
export function filesBelow(
  folder: string,
  prefix: string,
  isWanted = (_name: string): boolean => true,
): TreeFile[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const full = path.join(folder, entry.name);
    const name = `${prefix}${entry.name}`;
    if (entry.isDirectory()) return filesBelow(full, `${name}/`, isWanted);
    return isWanted(name) ? [{ name, source: full, isExecutable: false }] : [];
  });
}

/** The same files one folder further down. */
export const below = (prefix: string, files: readonly TreeFile[]): TreeFile[] =>
  files.map((file) => ({ ...file, name: `${prefix}${file.name}` }));

/** Text as a file; `lineEnd` is what the target's own editors expect. */
export function textFile(
  name: string,
  text: string,
  { lineEnd = '\n', isExecutable = false } = {},
): TreeFile {
  const lines = text.replaceAll('\r\n', '\n').replaceAll('\n', lineEnd);
  return { name, source: Buffer.from(lines), isExecutable };
}

/** Writes the files below `folder`, which must not hold any of them. */
export function writeTree(folder: string, files: readonly TreeFile[]): void {
  for (const { name, source, isExecutable } of files) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    if (typeof source === 'string' && !isExecutable) copyFileSync(source, file);
    else
      writeFileSync(file, contentsOf({ name, source, isExecutable }), { mode: isExecutable ? 0o755 : 0o644 });
  }
}
