/** `npm run dist` and `npm run pack [-- --platform win32] [-- --arch arm64]`: the desktop app's packages below `dist/package/out`. */
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { packageApp } from './package-app.ts';
import type { AppTarget } from './package-app.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const { values } = parseArgs({
  options: {
    platform: { type: 'string', default: process.platform },
    arch: { type: 'string', default: process.arch },
    unpacked: { type: 'boolean', default: false },
  },
});

function targetOf(platform: string, arch: string): AppTarget {
  if (platform !== 'linux' && platform !== 'win32' && platform !== 'darwin')
    throw new Error('--platform is one of linux, win32, darwin');
  if (arch !== 'x64' && arch !== 'arm64') throw new Error('--arch is x64 or arm64');
  return { platform, arch };
}

const made = await packageApp({
  ...targetOf(values.platform, values.arch),
  root,
  isUnpackedOnly: values.unpacked,
});
for (const file of made) console.log(path.relative(process.cwd(), file));
