/**
 * The one way to write. Units that arrive while a flush is under way share one transaction, a savepoint each; the
 * transaction is opened, filled and committed without waiting for the disk. One flush then covers every commit since the
 * last one; after it the events are handed over in commit order, and only then do the callers get their answers.
 */
import { AppError } from '../app-error.ts';
import type { Writer } from './database-handles.ts';
import { fillTransaction } from './unit-transaction.ts';
import type { Answer, Filled, WaitingUnit } from './unit-transaction.ts';
import type { UnitScope } from './unit-scope.ts';

/** What a unit may use. Inside it, await nothing but its own queries: the queue stands still meanwhile. */
export type Unit<Schema> = { readonly db: Writer<Schema> };

/** What a unit returns: the caller's value, and what others are told once the disk has it. */
export type UnitResult<Value, Event> = { value: Value; events: readonly Event[] };

export type UnitWork<Schema, Value, Event> = (unit: Unit<Schema>) => Promise<UnitResult<Value, Event>>;

/** The transaction control of the one writing connection, synchronous. */
export type Transactions = {
  begin(): void;
  savepoint(): void;
  release(): void;
  /** Undoes the open savepoint, if SQLite has not already undone the whole transaction by itself. */
  undoSavepoint(): void;
  commit(): void;
  undo(): void;
  isOpen(): boolean;
  /** Rows changed since the connection was opened: unchanged means that there is nothing to flush. */
  changes(): number;
};

export type WriteQueueDeps<Schema, Event> = {
  db: Writer<Schema>;
  transactions: Transactions;
  scope: UnitScope;
  /** Forces everything committed so far to the disk. */
  flush: () => Promise<void>;
  /** After every commit that changed something; may pause the queue. */
  onCommitted: () => void;
  onDurable: (events: readonly Event[]) => void;
  /** The disk did not take a flush: nothing may be acknowledged any more. */
  onFatal: (error: unknown) => void;
  /** A bug that must not stop the queue, such as an event that could not be handed over. */
  onBug: (error: unknown) => void;
};

export type WriteQueue<Schema, Event> = {
  /**
   * Runs a unit and gives its value once it is on the disk. Rejects with what the unit threw, `DISK_FULL`, `RATE_LIMITED`
   * when too many units wait, or `SHUTTING_DOWN`.
   */
  write: <Value>(work: UnitWork<Schema, Value, Event>) => Promise<Value>;
  /**
   * Undefined if everything committed is on the disk; else a promise for the moment when the last commit that a reader
   * could have seen by now is. Rejects if the disk refuses.
   */
  settled: () => Promise<void> | undefined;
  /** Units that wait, run or have not been answered. */
  pendingUnits: () => number;
  /** True since a unit was refused for want of space, until one is committed again. */
  isDiskFull: () => boolean;
  /** Opens no new transaction until `resume`. Resolves when none is open and no flush is under way. */
  pause: () => Promise<void>;
  resume: () => void;
  /** While set, every unit is refused with it: the log is at its bound and cannot be emptied. */
  setRefusal: (refusal: AppError | undefined) => void;
  /** Stops for good: rejects whatever waits, and everything later, with `SHUTTING_DOWN`. */
  fail: (error: unknown) => void;
  /** Refuses new units, finishes and flushes those that are here. */
  close: () => Promise<void>;
};

/** Everybody whose answer waits for the same flush. */
type Group<Event> = { answers: Answer<Event>[]; done: PromiseWithResolvers<void> };

/** More waiting units than this are refused: at that backlog nobody would still wait for the answer. */
const mostWaiting = 10_000;

/** A batch that was interrupted for the event loop is flushed as a whole if no more than this is left of it. */
const shortRest = 100;

const createGroup = <Event>(): Group<Event> => {
  const done = Promise.withResolvers<void>();
  // Nobody has to wait for a group, so its failure must not count as unhandled.
  done.promise.catch(() => undefined);
  return { answers: [], done };
};

