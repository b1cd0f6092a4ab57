import type { PowerSaveBlocker } from 'electron';

type Blocker = Pick<PowerSaveBlocker, 'start' | 'stop'>;

/** Keeps the computer from sleeping while it serves; the screen may still go dark. */
export function createKeepAwake(blocker: Blocker): { set(isWanted: boolean): void } {
  let id: number | null = null;
  return {
    set(isWanted) {
      if (isWanted && id === null) id = blocker.start('prevent-app-suspension');
      if (!isWanted && id !== null) {
        blocker.stop(id);
        id = null;
      }
    },
  };
}
