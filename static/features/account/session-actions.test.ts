import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { SignedIn } from '#contract/accounts.ts';
import { createStore } from '../../state/store.ts';
import { onDroppedError } from '../../state/drop.ts';
import { createMemoryStorage } from '../../storage/memory-storage.ts';
import { initialAccountState } from './account-state.ts';
import type { AccountState } from './account-state.ts';
import { createAccountSession } from './session-actions.ts';
import type { RunningSession } from './session-actions.ts';

const userUid = 'A'.repeat(22);
// Only what a session looks at; the rest of a sign-in is the vault's.
const signedIn = { me: { userUid }, sessionUid: 's', csrfToken: 'c', deviceKey: 'd' } as SignedIn;
const unlocked = { userUid, version: 1, fingerprint: 'f', keysChangedAt: 1, isSheetConfirmed: true };

const createRig = (run?: () => Promise<RunningSession>) => {
  const log: string[] = [];
  const account = createStore<AccountState>(initialAccountState());
  const session = createAccountSession({
    account,
    storage: createMemoryStorage(),
    crypto: {
      unlockWithDevice: async () => unlocked,
      sealForDevice: async () => 'sealed',
      lock: async () => void log.push('keys zeroed'),
    },
    run:
      run ??
      (async () => ({
        unsentCount: () => 0,
        end: async () => {
          await new Promise((resolve) => void setImmediate(resolve));
          log.push('drafts sealed');
        },
      })),
  });
  const endReason = (): unknown => {
    const { phase } = account.get();
    return phase.name === 'signed-out' ? phase.endReason : phase.name;
  };
  return { session, log, endReason };
};

describe('the end of a session', () => {
  const reported: unknown[] = [];
  beforeEach(() => {
    reported.length = 0;
    onDroppedError((error) => reported.push(error));
  });

  test('that is told twice seals drafts before the keys go, and keeps the reason told first', async () => {
    const { session, log, endReason } = createRig();
    session.adopt(signedIn);
    await session.begin(unlocked);
    await Promise.all([
      session.end({ reason: 'revoked', isWiped: false, isServerReachable: false }),
      session.end({ reason: 'expired', isWiped: false, isServerReachable: false }),
    ]);
    assert.deepEqual(log, ['drafts sealed', 'keys zeroed']);
    assert.equal(endReason(), 'revoked');
  });

  test('zeroes the keys although something before it failed', async () => {
    const broken = { unsentCount: () => 0, end: () => Promise.reject(new Error('no space')) };
    const { session, log, endReason } = createRig(async () => broken);
    session.adopt(signedIn);
    await session.begin(unlocked);
    await session.end({ reason: 'revoked', isWiped: false, isServerReachable: false });
    assert.deepEqual(log, ['keys zeroed']);
    assert.equal(endReason(), 'revoked');
    assert.equal(session.current(), null);
    assert.equal(reported.length, 1, 'and it is reported');
  });

  test('while it is being started ends what was started', async () => {
    const log: string[] = [];
    let start: (running: RunningSession) => void = () => undefined;
    const { session, endReason } = createRig(() => new Promise((resolve) => (start = resolve)));
    session.adopt(signedIn);
    const beginning = session.begin(unlocked);
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    await session.end({ reason: 'revoked', isWiped: false, isServerReachable: false });
    start({ unsentCount: () => 0, end: async () => void log.push('ended') });
    await beginning;
    assert.deepEqual(log, ['ended']);
    assert.equal(endReason(), 'revoked');
  });
});
