// `npm test`: prepares everything by itself, then runs every test there is.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { readFileSync } from 'node:fs';
import { BootstrapError, runScript } from './bootstrap-error.mjs';
import { ensureBundle } from './bundle.mjs';
import { checkStages } from './check-stages.mjs';
import { runChild } from './child.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { findRuntime } from './runtime.mjs';
import { runStages } from './stages.mjs';

/** @type {import('./stages.mjs').Stage[]} */
const stages = [
  ...checkStages,
  {
    name: 'bundle',
    run: async ({ root, runtime }) => {
      await ensureBundle(root, runtime);
      return 0;
    },
  },
  {
    name: 'architecture, contract, clients, chaos, fuzz, power cut',
    // these start servers and load the machine: one file at a time, so that they do not starve each other
    run: ({ nodeTest }) => nodeTest(['tests/**/*.test.ts'], ['--test-concurrency=1']),
  },
  {
    name: 'browser: find or get one',
    run: async ({ root, node }) => {
      const exitCode = await node([path.join(root, 'tests', 'e2e', 'browser-binary.ts')]);
      if (exitCode !== 0) throw new BootstrapError('BROWSER_MISSING');
      return 0;
    },
  },
  {
    name: 'two people in two browsers (Playwright)',
    run: (tools) => runPlaywright('tests/e2e', tools),
  },
  {
    name: 'desktop app (Playwright, on Electron or the stand-in)',
    run: (tools) => runPlaywright('tests/desktop', tools),
  },
];

/** @param {string} folder  of the specs and their configuration @param {import('./stages.mjs').Tools} tools */
async function runPlaywright(folder, { root, runtime, env, scratch, totals }) {
  const report = path.join(scratch, `${path.basename(folder)}.json`);
  const cli = path.join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  const args = [cli, 'test', '--config', `${folder}/playwright.config.ts`, '--reporter=list,json'];
  const exitCode = await runChild(runtime, args, {
    cwd: root,
    env: { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  });
  addPlaywrightTotals(totals, report);
  return exitCode;
}

/** @param {import('./stages.mjs').Totals} totals @param {string} report */
function addPlaywrightTotals(totals, report) {
  try {
    const { expected, flaky, unexpected } = JSON.parse(readFileSync(report, 'utf8')).stats;
    totals.passed += expected + flaky;
    totals.failed += unexpected;
  } catch {
    // it died before its report; its exit code says so
  }
}

await runScript(async () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  await ensureDependencies(root);
  return runStages(root, findRuntime(root), stages);
});
