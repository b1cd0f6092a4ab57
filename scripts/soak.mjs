// `npm run soak`: thousands of random schedules of people who act at once; `-- --runs 5000 --seed 1 --minutes 30`.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runScript } from './bootstrap-error.mjs';
import { runChild } from './child.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { findRuntime, toolEnvironment } from './runtime.mjs';

await runScript(async () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  await ensureDependencies(root);
  const runtime = findRuntime(root);
  const args = [path.join(root, 'tests', 'client', 'races', 'soak.ts'), ...process.argv.slice(2)];
  return runChild(runtime, args, { cwd: root, env: toolEnvironment(root, runtime) });
});
