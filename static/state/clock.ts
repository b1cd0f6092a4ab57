/** The server's clock as far as this client knows it: days, "today" and sealing times follow it. */
export type Clock = {
  /** Server-adjusted time in ms. */
  now: () => number;
  /** Takes a server time from an answer; `askedAt` and `answeredAt` are local times around the request. */
  adjust: (serverTime: number, askedAt: number, answeredAt: number) => void;
};

export const createClock = (localNow: () => number): Clock => {
  let offsetMs = 0;
  return {
    now: () => Math.max(0, Math.round(localNow() + offsetMs)),
    adjust: (serverTime, askedAt, answeredAt) => {
      // The server read its clock about half-way through the round trip.
      offsetMs = serverTime - (askedAt + answeredAt) / 2;
    },
  };
};
