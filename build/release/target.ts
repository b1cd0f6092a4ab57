/** The platforms that a server release is made for, and what each takes. */
import process from 'node:process';

export type Target = {
  /** As in the archive's name. */
  name: string;
  /** Of Node, as it calls itself. */
  platform: 'linux' | 'win32' | 'darwin';
  arch: 'x64' | 'arm64';
  /** The npm package that holds Node for it, pinned in package.json. */
  runtimePackage: string;
  /** Below that package. */
  runtimeFile: string;
  /** Which of better-sqlite3's binaries. */
  sqlite: string;
};

/** Where no package with Node is published (Macs with Apple chips, Windows on Arm) there is no archive either. */
export const targets: readonly Target[] = [
  target('linux-x64', 'linux', 'x64'),
  target('linux-arm64', 'linux', 'arm64'),
  target('win-x64', 'win32', 'x64'),
  target('darwin-x64', 'darwin', 'x64'),
];

function target(name: string, platform: Target['platform'], arch: Target['arch']): Target {
  return {
    name,
    platform,
    arch,
    runtimePackage: `node-${name}`,
    runtimeFile: platform === 'win32' ? 'bin/node.exe' : 'bin/node',
    sqlite: `${platform}-${arch}`,
  };
}

/** The target with this name; without a name, this machine's. Throws a sentence that names those there are. */
export function findTarget(name?: string): Target {
  const found = targets.find((candidate) =>
    name === undefined
      ? candidate.platform === process.platform && candidate.arch === process.arch
      : candidate.name === name,
  );
  if (found !== undefined) return found;
  const asked = name ?? `${process.platform}-${process.arch}`;
  const known = targets.map((candidate) => candidate.name).join(', ');
  throw new Error(`There is no release for ${asked}. There is one for: ${known} (--platform <name>).`);
}
