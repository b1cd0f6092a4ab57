/** Fills one transaction with the units of a batch, a savepoint each. */
import { AppError } from '../app-error.ts';
import { isDiskFull } from './sqlite-errors.ts';
import type { UnitScope } from './unit-scope.ts';
import type { Transactions, Unit } from './write-queue.ts';

export type WaitingUnit<Schema, Event> = {
  run: (unit: Unit<Schema>) => Promise<{ events: readonly Event[]; answer: () => void }>;
  reject: (error: unknown) => void;
};

/** What a caller will be told, held back until the disk has everything that the answer was built on. */
export type Answer<Event> = {
  events: readonly Event[];
  give: () => void;
  refuse: (error: unknown) => void;
};

export type Filled<Event> = { answers: Answer<Event>[]; hasChanges: boolean };

export type FillDeps<Schema, Event> = {
  unit: Unit<Schema>;
  transactions: Transactions;
  scope: UnitScope;
  /** Told in the same breath as the commit, so that no reader can see it before the queue knows about it. */
  onCommitted: (filled: Filled<Event>) => void;
};

/**
 * After this long a transaction is committed and the event loop gets a turn, whatever still waits. The budget of the
 * longest stall is 10 ms, and the commit and the handing over come on top.
 */
const longestFillMs = 4;

/** What a failed statement means for whoever waits: a full disk is a refusal, anything else stays what it is. */
export const refusalFor = (error: unknown): unknown =>
  isDiskFull(error) ? new AppError('DISK_FULL') : error;

type StrayAwaitAlarm = { promise: () => Promise<never>; stop: () => void };

/**
 * A unit's queries run to their end without the event loop turning; when it does turn, the unit waits for something else,
 * and everybody's writes wait with it. The alarm rejects then. One serves a whole transaction, until it has rung.
 */
function createStrayAwaitAlarm(): StrayAwaitAlarm {
  let armed: { promise: Promise<never>; immediate: NodeJS.Immediate } | undefined;
  const arm = () => {
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => undefined);
    const immediate = setImmediate(() => {
      armed = undefined;
      reject(new Error('A write unit awaited something other than its own queries.'));
    });
    return { promise, immediate };
  };
  return {
    promise: () => (armed ??= arm()).promise,
    stop: () => clearImmediate(armed?.immediate),
  };
}

async function runUnit<Schema, Event>(
  { unit, transactions, scope }: FillDeps<Schema, Event>,
  waiting: WaitingUnit<Schema, Event>,
  alarm: StrayAwaitAlarm,
): Promise<Answer<Event> & { error?: unknown }> {
  try {
    transactions.savepoint();
    const { events, answer } = await scope.run(() => Promise.race([waiting.run(unit), alarm.promise()]));
    transactions.release();
    return { events, give: answer, refuse: waiting.reject };
  } catch (error) {
    undoSavepointOrAll(transactions);
    const refusal = refusalFor(error);
    // Also a refusal waits for the flush: it may be built on what an earlier unit wrote.
    return { events: [], give: () => waiting.reject(refusal), refuse: waiting.reject, error: refusal };
  }
}

/**
 * Takes units off the front of `batch` until it is empty or time is up, and commits. Units whose transaction is lost as a
 * whole (the commit fails; SQLite undoes everything on a full disk) are refused here; the rest go to `onCommitted`.
 */
export async function fillTransaction<Schema, Event>(
  deps: FillDeps<Schema, Event>,
  batch: WaitingUnit<Schema, Event>[],
): Promise<void> {
  const { transactions, onCommitted } = deps;
  const answers: Answer<Event>[] = [];
  const alarm = createStrayAwaitAlarm();
  try {
    const changesBefore = transactions.changes();
    transactions.begin();
    const endsAt = performance.now() + longestFillMs;
    do {
      const waiting = batch.shift();
      if (waiting === undefined) break;
      const answer = await runUnit(deps, waiting, alarm);
      answers.push(answer);
      if (!transactions.isOpen()) throw answer.error;
    } while (performance.now() < endsAt);
    transactions.commit();
    onCommitted({ answers, hasChanges: transactions.changes() !== changesBefore });
  } catch (error) {
    undoAll(transactions);
    const refusal = refusalFor(error);
    // Nothing was begun: the next transaction would fail (or wait for a lock) in the same way.
    const untouched = answers.length === 0 ? batch.splice(0) : [];
    for (const { refuse } of answers) refuse(refusal);
    for (const { reject } of untouched) reject(refusal);
  } finally {
    alarm.stop();
  }
}

function undoAll(transactions: Transactions): void {
  try {
    transactions.undo();
  } catch {
    // The transaction's own error is the one to report; a rollback that fails has nothing left to undo.
  }
}

function undoSavepointOrAll(transactions: Transactions): void {
  try {
    transactions.undoSavepoint();
  } catch {
    // Without its savepoint a unit cannot be undone alone.
    undoAll(transactions);
  }
}
