import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRegistration } from './account-keys.ts';
import { nobleAes } from './primitives.ts';
import { createSealer } from './seal.ts';
import { createSession } from './session.ts';
import { createWorld, password } from './testing/crypto-world.ts';

test('lock() zeroes the vault key, the private keys and localRoot', async () => {
  const world = createWorld('zero');
  const userUid = world.uid();
  const deps = { ...world.depsFor(userUid), sealer: createSealer(nobleAes, world.random) };
  const input = { userUid, username: 'alice', displayName: 'Alice', password };
  const { vault } = await makeRegistration(deps, input);
  const session = await createSession(deps, vault);
  const secrets = [
    vault.vaultKey,
    vault.keys.localRoot,
    ...vault.keys.identities.flatMap((keys) => [keys.x25519, keys.ed25519]),
  ];
  assert.ok(secrets.every((secret) => secret.some((byte) => byte !== 0)));
  session.lock();
  assert.ok(secrets.every((secret) => secret.every((byte) => byte === 0)));
});
