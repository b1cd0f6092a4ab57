/** `npm run dist:server [-- --platform linux-x64] [-- --platform all]`: server releases below `dist/release`. */
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { writeServerArchive } from './server-archive.ts';
import { findTarget, targets } from './target.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const { values } = parseArgs({ options: { platform: { type: 'string', multiple: true } } });
const asked = values.platform ?? [];
const wanted = asked.includes('all')
  ? targets
  : asked.length > 0
    ? asked.map((name) => findTarget(name))
    : [findTarget()];

for (const target of wanted) {
  const archive = await writeServerArchive({
    root,
    target,
    output: path.join(root, 'dist', 'release'),
    cache: path.join(root, 'dist', '.runtimes'),
  });
  console.log(path.relative(process.cwd(), archive));
}
