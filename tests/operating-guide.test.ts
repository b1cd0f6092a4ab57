/** docs/operating.md promises every setting and every start-up failure; this holds it to that. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { configKeyNames, configKeys, configSchema } from '../server/config-keys.ts';

const root = path.resolve(import.meta.dirname, '..');
const guide = readFileSync(path.join(root, 'docs', 'operating.md'), 'utf8');
const rows = guide
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );

test('every key stands in the guide with its variable and its default', () => {
  const defaults: Record<string, unknown> = configSchema.parse({});
  for (const key of configKeyNames) {
    const definition = configKeys[key];
    const variable = 'env' in definition ? definition.env : '';
    const row = rows.find(([name, second]) =>
      variable === '' ? name?.includes('--start-empty') : second === variable,
    );
    assert.ok(row, `${key} is not in docs/operating.md`);
    const value = defaults[key];
    if (typeof value === 'number' || (typeof value === 'string' && key !== 'uploadFolder')) {
      assert.ok(
        row[2]?.startsWith(String(value)),
        `${key}: the guide says ${row[2]}, the default is ${String(value)}`,
      );
    }
  }
});

test('the guide names no variable that does not exist', () => {
  const known = new Set(configKeyNames.map((key) => ('env' in configKeys[key] ? configKeys[key].env : '')));
  const named = rows.map(([, variable]) => variable ?? '').filter((name) => /^[A-Z]+(_[A-Z]+)+$/.test(name));
  assert.deepEqual(
    named.filter((name) => !known.has(name)),
    [],
  );
  assert.ok(named.length > 20);
});

test('every start-up failure stands in the guide', () => {
  const source = readFileSync(path.join(root, 'server', 'startup-error.ts'), 'utf8');
  const codes = [...source.matchAll(/\| '([A-Z_]+)'/g)].map(([, code]) => code);
  assert.ok(codes.length >= 18);
  const described = new Set(rows.map(([code]) => code));
  assert.deepEqual(
    codes.filter((code) => !described.has(code)),
    [],
  );
});

test('every failure of the bootstrap stands in the guide', () => {
  const source = readFileSync(path.join(root, 'scripts', 'bootstrap-error.mjs'), 'utf8');
  const codes = [...source.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, code]) => code ?? '');
  assert.ok(codes.length >= 7);
  assert.deepEqual(
    codes.filter((code) => !guide.includes(`\`${code}\``)),
    [],
  );
});
