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
const again = { ...signedIn, sessionUid: 't' };
const unlocked = { userUid, version: 1, fingerprint: 'f', keysChangedAt: 1, isSheetConfirmed: true };

const createRig = (run?: () => Promise<RunningSession>, storage = createMemoryStorage()) => {
  const log: string[] = [];
  const account = createStore<AccountState>(initialAccountState());
  const session = createAccountSession({
    account,
    storage,
    announceVaultKey: () => undefined,
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

  test('that is told late takes nothing of the sign-in that came after it', async () => {
    const { session, log } = createRig();
    session.adopt(signedIn);
    await session.begin(unlocked);
    await session.end({ reason: 'revoked', isWiped: false, isServerReachable: false });
    log.length = 0;
    session.adopt(again);
    await session.begin(unlocked);
    await session.end({ reason: 'signed-out', of: 's', isWiped: true, isServerReachable: false });
    assert.deepEqual(log, []);
    assert.equal(session.current()?.sessionUid, 't');
    assert.equal(await session.keptVaultKey(), 'sealed');
  });

  test('that is told twice in a row lets the next sign-in begin when all of it is over', async () => {
    const { session } = createRig();
    session.adopt(signedIn);
    await session.begin(unlocked);
    const ends = [
      session.end({ reason: null, of: 's', isWiped: true, isServerReachable: false }),
      session.end({ reason: 'signed-out', of: 's', isWiped: true, isServerReachable: false }),
    ];
    session.adopt(again);
    const beginning = session.begin(unlocked);
    await Promise.all([...ends, beginning]);
    assert.equal(session.current()?.sessionUid, 't');
    assert.equal(await session.keptVaultKey(), 'sealed');
  });

  test('in a slow tab leaves what another tab keeps of a newer sign-in', async () => {
    const storage = createMemoryStorage();
    const slow = createRig(undefined, storage);
    slow.session.adopt(signedIn);
    await slow.session.begin(unlocked);
    const quick = createRig(undefined, storage);
    quick.session.adopt(again);
    await quick.session.begin(unlocked);
    await slow.session.end({ reason: 'signed-out', of: 's', isWiped: true, isServerReachable: false });
    assert.equal(slow.endReason(), 'signed-out');
    assert.equal(await quick.session.keptVaultKey(), 'sealed');
    await quick.session.end({ reason: null, isWiped: true, isServerReachable: false });
    assert.equal(await storage.getValue(`${userUid}.vault-key`), null);
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
