// `npm run bench`: measures the performance budgets against the bundle; `npm run bench -- <row>` only some of them.
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
  const args = [path.join(root, 'bench', 'bench.ts'), ...process.argv.slice(2)];
  return runChild(runtime, args, { cwd: root, env: toolEnvironment(root, runtime) });
});
