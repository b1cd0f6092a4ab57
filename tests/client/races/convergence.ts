/** Waits for states, at all devices at once: until what is still missing is nothing. */
import { drop } from '../../../static/state/drop.ts';
import { returnEverybody } from './world.ts';
import type { World } from './world.ts';

/** Far more than any schedule needs, however busy the machine is. */
const patienceMs = 60_000;
/**
 * The server asks one member after another for a new epoch, with seconds in between in case that one has gone: time that
 * only passes, and that it is given while nothing else moves.
 */
const stillMs = 150;
const serverPauseMs = 21_000;

/**
 * Resolves once `missing` finds nothing; rejects with what it found last. `help`: what people do meanwhile, since some of it does
 * not happen by itself.
 */
export function untilNothingIsMissing(
  world: World,
  missing: () => string | null,
  help: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  return new Promise((resolve, reject) => {
    let isLooking = false;
    let isHelping = false;
    const end = (): void => {
      for (const stop of stops) stop();
      clearTimeout(deadline);
      clearInterval(pause);
    };
    const look = (): void => {
      isLooking = false;
      const what = attempt(missing);
      if (what instanceof Error) {
        end();
        reject(what);
      } else if (what === null) {
        end();
        resolve();
      }
    };
    const helpOnce = async (): Promise<void> => {
      if (isHelping) return;
      isHelping = true;
      try {
        await help();
      } catch (error) {
        end();
        reject(error instanceof Error ? error : new Error(String(error)));
      } finally {
        isHelping = false;
      }
    };
    // many stores change in one turn; one look at them is enough
    const lookSoon = (): void => {
      if (isLooking) return;
      isLooking = true;
      setImmediate(look);
    };
    const stops = world.devices.flatMap(({ tab: { app } }) =>
      [app.stores.rooms, app.stores.connection, app.stores.outbox, app.stores.account].map((store) =>
        store.subscribe((state: unknown) => state, lookSoon),
      ),
    );
    const pause = setInterval(() => {
      world.server.clock.advance(serverPauseMs);
      drop(returnEverybody(world));
      drop(helpOnce());
      lookSoon();
    }, stillMs);
    const deadline = setTimeout(() => {
      end();
      reject(new Error(`never: ${String(attempt(missing))}`));
    }, patienceMs);
    lookSoon();
  });
}

/** What is missing, or the mistake that was found instead. */
function attempt(missing: () => string | null): string | Error | null {
  try {
    return missing();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
