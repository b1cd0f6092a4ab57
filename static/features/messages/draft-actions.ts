import type { CryptoEngine } from '../../crypto/index.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import { drop } from '../../state/drop.ts';
import type { Store } from '../../state/store.ts';
import { createDelayed } from '../../state/timers.ts';
import type { Timers } from '../../state/timers.ts';
import type { ClientStorage } from '../../storage/client-storage.ts';
import { withDraft, withStoredDrafts } from './draft-state.ts';
import type { DraftsState } from './draft-state.ts';

/** Drafts per room: sealed under the device key, they survive reload and the end of a session. */
export type DraftActions = {
  /** At every change of the composer; an empty text removes the draft. */
  set: (roomUid: string, text: string) => void;
  /** Stores what is still waiting to be stored (page hides, soft reload). */
  flush: () => Promise<void>;
};

export type DraftKeeper = DraftActions & {
  /** Opens what is stored; text typed meanwhile wins. */
  load: () => Promise<void>;
  /** Another tab stored a draft of this room: takes it over unless this tab has unstored text of its own. */
  reloadRoom: (roomUid: string) => Promise<void>;
  stop: () => void;
};

/** Soon enough that a crash costs a few letters, late enough not to seal at each of them. */
const storeDelayMs = 300;

export const createDraftKeeper = (deps: {
  drafts: Store<DraftsState>;
  storage: ClientStorage;
  crypto: Pick<CryptoEngine, 'sealLocal' | 'openLocal'>;
  userUid: string;
  timers: Timers;
  /** Tells the other tabs that a stored draft changed. */
  announce: (roomUid: string) => void;
}): DraftKeeper => {
  const { drafts, storage, crypto, userUid } = deps;
  const unstored = new Set<string>();
  let storing: Promise<void> = Promise.resolve();
  let isStopped = false;

  const storeOne = async (roomUid: string): Promise<void> => {
    const text = drafts.get().textByRoom.get(roomUid) ?? '';
    let sealed: Uint8Array | null = null;
    if (text !== '') {
      const result = await tryCrypto(() =>
        crypto.sealLocal('draft', roomUid, new TextEncoder().encode(text)),
      );
      if (!result.ok) {
        // Locked: it stays in memory and is stored with the next change after unlocking.
        unstored.add(roomUid);
        return;
      }
      sealed = result.value;
    }
    if (isStopped) return;
    // No space: the draft lives in memory as long as the page does, as without storage.
    await storage.putDraft(userUid, roomUid, sealed).catch(() => undefined);
    deps.announce(roomUid);
  };

  const storeAll = async (): Promise<void> => {
    const roomUids = [...unstored];
    unstored.clear();
    for (const roomUid of roomUids) await storeOne(roomUid);
  };
  // One after the other: an older text must not be stored after a newer one.
  const store = (): Promise<void> => {
    storing = storing.then(storeAll);
    return storing;
  };
  const delayed = createDelayed(deps.timers, storeDelayMs, () => drop(store()));

  const openAll = async (): Promise<Map<string, string>> => {
    const textByRoom = new Map<string, string>();
    for (const { roomUid, sealed } of await storage.listDrafts(userUid)) {
      const plain = await tryCrypto(() => crypto.openLocal('draft', roomUid, sealed));
      if (plain.ok && plain.value !== null) textByRoom.set(roomUid, new TextDecoder().decode(plain.value));
    }
    return textByRoom;
  };

  return {
    set: (roomUid, text) => {
      const before = drafts.get();
      drafts.update((state) => withDraft(state, roomUid, text));
      if (drafts.get() === before) return;
      unstored.add(roomUid);
      delayed.request();
    },
    flush: async () => {
      delayed.cancel();
      await store();
    },
    load: async () => {
      const stored = await openAll();
      drafts.update((state) => withStoredDrafts(state, stored));
    },
    reloadRoom: async (roomUid) => {
      const text = (await openAll()).get(roomUid) ?? '';
      if (!unstored.has(roomUid)) drafts.update((state) => withDraft(state, roomUid, text));
    },
    stop: () => {
      isStopped = true;
      delayed.cancel();
    },
  };
};
