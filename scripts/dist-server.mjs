// `npm run dist:server [-- --platform <name>]`: server releases with their own Node.js. See docs/operating.md.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runScript } from './bootstrap-error.mjs';
import { ensureBundle } from './bundle.mjs';
import { runChild } from './child.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { findRuntime, toolEnvironment } from './runtime.mjs';

await runScript(async () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  await ensureDependencies(root);
  const runtime = findRuntime(root);
  await ensureBundle(root, runtime);
  const program = path.join(root, 'build', 'release', 'dist-server.ts');
  return runChild(runtime, [program, ...process.argv.slice(2)], {
    cwd: root,
    env: toolEnvironment(root, runtime),
  });
});
