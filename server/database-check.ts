/** Reads the whole database for damage once the server has been up for a moment, beside everybody's work. */
import type { Database } from './database/open-database.ts';

type CheckDeps = {
  quickCheck: Database<unknown>['quickCheck'];
  onDamage: (problems: readonly string[]) => void;
  onBug: (error: unknown) => void;
};

export type DatabaseCheck = {
  /** True once damage was found; it stays so until the next start. */
  isDamaged: () => boolean;
  /** The check is not begun if it has not been yet. */
  stop: () => void;
};

/** After a restart everybody connects at once: reading a large file waits until that is over. */
const delayMs = 10_000;

/** Begins the check after a while. Damage is reported, not fatal: what can be read is still being read. */
export function scheduleDatabaseCheck({ quickCheck, onDamage, onBug }: CheckDeps): DatabaseCheck {
  let isDamaged = false;
  async function check(): Promise<void> {
    const result = await quickCheck();
    if (result.isSound) return;
    isDamaged = true;
    onDamage(result.problems);
  }
  const timer = setTimeout(() => void check().catch(onBug), delayMs);
  timer.unref();
  return { isDamaged: () => isDamaged, stop: () => clearTimeout(timer) };
}
