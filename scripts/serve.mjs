// `npm run serve`: the headless server from the bundle that is there. Installs and bundles nothing.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BootstrapError, runScript } from './bootstrap-error.mjs';
import { serverEntry } from './bundle.mjs';
import { runChild } from './child.mjs';
import { findRuntime } from './runtime.mjs';

await runScript(async () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  if (!existsSync(serverEntry(root))) throw new BootstrapError('BUNDLE_MISSING');
  const runtime = findRuntime(root);
  const args = [serverEntry(root), '--cli', ...process.argv.slice(2)];
  return runChild(runtime, args, { isHosted: true });
});
