import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CryptoError } from '../../crypto/index.ts';
import { createStore } from '../../state/store.ts';
import { createMemoryStorage } from '../../storage/memory-storage.ts';
import type { ClientStorage } from '../../storage/client-storage.ts';
import { createManualTimers } from '../../testing/manual-timers.tests.ts';
import { createDraftKeeper } from './draft-actions.ts';
import { emptyDrafts } from './draft-state.ts';

/** Not a seal, but no plain text either: enough to see which of the two is stored. */
const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 0xff);

const createRig = (storage: ClientStorage = createMemoryStorage()) => {
  const drafts = createStore(emptyDrafts());
  const timers = createManualTimers();
  const announced: string[] = [];
  let isLocked = false;
  const keeper = createDraftKeeper({
    drafts,
    storage,
    timers,
    userUid: 'alice',
    announce: (roomUid) => announced.push(roomUid),
    crypto: {
      sealLocal: async (_label, _id, plain) => {
        if (isLocked) throw new CryptoError('LOCKED');
        return flip(plain);
      },
      openLocal: async (_label, _id, sealed) => flip(sealed),
    },
  });
  return { drafts, timers, storage, keeper, announced, lock: () => (isLocked = true) };
};

describe('drafts', () => {
  test('are stored sealed and come back after a reload', async () => {
    const { keeper, storage } = createRig();
    keeper.set('room', '쓰다 만 글');
    await keeper.flush();
    const [stored] = await storage.listDrafts('alice');
    assert.equal(new TextDecoder().decode(stored?.sealed).includes('쓰다'), false);
    const later = createRig(storage);
    await later.keeper.load();
    assert.equal(later.drafts.get().textByRoom.get('room'), '쓰다 만 글');
    assert.equal(later.drafts.get().isLoaded, true);
  });

  test('go away with their text', async () => {
    const { keeper, storage } = createRig();
    keeper.set('room', '글');
    await keeper.flush();
    keeper.set('room', '');
    await keeper.flush();
    assert.deepEqual(await storage.listDrafts('alice'), []);
  });

  test('never replace what was typed before they were opened', async () => {
    const first = createRig();
    first.keeper.set('room', '옛 글');
    await first.keeper.flush();
    const second = createRig(first.storage);
    second.keeper.set('room', '새 글');
    await second.keeper.load();
    assert.equal(second.drafts.get().textByRoom.get('room'), '새 글');
  });

  test('of another tab are taken over unless this tab has unstored text of its own', async () => {
    const first = createRig();
    const second = createRig(first.storage);
    first.keeper.set('room', '첫째 탭');
    await first.keeper.flush();
    await second.keeper.reloadRoom('room');
    assert.equal(second.drafts.get().textByRoom.get('room'), '첫째 탭');
    second.keeper.set('room', '둘째 탭');
    await second.keeper.reloadRoom('room');
    assert.equal(second.drafts.get().textByRoom.get('room'), '둘째 탭');
  });

  test('are not stored in the clear when they cannot be sealed', async () => {
    const { keeper, storage, lock, drafts } = createRig();
    lock();
    keeper.set('room', '글');
    await keeper.flush();
    assert.deepEqual(await storage.listDrafts('alice'), []);
    assert.equal(drafts.get().textByRoom.get('room'), '글');
  });
});
