import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const entry = (name: string): string => fileURLToPath(new URL(`../static/crypto/${name}`, import.meta.url));

/** The files that a bundle of this entry is made of. */
async function inputsOf(name: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: [entry(name)],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    logLevel: 'silent',
  });
  return Object.keys(metafile.inputs);
}

test('what the page imports brings no cryptographic library with it', async () => {
  const inputs = await inputsOf('index.ts');
  assert.deepEqual(
    inputs.filter((name) => name.includes('node_modules')),
    [],
  );
});

test('the engine’s worker holds the libraries that the page does without', async () => {
  const inputs = await inputsOf('crypto-worker.ts');
  assert.ok(inputs.some((name) => name.includes('@noble/curves')));
});

test('what few browsers need is in a script of its own, and in no worker', async () => {
  const holds = async (name: string, library: string): Promise<boolean> =>
    (await inputsOf(name)).some((input) => input.includes(library));
  for (const worker of ['crypto-worker.ts', 'argon2-worker.ts'])
    assert.equal(await holds(worker, 'node_modules/crypto-js/'), false, worker);
  assert.equal(await holds('crypto-worker.ts', 'static/crypto/memo-box.ts'), false);
  assert.equal(await holds('crypto-worker.ts', 'static/crypto/trust-desk.ts'), false);
  assert.equal(await holds('crypto-worker.ts', 'static/crypto/recovery-desk.ts'), false);
  assert.equal(await holds('argon2-worker.ts', '@noble/'), false);
  assert.equal(await holds('compatible-aes.ts', 'node_modules/crypto-js/'), true);
  assert.equal(await holds('argon2-script.ts', '@noble/hashes'), true);
});
