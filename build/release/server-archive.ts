/** A server release: everything that a machine without Node, npm and Electron needs to run Maru, in one archive. */
import { createWriteStream, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { runtimeTree } from './runtime.ts';
import { readProduct, serverTree } from './server-tree.ts';
import { tarFile } from './tar-file.ts';
import type { Target } from './target.ts';
import { below, filesBelow, textFile } from './tree.ts';
import type { TreeFile } from './tree.ts';
import { zipFile } from './zip-file.ts';

/** Every file bears this time, so that the archive depends on nothing but its contents. */
const modifiedAt = new Date('2026-01-01T00:00:00Z');

type Wish = {
  root: string;
  target: Target;
  /** Where the archive is written. */
  output: string;
  /** Where packages of other platforms are kept. */
  cache: string;
  /** 9 unless a test is in a hurry. */
  level?: number;
};

/** Writes the archive and gives its path. The bundle must have been made. */
export async function writeServerArchive({ root, target, output, cache, level = 9 }: Wish): Promise<string> {
  const { version } = readProduct(root);
  const name = `maru-server-${version}-${target.name}`;
  const isZip = target.platform === 'win32';
  const archive = path.join(output, `${name}.${isZip ? 'zip' : 'tar.gz'}`);
  const files = below(`${name}/`, releaseTree(root, target, cache));
  const unfinished = `${archive}.new`;
  mkdirSync(output, { recursive: true });
  try {
    const sink = createWriteStream(unfinished);
    if (isZip) await pipeline(Readable.from(zipFile(files, modifiedAt)), sink);
    else
      await pipeline(Readable.from(tarFile(files, modifiedAt.getTime() / 1000)), createGzip({ level }), sink);
    renameSync(unfinished, archive);
  } finally {
    rmSync(unfinished, { force: true });
  }
  return archive;
}

/** What is in the archive, below its one folder. */
export function releaseTree(root: string, target: Target, cache: string): TreeFile[] {
  const own = path.join(root, 'build', 'release', 'files');
  const { version } = readProduct(root);
  const isWindows = target.platform === 'win32';
  const lineEnd = isWindows ? '\r\n' : '\n';
  const text = (name: string, isExecutable = false): TreeFile => {
    const template = readFileSync(path.join(own, name), 'utf8');
    return textFile(name, template.replaceAll('@VERSION@', version), { lineEnd, isExecutable });
  };
  const scripts = {
    win32: () => [
      text('maru.cmd'),
      ...filesBelow(own, '', inFolder('startup-task/')).map(({ name }) => text(name)),
    ],
    linux: () => [
      text('maru', true),
      text('service/install.sh', true),
      text('service/uninstall.sh', true),
      unitFile(own),
    ],
    darwin: () => [text('maru', true)],
  };
  return [
    { ...text(isWindows ? 'README-windows.txt' : `README-${target.platform}.txt`), name: 'README.txt' },
    { name: 'LICENSE', source: path.join(root, 'LICENSE'), isExecutable: false },
    ...scripts[target.platform](),
    ...below('app/', serverTree(root, target)),
    ...runtimeTree(root, target, cache),
  ];
}

const inFolder = (folder: string) => (name: string) => name.startsWith(folder);

const releaseCommand = '/opt/maru/current/runtime/node /opt/maru/current/app/dist/server/cli.js --cli';

function unitFile(own: string): TreeFile {
  return textFile('service/maru.service', systemdUnit(own, { command: releaseCommand, environment: [] }));
}

/** The systemd unit, which the deb package has as well, with another program. */
export function systemdUnit(
  files: string,
  { command, environment }: { command: string; environment: readonly string[] },
): string {
  const lines = environment.map((setting) => `Environment=${setting}\n`).join('');
  return readFileSync(path.join(files, 'service', 'maru.service'), 'utf8')
    .replace('@COMMAND@', command)
    .replace('@ENVIRONMENT@\n', lines);
}
