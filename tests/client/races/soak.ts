/**
 * `npm run soak`: schedules of people who act at once until so many have run or so many minutes are over, whichever
 * comes first; `--resets`: people lose their keys in the middle of it. Another seed is taken, and new people, for every hundred of them.
 */
import { inspect, parseArgs } from 'node:util';
import { runSchedules } from './races.ts';

const usualRuns = 5_000;
const runsPerSeed = 100;

type Wish = { runs: number; seed: number; minutes: number };

/** Null where the arguments say something else than whole numbers. */
function readWish(args: readonly string[]): Wish | null {
  try {
    const options = {
      runs: { type: 'string' },
      seed: { type: 'string' },
      minutes: { type: 'string' },
    } as const;
    const { values } = parseArgs({ args: [...args], options });
    const runs = Number(values.runs ?? (values.minutes === undefined ? usualRuns : Number.MAX_SAFE_INTEGER));
    const wish = {
      runs,
      seed: Number(values.seed ?? Date.now() % 1_000_000),
      minutes: Number(values.minutes ?? 1e6),
    };
    const isRight = [wish.runs, wish.seed, wish.minutes].every(
      (value) => Number.isInteger(value) && value >= 0,
    );
    return isRight ? wish : null;
  } catch {
    return null;
  }
}

async function soak({ runs, seed, minutes }: Wish): Promise<void> {
  const startedAt = performance.now();
  const minutesPassed = (): number => (performance.now() - startedAt) / 60_000;
  for (let done = 0, next = seed; done < runs && minutesPassed() < minutes; next += 1) {
    const count = Math.min(runsPerSeed, runs - done);
    await runSchedules({ seed: next, runs: count });
    done += count;
    process.stdout.write(
      `${done} schedules in ${minutesPassed().toFixed(1)} minutes, the last of seed ${next}\n`,
    );
  }
}

const wish = readWish(process.argv.slice(2));
if (wish === null) {
  process.stderr.write('npm run soak -- [--runs <number>] [--seed <number>] [--minutes <number>]\n');
  process.exitCode = 2;
} else {
  await soak(wish).catch((error: unknown) => {
    process.stderr.write(`${inspect(error)}\n`);
    process.exitCode = 1;
  });
}
