// Stages of checking and testing: run one after the other, timed, counted, stopped at the first that fails.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { runChild } from './child.mjs';
import { toolEnvironment } from './runtime.mjs';

/**
 * @typedef {{ passed: number, failed: number }} Totals
 * @typedef {{ name: string, run: (tools: Tools) => Promise<number> }} Stage
 * @typedef {{ root: string, runtime: string, env: NodeJS.ProcessEnv, totals: Totals, node: (args: string[]) => Promise<number>, nodeTest: (patterns: string[], options?: string[]) => Promise<number>, scratch: string }} Tools
 */

/**
 * Runs the stages and prints their times and, last and alone on its line, the totals.
 * @param {string} root @param {string} runtime @param {readonly Stage[]} stages
 * @returns {Promise<number>} the exit code of the failing stage, or 0
 */
export async function runStages(root, runtime, stages) {
  const scratch = mkdtempSync(path.join(tmpdir(), 'maru-test-'));
  const tools = createTools(root, runtime, scratch);
  /** @type {string[]} */
  const times = [];
  let exitCode = 0;
  try {
    for (const { name, run } of stages) {
      console.log(`\n── ${name}`);
      const startedAt = performance.now();
      const failedBefore = tools.totals.failed;
      exitCode = await run(tools);
      times.push(
        `${((performance.now() - startedAt) / 1000).toFixed(1).padStart(7)} s  ${name}${exitCode === 0 ? '' : '  FAILED'}`,
      );
      if (exitCode === 0) continue;
      // types, lint or a runner that died count as one failure: a failed run must never say "0 failed"
      if (tools.totals.failed === failedBefore) tools.totals.failed += 1;
      break;
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  console.log(`\n${times.join('\n')}\n\n${tools.totals.passed} passed, ${tools.totals.failed} failed`);
  return exitCode;
}

/**
 * @param {string} root @param {string} runtime @param {string} scratch
 * @returns {Tools}
 */
function createTools(root, runtime, scratch) {
  const env = toolEnvironment(root, runtime);
  const totals = { passed: 0, failed: 0 };
  /** @param {string[]} args */
  const node = (args) => runChild(runtime, args, { cwd: root, env });
  const counter = pathToFileURL(path.join(root, 'scripts', 'test-counter.mjs')).href;
  let runs = 0;
  /** @param {string[]} patterns @param {string[]} [options] */
  const nodeTest = async (patterns, options = []) => {
    const report = path.join(scratch, `counts-${(runs += 1)}.json`);
    const reporters = [
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      `--test-reporter=${counter}`,
      `--test-reporter-destination=${report}`,
    ];
    const exitCode = await node(['--test', ...reporters, ...options, ...patterns]);
    addTotals(totals, report);
    return exitCode;
  };
  return { root, runtime, env, totals, node, nodeTest, scratch };
}

/** @param {Totals} totals @param {string} report */
function addTotals(totals, report) {
  try {
    const counts = JSON.parse(readFileSync(report, 'utf8'));
    totals.passed += counts.passed;
    totals.failed += counts.failed;
  } catch {
    // the runner died before its summary; its exit code says so
  }
}
