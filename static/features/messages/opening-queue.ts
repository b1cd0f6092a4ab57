/** A few rooms at a time, the one on screen first: a start with a thousand rooms must not delay the one that is read. */
import { drop } from '../../state/drop.ts';

const atOnce = 3;

export type RoomQueue = {
  first: (roomUid: string) => void;
  next: (roomUid: string, isUrgent: boolean) => void;
};

export const createRoomQueue = (work: (roomUid: string) => Promise<void>): RoomQueue => {
  let waiting: string[] = [];
  let running = 0;
  const pump = (): void => {
    while (running < atOnce) {
      const roomUid = waiting.shift();
      if (roomUid === undefined) return;
      running += 1;
      const done = work(roomUid).finally(() => {
        running -= 1;
        pump();
      });
      drop(done);
    }
  };
  const first = (roomUid: string): void => {
    waiting = [roomUid, ...waiting.filter((other) => other !== roomUid)];
    pump();
  };
  return {
    first,
    next: (roomUid, isUrgent) => {
      if (isUrgent) first(roomUid);
      else if (!waiting.includes(roomUid)) {
        waiting.push(roomUid);
        pump();
      }
    },
  };
};
