/** Runs random schedules, one after another, on the same people. */
import * as fc from 'fast-check';
import { leaveEverything, runSteps, startRace } from './operations.ts';
import { prove } from './proof.ts';
import { describeSchedule, schedules } from './schedule.ts';
import { createWorld } from './world.ts';

export type Runs = { seed: number; runs: number };

/** The same seed gives the same schedules in the same order; how they interleave is the machine's. */
export async function runSchedules({ seed, runs }: Runs): Promise<void> {
  const world = await createWorld();
  try {
    for (const [index, schedule] of fc.sample(schedules, { seed, numRuns: runs }).entries()) {
      try {
        const race = await startRace(world, schedule);
        await runSteps(race, schedule);
        await prove(race);
        await leaveEverything(race);
      } catch (error) {
        const again = `MARU_RACES_SEED=${seed} MARU_RACES_RUNS=${index + 1}`;
        throw new Error(`Schedule ${index + 1}; again with ${again}:\n${describeSchedule(schedule)}`, {
          cause: error,
        });
      }
    }
  } finally {
    await world.close();
  }
}
