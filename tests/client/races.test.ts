/**
 * People invite, put out, leave, write, are shut out, and lose their lines and their keys at once, by random schedules: all of
 * them end in the same state everywhere, whoever is in a room can write and read, and nobody else has a key. `npm run soak` runs thousands.
 */
import { test } from 'node:test';
import { runSchedules } from './races/races.ts';

const seed = Number(process.env['MARU_RACES_SEED'] ?? 20_261_120);
const runs = Number(process.env['MARU_RACES_RUNS'] ?? 200);

test(`${runs} schedules of people who act at once converge (seed ${seed})`, async () => {
  await runSchedules({ seed, runs });
});
