/** For how long a room can be silent. Pure. */
import { mutedForGood } from '#contract/my-items.ts';

export type MuteChoice = 'hour' | 'workday' | 'tomorrow' | 'forGood';

export const muteChoices: readonly MuteChoice[] = ['hour', 'workday', 'tomorrow', 'forGood'];

const hourMs = 3_600_000;
/** When the working day begins. */
const morningHour = 8;

const nextMorning = (now: number): number => {
  const day = new Date(now);
  day.setDate(day.getDate() + 1);
  return day.setHours(morningHour, 0, 0, 0);
};

const ends: { readonly [Choice in MuteChoice]: (now: number) => number } = {
  hour: (now) => now + hourMs,
  workday: (now) => now + 8 * hourMs,
  tomorrow: nextMorning,
  forGood: () => mutedForGood,
};

/** The end of a mute that is chosen now, by this browser's time zone. */
export const muteEnd = (choice: MuteChoice, now: number): number => ends[choice](now);
