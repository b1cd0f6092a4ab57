/**
 * Keeps the sealed pins (who was seen first with which key, watermarks) in step with the server: at most every ten minutes
 * and at sign-out, by compare-and-set; a browser that was second merges and tries again (docs/e2e-protocol.md section 3).
 */
import type { Call } from '../../connection/socket-connection.ts';
import type { CryptoEngine } from '../../crypto/index.ts';
import { tryCrypto } from '../../state/crypto-failure.ts';
import { drop, reportError } from '../../state/drop.ts';
import type { Timers } from '../../state/timers.ts';

export type PinsActions = {
  /** The engine says that pins changed. */
  changed: () => void;
  /** The server's counters, after a synchronisation or from `vault:updated`. */
  seen: (counters: { pinsCounter: number }) => void;
  /** Saves now what was not saved. */
  flush: () => Promise<void>;
  stop: () => void;
};

const saveEveryMs = 10 * 60_000;
const maxMerges = 4;

export const createPinsActions = (deps: {
  call: Call;
  crypto: Pick<CryptoEngine, 'takePinsBlob' | 'pinsSaved' | 'mergePins'>;
  timers: Timers;
  /** Of the vault that was opened. */
  pinsCounter: number;
  /** Another tab of this browser may have made a new vault key: true once it is here, with the pins that it sealed. */
  takeNewVault: () => Promise<boolean>;
}): PinsActions => {
  const { call, crypto, timers } = deps;
  let known = deps.pinsCounter;
  let cancelSave: (() => void) | null = null;
  let isStopped = false;
  let saving: Promise<void> = Promise.resolve();

  const merge = async (): Promise<boolean> => {
    const vault = await call('vault:get', {});
    if (!vault.ok) return false;
    const { pins } = vault.value;
    const merged = await tryCrypto(() => crypto.mergePins(pins));
    const isMerged = merged.ok || (merged.code === 'VAULT_TAMPERED' && (await deps.takeNewVault()));
    if (isMerged) known = Math.max(known, pins.counter);
    return isMerged;
  };
  const takeOver = async (): Promise<void> => {
    await merge();
  };

  const save = async (): Promise<void> => {
    for (let round = 0; round < maxMerges; round += 1) {
      const taken = await tryCrypto(() => crypto.takePinsBlob());
      if (!taken.ok || taken.value === null) return;
      const pins = taken.value;
      const saved = await call('vault:put-pins', { pins });
      if (saved.ok) {
        known = Math.max(known, saved.value.counter);
        await tryCrypto(() => crypto.pinsSaved(pins.counter));
        return;
      }
      if (saved.code !== 'STALE_COUNTER') {
        changed();
        return;
      }
      if (!(await merge())) return;
    }
    // Other browsers were faster each time.
    changed();
  };

  /** One after the other; what became of one is no reason not to do the next. */
  const afterwards = (work: () => Promise<void>): Promise<void> => {
    const turn = saving.then(work);
    return turn.catch(reportError);
  };

  const flush = (): Promise<void> => {
    cancelSave?.();
    cancelSave = null;
    saving = afterwards(save);
    return saving;
  };

  function changed(): void {
    if (!isStopped) cancelSave ??= timers.after(saveEveryMs, () => drop(flush()));
  }

  return {
    changed,
    seen: ({ pinsCounter }) => {
      if (pinsCounter <= known) return;
      known = pinsCounter;
      saving = afterwards(takeOver);
    },
    flush,
    stop: () => {
      isStopped = true;
      cancelSave?.();
      cancelSave = null;
    },
  };
};
