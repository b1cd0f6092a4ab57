/**
 * Delay before reconnect attempt `attempt` (from 1): doubles from half a second to 15 s, with full jitter above a floor so
 * that a thousand clients of a restarted server do not come back in one moment. `random` gives [0, 1).
 */
export const backOffMs = (attempt: number, random: () => number): number => {
  const ceiling = Math.min(15_000, 500 * 2 ** Math.min(attempt - 1, 10));
  const floor = ceiling / 4;
  return Math.round(floor + random() * (ceiling - floor));
};
