/**
 * Looks through a bundled client for what the oldest supported browsers cannot read, and for addresses outside this server.
 * A finding is a sentence; no findings is what the tests ask for.
 */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { transform } from 'esbuild';
import { browserFloor, supportedFeatures } from './bundle-targets.ts';
import { scanCss } from './css-floor.ts';

export type Finding = { file: string; problem: string };

/**
 * Addresses that are names or documentation inside libraries: nothing ever fetches them. Everything else that looks like an
 * address is a finding, so that a new one is looked at by a person.
 */
const harmless = [
  /^http:\/\/www\.w3\.org\/(1998|1999|2000)\//,
  // in the text of an error
  /^https:\/\/socket\.io\/docs\//,
  /^https?:\/\/json-schema\.org\//,
  // placeholders to which relative addresses are resolved
  /^https?:\/\/(localhost|a|b|x)\/?$/,
];

/** Scans every script, style sheet and page below `folder`. */
export async function scanBundle(folder: string): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const file of filesBelow(folder)) {
    const text = readFileSync(path.join(folder, file), 'utf8');
    const problems = await scanText(file, text);
    findings.push(...problems.map((problem) => ({ file, problem })));
  }
  return findings;
}

/** What is wrong with one file, by its ending. */
export async function scanText(file: string, text: string): Promise<string[]> {
  if (file.endsWith('.js'))
    return [...(await laterSyntax(text, 'js')), ...laterPatterns(text), ...outside(text)];
  if (file.endsWith('.css')) return [...(await laterSyntax(text, 'css')), ...scanCss(text), ...outside(text)];
  if (file.endsWith('.html')) return outside(text);
  return [];
}

/** Translating for the floor must change nothing: whatever it changes is syntax that the floor does not know. */
async function laterSyntax(text: string, loader: 'js' | 'css'): Promise<string[]> {
  // white space only: shortening the syntax for esnext would bring in what the bundle does not have
  const options = {
    loader,
    minifyWhitespace: true,
    supported: supportedFeatures,
    logLevel: 'silent',
    charset: 'utf8',
  } as const;
  const asIs = await transform(text, { ...options, target: 'esnext' });
  const lowered = await transform(text, { ...options, target: browserFloor }).catch(
    (error: unknown) => error,
  );
  if (lowered instanceof Error)
    return [`cannot be translated for ${browserFloor.join(', ')}: ${lowered.message}`];
  const code = (lowered as typeof asIs).code; // the other outcome of the promise was an Error
  return code === asIs.code
    ? []
    : [`syntax later than ${browserFloor.join(', ')} near ${difference(asIs.code, code)}`];
}

function difference(left: string, right: string): string {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  return JSON.stringify(left.slice(Math.max(0, at - 30), at + 50));
}

/** Regular expressions are also made from strings, which no translation sees. */
function laterPatterns(text: string): string[] {
  return [...text.matchAll(/\(\?<[=!][^)]{0,40}/g)].map(
    ([found]) => `lookbehind in a regular expression: ${found}`,
  );
}

function outside(text: string): string[] {
  const addresses = [...text.matchAll(/\b(?:https?|wss?):\/\/[A-Za-z0-9[][^\s"'`<>()\\]*/g)].map(
    ([address]) => address,
  );
  return [...new Set(addresses)]
    .filter((address) => !harmless.some((pattern) => pattern.test(address)))
    .map((address) => `an address outside this server: ${address}`);
}

function filesBelow(folder: string, prefix = ''): string[] {
  return readdirSync(path.join(folder, prefix), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(folder, `${prefix}${entry.name}/`) : [`${prefix}${entry.name}`],
  );
}
