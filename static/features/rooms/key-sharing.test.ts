import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Call } from '../../connection/socket-connection.ts';
import type { CryptoEngine } from '../../crypto/index.ts';
import { succeed } from '../../state/failure.ts';
import { createAdministrationActions } from './administration-actions.ts';
import type { AdministrationDeps } from './administration-actions.ts';

/** A room in which this many keys are missing, one a page; only those of `allowed` may be shared. */
const createSharer = (pages: number, allowed: readonly number[]) => {
  const asked: (string | undefined)[] = [];
  const shared: number[] = [];
  const call = (async (name: string, input: { after?: string; wraps: { epoch: number }[] }) => {
    if (name === 'keys:share') {
      shared.push(...input.wraps.map(({ epoch }) => epoch));
      return succeed({ added: 0 });
    }
    asked.push(input.after);
    const epoch = input.after === undefined ? pages : Number(input.after) - 1;
    const key = { roomUid: 'room', userUid: 'bob', version: 2, epoch };
    return succeed({ missing: epoch % 5 === 0 ? [] : [key], next: epoch > 1 ? String(epoch) : null });
  }) as unknown as Call;
  const crypto = {
    trust: async (_: string, { wanted }: { wanted: { epoch: number }[] }) =>
      wanted.filter(({ epoch }) => allowed.includes(epoch)),
  } as unknown as CryptoEngine;
  const keys = { accept: async () => ({ status: 'sendable' }) };
  // All that sharing uses.
  const deps = { call, crypto, keys } as unknown as AdministrationDeps;
  return { administration: createAdministrationActions(deps), asked, shared };
};

test('keys that nobody may have do not hide those that somebody may', async () => {
  const { administration, shared } = createSharer(30, [17, 3]);
  assert.deepEqual(await administration.shareKeys('room'), succeed(undefined));
  assert.deepEqual(shared, [17, 3]);
});

test('a look that was too long for one go is continued the next time, and then begins anew', async () => {
  const { administration, shared, asked } = createSharer(101, [99, 62, 1]);
  await administration.shareKeys('room');
  assert.deepEqual({ shared, pages: asked.length }, { shared: [99, 62], pages: 40 });
  await administration.shareKeys('room');
  assert.deepEqual({ shared, pages: asked.length }, { shared: [99, 62], pages: 80 });
  await administration.shareKeys('room');
  assert.deepEqual({ shared, pages: asked.length }, { shared: [99, 62, 1], pages: 101 });
  await administration.shareKeys('room');
  assert.equal(asked[101], undefined, 'from the newest one on');
});
