// `npm run check`: types, lint, format, unit and feature tests. No browser, no bundle. With a stage's name only that one:
// `npm run types` is the same list of projects for that reason.
import { fileURLToPath } from 'node:url';
import { runScript } from './bootstrap-error.mjs';
import { checkStages } from './check-stages.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { findRuntime } from './runtime.mjs';
import { runStages } from './stages.mjs';

await runScript(async () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  await ensureDependencies(root);
  const [, , wanted] = process.argv;
  const stages = checkStages.filter(({ name }) => wanted === undefined || name === wanted);
  if (stages.length === 0) throw new TypeError(`there is no stage ${wanted}`);
  return runStages(root, findRuntime(root), stages);
});
