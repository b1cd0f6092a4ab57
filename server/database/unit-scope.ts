/**
 * Knows, at run time, whether the code that asks is inside a write unit. Types already keep the writer's handle inside
 * units; this catches what types cannot see: a write started from inside a unit (it would wait for itself), a read on the
 * outer handle from inside one (it would miss the unit's own writes), and a query that outlives its unit.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

type Token = { isOpen: boolean };

export type UnitScope = {
  /** Runs a unit's work; the unit counts as open until the promise settles. */
  run: <Value>(work: () => Promise<Value>) => Promise<Value>;
  /** Throws unless the caller is inside a unit that is still open. */
  assertInside: () => void;
  /** Throws if the caller is inside a unit; `what` names the forbidden thing in the message. */
  assertOutside: (what: string) => void;
};

/** One scope per database. */
export function createUnitScope(): UnitScope {
  const storage = new AsyncLocalStorage<Token>();
  return {
    async run(work) {
      const token: Token = { isOpen: true };
      try {
        return await storage.run(token, work);
      } finally {
        token.isOpen = false;
      }
    },
    assertInside() {
      const token = storage.getStore();
      if (token === undefined) throw new Error('A write needs a unit: use database.write and its unit.db.');
      if (!token.isOpen) throw new Error('This unit has ended: one of its queries was not awaited.');
    },
    assertOutside(what) {
      if (storage.getStore()?.isOpen) throw new Error(`${what} inside a write unit: use unit.db there.`);
    },
  };
}
