// `npm run desktop`: the tray app. Installs what is missing, bundles what has changed, fetches Electron once, starts it.
import { fileURLToPath } from 'node:url';
import { BootstrapError, runScript } from './bootstrap-error.mjs';
import { ensureBundle } from './bundle.mjs';
import { runChild } from './child.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { desktopObstacle, ensureElectron } from './electron.mjs';
import { findRuntime } from './runtime.mjs';

await runScript(async () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const obstacle = desktopObstacle(process.env);
  if (obstacle !== null) throw new BootstrapError(obstacle);
  await ensureDependencies(root);
  const runtime = findRuntime(root);
  await ensureBundle(root, runtime);
  const electron = await ensureElectron(root, runtime);
  return runChild(electron, [root, ...process.argv.slice(2)], { cwd: root });
});