/** A queue over the one writing connection. It starts no timers and does nothing until the first unit. */
export function createWriteQueue<Schema, Event>(
  deps: WriteQueueDeps<Schema, Event>,
): WriteQueue<Schema, Event> {
  const { scope, transactions } = deps;
  const fillDeps = { unit: { db: deps.db }, transactions, scope, onCommitted: keep };
  const waiting: WaitingUnit<Schema, Event>[] = [];
  const pauseWaiters: (() => void)[] = [];
  const closeWaiters: (() => void)[] = [];
  let state: 'open' | 'closing' | 'failed' = 'open';
  let refusal: AppError | undefined;
  let pauses = 0;
  let pending = 0;
  let isDiskFullNow = false;
  /** True from the moment a drain is scheduled until its last transaction is committed. */
  let isDraining = false;
  /** Units of the batch under way that have not been run. */
  let rest = 0;
  let resumed = Promise.withResolvers<void>();
  /** Committed and not yet being flushed; undefined when there is nothing of that kind. */
  let committed: Group<Event> | undefined;
  let flying: Group<Event> | undefined;

  const isPaused = (): boolean => pauses > 0 && state !== 'failed';

  /** Starts whatever can be started now. Called after every change of state. */
  function advance(): void {
    const isFlushDue = rest === 0 || rest > shortRest || pauses > 0;
    if (flying === undefined && committed !== undefined && isFlushDue) void flushCommitted(committed);
    if (!isDraining && flying === undefined && pauses === 0 && waiting.length > 0) {
      isDraining = true;
      // Not at once: whatever this turn of the event loop still reads from sockets joins the transaction.
      setImmediate(() => void drain());
    }
    if (flying !== undefined || committed !== undefined || transactions.isOpen()) return;
    for (const tell of pauseWaiters.splice(0)) tell();
    if (isDraining || waiting.length > 0) return;
    for (const tell of closeWaiters.splice(0)) tell();
  }

  async function drain(): Promise<void> {
    const batch = waiting.splice(0);
    rest = batch.length;
    while (batch.length > 0) {
      // Asked again each time: a pause may follow a resumption before this continues.
      while (isPaused()) await resumed.promise;
      if (state === 'failed') break;
      await fillTransaction(fillDeps, batch);
      rest = batch.length;
      advance();
      if (batch.length > 0) await new Promise((resolve) => setImmediate(resolve));
    }
    for (const { reject } of batch) reject(new AppError('SHUTTING_DOWN'));
    rest = 0;
    isDraining = false;
    advance();
  }

  /** Holds answers back for the flush, or gives them at once when there is nothing that a flush could add. */
  function keep({ answers, hasChanges }: Filled<Event>): void {
    if (state === 'failed') return abandon(answers);
    const group = hasChanges ? (committed ??= createGroup()) : (committed ?? flying);
    if (group === undefined) deliver(answers);
    else group.answers.push(...answers);
    if (!hasChanges) return;
    isDiskFullNow = false;
    deps.onCommitted();
  }

  async function flushCommitted(group: Group<Event>): Promise<void> {
    committed = undefined;
    flying = group;
    try {
      await deps.flush();
    } catch (error) {
      return fail(error);
    }
    if (state === 'failed') return;
    flying = undefined;
    deliver(group.answers);
    group.done.resolve();
    advance();
  }

  function deliver(answers: Answer<Event>[]): void {
    const events = answers.flatMap((answer) => answer.events);
    try {
      if (events.length > 0) deps.onDurable(events);
    } catch (error) {
      deps.onBug(error);
    }
    for (const { give } of answers) give();
  }

  function abandon(answers: Answer<Event>[]): void {
    for (const { refuse } of answers) refuse(new AppError('SHUTTING_DOWN'));
  }

  function fail(error: unknown): void {
    if (state === 'failed') return;
    state = 'failed';
    for (const group of [flying, committed]) {
      if (group === undefined) continue;
      abandon(group.answers);
      group.done.reject(new AppError('SHUTTING_DOWN'));
    }
    flying = undefined;
    committed = undefined;
    for (const { reject } of waiting.splice(0)) reject(new AppError('SHUTTING_DOWN'));
    resumed.resolve();
    for (const tell of [...pauseWaiters.splice(0), ...closeWaiters.splice(0)]) tell();
    deps.onFatal(error);
  }

  const isToldIn = (waiters: (() => void)[]): Promise<void> =>
    new Promise((resolve) => {
      waiters.push(resolve);
      advance();
    });

  function refusalOfNew(): AppError | undefined {
    if (state !== 'open') return new AppError('SHUTTING_DOWN');
    if (refusal !== undefined) return refusal;
    return pending >= mostWaiting ? new AppError('RATE_LIMITED', { retryAfterMs: 1000 }) : undefined;
  }

  async function write<Value>(work: UnitWork<Schema, Value, Event>): Promise<Value> {
    scope.assertOutside('database.write');
    const refused = refusalOfNew();
    if (refused !== undefined) throw refused;
    pending += 1;
    try {
      return await new Promise<Value>((resolve, reject) => {
        const run = async (unit: Unit<Schema>) => {
          const { value, events } = await work(unit);
          return { events, answer: () => resolve(value) };
        };
        waiting.push({ run, reject });
        advance();
      });
    } catch (error) {
      if (error instanceof AppError && error.code === 'DISK_FULL') isDiskFullNow = true;
      throw error;
    } finally {
      pending -= 1;
    }
  }

  return {
    write,
    settled() {
      if (state === 'failed') return Promise.reject(new AppError('SHUTTING_DOWN'));
      return (committed ?? flying)?.done.promise;
    },
    pendingUnits: () => pending,
    isDiskFull: () => isDiskFullNow,
    pause() {
      pauses += 1;
      return state === 'failed' ? Promise.resolve() : isToldIn(pauseWaiters);
    },
    resume() {
      pauses -= 1;
      if (pauses > 0) return;
      resumed.resolve();
      resumed = Promise.withResolvers();
      advance();
    },
    setRefusal(next) {
      refusal = next;
      if (next !== undefined) for (const { reject } of waiting.splice(0)) reject(next);
    },
    fail,
    async close() {
      if (state === 'open') state = 'closing';
      if (state === 'closing') await isToldIn(closeWaiters);
    },
  };
}
