// What `npm run check` runs, which is also how `npm test` begins.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';

/** @param {string} root @param {string} name @param {string[]} file */
const tool = (root, name, file) => path.join(root, 'node_modules', name, ...file);

const projects = [
  'server',
  'static',
  'static/tsconfig.test.json',
  'tests',
  'scripts',
  'bench/browser',
  'main',
  'renderer',
];

/** @type {import('./stages.mjs').Stage[]} */
export const checkStages = [
  {
    name: 'types',
    run: async ({ root, node }) => {
      for (const project of projects) {
        const config = project.endsWith('.json') ? project : `${project}/tsconfig.json`;
        if (!existsSync(path.join(root, config))) continue;
        const exitCode = await node([tool(root, 'typescript', ['bin', 'tsc']), '-p', config]);
        if (exitCode !== 0) return exitCode;
      }
      return 0;
    },
  },
  {
    name: 'lint',
    run: ({ root, node }) =>
      node([tool(root, 'oxlint', ['bin', 'oxlint']), '--type-aware', '--deny-warnings']),
  },
  {
    name: 'format',
    run: ({ root, node }) => node([tool(root, 'oxfmt', ['bin', 'oxfmt']), '--check', '.']),
  },
  {
    name: 'unit and feature tests',
    run: ({ nodeTest }) =>
      nodeTest(
        ['server/**/*.test.ts', 'static/**/*.test.ts', 'build/**/*.test.ts', 'main/**/*.test.ts'],
        // node --test leaves one processor idle, which on two is half of them, and most of these files only start and end
        [`--test-concurrency=${Math.max(2, availableParallelism() - 1)}`],
      ),
  },
];
