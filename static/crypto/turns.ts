/** Runs tasks one after another, so that no step of a room is taken on top of a half-taken one. */
export type Turns = <Result>(task: () => Promise<Result>) => Promise<Result>;

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const turn = last.then(task);
    // The next task starts whatever became of this one; the caller of this one gets its error.
    last = turn.catch(() => undefined);
    return turn;
  };
}
