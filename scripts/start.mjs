// `npm start`: installs what is missing or stale, bundles what has changed, runs the server: in the tray app, where Electron has
// been fetched (`npm run desktop`) and there is a display, else alone. Options are passed on.
import { fileURLToPath } from 'node:url';
import { runScript } from './bootstrap-error.mjs';
import { ensureBundle, serverEntry } from './bundle.mjs';
import { runChild } from './child.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { findElectron, isTrayWanted } from './electron.mjs';
import { findRuntime } from './runtime.mjs';

await runScript(async () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  await ensureDependencies(root);
  const runtime = findRuntime(root);
  await ensureBundle(root, runtime);
  const options = process.argv.slice(2);
  const electron = findElectron(root);
  if (electron !== null && isTrayWanted(root, options, process.env)) {
    return runChild(electron, [root, ...options], { cwd: root });
  }
  const args = [serverEntry(root), ...options];
  return runChild(runtime, args, { isHosted: true });
});
